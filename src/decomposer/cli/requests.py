"""Lay out the requests that a source would lead to, with their sizes."""

import json
from dataclasses import asdict, dataclass

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.display import display_safe
from decomposer.draft import Draft
from decomposer.prompt import Template
from decomposer.publish.markdown import escape, fenced
from decomposer.records import Message, Segment, Source
from decomposer.wiring import Workspace


@dataclass(frozen=True, slots=True)
class Tokens:
    """Estimated tokens of one request. `schema` is what the form of the answer adds, and part of `fixed`."""

    fixed: int
    schema: int
    document: int
    visible: int
    total: int
    ratio: float | None


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request as it would be sent: `units` are the first and last number of the document's units in it."""

    document: str
    part: int
    parts: int
    units: tuple[int, int]
    messages: tuple[Message, ...]
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Plan:
    """All requests that drafting one reference would make; `tokens` is their sum."""

    ref: str
    model: str
    prompt: str
    tokens: Tokens
    requests: tuple[PlannedRequest, ...]


def plan(ref: str, source: Source, workspace: Workspace) -> Plan:
    """Return what drafting `source` would send, in order."""
    template = workspace.template_for(source)
    requests = tuple(_planned(segment, template) for segment in workspace.segments(source))
    sizes = [request.tokens for request in requests]
    return Plan(
        ref=ref,
        model=workspace.settings.chosen_model()[0],
        prompt=template.version,
        tokens=_tokens(
            *(sum(getattr(size, name) for size in sizes) for name in ("fixed", "schema", "document", "visible"))
        ),
        requests=requests,
    )


def _planned(segment: Segment, template: Template) -> PlannedRequest:
    prompt = template.render(segment)
    form = json.dumps(Draft.model_json_schema(), separators=(",", ":"))
    size, bare = template.size(prompt, form), template.size(prompt)
    return PlannedRequest(
        document=segment.document.uri,
        part=segment.part,
        parts=segment.parts,
        units=(segment.units[0].number, segment.units[-1].number),
        messages=prompt.messages,
        tokens=_tokens(size.fixed, size.fixed - bare.fixed, size.document, size.visible),
    )


def _tokens(fixed: int, schema: int, document: int, visible: int) -> Tokens:
    ratio = round(document / visible, 3) if visible else None
    return Tokens(fixed, schema, document, visible, fixed + document, ratio)


def shown(plan: Plan) -> Shown:
    """Return a plan ready to be written."""
    return Shown(value=lambda: asdict(plan), table=lambda screen: _show(plan, screen), md=lambda: _markdown(plan))


def _title(request: PlannedRequest) -> str:
    part = f", part {request.part} of {request.parts}" if request.parts > 1 else ""
    first, last = request.units
    return f"{request.document}{part}: units {first} to {last}"


def _sizes(tokens: Tokens) -> list[str]:
    times = f" ({tokens.ratio} x the visible text)" if tokens.ratio else ""
    return [
        f"fixed part      {tokens.fixed:>7} tokens, of them {tokens.schema} for the form of the answer",
        f"document part   {tokens.document:>7} tokens{times}",
        f"visible text    {tokens.visible:>7} tokens",
        f"in all          {tokens.total:>7} tokens (estimated)",
    ]


def _show(plan: Plan, screen: Screen) -> None:
    screen.line((f"prompt {plan.prompt}, for {plan.model}", "dim"))
    for request in plan.requests:
        screen.rule()
        screen.line((_title(request), "bold"))
        for message in request.messages:
            screen.line()
            screen.line((f"── {message.role} ", "bold cyan"))
            screen.text(message.content)
        screen.line()
        screen.text("\n".join(_sizes(request.tokens)))
    if len(plan.requests) != 1:
        screen.rule()
        screen.text("\n".join(_sizes(plan.tokens)))


def _markdown(plan: Plan) -> str:
    blocks = []
    for request in plan.requests:
        blocks.append(f"# {escape(_title(request))}")
        for message in request.messages:
            blocks += [f"## {message.role}", fenced(display_safe(message.content))]
    return "\n\n".join([*blocks, "## size", fenced("\n".join(_sizes(plan.tokens)))]) + "\n"
