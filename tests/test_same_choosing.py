"""What a model says of two records counts where both orders agree and its quotes are there, and never over a rule."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.draft import Selection
from decomposer.records import (
    Artifact,
    Capability,
    Entry,
    Evidence,
    Flag,
    Judgement,
    Note,
    Provenance,
    Run,
    SourceKind,
    State,
    Statement,
    Verdict,
)
from decomposer.same import Asked, Decided, Judging, candidates, proposed
from decomposer.same.candidates import likely
from decomposer.same.choosing import (
    EACH,
    MOST,
    Option,
    Pair,
    Ruling,
    Said,
    arranged,
    as_text,
    asked,
    fold,
    read,
    turned,
)

VERDICTS: tuple[Verdict, ...] = ("same", "broader", "narrower", "related", "different")


def named(name: str, text: str = "", *, state: State = "proposed", **update: Any) -> Capability:
    return Capability(
        id="thing/" + name.lower().replace(" ", "-"),
        name=name,
        category="other",
        description=Statement(text=text) if text else None,
        state=state,
        provenance=Provenance(model="m", prompt="v"),
    ).model_copy(update=update)


SEARCH = named("Image search", "It finds images by text.")
LOOKUP = named("Picture lookup", "It looks pictures up by a description.")
CAPTIONS = named("Captioning", "It writes captions for images.")
LORA = named("LoRA training", "It trains LoRA adapters.")
DREAMBOOTH = named("DreamBooth training", "It trains with DreamBooth.")
OPEN = Judgement("related", 0.4, ("score 0.40: open to be decided",))
PAIR = Pair(SEARCH, LOOKUP, OPEN)


def said(relation: Verdict, reason: str = "why", quotes: tuple[str, str] = ("images", "pictures")) -> Said:
    return Said(relation, reason, quotes)


def selection(*selected: tuple[int, Verdict, str, str]) -> Selection:
    keys = ("option", "relation", "record_quote", "option_quote")
    return Selection.model_validate({"selected": [{"reason": "why", **dict(zip(keys, one))} for one in selected]})  # noqa: B905


def entry(*capabilities: Capability, apart: tuple[tuple[str, str], ...] = ()) -> Entry:
    return Entry(
        artifact=Artifact(slug="thing", name="Thing", type="repo", source="thing"),
        documents=(),
        source_kind=SourceKind(kind="software", reason="it says so"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v"),
        apart=apart,
    )


# --- which pairs are asked about


def test_open_pairs_are_asked_about_whatever_the_order_of_the_records() -> None:
    records = [SEARCH, LOOKUP, CAPTIONS, LORA, DREAMBOOTH]
    found = asked(records, Judging())
    assert (found[0].a.name, found[0].b.name) == ("Image search", "Picture lookup")
    for order in ([LORA, SEARCH, DREAMBOOTH, LOOKUP, CAPTIONS], records[::-1]):
        assert asked(order, Judging()) == found


def test_what_differs_in_substance_may_not_be_joined() -> None:
    (pair,) = asked([LORA, DREAMBOOTH], Judging())
    assert pair.forbidding == ("only one is about dreambooth", "only one is about lora")


def test_what_was_joined_before_is_compared_part_by_part() -> None:
    whole = SEARCH.model_copy(update={"merged": (SEARCH, LORA)})
    pairs = [one for one in asked([whole, LOOKUP], Judging()) if one.b is LOOKUP]
    assert [one.forbidding for one in pairs] == [("only one is about lora",)]


def test_what_a_person_has_decided_about_may_not_be_joined() -> None:
    (pair,) = asked([SEARCH, LOOKUP], Judging(), settled=[LOOKUP])
    assert pair.forbidding == ("a person has decided about one of them",)


@pytest.mark.parametrize("kind", ["instruction_like", "hidden_source"])
def test_a_record_that_addresses_the_model_is_not_asked_about(kind: str) -> None:
    flag = Flag.model_validate({"kind": kind, "text": "finds", "note": "look"})
    hostile = SEARCH.model_copy(update={"description": Statement(text="It finds images by text.", flags=(flag,))})
    assert asked([hostile, LOOKUP], Judging()) == []
    (twin,) = proposed(entry(hostile, LOOKUP), Decided(Judging())).twins
    assert twin.reasons[-1] == "a text addresses the model that reads it or is hidden: a person has to look"


def test_one_record_has_no_pair() -> None:
    assert asked([SEARCH], Judging()) == []
    assert asked([], Judging()) == []


@given(st.integers(2, 30))
def test_the_number_of_pairs_grows_with_the_records_and_not_with_their_square(count: int) -> None:
    alike = [named(f"Image search {'again ' * at}", "It finds images by text.") for at in range(count)]
    assert len(asked(alike, Judging())) <= count * (EACH / 2 + 1)


def test_of_many_records_only_those_that_share_words_are_looked_at() -> None:
    words = [f"{a}{b}zok" for a in "bdfgklmnprst" for b in ("ar", "el", "in", "om", "up")] * 2
    many = [named(f"{word} {other}", f"number {at}") for at, (word, other) in enumerate(pairwise(words * 2))]
    pairs = {(a.description, b.description) for a, b in likely(many)}
    near = [(many[7].description, many[at].description) for at in (8, 30)]
    assert [one in pairs for one in near] == [True, False]
    assert len(pairs) <= 8 * len(many)
    assert {frozenset((one.a.id, one.b.id)) for one in candidates(many, Judging())} <= {
        frozenset((a.id, b.id)) for a, b in likely(sorted(many, key=lambda one: (one.id, one.name)))
    }


# --- how they are shown


def test_backwards_the_order_is_opposite_and_each_pair_has_its_sides_changed() -> None:
    pairs = [PAIR, Pair(SEARCH, CAPTIONS, OPEN), Pair(LORA, DREAMBOOTH, OPEN)]
    forwards, backwards = (
        [(one.number, one.record.name, one.offered.name) for one in arranged(pairs, backwards=way)]
        for way in (False, True)
    )
    assert forwards == [
        (1, "Image search", "Picture lookup"),
        (2, "Image search", "Captioning"),
        (3, "LoRA training", "DreamBooth training"),
    ]
    assert backwards == [
        (1, "DreamBooth training", "LoRA training"),
        (2, "Captioning", "Image search"),
        (3, "Picture lookup", "Image search"),
    ]


def test_options_are_shown_below_their_record() -> None:
    captions = CAPTIONS.model_copy(update={"input_types": (Note(text="PNG"), Note(text="JPEG"))})
    assert as_text(arranged([PAIR, Pair(SEARCH, captions, OPEN)], backwards=False), artifact="Thing") == (
        "Artifact: Thing\n\n"
        "Record: Image search\n    does: It finds images by text.\n"
        "(1) Picture lookup\n    does: It looks pictures up by a description.\n"
        "(2) Captioning\n    does: It writes captions for images.\n    takes: PNG; JPEG"
    )


hostile = st.text(st.sampled_from("\n\r\u2028\u0085\x0b\t (1)Record:does \"'{}%#a"), max_size=60)


@given(hostile, hostile)
def test_no_text_can_pass_for_another_record_or_option(name: str, text: str) -> None:
    record = named("X", "Y").model_copy(update={"name": name, "description": Statement(text=text)})
    shown = as_text(arranged([Pair(record, LOOKUP, OPEN)], backwards=False), artifact=name)
    lines = shown.splitlines()
    assert len(lines) == 6
    assert [line for line in lines if line.startswith("(")] == ["(1) Picture lookup"]
    assert [line[:7] for line in lines if not line.startswith(" ")] == ["Artifac", "", "Record:", "(1) Pic"]


# --- what is read of an answer


def options() -> list[Option]:
    return arranged([PAIR], backwards=False)


def test_an_answer_is_turned_to_the_order_of_the_pair() -> None:
    given = selection((1, "broader", "finds images", "looks pictures up"))
    assert read(given, options()) == [Said("narrower", "why", ("finds images", "looks pictures up"))]
    backwards = selection((1, "broader", "looks pictures up", "finds images"))
    assert read(backwards, arranged([PAIR], backwards=True)) == [
        Said("broader", "why", ("finds images", "looks pictures up"))
    ]


@pytest.mark.parametrize(
    ("record", "option"),
    [
        ("finds pictures", "looks pictures up"),  # invented
        ("finds images", "finds images"),  # of the wrong record
        ("", "looks pictures up"),
        ("finds images", "…"),
        ("It", "by a"),  # no word that carries meaning
        ("images finds", "looks pictures up"),
        ("It finds images by text. " * 100, "looks pictures up"),
    ],
)
def test_a_relation_whose_quotes_are_not_in_the_records_is_no_answer(record: str, option: str) -> None:
    assert read(selection((1, "same", record, option)), options()) == [None]


def test_a_quote_may_differ_in_case_and_white_space() -> None:
    (one,) = read(selection((1, "same", " finds\n  IMAGES", "Picture Lookup")), options())
    assert one == Said("same", "why", ("finds IMAGES", "Picture Lookup"))


def test_numbers_that_nobody_asked_about_are_ignored() -> None:
    stray = [(number, "same", "images", "pictures") for number in (0, -1, 2, 10**30)]
    assert read(selection(*stray), options()) == [None]  # type: ignore[arg-type]


def test_an_option_selected_as_two_things_is_no_answer() -> None:
    both = selection((1, "same", "images", "pictures"), (1, "different", "images", "pictures"))
    assert read(both, options()) == [None]


def test_a_reason_is_held_on_one_line_and_bounded() -> None:
    long = {"option": 1, "relation": "same", "record_quote": "images", "option_quote": "pictures"}
    answer = Selection.model_validate({"selected": [long | {"reason": "many\u2028words " * 10_000}]})
    (one,) = read(answer, options())
    assert one is not None
    assert one.reason.startswith("many words many")
    assert len(one.reason) <= 300


# --- what follows of both orders


@pytest.mark.parametrize(("relation", "score"), [("same", 1.0), ("different", 0.0), ("broader", 0.4), ("related", 0.4)])
def test_what_both_orders_say_is_decided(relation: Verdict, score: float) -> None:
    ruling = fold(PAIR, [said(relation), said(relation, "because")], name="judge")
    assert ruling.settled
    assert ruling.judgement == Judgement(
        relation,
        score,
        (f"the model judge says {relation}", "because", "why", "Image search: “images”; Picture lookup: “pictures”"),
        "model",
    )


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([said("same"), said("related")], "the model judge says related and same, as the order is: open to be decided"),
        ([said("same"), None], "the model judge was asked and did not show it by words of both: open to be decided"),
        ([None, None], "the model judge was asked and did not show it by words of both: open to be decided"),
        ([said("same")], "the model judge was asked and did not show it by words of both: open to be decided"),
        ([], "the model judge was asked and did not show it by words of both: open to be decided"),
    ],
)
def test_where_the_orders_disagree_or_one_is_no_answer_the_pair_stays_open(
    answers: list[Said | None], told: str
) -> None:
    assert fold(PAIR, answers, name="judge") == Ruling(
        Judgement("related", 0.4, (*OPEN.reasons, told), "model"), settled=False
    )


def test_a_difference_is_stronger_than_a_model_that_says_the_same() -> None:
    hard = PAIR._replace(forbidding=("only one is about lora",))
    ruling = fold(hard, [said("same"), said("same")], name="judge")
    assert (ruling.judgement.verdict, ruling.settled) == ("related", False)
    assert ruling.judgement.reasons[0] == "the model judge says same"
    assert ruling.judgement.reasons[-1] == "only one is about lora"
    assert fold(hard, [said("broader"), said("broader")], name="judge").settled


def test_what_the_rules_call_different_is_proposed_only_where_an_answer_calls_it_the_same() -> None:
    apart = PAIR._replace(judgement=Judgement("different", 0.1))
    assert fold(apart, [said("related"), None], name="judge") == Ruling(apart.judgement, settled=False)
    assert fold(apart, [said("related"), said("different")], name="judge").judgement.verdict == "different"
    assert fold(apart, [said("same"), None], name="judge").judgement.verdict == "related"


answers = st.lists(
    st.none() | st.builds(Said, st.sampled_from(VERDICTS), st.sampled_from("ab"), st.just(("images", "pictures"))),
    max_size=4,
)


@given(answers, st.sampled_from([(), ("only one is about lora",)]))
def test_folding_does_not_depend_on_the_order_of_the_answers(
    given_: list[Said | None], forbidding: tuple[str, ...]
) -> None:
    pair = PAIR._replace(forbidding=forbidding)
    found = {repr(fold(pair, order, name="judge")) for order in permutations(given_)}
    assert len(found) == 1


@given(answers)
def test_folding_is_symmetric(given_: list[Said | None]) -> None:
    mirrored = Pair(LOOKUP, SEARCH, turned(OPEN))
    other = [one and Said(_turned(one.relation), one.reason, (one.quotes[1], one.quotes[0])) for one in given_]
    ours, theirs = fold(PAIR, given_, name="judge"), fold(mirrored, other, name="judge")
    assert (theirs.settled, theirs.judgement.score) == (ours.settled, ours.judgement.score)
    assert theirs.judgement.verdict == turned(ours.judgement).verdict


@given(answers)
def test_only_what_every_answer_calls_the_same_is_joined(given_: list[Said | None]) -> None:
    ruling = fold(PAIR, given_, name="judge")
    unanimous = len(given_) >= 2 and all(one is not None and one.relation == "same" for one in given_)
    assert (ruling.judgement.verdict == "same") == unanimous


def _turned(relation: Verdict) -> Verdict:
    return turned(Judgement(relation, 0.0)).verdict


# --- the judge that knows


def decided(*rulings: tuple[Pair, Ruling]) -> Decided:
    return Decided(Judging(), rulings, asked=Asked("judge", "same/v1", ("k",)))


def test_a_decision_holds_both_ways_and_for_the_same_words_under_another_id() -> None:
    judge = decided((PAIR, fold(PAIR, [said("broader")] * 2, name="judge")))
    again = LOOKUP.model_copy(update={"id": "thing-2/other", "state": "accepted"})
    assert (judge(SEARCH, again).verdict, judge(again, SEARCH).verdict) == ("broader", "narrower")
    assert judge(SEARCH, CAPTIONS) == Judging()(SEARCH, CAPTIONS)
    reworded = LOOKUP.model_copy(update={"description": Statement(text="It looks up something else.")})
    assert judge(SEARCH, reworded).decided_by == "rule"


def test_a_part_is_judged_as_what_it_was_merged_into() -> None:
    whole = SEARCH.model_copy(update={"merged": (SEARCH, CAPTIONS)})
    pair = Pair(whole, LOOKUP, OPEN)
    judge = decided((pair, fold(pair, [said("same")] * 2, name="judge")))
    assert (judge(CAPTIONS, LOOKUP).verdict, judge(CAPTIONS, LOOKUP).decided_by) == ("same", "model")


def test_what_is_open_is_proposed_the_likeliest_first_and_a_record_twice_at_most() -> None:
    scores = {"a": 0.2, "b": 0.9, "c": 0.5, "d": 0.7}
    records = [named(name) for name in scores]

    def judge(one: Capability, other: Capability) -> Judgement:
        return Judgement("related", round(scores[one.name] * scores[other.name], 4))

    twins = proposed(entry(*records[::-1]), Decided(judge)).twins
    assert [(twin.a[-1], twin.b[-1], twin.score) for twin in twins] == [
        ("b", "d", 0.63),
        ("b", "c", 0.45),
        ("c", "d", 0.35),
    ]


def test_what_a_person_dismissed_or_holds_apart_is_not_proposed() -> None:
    def open_(one: Capability, other: Capability) -> Judgement:
        return OPEN

    judge = Decided(open_)
    assert len(proposed(entry(SEARCH, LOOKUP), judge).twins) == 1
    assert proposed(entry(SEARCH, LOOKUP, apart=((LOOKUP.id, SEARCH.id),)), judge).twins == ()
    dismissed: tuple[State, ...] = ("rejected", "retired")
    for state in dismissed:
        assert proposed(entry(SEARCH, named("Picture lookup", state=state)), judge).twins == ()


@pytest.mark.parametrize("verdict", ["broader", "narrower", "different"])
def test_what_the_rules_decided_is_not_proposed(verdict: Verdict) -> None:
    assert proposed(entry(SEARCH, LOOKUP), Decided(lambda a, b: Judgement(verdict, 0.9))).twins == ()


@pytest.mark.parametrize("relation", ["broader", "narrower", "related", "different"])
def test_what_a_model_decided_is_kept_with_its_quotes_and_not_proposed(relation: Verdict) -> None:
    found = proposed(entry(SEARCH, LOOKUP), decided((PAIR, fold(PAIR, [said(relation)] * 2, name="judge"))))
    (judged,) = found.judged
    assert found.twins == ()
    assert (judged.a, judged.b, judged.verdict) == (SEARCH.id, LOOKUP.id, relation)
    assert (judged.model, judged.prompt, judged.request_keys) == ("judge", "same/v1", ("k",))
    assert judged.reasons[-1] == "Image search: “images”; Picture lookup: “pictures”"


def test_what_a_model_could_not_decide_is_proposed_with_its_reason() -> None:
    found = proposed(entry(SEARCH, LOOKUP), decided((PAIR, fold(PAIR, [said("same"), None], name="judge"))))
    (twin,) = found.twins
    assert (twin.score, twin.decided_by, found.judged) == (0.4, "model", ())
    assert twin.reasons[-1].startswith("the model judge was asked")


def test_what_a_model_calls_the_same_and_stays_two_is_proposed() -> None:
    found = proposed(entry(SEARCH, LOOKUP), decided((PAIR, fold(PAIR, [said("same")] * 2, name="judge"))))
    assert [(twin.score, twin.decided_by) for twin in found.twins] == [(1.0, "model")]
    assert MOST >= EACH


# --- the nearest


def citing(name: str, start: int, quote: str) -> Capability:
    line = Evidence(document=0, start=start, end=start + len(quote), quote=quote, how="cited")
    return named(name).model_copy(update={"description": Statement(text=name, evidence=(line,))})


VOICE = citing("Voice-to-code", 0, "Voice-to-code: speak, and requests for changes are written into files.")
SPEAKING = citing("Speak to request changes", 90, "Speak to the assistant about code and request changes by voice.")


def test_what_records_cite_brings_them_nearer() -> None:
    judge = Judging()
    bare = named("Voice-to-code"), named("Speak to request changes")
    assert judge.closeness(VOICE, SPEAKING) > judge.closeness(*bare)
    assert judge.closeness(VOICE, SPEAKING) == judge.closeness(SPEAKING, VOICE)
    assert judge(VOICE, SPEAKING).verdict == judge(*bare).verdict == "different"


def test_each_others_nearest_are_proposed_where_they_are_near_enough() -> None:
    far = named("Database migration")
    (twin,) = proposed(entry(far, VOICE, SPEAKING), Decided(Judging())).twins
    assert {twin.a, twin.b} == {VOICE.id, SPEAKING.id}
    assert twin.reasons[-1].startswith("of all records of the entry each is the other's nearest")
    assert proposed(entry(far, VOICE), Decided(Judging())).twins == ()


def test_each_others_nearest_are_not_proposed_against_what_was_decided() -> None:
    near = Pair(VOICE, SPEAKING, Judging()(VOICE, SPEAKING))
    judge = decided((near, fold(near, [said("different")] * 2, name="judge")))
    assert proposed(entry(VOICE, SPEAKING), judge).twins == ()
    assert proposed(entry(VOICE, SPEAKING, apart=((VOICE.id, SPEAKING.id),)), Decided(Judging())).twins == ()
