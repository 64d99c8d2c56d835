"""Show pairs of entries that may be one artifact: what is proposed and why, what was decided, and what is known."""

from typing import TYPE_CHECKING, Any

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.publish.markdown import escape
from decomposer.records.likeness import Likeness, Relation, Ruling, Traits

if TYPE_CHECKING:
    from decomposer.wiring.identifying import Explanation

WORDS: dict[Relation, str] = {
    "same": "is the same as",
    "older_version": "is an older version of",
    "fork": "is a fork of",
    "translation": "is a translation of",
    "derived": "is derived from",
}
_LABEL = 12  # columns


def proposal(one: Likeness) -> Shown:
    """Return a proposal ready to be written."""

    def table(screen: Screen) -> None:
        screen.line((one.one, "bold"), f" {WORDS[one.relation]} ", (one.other, "bold"), f"  {one.score:.2f}")
        for reason in one.reasons:
            screen.line(reason, indent="  ", hang=2)

    def markdown() -> str:
        reasons = "".join(f"  * {escape(reason)}\n" for reason in one.reasons)
        return f"* {escape(one.one)} {WORDS[one.relation]} {escape(one.other)} ({one.score:.2f})\n{reasons}"

    return Shown(value=lambda: one.model_dump(mode="json"), table=table, md=markdown)


def ruled(one: Ruling) -> Shown:
    """Return a decision ready to be written."""
    who = f"{one.decided_at} by {one.actor or 'nobody named'}" + (f": {one.reason}" if one.reason else "")

    def table(screen: Screen) -> None:
        screen.line((said(one), "bold"))
        screen.line(who, indent="  ", hang=2)

    return Shown(
        value=lambda: one.model_dump(mode="json"), table=table, md=lambda: f"* {escape(said(one))} ({escape(who)})\n"
    )


def said(one: Ruling) -> str:
    """Return a decision in a line."""
    if one.op == "undo":
        return f"{one.one} and {one.other}: taken back, open again"
    if one.op == "refuse" or one.relation is None:
        return f"{one.one} and {one.other} are two artifacts"
    return f"{one.one} {WORDS[one.relation]} {one.other}"


def explained(found: "Explanation") -> Shown:
    """Return what is known of two entries ready to be written."""
    lines = list(_lines(found))

    def table(screen: Screen) -> None:
        for line in lines:
            screen.line((line[:_LABEL], "bold"), line[_LABEL:], hang=_LABEL)

    def value() -> dict[str, Any]:
        shown = found.likeness.model_dump(mode="json") if found.likeness else None
        ruling = found.ruling.model_dump(mode="json") if found.ruling else None
        sketches = {"prose", "fixed"}
        sides = {
            name: side.model_dump(mode="json", exclude=sketches) for name, side in (("a", found.a), ("b", found.b))
        }
        return {"likeness": shown, "ruling": ruling, **sides}

    markdown = "".join(f"* {escape(' '.join(line.split()))}\n" for line in lines)
    return Shown(value=value, table=table, md=lambda: markdown)


def _lines(found: "Explanation") -> list[str]:
    held, alike = found.ruling, found.likeness
    told = [f"{'verdict':<{_LABEL}}{_verdict(found)}"]
    for label, side in (("first", found.a), ("second", found.b)):
        told += [f"{label if not number else '':<{_LABEL}}{line}" for number, line in enumerate(_side(side))]
    if alike:
        told.append(f"{'score':<{_LABEL}}{alike.score:.2f}")
        told += [f"{'because':<{_LABEL}}{reason}" for reason in alike.reasons]
    if held and held.reason:
        told.append(f"{'decided':<{_LABEL}}{held.reason}")
    return told


def _verdict(found: "Explanation") -> str:
    if found.ruling:
        return f"{said(found.ruling)} (by {found.ruling.actor or 'a person'})"
    if found.likeness is None:
        return "two artifacts, as far as names, addresses and texts tell"
    return f"{found.likeness.one} {WORDS[found.likeness.relation]} {found.likeness.other} (by rules)"


def _side(side: Traits) -> list[str]:
    names = dict.fromkeys(" ".join((*one.words, *one.versions, *one.sizes)) for one in side.names)
    lines = [side.slug, f"names: {', '.join(names) or '-'}"]
    lines += [f"{label}: {', '.join(one)}" for label, one in (("found at", side.own), ("says it is", side.said)) if one]
    if side.bases:
        lines.append(f"made from: {', '.join(side.bases)}")
    return [*lines, f"language: {side.language or 'unknown'}; {side.chars:,} characters"]
