"""Pictures say what the figures say: in shapes that are in proportion, in words, and safely whatever a name is."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import pi, sqrt
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from decomposer.publish.pictures import Priced, over_time, price_per_capability, rank_bars, two_sets
from decomposer.publish.pictures.days import MOST as MOST_DAYS
from decomposer.publish.pictures.drawn import WIDTH, number
from decomposer.publish.pictures.lettering import BOLD, SIZE, cut, lines, width
from decomposer.publish.pictures.prices import FREE, MOST
from decomposer.publish.pictures.scales import rounded_up, scale
from decomposer.publish.pictures.sets import Sets, circles, overlap
from decomposer.records import Comparison, Counted, Day, Part, PartName, Price, Rank
from tests.publishing import TEXTS
from tests.ranking import entry, facts, ranked, record
from tests.test_compare import compared, puma

SVG = "{http://www.w3.org/2000/svg}"
LONG = "A very long name of an artifact that nobody would ever want to read to its very end"
COUNTS = st.integers(min_value=0, max_value=45)


def read(picture: Markup) -> ElementTree.Element:
    """Return a picture as XML, having checked what holds of every one of them."""
    root = ElementTree.fromstring(picture)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert isinstance(picture, Markup)
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags <= {"svg", "title", "desc", "text", "rect", "circle", "line", "polyline", "polygon", "path"}
    names = {name for one in root.iter() for name in one.attrib}
    assert not {name for name in names if name in ("style", "class", "href") or name.startswith("on")} - {"class"}
    assert [one.get("class") for one in root.iter() if one.get("class")] == ["picture"]
    values = " ".join(value for one in root.iter() for value in one.attrib.values())
    assert not re.search(r"nan|inf|url\(|e[+-]\d", values)
    named = [root.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert [one.get("id") for one in root.iter() if one.get("id")] == (root.get("aria-labelledby") or "").split()
    assert all(one is not None and (one.text or "").strip() for one in named)
    high = float(root.get("height") or 0)
    assert root.get("viewBox") == f"0 0 360 {root.get('height')}"
    boxes = list(placed(root))
    for left, right, top, bottom in boxes:
        assert left >= -0.5
        assert right <= WIDTH + 0.5
        assert top >= 0
        assert bottom <= high
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (one, other)
    return root


def placed(root: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    """Yield where each text lies: left, right, top, bottom; from the height of its capitals to its base line."""
    for one in root.iter(f"{SVG}text"):
        size = float(one.get("font-size") or SIZE)
        broad = size * (BOLD if one.get("font-weight") else 1)
        wide, x, y = width(one.text or "", broad), float(one.get("x") or 0), float(one.get("y") or 0)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.get("text-anchor") or "start"]
        yield left, left + wide, y - size * 0.75, y


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def told(root: ElementTree.Element) -> str:
    found = root.find(f"{SVG}desc")
    return "" if found is None else found.text or ""


def shapes(root: ElementTree.Element, tag: str, **wanted: str) -> list[dict[str, float]]:
    """Return the figures of shapes that have such attributes."""
    found = [one for one in root.iter(f"{SVG}{tag}") if all(one.get(k) == v for k, v in wanted.items())]
    return [{k: float(v) for k, v in one.attrib.items() if re.fullmatch(r"-?[\d.]+", v)} for one in found]


# --- what every picture is made of


def test_a_number_is_short_and_always_one() -> None:
    assert [number(one) for one in (0, -0.001, 1.5, 2 / 3, 100, 1e7)] == ["0", "0", "1.5", "0.67", "100", "10000000"]
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="can't be drawn"):
            number(wrong)


@given(st.text(max_size=80), st.floats(min_value=20, max_value=400))
def test_a_text_is_cut_to_its_room_and_only_where_it_must_be(text: str, room: float) -> None:
    short = cut(text, room)
    assert width(short) <= max(room, width("…"))
    assert short == text if width(text) <= room else short.endswith("…")
    broken = lines(text, room, most=3)
    assert len(broken) <= 3
    assert all(width(line) <= max(room, width("…")) for line in broken)
    if not any("…" in line for line in broken):
        assert "".join("".join(broken).split()) == "".join(text.split())


@given(st.lists(st.just(0.0) | st.floats(min_value=1e-24, max_value=1e12), min_size=1, max_size=20))
def test_a_scale_holds_its_values_in_order(values: list[float]) -> None:
    by = scale(values)
    places = [by.place(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    assert (by.place(by.marks[0]), by.place(by.marks[-1])) == (0, 1)
    assert by.log == (min(values) > 0 and max(values) / min(values) > 100)
    assert 2 <= len(by.marks) <= 6
    assert rounded_up(max(values)) >= max(values) * (1 - 1e-12)


# --- rank

NAMES: tuple[PartName, ...] = get_args(PartName)


@st.composite
def ranks(draw: st.DrawFn) -> Rank:
    """Return any rank: parts that are known or not, from nothing to all."""
    parts = []
    for name, most in zip(NAMES, (25, 35, 10, 15, 15), strict=True):
        low, points, high = sorted(draw(st.lists(st.integers(0, most), min_size=3, max_size=3)))
        known = draw(st.booleans())
        parts.append(
            Part(
                name=name, points=points, most=most, low=low, high=high, known=known,
                formula="", reason="", raised_by="", inputs=(),
            )
        )  # fmt: skip
    low, points, high = (sum(getattr(part, name) for part in parts) for name in ("low", "points", "high"))
    return Rank(entry="x", type="repo", points=points, low=low, high=high, as_of="", parts=tuple(parts))


@given(ranks(), TEXTS)
def test_bars_are_as_long_as_points_on_one_scale(rank: Rank, name: str) -> None:
    root = read(rank_bars(rank, prefix="r", name=name))
    frames = shapes(root, "rect", fill="none", height="12")
    solid = shapes(root, "rect", height="12", fill="var(--picture-a, currentColor)")
    unit = (WIDTH - 2) / 35
    known = [part for part in rank.parts if part.known and part.points]
    assert [one["width"] for one in solid] == pytest.approx([part.points * unit for part in known], abs=0.01)
    framed = [part.most for part in rank.parts] + [p.points for p in rank.parts if not p.known and p.points]
    assert sorted(one["width"] for one in frames) == pytest.approx(sorted(most * unit for most in framed), abs=0.01)
    for part in rank.parts:
        said = f"{part.name.capitalize()} {part.points} of {part.most}"
        said += f" ({part.low} to {part.high})" if part.low != part.high else ""
        said += "" if part.known else ", nothing known"
        assert said in texts(root)
        assert said in told(root)


def test_the_range_lies_below_its_bar_from_low_to_high() -> None:
    whole = ranked(entry("lynx", record("See", "x.")), stars="5")
    root = read(rank_bars(whole, prefix="r"))
    ends = [one.get("points") or "" for one in root.iter(f"{SVG}polyline")]
    places = [float(end.partition(",")[0]) for end in ends]
    unit, open_parts = (WIDTH - 2) / 35, [part for part in whole.parts if part.low != part.high]
    wanted = [1 + points * unit for part in open_parts for points in (part.low, part.high)]
    assert places[:-2] == pytest.approx(wanted, abs=0.01)


def test_a_rank_of_which_nothing_is_known_has_no_solid_bar() -> None:
    root = read(rank_bars(ranked(entry("lynx", documents=[])), prefix="r"))
    assert shapes(root, "rect", fill="var(--picture-a, currentColor)") == []
    assert len(shapes(root, "rect", **{"stroke-dasharray": "4 3"})) == 5


# --- two sets


def sides(only_a: int, both: int, only_b: int, *, a: str = "Lynx", b: str = "Puma") -> Comparison:
    """Return a comparison of artifacts that have so many capabilities each."""
    shared = [record(f"s{at}", "x.") for at in range(both)]
    ours = [*shared, *(record(f"a{at}", "x.") for at in range(only_a))]
    theirs = [*shared, *(record(f"b{at}", "x.") for at in range(only_b))]
    return compared(entry("lynx", *ours, name=a), puma(*theirs, name=b))


def area(r_a: float, r_b: float, away: float, steps: int = 20_000) -> float:
    """Return what two circles share, summed up in thin strips."""
    left, right = max(-r_a, away - r_b), min(r_a, away + r_b)
    if right <= left:
        return 0.0
    wide = (right - left) / steps
    middles = (left + (at + 0.5) * wide for at in range(steps))
    return sum(2 * sqrt(min(max(r_a**2 - x**2, 0), max(r_b**2 - (x - away) ** 2, 0))) * wide for x in middles)


@pytest.mark.parametrize("counts", [(3, 2, 5), (0, 3, 4), (40, 1, 1), (1, 40, 1), (1, 1, 200), (7, 7, 0), (5, 5, 5)])
def test_areas_are_in_proportion_to_the_counts(counts: tuple[int, int, int]) -> None:
    only_a, both, only_b = counts
    at = circles(Sets(*counts))
    unit = pi * at.r_a**2 / (only_a + both)
    assert pi * at.r_b**2 / unit == pytest.approx(only_b + both)
    assert area(at.r_a, at.r_b, at.b - at.a) / unit == pytest.approx(both, rel=2e-3)
    assert overlap(at.r_a, at.r_b, at.b - at.a) / unit == pytest.approx(both, rel=1e-6)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_circles_fit_and_touch_only_where_something_is_shared(only_a: int, both: int, only_b: int) -> None:
    at = circles(Sets(only_a, both, only_b))
    assert min(at.a - at.r_a, at.b - at.r_b) >= -1e-6
    assert max(at.a + at.r_a, at.b + at.r_b) <= WIDTH + 1e-6
    assert max(at.r_a, at.r_b) <= 75 + 1e-6
    if not both:
        assert at.b - at.a >= at.r_a + at.r_b
    else:
        assert overlap(at.r_a, at.r_b, at.b - at.a) / (pi * at.r_a**2) == pytest.approx(both / (only_a + both))


@pytest.mark.parametrize("counts", [(3, 2, 5), (0, 0, 0), (0, 0, 3), (4, 0, 3), (0, 3, 0), (12, 1, 1), (0, 2, 9)])
def test_counts_are_told_in_words_and_in_the_legend(counts: tuple[int, int, int]) -> None:
    root = read(two_sets(sides(*counts), prefix="s"))
    legend = [f"Only Lynx: {counts[0]}", f"Both: {counts[1]}", f"Only Puma: {counts[2]}"]
    assert [text for text in texts(root) if ": " in text][2:] == legend
    assert told(root).startswith(". ".join(legend))
    assert f"Lynx: {counts[0] + counts[1]}" in texts(root)
    outlines = shapes(root, "circle", fill="none")
    assert len(outlines) == (counts[0] + counts[1] > 0) + (counts[2] + counts[1] > 0)
    inside = [int(text) for text in texts(root) if text.isdigit()]
    assert all(count in counts and count for count in inside)


def test_what_covers_more_is_something_that_both_have_and_is_told() -> None:
    found = sides(1, 3, 1)
    turned = zip(found.shared, ("broader", "narrower", "broader"), strict=True)
    shared = tuple(pair.model_copy(update={"verdict": verdict}) for pair, verdict in turned)
    root = read(two_sets(found.model_copy(update={"shared": shared}), prefix="s"))
    assert "Both: 3 (in 2 that of Lynx covers more, in 1 that of Puma covers more)" in told(root)


def test_what_is_hidden_as_equal_still_counts() -> None:
    assert told(read(two_sets(sides(1, 3, 2).differences(), prefix="s"))).startswith("Only Lynx: 1. Both: 3.")


def test_long_names_of_two_sets_are_wrapped_and_not_cut() -> None:
    name = "acme-research/LongWriter-7B-instruct-distilled-q4"
    shown = "".join(texts(read(two_sets(sides(1, 1, 1, a=name, b=LONG), prefix="s")))).replace(" ", "")
    assert f"{name}:2" in shown
    assert f"Only{name}:1" in shown
    assert f"Only{LONG}:1".replace(" ", "") in shown


def test_names_that_begin_alike_are_told_apart_by_their_ends() -> None:
    root = read(two_sets(sides(1, 1, 1, a=f"{LONG} 2025", b=f"{LONG} 2026"), prefix="s"))
    shown = " ".join(texts(root))
    assert "2025: 2" in shown
    assert "2026: 2" in shown
    assert f"Only {LONG} 2025: 1" in told(root)


def test_nothing_in_common_stands_apart_and_is_said() -> None:
    root = read(two_sets(sides(4, 0, 3), prefix="s"))
    a, b = shapes(root, "circle", fill="none")
    assert b["cx"] - a["cx"] > a["r"] + b["r"]
    assert "They have nothing in common." in told(root)


@given(COUNTS, COUNTS, COUNTS, TEXTS, TEXTS)
def test_any_comparison_can_be_drawn(only_a: int, both: int, only_b: int, a: str, b: str) -> None:
    found = EMPTY.model_copy(
        update={
            "a": EMPTY.a.model_copy(update={"artifact": EMPTY.a.artifact.model_copy(update={"name": a})}),
            "b": EMPTY.b.model_copy(update={"artifact": EMPTY.b.artifact.model_copy(update={"name": b})}),
            "only_a": ONE.only_a * only_a,
            "shared": ONE.shared * both,
            "only_b": ONE.only_b * only_b,
        }
    )
    read(two_sets(found, prefix="s"))


EMPTY, ONE = sides(0, 0, 0), sides(1, 1, 1)


# --- prices


def price(amount: str, unit: str = "1M tokens") -> Price:
    return Price(amount=Decimal(amount), unit=unit)


def test_what_is_free_has_its_own_lane_and_unknown_is_never_drawn() -> None:
    rows = [
        Priced("Dear", 3, price("4")), Priced("Cheap", 12, price("1.00")), Priced("Gift", 5, free=True),
        Priced("Zero", 1, price("0")), Priced("Secret", 7), Priced("Sold", 2, free=False),
    ]  # fmt: skip
    root = read(price_per_capability(rows, prefix="p"))
    assert texts(root) == [
        "Can be used without paying", "Gift", "5 capabilities", "Zero", "1 capability",
        "Price for 1M tokens", "$0", "$4", "$2", "Cheap", "$1.00, 12 capabilities", "Dear", "$4.00, 3 capabilities",
        "Price unknown: Secret (7), Sold (2)",
    ]  # fmt: skip
    dots = shapes(root, "circle", r="5")
    assert [one["cx"] for one in dots] == pytest.approx([6 + (WIDTH - 14) / 4, WIDTH - 8])
    assert told(root).startswith("Gift free, 5 capabilities; Zero free, 1 capability; Cheap $1.00 / 1M tokens, 12 cap")


def test_prices_far_apart_lie_on_powers_of_ten() -> None:
    rows = [Priced(amount, 1, price(amount)) for amount in ("0.001", "0.01", "10")]
    root = read(price_per_capability(rows, prefix="p"))
    steps = [(one["cx"] - 6) / (WIDTH - 14) for one in shapes(root, "circle", r="5")]
    assert steps == pytest.approx([0, 0.25, 1], abs=1e-3)
    marks = ["$0.001", "$10", "$0.01", "$0.10", "$1"]  # both ends, and what there is room for between them
    assert [text for text in texts(root) if text in marks] == marks
    assert "each step is ten times or more" in texts(root)


def test_prices_for_other_units_have_a_scale_of_their_own() -> None:
    rows = [Priced("A", 1, price("5", "image")), Priced("B", 1, price("1")), Priced("C", 1, price("2"))]
    headings = [text for text in texts(read(price_per_capability(rows, prefix="p"))) if text.startswith("Price for")]
    assert headings == ["Price for 1M tokens", "Price for image"]


def test_more_than_can_be_read_is_told_and_not_drawn() -> None:
    rows = [Priced(f"M{at}", 1, price(str(at + 1))) for at in range(MOST + 5)]
    root = read(price_per_capability(rows, prefix="p"))
    assert len(shapes(root, "circle", r="5")) == MOST
    assert "5 more are not drawn." in texts(root)
    assert texts(read(price_per_capability([], prefix="p"))) == ["No price is known."]


def test_prices_have_room_beside_all_that_is_free_and_names_without_a_price_are_few() -> None:
    free, unknown = [Priced(f"F{at}", 1, free=True) for at in range(90)], [Priced(f"U{at}", 1) for at in range(33)]
    root = read(price_per_capability([*free, Priced("Dear", 1, price("4")), *unknown], prefix="p"))
    assert (len(shapes(root, "circle", r="5")), len(shapes(root, "circle", r="3.5"))) == (1, 39)
    assert "51 more are not drawn." in told(root)
    assert told(root).endswith("U25 (1), U26 (1), and 13 more")
    many = [Priced(f"M{at}", 1, price(str(at + 1))) for at in range(60)]
    root = read(price_per_capability([*free, *many], prefix="p"))
    assert (len(shapes(root, "circle", r="5")), len(shapes(root, "circle", r="3.5"))) == (MOST - FREE, FREE)


def test_a_price_to_start_with_goes_before_that_of_input() -> None:
    one = entry("lynx")
    known = facts(one, input_price="2/1M tokens", starting_price="20/month", pricing="paid")
    assert Priced.of("Lynx", known, 4) == Priced("Lynx", 4, price("20.00", "month"), free=False)
    known = facts(one, input_price="2/1M tokens")
    assert Priced.of("Lynx", known, 4) == Priced("Lynx", 4, price("2.00"), free=None)


AMOUNTS = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=12)
PRICES = st.builds(Price, amount=AMOUNTS, unit=st.sampled_from(["1M tokens", "image", "month"]))
ROWS = st.builds(Priced, TEXTS, st.integers(0, 99_999), st.none() | PRICES, st.none() | st.booleans())


@given(st.lists(ROWS, max_size=MOST + 3))
def test_any_prices_can_be_drawn_and_the_cheapest_go_first(rows: list[Priced]) -> None:
    root = read(price_per_capability(rows, prefix="p"))
    priced = [one for one in rows if one.price and one.price.amount]
    free = [one for one in rows if not (one.price and one.price.amount) and (one.price or one.free)]
    lane = min(len(free), max(FREE, MOST - len(priced)))
    assert len(shapes(root, "circle", r="5")) == min(len(priced), MOST - lane)
    assert (f"{len(free) + len(priced) - MOST} more are not drawn." in told(root)) == (len(free) + len(priced) > MOST)
    unknown = sum(one.price is None and not one.free for one in rows)
    assert ("Price unknown:" in told(root)) == (unknown > 0)


# --- over time


def day(at: int, entries: int = 10, counted: Counted | None = None) -> Day:
    return Day(day=(date(2026, 1, 1) + timedelta(days=at)).isoformat(), entries=entries, counted=counted)


def paths(root: ElementTree.Element, thick: str = "1.5") -> list[list[tuple[float, float]]]:
    found = [one for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == thick]
    return [[tuple(map(float, place.split(","))) for place in (one.get("points") or "").split()] for one in found]  # type: ignore[misc]


HALF = Counted(covered=5, capabilities=50, reviewed=10, supported=8, unsupported=2)


def test_a_line_breaks_where_nobody_counted_and_entries_last() -> None:
    drawn = paths(read(over_time([day(at, counted=HALF) for at in (0, 1, 2, 5, 6, 9)], prefix="d")))
    entries, *rest = drawn
    assert len({y for _, y in entries}) == 1
    assert [len(path) for path in rest] == [3, 2] * 4
    assert entries[-1][0] - entries[0][0] == pytest.approx(186)


def test_shares_stand_at_their_height_and_are_told_apart_without_colour() -> None:
    root = read(over_time([day(0, counted=HALF), day(1, counted=HALF)], prefix="d"))
    *_, supported, covered, reviewed = paths(root)
    heights = [path[0][1] for path in (supported, covered, reviewed)]
    assert [(heights[2] - one) / 72 for one in heights] == pytest.approx([0.6, 0.3, 0.0], abs=1e-3)
    dashes = [one.get("stroke-dasharray") for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "1.5"]
    assert dashes == [None, None, None, "7 3", "2 3"]
    assert {"supported 80%", "covered 50%", "reviewed 20%"} <= set(texts(root))
    assert "supported: 80% on 2026-01-01, 80% on 2026-01-02" in told(root)


def test_one_day_is_a_dot_and_no_day_is_said() -> None:
    root = read(over_time([day(0, counted=HALF)], prefix="d"))
    assert (paths(root), len(shapes(root, "circle"))) == ([], 4)
    assert "2026-01-01" in texts(root)
    assert texts(read(over_time([], prefix="d"))) == ["No day was counted yet."]


def test_what_was_never_counted_is_not_drawn_as_zero() -> None:
    root = read(over_time([day(0, 3), day(4, 7)], prefix="d"))
    (entries,) = paths(root)
    assert len(entries) == 3  # it stays at 3 until the day on which there are 7
    assert texts(root).count("not counted yet") == 2
    assert "capabilities: not counted; supported: not counted" in told(root)


def test_the_newest_days_are_drawn_in_order_however_they_come() -> None:
    days = [day(at, at + 1, HALF) for at in range(MOST_DAYS + 30)]
    assert over_time(days[::-1], prefix="d") == over_time(days[30:], prefix="d")


@pytest.mark.parametrize(("supported", "shown"), [(999, "99.9%"), (1, "0.1%"), (1000, "100%"), (0, "0%"), (500, "50%")])
def test_only_all_is_100_percent_and_only_none_is_0(supported: int, shown: str) -> None:
    counted = Counted(covered=1, capabilities=1, supported=supported, unsupported=1000 - supported)
    assert f"supported {shown}" in texts(read(over_time([day(0, 1, counted)], prefix="d")))


FIGURES = st.integers(0, 10**7)
COUNTED = st.builds(Counted, **dict.fromkeys(Counted.model_fields, FIGURES))


@st.composite
def catalogs(draw: st.DrawFn) -> list[Day]:
    """Return days of any catalog, whose parts are no more than the whole."""
    found = []
    for at in draw(st.lists(st.integers(0, 3000), unique=True, max_size=60)):
        counted = draw(st.none() | COUNTED)
        entries = draw(FIGURES)
        if counted is not None:
            less = {"covered": min(counted.covered, entries), "reviewed": min(counted.reviewed, counted.capabilities)}
            counted = counted.model_copy(update=less)
        found.append(day(at, entries, counted))
    return found


@given(catalogs())
def test_any_days_can_be_drawn_within_their_frames(days: Sequence[Day]) -> None:
    root = read(over_time(days, prefix="d"))
    places = [place for path in paths(root) for place in path]
    assert all(44 - 0.01 <= x <= 230.01 for x, _ in places)
    tops = [28 + at * 114 for at in range(3)]
    assert all(any(top - 0.01 <= y <= top + 72.01 for top in tops) for _, y in places)


# --- names


@pytest.mark.parametrize("prefix", ["a b", "<x>", '"', "", "é"])
def test_ids_are_ids_whatever_the_prefix(prefix: str) -> None:
    root = read(over_time([], prefix=prefix))
    assert all(re.fullmatch(r"[\w-]+", one, re.ASCII) for one in (root.get("aria-labelledby") or "").split())


@pytest.mark.parametrize("name", [LONG, "长的名字" * 12, "<script>alert(1)</script>", "\x1b[31m\u202e", "", "W" * 200])
def test_names_stay_texts_and_in_their_place(name: str) -> None:
    drawn: list[Any] = [
        rank_bars(ranked(entry("lynx")), prefix="r", name=name),
        two_sets(sides(1, 1, 1, a=name, b=name), prefix="s"),
        price_per_capability([Priced(name, 3, price("1")), Priced(name, 3)], prefix="p"),
    ]
    for picture in drawn:
        read(picture)
        assert not re.search("<script|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", picture)
