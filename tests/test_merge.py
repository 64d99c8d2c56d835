"""What several segments say of one capability becomes one record."""

from itertools import combinations, permutations
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.merge import Apart, link, merge, originals, split
from decomposer.records import (
    Capability,
    Evidence,
    Judge,
    Judgement,
    Note,
    Provenance,
    State,
    Statement,
    Support,
    Verdict,
)
from tests.making import by_name


def evidence(start: int) -> Evidence:
    return Evidence(document=0, start=start, end=start + 5, quote=f"{start:05}", how="cited")


def found(name: str, start: int, support: Support = "supported", text: str = "It does.", part: int = 1) -> Capability:
    return Capability(
        id="",
        name=name,
        category="other",
        description=Statement(text=text, support=support, evidence=(evidence(start),)),
        requires=(Note(text="a disk", evidence=(evidence(start),)),),
        provenance=Provenance(model="m", prompt="p", segments=(f"0:{part}",)),
    )


def judged(verdicts: dict[tuple[str, str], Verdict]) -> Judge:
    """Return a judge who knows pairs of names, in either order; equal names are the same, all others different."""
    turned: dict[Verdict, Verdict] = {"broader": "narrower", "narrower": "broader"}

    def judge(one: Capability, other: Capability) -> Judgement:
        verdict = verdicts.get((one.name, other.name))
        if verdict is None and (other.name, one.name) in verdicts:
            verdict = verdicts[other.name, one.name]
            verdict = turned.get(verdict, verdict)
        verdict = verdict or ("same" if one.name == other.name else "different")
        return Judgement(verdict, 1.0 if verdict == "same" else 0.4 if verdict == "related" else 0.0)

    return judge


def sure(score: float) -> Judge:
    """Return a judge to whom all records are the same, as sure as that."""
    return lambda one, other: Judgement("same", score)


def test_what_one_answer_tells_apart_is_joined_only_where_it_is_certain() -> None:
    one, other, elsewhere = found("Sort", 1), found("Order", 2), found("Arrange", 3, part=2)
    assert merge([one, other], judge=sure(0.99)) == [one, other]
    assert len(merge([one, other], judge=sure(1.0))) == 1
    assert len(merge([one, elsewhere], judge=sure(0.99))) == 1


def test_a_pair_that_is_not_the_same_is_not_joined_through_a_third() -> None:
    judge = judged({("a", "b"): "same", ("b", "c"): "same", ("a", "c"): "related"})
    records = [found(name, at, part=at) for at, name in enumerate("abc", start=1)]
    assert sorted(len(originals(one)) for one in merge(records, judge=judge)) == [1, 2]


def test_records_of_one_name_are_joined_with_the_best_text_and_all_evidence() -> None:
    weak = found("Sorting files", 10, "partial", "It sorts, maybe.", part=1)
    strong = found("File sorting", 30, "supported", "It sorts.", part=2)
    (merged,) = merge([weak, strong], judge=by_name)
    assert merged.description is not None
    assert merged.description.text == "It sorts."
    assert [span.start for span in merged.description.evidence] == [10, 30]
    assert [(note.text, len(note.evidence)) for note in merged.requires] == [("a disk", 2)]
    assert merged.provenance.segments == ("0:1", "0:2")
    assert merged.provenance.merged_from == ("File sorting", "Sorting files")
    assert split(merged) == (strong, weak)


def test_different_names_stay_apart_in_the_order_of_the_text() -> None:
    merged = merge([found("Deleting", 50), found("Sorting", 10)], judge=by_name)
    assert [one.name for one in merged] == ["Sorting", "Deleting"]


def test_one_wrong_yes_fuses_no_two_capabilities() -> None:
    sorting = [found(f"Sorting {n}", n) for n in range(3)]
    deleting = [found(f"Deleting {n}", 10 + n) for n in range(3)]
    names = [[one.name for one in group] for group in (sorting, deleting)]
    verdicts: dict[tuple[str, str], Verdict] = {(a, b): "same" for group in names for a in group for b in group}
    judge = judged({**verdicts, ("Sorting 1", "Deleting 2"): "same"})
    merged = merge([*sorting, *deleting], judge=judge)
    assert [one.provenance.merged_from for one in merged] == [tuple(sorted(group)) for group in names]


