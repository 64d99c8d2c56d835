"""Say which of two suits which buyer: who pays least, goes with the many, reads first, or needs one thing."""

from collections.abc import Callable, Sequence

from decomposer.records import Capability, FactKey, Leader, Line, Side
from decomposer.records.facts import Count, Price

_PRICES: tuple[FactKey, ...] = ("input_price", "output_price", "starting_price")
_FIGURES: tuple[Count, ...] = ("downloads", "stars", "likes", "dependents")
_WHOLLY_FREE = ("free", "open-source")
_NEAR_ENOUGH = 0.15  # relevance below which a capability has nothing to do with a need

Sides = tuple[Side, Side]
Records = tuple[Sequence[Capability], Sequence[Capability]]
Relevance = Callable[[Capability], float]


def cheapest(sides: Sides) -> Line:
    """Return who costs less: by what is free, else by prices for the same unit that both have."""
    numbers = tuple(_prices(side) for side in sides)
    free = [side.facts.text("pricing") in _WHOLLY_FREE and not _costs(side) for side in sides]
    known = [side.facts.text("pricing") is not None or bool(_costs(side)) for side in sides]
    if all(free):
        return _line("cheapest", "tie", "Cheapest: both are free.", numbers)
    if any(free) and all(known):
        one, other = sides if free[0] else (sides[1], sides[0])
        text = f"Cheapest: {one.name}, which is {one.facts.text('pricing')}; {other.name} is not wholly free."
        return _line("cheapest", "a" if free[0] else "b", text, numbers)
    common = [(key, *both) for key in _PRICES if (both := _same_unit(sides, key))]
    if not common:
        why = "the prices of both for the same thing are not known"
        return _line("cheapest", "unknown", f"Cheapest: can't be told, as {why}.", numbers)
    signs = {(one.amount > other.amount) - (one.amount < other.amount) for _, one, other in common}
    leader: Leader = "b" if signs <= {0, 1} and 1 in signs else "a"
    told = "; ".join(
        f"{_kind(key)} {_against(one.shown(_side(key)), other.shown(_side(key)), leader)}" for key, one, other in common
    )
    if signs == {0}:
        return _line("cheapest", "tie", f"Cheapest: a tie ({told}).", numbers)
    if {1, -1} <= signs:
        return _line("cheapest", "split", f"Cheapest: it depends on the use ({told}).", numbers)
    return _line("cheapest", leader, f"Cheapest: {sides[leader == 'b'].name} ({told}).", numbers)


def adopted(sides: Sides) -> Line:
    """Return who is used more: by the figures that are known of both."""
    numbers = tuple(tuple(f"{side.facts.shown(key) or 'unknown'} {key}" for key in _FIGURES) for side in sides)
    common = [(key, *both) for key in _FIGURES if None not in (both := tuple(side.facts.count(key) for side in sides))]
    if not common:
        return _line("adopted", "unknown", "Most adopted: can't be told, as no figure is known of both.", numbers)
    signs = {(one > other) - (one < other) for _, one, other in common}  # type: ignore[operator]
    leader: Leader = "b" if signs <= {0, -1} and -1 in signs else "a"
    told = "; ".join(f"{_against(f'{one:,}', f'{other:,}', leader)} {key}" for key, one, other in common)
    if signs == {0}:
        return _line("adopted", "tie", f"Most adopted: a tie ({told}).", numbers)
    if {1, -1} <= signs:
        return _line("adopted", "split", f"Most adopted: the figures disagree ({told}).", numbers)
    return _line("adopted", leader, f"Most adopted: {sides[leader == 'b'].name} ({told}).", numbers)


def documented(sides: Sides) -> Line:
    """Return whose entry is better documented: by the points for quality."""
    one, other = (side.rank.part("quality") for side in sides)
    numbers = (one.reason,), (other.reason,)
    if not (one.known and other.known):
        return _line(
            "documented", "unknown", "Best documented: can't be told, as quality is not known of both.", numbers
        )
    told = f"quality {max(one.points, other.points)} against {min(one.points, other.points)} of {one.most}"
    if one.points == other.points:
        return _line("documented", "tie", f"Best documented: a tie ({told}).", numbers)
    leader: Leader = "a" if one.points > other.points else "b"
    return _line("documented", leader, f"Best documented: {sides[leader == 'b'].name} ({told}).", numbers)


def needed(sides: Sides, records: Records, need: str, relevance: Relevance) -> Line:
    """Return who is nearest to a need, with the capability that is."""
    best = [_nearest(each, relevance) for each in records]
    numbers = tuple((f"{score:.2f} {name}",) if name else ("nothing",) for score, name in best)
    scores = [round(score, 2) for score, _ in best]
    if max(scores) < _NEAR_ENOUGH:
        return _line("need", "unknown", f"Best for “{need}”: nothing that is said of either comes near it.", numbers)
    if scores[0] == scores[1]:
        text = f"Best for “{need}”: a tie ({best[0][1]} and {best[1][1]}, both {scores[0]:.2f})."
        return _line("need", "tie", text, numbers)
    at = 0 if scores[0] > scores[1] else 1
    other = f"{scores[1 - at]:.2f} for {best[1 - at][1]}" if best[1 - at][1] else "nothing"
    text = f"Best for “{need}”: {sides[at].name}, by {best[at][1]} ({scores[at]:.2f} against {other})."
    return _line("need", "a" if at == 0 else "b", text, numbers)


def _against(one: str, other: str, leader: Leader) -> str:
    """Return the figures of two sides, that of the leader first."""
    return f"{other} against {one}" if leader == "b" else f"{one} against {other}"


def _nearest(records: Sequence[Capability], relevance: Relevance) -> tuple[float, str]:
    scored = ((relevance(one), one.name) for one in records)
    return max(scored, key=lambda found: found[0], default=(0.0, ""))


def _costs(side: Side) -> list[Price]:
    return [price for key in _PRICES if (price := side.facts.price(key)) and price.amount]


def _same_unit(sides: Sides, key: FactKey) -> tuple[Price, Price] | None:
    one, other = (side.facts.price(key) for side in sides)
    return (one, other) if one and other and one.unit == other.unit else None


def _prices(side: Side) -> tuple[str, ...]:
    pricing = side.facts.text("pricing") or "pricing unknown"
    return (pricing, *(shown for key in _PRICES if (shown := side.facts.shown(key))))


def _kind(key: FactKey) -> str:
    return key.removesuffix("_price")


def _side(key: FactKey) -> str:
    return "" if key == "starting_price" else _kind(key)


def _line(about: str, leader: Leader, text: str, numbers: Sequence[tuple[str, ...]]) -> Line:
    return Line.model_validate({"about": about, "leader": leader, "text": text, "a": numbers[0], "b": numbers[1]})
