"""Two entries stand side by side: all that both have, all that one has, and a verdict that shows its numbers."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from decomposer.compare import compare
from decomposer.records import Capability, Comparison, Entry, Judgement, Norms, Pricing
from tests.ranking import NORMS, TODAY, entry, facts, named_same, ranked, record, statement, texts

SEE = record("See", "Finds birds.")
HEAR = record("Hear", "Hears birds.")
SING = record("Sing", "Sings like birds.")


def compared(a: Entry, b: Entry, *, known: Any = ({}, {}), norms: Norms = NORMS, **more: Any) -> Comparison:
    """Return two entries side by side, where a person has said so much of each."""
    ranks = ranked(a, norms=norms, **known[0]), ranked(b, norms=norms, **known[1])
    return compare(a, b, same=named_same, ranks=ranks, facts=(facts(a, **known[0]), facts(b, **known[1])), **more)


def puma(*records: Capability, **more: Any) -> Entry:
    """Return another entry with such records."""
    return entry("puma", *(one.model_copy(update={"id": one.id.replace("lynx", "puma")}) for one in records), **more)


# --- capabilities


def test_what_both_have_is_aligned_and_the_rest_is_all_there() -> None:
    found = compared(entry("lynx", SEE, HEAR), puma(SING, SEE))
    assert [(pair.a.id, pair.b.id, pair.verdict) for pair in found.shared] == [("lynx/see", "puma/see", "same")]
    assert [one.capability.id for one in found.only_a] == ["lynx/hear"]
    assert [one.capability.id for one in found.only_b] == ["puma/sing"]
    assert found.shared[0].a == SEE


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_no_capability_is_lost_or_shown_twice(ours: list[str], theirs: list[str]) -> None:
    a = entry(
        "lynx", *(record(f"{name}", "x.").model_copy(update={"id": f"lynx/{at}"}) for at, name in enumerate(ours))
    )
    b = entry(
        "puma", *(record(f"{name}", "x.").model_copy(update={"id": f"puma/{at}"}) for at, name in enumerate(theirs))
    )
    found = compared(a, b)
    mine = [pair.a.id for pair in found.shared] + [one.capability.id for one in found.only_a]
    yours = [pair.b.id for pair in found.shared] + [one.capability.id for one in found.only_b]
    assert sorted(mine) == sorted(one.id for one in a.capabilities)
    assert sorted(yours) == sorted(one.id for one in b.capabilities)
    assert len(found.shared) == sum(min(ours.count(name), theirs.count(name)) for name in set(ours))


def test_pairs_are_one_to_one_so_that_the_whole_fits_best() -> None:
    scores = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.85, ("b", "y"): 0.1}

    def judge(one: Capability, other: Capability) -> Judgement:
        score = scores[one.name, other.name]
        return Judgement("same" if score > 0.5 else "different", score)

    a, b = entry("lynx", record("a", "x."), record("b", "x.")), entry("puma", record("x", "x."), record("y", "x."))
    ranks = ranked(a), ranked(b)
    found = compare(a, b, same=judge, ranks=ranks, facts=(facts(a), facts(b)))
    assert sorted((pair.a.name, pair.b.name) for pair in found.shared) == [("a", "y"), ("b", "x")]


def test_a_special_case_is_shared_and_says_which_covers_more_and_an_open_pair_is_only_named() -> None:
    def judge(one: Capability, other: Capability) -> Judgement:
        return Judgement("broader", 0.6) if one.name == "See" else Judgement("related", 0.7)

    a, b = entry("lynx", SEE, HEAR), puma(SING)
    found = compare(a, b, same=judge, ranks=(ranked(a), ranked(b)), facts=(facts(a), facts(b)))
    assert [pair.verdict for pair in found.shared] == ["broader"]
    assert [(one.nearest, one.nearness) for one in found.only_a] == [("Sing", 0.7)]


def test_nothing_rejected_retired_or_left_out_is_compared() -> None:
    hidden = (HEAR.model_copy(update={"state": "rejected"}), SING.model_copy(update={"state": "retired"}))
    partly = SEE.model_copy(update={"unique": statement("SECRET."), "dropped": ("unique",), "merged": (HEAR,)})
    found = compared(entry("lynx", partly, *hidden), puma(SEE, HEAR, SING))
    assert [pair.a.name for pair in found.shared] == ["See"]
    assert (found.shared[0].a.unique, found.shared[0].a.merged, found.only_a) == (None, (), ())
    assert (found.a.capabilities, found.a.left_out) == (1, 2)
    assert "SECRET" not in found.model_dump_json()


def test_what_people_disagree_about_is_not_called_reviewed() -> None:
    one = SEE.model_copy(update={"state": "accepted", "disputed": True})
    found = compared(entry("lynx", one), puma(SEE))
    assert (found.a.accepted, found.shared[0].a.state) == (0, "proposed")


def test_accepted_and_supported_records_go_first() -> None:
    weak = record("Weak", description=statement("x.", support="unsupported"))
    accepted = HEAR.model_copy(update={"state": "accepted"})
    found = compared(entry("lynx", weak, SEE, accepted), puma())
    assert [one.capability.name for one in found.only_a] == ["Hear", "See", "Weak"]


def test_a_need_orders_and_is_answered() -> None:
    near = {"See": 0.2, "Hear": 0.9, "Sing": 0.4}
    found = compared(
        entry("lynx", SEE, HEAR), puma(SING), need="listen", relevance=lambda capability: near[capability.name]
    )
    assert [one.capability.name for one in found.only_a] == ["Hear", "See"]
    assert texts(found)["need"] == "Best for “listen”: Lynx, by Hear (0.90 against 0.40 for Sing)."
    none = compared(entry("lynx", SEE), puma(SING), need="cook", relevance=lambda capability: 0.1)
    assert texts(none)["need"] == "Best for “cook”: nothing that is said of either comes near it."
    tie = compared(entry("lynx", SEE), puma(SING), need="cook", relevance=lambda capability: 0.5)
    assert texts(tie)["need"] == "Best for “cook”: a tie (See and Sing, both 0.50)."


# --- the table


def test_the_table_has_real_numbers_and_unknown_is_no_difference() -> None:
    found = compared(entry("lynx", SEE), puma(SEE), known=({"stars": "1234", "license": "mit"}, {"license": "mit"}))
    rows = {row.label: (row.a, row.b, row.differs) for row in found.rows}
    assert rows["Stars"] == (f"1,234 (as of {TODAY})", None, None)
    assert rows["License"] == ("mit", "mit", False)
    assert rows["Times matched"] == rows["Match"] == rows["Pricing"] == (None, None, None)
    assert rows["Capabilities"] == ("1", "1", False)
    assert rows["Adoption"] == ("19/25 (9 to 23)", None, None)
    assert rows["Rank"][0] == f"{found.a.rank.points}/100 ({found.a.rank.low} to {found.a.rank.high})"
    assert not {"Input price", "Homepage"} & rows.keys()


def test_a_price_is_readable_and_the_other_side_is_unknown() -> None:
    found = compared(
        entry("lynx", pricing=Pricing(model="paid", input_per_mtok=Decimal("0.10"), source="page")), puma()
    )
    rows = {row.label: (row.a, row.b) for row in found.rows}
    assert (rows["Pricing"], rows["Input price"]) == (("paid", None), ("$0.10 / 1M input tokens", None))


def test_only_differences_leaves_out_what_is_equal_and_keeps_what_is_unknown() -> None:
    found = compared(entry("lynx", SEE, HEAR), puma(SEE)).differences()
    assert all(row.differs is not False for row in found.rows)
    assert "Stars" in {row.label for row in found.rows}
    assert (found.shared, found.hidden_shared, [one.capability.name for one in found.only_a]) == ((), 1, ["Hear"])
    assert found.differences().hidden_shared == 0


# --- the verdict

FULL = {"downloads": "5000", "stars": "5000", "dependents": "5", "updated": TODAY}


def test_equal_scores_are_a_tie() -> None:
    found = compared(entry("lynx", SEE), puma(SEE))
    assert texts(found)["score"] == f"Tie: both score {found.a.rank.points}/100."
    assert texts(found)["parts"].startswith("Equal: quality and freshness.") or "Equal:" in texts(found)["parts"]
    assert "leads" not in " ".join(texts(found).values())


def test_who_leads_is_said_only_where_printed_numbers_differ_and_both_are_known() -> None:
    found = compared(
        entry("lynx", SEE), puma(SEE), known=({**FULL}, {**FULL, "downloads": "5001", "updated": "2020-01-01"})
    )
    text = texts(found)["parts"]
    fresh = [side.rank.part("freshness").points for side in (found.a, found.b)]
    assert f"Lynx leads on all that can be compared: freshness ({fresh[0]} against {fresh[1]} of 15)." not in text
    assert text == (
        f"Lynx leads on freshness ({fresh[0]} against {fresh[1]} of 15). Equal: adoption, quality and ecosystem. "
        "Not compared, as it is unknown on one side or both: match."
    )


def test_an_unknown_side_neither_leads_nor_loses() -> None:
    text = texts(compared(entry("lynx", SEE), puma(SEE), known=(FULL, {})))["parts"]
    assert "adoption (" not in text
    assert "unknown on one side or both: adoption, ecosystem, match and freshness" in text


def test_one_side_may_lead_on_everything() -> None:
    good = SEE.model_copy(update={"state": "accepted"})
    less = {"downloads": "1", "stars": "1", "dependents": "0", "updated": "2019-01-01"}
    found = compared(entry("lynx", good), puma(SEE), known=(FULL, less))
    parts = next(line for line in found.verdict if line.about == "parts")
    assert parts.text.startswith("Lynx leads on all that can be compared: adoption (")
    assert (parts.leader, len(parts.a)) == ("a", 5)


def test_ranges_that_overlap_are_said_beside_the_score() -> None:
    found = compared(entry("lynx", SEE), puma(SEE), known=(FULL, {}))
    line = next(line for line in found.verdict if line.about == "score")
    winner = found.a if line.leader == "a" else found.b
    assert line.text.startswith(f"{winner.name} scores higher: {winner.rank.points}/100 against ")
    assert "With what is unknown it could be the other way round" in line.text


def test_a_free_one_beside_a_paid_one_is_said_whoever_scores_higher() -> None:
    for known, leader in (
        (({"pricing": "free"}, {"pricing": "paid"}), "a"),
        (({"pricing": "paid"}, {"pricing": "freemium"}), "b"),
    ):
        line = next(one for one in compared(entry("lynx"), puma(), known=known).verdict if one.about == "free")
        assert line.leader == leader
    unknown = compared(entry("lynx"), puma(), known=({"pricing": "free"}, {}))
    assert texts(unknown)["free"] == "Whether Puma can be used without paying is unknown."
    assert texts(unknown)["cheapest"].startswith("Cheapest: can't be told")


def test_who_is_cheapest_goes_by_the_same_unit() -> None:
    def cheapest(a: dict[str, str], b: dict[str, str]) -> str:
        return texts(compared(entry("lynx"), puma(), known=({"pricing": "paid", **a}, {"pricing": "paid", **b})))[
            "cheapest"
        ]

    tokens = {"input_price": "0.10/1M tokens", "output_price": "0.40/1M tokens"}
    assert cheapest(tokens, {**tokens, "input_price": "0.20/1M tokens"}) == (
        "Cheapest: Lynx (input $0.10 / 1M input tokens against $0.20 / 1M input tokens; "
        "output $0.40 / 1M output tokens against $0.40 / 1M output tokens)."
    )
    assert cheapest(tokens, tokens).startswith("Cheapest: a tie (")
    assert cheapest(tokens, {"input_price": "0.05/1M tokens", "output_price": "0.50/1M tokens"}).startswith(
        "Cheapest: it depends on the use ("
    )
    assert cheapest(tokens, {"input_price": "0.04/image"}).startswith("Cheapest: can't be told")


def test_who_is_adopted_most_goes_by_figures_that_both_have() -> None:
    def adopted(a: dict[str, str], b: dict[str, str]) -> str:
        return texts(compared(entry("lynx"), puma(), known=(a, b)))["adopted"]

    assert adopted({"stars": "5", "likes": "9"}, {"stars": "1200"}) == ("Most adopted: Puma (1,200 against 5 stars).")
    assert adopted({"stars": "5"}, {"stars": "5"}) == "Most adopted: a tie (5 against 5 stars)."
    assert adopted({"stars": "5"}, {"likes": "5"}).startswith("Most adopted: can't be told")
    assert adopted({"stars": "5", "likes": "1"}, {"stars": "1", "likes": "5"}).startswith(
        "Most adopted: the figures disagree"
    )


def test_nothing_in_common_is_said_so() -> None:
    assert texts(compared(entry("lynx", SEE), puma(HEAR)))["overlap"] == (
        "They have nothing in common: no capability of Lynx (1) is one of Puma (1). A comparison of the two "
        "says little."
    )
    assert texts(compared(entry("lynx"), puma(HEAR)))["overlap"] == (
        "No capability is held of Lynx, so there is nothing to compare."
    )


def test_a_source_that_was_not_read_is_said_so() -> None:
    unread = entry("lynx", SEE, documents=())
    assert texts(compared(unread, puma(SEE)))["overlap"].endswith(
        "The source of Lynx was not read: nothing said of it was checked."
    )


@given(st.lists(st.sampled_from("abc"), max_size=3, unique=True), st.dictionaries(
    st.sampled_from(["stars", "downloads", "likes"]), st.integers(0, 9).map(str)))  # fmt: skip
def test_a_comparison_turned_round_says_the_same_of_each(names: list[str], known: dict[str, str]) -> None:
    a, b = entry("lynx", *(record(name, "x.") for name in names)), puma(SEE, record("a", "x."))
    one, other = compared(a, b, known=(known, {})), compared(b, a, known=({}, known))
    assert (one.a, one.b) == (other.b, other.a)
    assert [(pair.a.id, pair.b.id) for pair in one.shared] == [(pair.b.id, pair.a.id) for pair in other.shared]
    turned = {"a": "b", "b": "a"}
    assert [line.leader for line in one.verdict] == [turned.get(line.leader, line.leader) for line in other.verdict]