def test_the_general_and_the_special_are_never_joined_even_through_a_third() -> None:
    judge = judged(
        {
            ("Image editing", "Inpainting"): "broader",
            ("Image editing", "Editing"): "same",
            ("Editing", "Inpainting"): "same",
        }
    )
    merged = merge([found("Image editing", 1), found("Inpainting", 2), found("Editing", 3)], judge=judge)
    assert {one.name for one in merged} >= {"Inpainting"} or {one.name for one in merged} >= {"Image editing"}
    assert all(not {"Image editing", "Inpainting"} <= {part.name for part in originals(one)} for one in merged)


def test_what_a_person_holds_apart_is_found_in_other_words_and_not_joined() -> None:
    judge = judged({("Sort", "Sorting"): "same", ("Order", "Ordering"): "same", ("Sorting", "Ordering"): "same"})
    fresh = [found("Sorting", 1), found("Ordering", 2)]
    (joined,) = merge(fresh, judge=judge)
    held = (found("Sort", 1), found("Order", 2))
    assert merge(fresh, judge=judge, apart=[held]) == fresh
    assert merge([joined], judge=judge, apart=[held]) == fresh
    assert merge([joined], judge=judge, apart=[(found("Delete", 1), found("Copy", 1))]) == [joined]


def test_a_record_that_was_merged_before_is_joined_as_a_whole_and_taken_apart_one_merge_at_a_time() -> None:
    first, second, third = (found("Sort", n, text=f"It sorts {n}.") for n in (1, 2, 3))
    (inner,) = merge([first, second], judge=by_name)
    (outer,) = merge([inner, third], judge=by_name)
    assert set(split(outer)) == {inner, third}
    assert set(originals(outer)) == {first, second, third}


def test_what_a_person_settled_survives_whatever_is_better_supported() -> None:
    mine = found("Sort", 50, "unsupported", "Mine.").model_copy(update={"id": "x/sort", "state": "accepted"})
    (merged,) = merge([found("Sort", 1), mine], judge=by_name)
    assert (merged.id, merged.state) == ("x/sort", "accepted")


def test_a_record_that_was_not_merged_is_its_own_part() -> None:
    alone = found("Sort", 1)
    assert (split(alone), originals(alone)) == ((alone,), (alone,))


def test_a_merged_record_is_the_same_after_json() -> None:
    (merged,) = merge([found("Sort", 1), found("Sort", 2)], judge=by_name)
    assert Capability.model_validate_json(merged.model_dump_json()) == merged
    assert "merged" not in found("Sort", 1).model_dump(mode="json")


def test_of_many_records_those_are_judged_that_share_a_rare_word_a_name_or_a_line() -> None:
    asked: set[tuple[str, str]] = set()

    def judge(one: Capability, other: Capability) -> Judgement:
        asked.add((min(one.name, other.name), max(one.name, other.name)))
        return by_name(one, other)

    many = [found(f"Tool t{n}", n) for n in range(1500)]
    pair = [found("Image captioning", 2000), found("Caption writing", 2100), found("Caption writing", 2200)]
    merged = merge([*many, *pair], judge=judge)
    assert len(merged) == 1502
    assert asked == {("Caption writing", "Caption writing"), ("Caption writing", "Image captioning")}


# --- general and special


def linked(judge: Judge, *names: str, **states: State) -> dict[str, tuple[str, ...]]:
    records = [found(name, 1).model_copy(update={"id": name, "state": states.get(name, "proposed")}) for name in names]
    return {one.name: one.broader_than for one in link(records, judge=judge) if one.broader_than}


