"""Two capabilities are explained as drafting judges them, or as a person has decided."""

import pytest

from decomposer.errors import UsageError
from decomposer.records import Entry, Judged, Twin
from decomposer.same import Judging
from decomposer.wiring.explaining import Explained, explain
from tests.test_publish import capability, entry, statement

PARTS = (
    capability(name="Image search", id="clip/search", description=statement("Finds images by text.")),
    capability(name="Search by text", id="clip/by-text", description=statement("CLIP finds images by text.")),
)
JOINED = PARTS[0].model_copy(update={"merged": PARTS})
OTHER = capability(name="Captioning", id="clip/captioning", description=statement("Writes captions for images."))
CLIP = entry(JOINED, OTHER)


def explained(one: str, other: str, *held: Entry) -> Explained:
    return explain(one, other, {made.artifact.slug: made for made in held or (CLIP,)}.get)


def test_records_are_judged_as_drafting_judges_them() -> None:
    found = explained("clip/search", "clip/captioning")
    assert found.ids == ("clip/search", "clip/captioning")
    assert found.why.judgement == Judging.of(CLIP.artifact)(JOINED, OTHER)


def test_a_part_of_a_joined_record_has_an_id_too() -> None:
    found = explained("clip/search", "clip/by-text")
    assert found.why.judgement == Judging.of(CLIP.artifact)(*PARTS)
    assert found.why.b.name == "Search by text"


def test_a_text_is_compared_like_a_record() -> None:
    found = explained("Image search. Finds images by text.", "clip/search")
    assert (found.ids, found.why.judgement.verdict) == ((None, "clip/search"), "same")


def test_texts_alone_need_no_catalog() -> None:
    def find(slug: str) -> None:
        raise AssertionError(slug)

    assert explain("text to image", "image to text", find).why.judgement.verdict == "related"


def test_what_a_person_has_split_is_a_persons_decision() -> None:
    split = entry(*PARTS).model_copy(update={"apart": (("clip/by-text", "clip/search"),)})
    before = explained("clip/search", "clip/by-text", entry(*PARTS)).why.judgement
    judgement = explained("clip/search", "clip/by-text", split).why.judgement
    assert (judgement.verdict, judgement.decided_by) == ("different", "person")
    assert judgement.reasons == ("a person has split them", *before.reasons)
    assert explained("clip/search", "clip/search", split).why.judgement.verdict == "same"


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ("clip/serch", "no capability of the catalog is called 'clip/serch'; did you mean clip/search"),
        ("clip/xyz", "`decomposer show clip` shows its capabilities"),
        ("dalle/search", "there is no entry 'dalle'"),
        (" ?! ", "a text without words can't be compared"),
    ],
)
def test_what_is_not_there_is_told(one: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        explained(one, "clip/search")
    assert told in str(raised.value)


JUDGED = Judged(
    a="clip/by-text", b="clip/search", verdict="broader", score=0.4, model="openai/judge", prompt="same/v1",
    reasons=("the model openai/judge says broader", "Search by text: “text”; Image search: “image”"),
)  # fmt: skip


def test_what_a_model_decided_is_told_with_its_quotes_whichever_is_named_first() -> None:
    held = entry(*PARTS).model_copy(update={"judged": (JUDGED,)})
    judgement = explained("clip/by-text", "clip/search", held).why.judgement
    assert (judgement.verdict, judgement.score, judgement.decided_by) == ("broader", 0.4, "model")
    assert judgement.reasons == JUDGED.reasons
    turned = explained("clip/search", "clip/by-text", held).why
    assert turned.judgement.verdict == "narrower"
    lines = turned.lines()
    assert lines[0] == "verdict     narrower, decided by a model"
    assert lines[-1] == "because     Search by text: “text”; Image search: “image”"
    (score,) = [line for line in lines if line.startswith("score")]
    assert score.startswith("score       0.400, decided; the rules give ")


def test_what_a_person_split_is_stronger_than_a_model() -> None:
    held = entry(*PARTS).model_copy(update={"judged": (JUDGED,), "apart": (("clip/by-text", "clip/search"),)})
    assert explained("clip/search", "clip/by-text", held).why.judgement.decided_by == "person"


def test_what_a_model_could_not_decide_says_why() -> None:
    twin = Twin(a="clip/by-text", b="clip/search", score=0.5, reasons=("the orders disagree",), decided_by="model")
    held = entry(*PARTS).model_copy(update={"twins": (twin,)})
    assert explained("clip/search", "clip/by-text", held).why.judgement.reasons == ("the orders disagree",)
