"""Reach a verdict by rules: every sentence has its numbers beside it, ties are ties, and unknown decides nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from decomposer.compare.buyers import adopted, cheapest, documented
from decomposer.records import Alone, Leader, Line, Pair, Part, Side

Sides = tuple[Side, Side]
Rest = tuple[tuple[Alone, ...], tuple[Alone, ...]]


class _Lead(NamedTuple):
    """The parts on which each side leads, those that are equal, and those that can't be compared."""

    a: list[str]
    b: list[str]
    equal: list[str]
    unknown: list[str]


def verdict(sides: Sides, shared: Sequence[Pair], rest: Rest) -> tuple[Line, ...]:
    """Return the lines of the verdict: score, parts, free use, overlap, and who suits which buyer."""
    lines = (_score(sides), _parts(sides), *_free(sides), _overlap(sides, shared, rest))
    return (*lines, cheapest(sides), adopted(sides), documented(sides))


def _score(sides: Sides) -> Line:
    a, b = sides
    one, other = a.rank, b.rank
    numbers = tuple((f"{rank.points}/100", f"{rank.low} to {rank.high}") for rank in (one, other))
    if one.points == other.points:
        text = f"Tie: both score {one.points}/100."
        return Line(about="score", leader="tie", text=text, a=numbers[0], b=numbers[1])
    leader: Leader = "a" if one.points > other.points else "b"
    first, second = (a, b) if leader == "a" else (b, a)
    text = f"{first.name} scores higher: {first.rank.points}/100 against {second.rank.points}/100 for {second.name}."
    if first.rank.low <= second.rank.high:
        text += (
            f" With what is unknown it could be the other way round ({first.rank.low} to {first.rank.high} against "
            f"{second.rank.low} to {second.rank.high})."
        )
    return Line(about="score", leader=leader, text=text, a=numbers[0], b=numbers[1])


def _parts(sides: Sides) -> Line:
    a, b = sides
    pairs = list(zip(a.rank.parts, b.rank.parts, strict=True))
    lead = _Lead([], [], [], [])
    for one, other in pairs:
        place = 3 if not (one.known and other.known) else (one.points < other.points) if _differ(one, other) else 2
        lead[place].append(_numbers(one, other) if place < 2 else one.name)
    text = " ".join(_leads(lead, a, b))
    leader: Leader = "split" if lead.a and lead.b else "a" if lead.a else "b" if lead.b else "tie"
    if not (lead.a or lead.b or lead.equal):
        leader = "unknown"
    shown = [tuple(_shown(part) for part in side) for side in zip(*pairs, strict=True)]
    return Line(about="parts", leader=leader, text=text, a=shown[0], b=shown[1])


def _leads(lead: _Lead, a: Side, b: Side) -> Iterator[str]:
    sweep = not lead.equal and bool(lead.a) != bool(lead.b)
    if sweep:
        yield f"{(a if lead.a else b).name} leads on all that can be compared: {_listed(lead.a or lead.b)}."
    else:
        yield from (f"{side.name} leads on {_listed(parts)}." for side, parts in ((a, lead.a), (b, lead.b)) if parts)
    if lead.equal:
        yield f"Equal: {_listed(lead.equal)}."
    if not (lead.a or lead.b or lead.equal):
        yield "No part of the rank can be compared."
    if lead.unknown:
        yield f"Not compared, as it is unknown on one side or both: {_listed(lead.unknown)}."


def _differ(one: Part, other: Part) -> bool:
    return one.points != other.points


def _numbers(one: Part, other: Part) -> str:
    high, low = max(one.points, other.points), min(one.points, other.points)
    return f"{one.name} ({high} against {low} of {one.most})"


def _shown(part: Part) -> str:
    return f"{part.name} {part.points}/{part.most}" if part.known else f"{part.name} unknown"


def _free(sides: Sides) -> Iterator[Line]:
    """Yield a line where one can be used without paying and the other can't, whoever scores higher."""
    a, b = sides
    free = a.facts.free, b.facts.free
    numbers = tuple((side.facts.shown("pricing") or "pricing unknown",) for side in sides)
    if free[0] is not None and free[0] == free[1]:
        text = "Both can be used without paying." if free[0] else "Neither can be used without paying."
        yield Line(about="free", leader="tie", text=text, a=numbers[0], b=numbers[1])
    elif None not in free:
        leader: Leader = "a" if free[0] else "b"
        one, other = (a, b) if free[0] else (b, a)
        text = f"{one.name} can be used without paying ({one.facts.text('pricing')}); {other.name} is paid."
        yield Line(about="free", leader=leader, text=text, a=numbers[0], b=numbers[1])
    else:
        names = [side.name for side, known in zip(sides, free, strict=True) if known is None]
        text = f"Whether {_listed(names)} can be used without paying is unknown."
        yield Line(about="free", leader="unknown", text=text, a=numbers[0], b=numbers[1])


def _overlap(sides: Sides, shared: Sequence[Pair], rest: Rest) -> Line:
    a, b = sides
    numbers = tuple((f"{side.capabilities} capabilities",) for side in sides)
    if not a.capabilities or not b.capabilities:
        without = _listed([side.name for side in sides if not side.capabilities])
        text = f"No capability is held of {without}, so there is nothing to compare."
        return Line(about="overlap", leader="unknown", text=text, a=numbers[0], b=numbers[1])
    if not shared:
        text = (
            f"They have nothing in common: no capability of {a.name} ({a.capabilities}) is one of {b.name} "
            f"({b.capabilities}). A comparison of the two says little."
        )
    else:
        count = len(shared)
        text = (
            f"They share {count} {'capability' if count == 1 else 'capabilities'}; {len(rest[0])} only {a.name} has, "
            f"{len(rest[1])} only {b.name}, as far as their sources say."
        )
    unread = [side.name for side in sides if not side.read]
    if unread:
        one = len(unread) == 1
        text += f" The {'source' if one else 'sources'} of {_listed(unread)} {'was' if one else 'were'} not read: "
        text += f"nothing said of {'it' if one else 'them'} was checked."
    return Line(about="overlap", leader="tie", text=text, a=numbers[0], b=numbers[1])


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
