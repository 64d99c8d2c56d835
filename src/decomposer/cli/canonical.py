"""Show canonical capabilities: one line each, or one with its definition, its members and why each of them joined."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click

from decomposer.cli.entry import SUPPORT
from decomposer.cli.notes import counted, note, working
from decomposer.cli.options import Form
from decomposer.cli.output import Output, Shown
from decomposer.cli.screen import Screen
from decomposer.display import display_safe
from decomposer.ports import Canonical, Member, Registry, Relation
from decomposer.publish.markdown import escape
from decomposer.wiring import Workspace
from decomposer.wiring.registering import BLOCK, Shared, canonical, catch_up

_WIDTHS = (9, 36)
_HEADER = ("artifacts", "capability", "address")
_INDENT = "   "
_LABEL = 13


def up_to_date(workspace: Workspace) -> Registry:
    """Return the registry of a workspace after it has caught up, saying so where that takes a while."""
    told = False
    with working("bringing entries into the registry") as showing:

        def progress(done: int, total: int) -> None:
            nonlocal told
            if total > BLOCK and not told:
                told = True
                note(f"bringing {counted(total, 'entry', 'entries')} into the registry")
            showing(done, total)

        return catch_up(workspace, progress, lambda reason: note(f"passed over: {reason}"))


def print_shared(registry: Registry, form: Form, *, limit: int | None) -> None:
    """Print the capabilities that several artifacts share, the most shared first."""
    found = registry.shared(limit=limit)
    count = _print_markdown(found) if form == "md" else _print_each(found, form)
    if not count:
        note("no two artifacts of the catalog share a capability")


def print_canonical(registry: Registry, wanted: str, form: Form) -> None:
    """Print all that is known of one canonical capability."""
    found = canonical(registry, wanted)
    with Output(form) as output:
        output.write(_whole(found, list(registry.members(found.canonical.number))))


def _print_each(found: Iterable[Canonical], form: Form) -> int:
    count = 0
    with Output(form, many=True) as output:
        for count, one in enumerate(found, start=1):
            output.write(_line(one, first=count == 1))
    return count


def _print_markdown(found: Iterable[Canonical]) -> int:
    count = 0
    for count, one in enumerate(found, start=1):
        if count == 1:
            click.echo("| artifacts | capability | address | definition |\n|---|---|---|---|")
        cells = (str(one.artifacts), one.name, one.uri, one.definition.text if one.definition else "")
        click.echo(display_safe("| " + " | ".join(map(escape, cells)) + " |"))
    return count


def _line(one: Canonical, *, first: bool) -> Shown:
    def table(screen: Screen) -> None:
        if first:
            screen.cells(*_HEADER, widths=_WIDTHS, style="bold")
        screen.cells(str(one.artifacts), one.name, one.uri, widths=_WIDTHS)

    return Shown(value=lambda: _value(one), table=table, md=str)


def _value(one: Canonical) -> dict[str, Any]:
    return {
        "uri": one.uri,
        "name": one.name,
        "category": one.category,
        "state": one.state,
        "artifacts": one.artifacts,
        "members": one.members,
        "definition": asdict(one.definition) if one.definition else None,
    }


def _whole(found: Shared, members: list[Member]) -> Shown:
    def value() -> dict[str, Any]:
        rest = {
            "aliases": list(found.aliases),
            "addresses": list(found.addresses),
            "broader": [asdict(one) for one in found.broader],
            "narrower": [asdict(one) for one in found.narrower],
        }
        return _value(found.canonical) | rest | {"members": [asdict(one) for one in members]}

    return Shown(value=value, table=lambda screen: _show(found, members, screen), md=lambda: _page(found, members))


def _show(found: Shared, members: list[Member], screen: Screen) -> None:
    one = found.canonical
    screen.rule()
    screen.line((one.name, "bold"))
    screen.line((_facts(one), "dim"))
    screen.line(one.uri)
    screen.line()
    if one.definition:
        screen.line(one.definition.text)
        screen.line((_origin(one), "dim"))
    else:
        screen.line(("No member says what it does.", "dim"))
    _listed("also called", found.aliases, screen)
    _listed("was at", found.addresses, screen)
    for label, relations in (("broader", found.broader), ("narrower", found.narrower)):
        _listed(label, (_related(relation) for relation in relations), screen)
    for member in members:
        screen.line()
        glyph, label, style = SUPPORT[member.support] if member.support else ("·", "no description", "dim")
        screen.line((member.name, "bold"), f"  {member.artifact}  ", (f"{glyph} {label}", style))
        screen.line((f"{member.capability} · {member.state}", "dim"), indent=_INDENT)
        for reason in _why(member):
            screen.line(reason, indent=_INDENT, hang=2)
    screen.line()


def _listed(label: str, values: Iterable[str], screen: Screen) -> None:
    for number, value in enumerate(values):
        screen.line((f"{'' if number else label:<{_LABEL}}", "bold"), value, hang=_LABEL)


def _page(found: Shared, members: list[Member]) -> str:
    one = found.canonical
    blocks = [f"# {escape(one.name)}", escape(one.uri), _facts(one)]
    if one.definition:
        blocks += [escape(one.definition.text), escape(_origin(one))]
    lists = {
        "Also called": [escape(name) for name in found.aliases],
        "Was at": [escape(uri) for uri in found.addresses],
        "Broader": [escape(_related(one)) for one in found.broader],
        "Narrower": [escape(_related(one)) for one in found.narrower],
        "Members": [_item(member) for member in members],
    }
    for title, items in lists.items():
        if items:
            blocks += [f"## {title}", "\n".join(f"* {item}" for item in items)]
    return "\n\n".join(blocks) + "\n"


def _item(member: Member) -> str:
    label = SUPPORT[member.support][1] if member.support else "no description"
    told = [f"{member.name} ({member.artifact}, {member.capability}, {member.state}, {label})", *_why(member)]
    return escape("; ".join(told))


def _facts(one: Canonical) -> str:
    if one.state == "empty":
        return f"{one.category} · empty: no record is of it now, its address still means it"
    shared = counted(one.artifacts, "artifact")
    return f"{one.category} · {shared}, {counted(one.members, 'record')}"


def _origin(one: Canonical) -> str:
    whose = one.definition
    if whose is None:
        return ""
    label = SUPPORT[whose.support][1] if whose.support else "gone since"
    return f"described by {whose.capability} ({label})"


def _related(relation: Relation) -> str:
    count = counted(relation.pairs, "pair")
    return f"{relation.name}, {relation.uri} ({count}: {relation.general} is broader than {relation.special})"


def _why(member: Member) -> Iterator[str]:
    if member.agreement is None:
        yield "the only member"
        return
    yield f"agrees {member.agreement:.2f} with the others on average"
    if member.like:
        yield f"most like {member.like}, decided by {_DECIDERS[member.decided_by]}: {'; '.join(member.reasons)}"


_DECIDERS = {
    "rule": "rules over words and concepts",
    "vectors": "words and vectors",
    "model": "a model",
    "person": "a person",
}