def test_the_general_record_names_the_special_ones_and_only_the_nearest() -> None:
    judge = judged({("edit", "crop"): "broader", ("crop", "trim"): "broader", ("trim", "edit"): "narrower"})
    assert linked(judge, "trim", "crop", "edit") == {"edit": ("crop",), "crop": ("trim",)}
    assert linked(judge, "edit", "trim", "copy") == {"edit": ("trim",)}


def test_links_never_go_round() -> None:
    judge = judged({("a", "b"): "broader", ("b", "c"): "broader", ("c", "a"): "broader"})
    assert linked(judge, "a", "b", "c") == {"a": ("b",), "b": ("c",)}


def test_what_a_person_rejected_is_not_linked() -> None:
    judge = judged({("edit", "crop"): "broader"})
    assert linked(judge, "edit", "crop", crop="rejected") == {}


def test_links_that_hold_no_more_are_taken_away() -> None:
    (one,) = link([found("a", 1).model_copy(update={"id": "a", "broader_than": ("b",)})], judge=by_name)
    assert one.broader_than == ()


# --- laws

CAPABILITIES = st.lists(
    st.builds(
        found,
        st.sampled_from(["Sorting files", "File sorting", "Sort files", "Delete files", "Text search"]),
        st.integers(min_value=0, max_value=60),
        st.sampled_from(["supported", "partial", "unsupported", "vendor_claim"]),
        st.sampled_from(["It does.", "It may do."]),
        st.integers(min_value=1, max_value=3),
    ),
    max_size=6,
)


NAMES = ("Sorting files", "File sorting", "Sort files", "Delete files", "Text search")
PAIRS = [(one, other) for one in NAMES for other in NAMES if one < other]
JUDGES = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from(get_args(Verdict))).map(judged) | st.just(by_name)
APART = st.lists(st.tuples(*2 * [st.sampled_from(NAMES).map(lambda name: found(name, 0))]), max_size=2)


@settings(deadline=None)
@given(CAPABILITIES, JUDGES, APART)
def test_merging_again_changes_nothing(capabilities: list[Capability], judge: Judge, apart: list[Apart]) -> None:
    once = merge(capabilities, judge=judge, apart=apart)
    assert merge(once, judge=judge, apart=apart) == once


@settings(deadline=None)
@given(CAPABILITIES, JUDGES)
def test_taking_apart_gives_back_what_was_merged(capabilities: list[Capability], judge: Judge) -> None:
    parts = [part for one in merge(capabilities, judge=judge) for part in split(one)]
    assert len(parts) == len(set(parts))
    assert set(parts) == set(capabilities)
    given = {*merge(capabilities[:3], judge=judge), *capabilities[3:]}
    again = [(one,) if one in given else split(one) for one in merge(given, judge=judge)]
    assert {part for parts in again for part in parts} == given


@settings(deadline=None)
@given(CAPABILITIES.filter(lambda found: len(found) <= 4), JUDGES, APART)
def test_the_order_of_what_was_found_does_not_matter(
    capabilities: list[Capability], judge: Judge, apart: list[Apart]
) -> None:
    results = [merge(order, judge=judge, apart=apart) for order in permutations(capabilities)]
    assert all(result == results[0] for result in results)


@settings(deadline=None)
@given(CAPABILITIES, JUDGES)
def test_no_evidence_is_lost_and_none_is_made_up(capabilities: list[Capability], judge: Judge) -> None:
    def spans(records: list[Capability]) -> set[Evidence]:
        return {span for one in records for span in one.evidence()}

    assert spans(merge(capabilities, judge=judge)) == spans(capabilities)


@settings(deadline=None)
@given(CAPABILITIES, JUDGES, APART)
def test_nothing_is_joined_that_is_broader_or_held_apart(
    capabilities: list[Capability], judge: Judge, apart: list[Apart]
) -> None:
    never = {frozenset((one.name, other.name)) for one, other in apart}
    for merged in merge(capabilities, judge=judge, apart=apart):
        for one, other in combinations(originals(merged), 2):
            assert judge(one, other).verdict not in ("broader", "narrower") or judge(other, one).verdict == "same"
            assert frozenset((one.name, other.name)) not in never or one.name == other.name
