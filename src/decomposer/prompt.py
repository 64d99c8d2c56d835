"""Render prompts: a fixed part first, then one segment as numbered units between marks that it can't contain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from decomposer.draft import Draft
from decomposer.errors import ConfigurationError
from decomposer.records import Document, Message, Prompt, Segment, Unit
from decomposer.text import excerpt, tokens


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a segment and the draft an expert wrote for it.

    `quoted` says that its text was not written for the prompt, and is shown between marks like any document. `source`
    and `sha256` say which artifact and document it was taken from, where that is known.
    """

    segment: Segment
    draft: Draft
    quoted: bool = False
    source: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """Estimated tokens of a request: `fixed` is the same for all documents, `visible` what a reader sees of one."""

    fixed: int
    document: int
    visible: int


class Template:
    """A prompt template. `version` names it in provenance, such as `extract/v1`; `language` is that of the answer."""

    def __init__(
        self,
        source: str,
        *,
        version: str,
        examples: Sequence[Example] = (),
        language: str = "en",
        task: str = "extract",
    ) -> None:
        self.version = version
        self.task = task
        self.examples = tuple(examples)
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        try:
            self._template = environment.from_string(source)
        except TemplateError as error:
            raise ConfigurationError(f"prompt {version} is not a valid template: {error}") from error
        missing = {"system", "user"} - set(self._template.blocks)
        if missing:
            raise ConfigurationError(
                f"prompt {version} has no block {' and '.join(sorted(missing))}",
                hint="a prompt needs {% block system %} and {% block user %}",
            )
        self._system = self._block("system", language=language, examples=_shown(self.examples))

    def render(self, segment: Segment) -> Prompt:
        """Return the prompt for a segment: the same for the same shown text, whatever else its document holds.

        `part` is for templates that count the parts; one that does asks anew wherever their number changes.
        """
        numbered, above = list(segment.numbered()), len(segment.context)
        context = units_as_text(numbered[:above], segment.document)
        units = units_as_text(numbered[above:], segment.document)
        mark = mark_of(f"{context}\n{units}", besides=self._system)
        user = self._block("user", mark=mark, part=segment.part, parts=segment.parts, context=context, units=units)
        messages = (Message("system", self._system), Message("user", user))
        return Prompt(self.task, self.version, messages, segment)

    def render_claims(self, claims: str, segment: Segment) -> Prompt:
        """Return the prompt about `claims`, a text that quotes documents; `segment` says which the claims rest on."""
        user = self._block("user", mark=mark_of(claims), claims=claims)
        return Prompt(self.task, self.version, (Message("system", self._system), Message("user", user)), segment)

    def render_need(self, need: str, segment: Segment) -> Prompt:
        """Return the prompt about what somebody searches for; `segment` is the need as a document."""
        user = self._block("user", mark=mark_of(need, besides=self._system), need=need)
        return Prompt(self.task, self.version, (Message("system", self._system), Message("user", user)), segment)

    def size(self, prompt: Prompt, schema: str = "") -> Size:
        """Return what a prompt costs; `schema` is the JSON Schema that goes along."""
        segment = prompt.segment
        visible = sum(tokens(excerpt(unit, segment.document)) for unit in segment.units)
        user = tokens(prompt.messages[-1].content)
        units = tokens(units_as_text(segment.numbered(), segment.document))
        return Size(fixed=tokens(self._system) + tokens(schema) + max(0, user - units), document=units, visible=visible)

    def _block(self, name: str, **values: Any) -> str:
        try:
            return "".join(self._template.blocks[name](self._template.new_context(values))).strip()
        except TemplateError as error:
            raise ConfigurationError(
                f"prompt {self.version} can't be rendered: {error}",
                hint=f"its block {name} may use {', '.join(values)}",
            ) from error


def mark_of(text: str, *, besides: str = "") -> str:
    """Return a mark for the edges of a shown text: the same for the same text.

    Neither the text nor what is shown `besides` it contains the mark.
    """
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    while digest[:16] in text or digest[:16] in besides:
        digest = sha256(digest.encode()).hexdigest()
    return digest[:16]


def units_as_text(numbered: Iterable[tuple[int, Unit]], document: Document) -> str:
    """Return numbered units as a prompt shows them, `[17] text`, one a line; code keeps its lines."""
    return "\n".join(f"[{number}] {_prefix(unit)}{excerpt(unit, document)}" for number, unit in numbered)


def as_answer(draft: Draft) -> str:
    """Return a draft as the JSON a model would answer, without what it left out."""
    return draft.model_dump_json(exclude_defaults=True)


def _shown(examples: Sequence[Example]) -> list[dict[str, str]]:
    """Return examples as a template shows them; one mark, which none of them contains, is around what is quoted."""
    shown = [
        {"units": units_as_text(one.segment.numbered(), one.segment.document), "answer": as_answer(one.draft)}
        for one in examples
    ]
    mark = mark_of("\n".join(text for one in shown for text in one.values()))
    for one, example in zip(shown, examples, strict=True):
        if example.quoted:
            one["units"] = f"--- {mark} begins\n{one['units']}\n--- {mark} ends"
    return shown


def _prefix(unit: Unit) -> str:
    if unit.kind == "heading":
        return "#" * unit.level + " "
    return "  " * (unit.level - 1) if unit.kind == "item" else ""
