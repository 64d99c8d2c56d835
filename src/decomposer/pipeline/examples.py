"""Load the worked examples of a prompt, believed like any answer before they are ever sent."""

from typing import Any

import yaml
from pydantic import ValidationError

from decomposer import support
from decomposer.draft import Draft
from decomposer.errors import ConfigurationError
from decomposer.ground import ground
from decomposer.prompt import Example
from decomposer.records import LISTS, Document, Provenance, Segment
from decomposer.segment import divide, units_of

_HINT = "see prompts/extract/examples.yaml, or write such a file with `decomposer examples --out FILE`"


def load_examples(text: str, *, name: str = "examples.yaml", quoted: bool = False) -> list[Example]:
    """Return the worked examples of a file like examples.yaml, checked like any answer before they are ever sent.

    `name` is what errors call the file; `quoted` says that its texts were not written for the prompt. Raises
    ConfigurationError for one that our own grounding does not believe.
    """
    listed = enumerate(_yaml_list(text, name), start=1)
    return [_example(item, number, name=name, quoted=quoted) for number, item in listed]


def _example(item: dict[str, Any], number: int, *, name: str, quoted: bool) -> Example:
    which = f"{name}: example {number}"
    document = Document(
        uri=f"example-{number}.md", text=str(item.get("document", "")), media_type="text/markdown", sha256=""
    )
    units = units_of(document)
    segments = divide(document, units)
    if not segments:
        raise ConfigurationError(f"{which} shows no text", hint=_HINT)
    try:
        draft = Draft.model_validate(item.get("draft"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"{which} is not a draft: {where}: {first['msg']}", hint=_HINT) from error
    _check_citations(draft, segments[0], which)
    for capability in ground(draft, document, segments[0], provenance=Provenance(model="expert", prompt="example")):
        for field, statement in support.check(capability, document, units).statements():
            if statement.support not in ("supported", "vendor_claim") or statement.flags:
                why = "; ".join(sentence.reason for sentence in statement.sentences)
                raise ConfigurationError(f"{which}, {capability.name!r}: {field} is {statement.support}: {why}")
    origin, digest = (str(item.get(key) or "") for key in ("source", "sha256"))
    return Example(segments[0], draft, quoted=quoted, source=origin, sha256=digest)


def _check_citations(draft: Draft, segment: Segment, which: str) -> None:
    """Raise ConfigurationError where the short phrases of an example cite no unit, or one that is not shown."""
    known = {number for number, _ in segment.numbered()}
    for capability in draft.capabilities:
        for listed in LISTS:
            for claim in getattr(capability, listed):
                if not claim.units or not set(claim.units) <= known:
                    raise ConfigurationError(
                        f"{which}, {capability.name!r}: {listed} cites units {claim.units}",
                        hint=f"units from {min(known)} to {max(known)} are shown",
                    )


def _yaml_list(text: str, name: str) -> list[dict[str, Any]]:
    try:
        loaded = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ConfigurationError(f"{name}: not valid YAML ({reason})", hint=_HINT) from error
    if not isinstance(loaded, list) or not all(isinstance(item, dict) for item in loaded):
        raise ConfigurationError(f"{name} is not a list of examples", hint=_HINT)
    return loaded
