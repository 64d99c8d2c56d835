"""Two records are judged one capability, wider, narrower, related or different, with reasons, whichever comes first."""

import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import ConfigurationError
from decomposer.records import Artifact, Capability, Evidence, Judgement, Note, Provenance, Statement, Verdict
from decomposer.same import Judging, candidates, same, same_name, stored, view_of_text
from decomposer.same.features import differences
from decomposer.same.near import vectors
from decomposer.same.views import masked

SHARED = Path(__file__).parents[2] / "shared"
LEARNED = stored()
PROVENANCE = Provenance(model="m", prompt="p")
TURNED: dict[Verdict, Verdict] = {"broader": "narrower", "narrower": "broader"}
SENTENCES = st.lists(
    st.sampled_from(
        "generates edits translates images speech text from into without LoRA training streaming tokens JSON schema "
        "search of a for video , . to PDF 文本 ümlaut 3D v2 Docker".split()
    ),
    max_size=14,
).map(" ".join)


def named(name: str, description: str = "", *, spans: Sequence[tuple[int, int]] = (), **lists: Any) -> Capability:
    evidence = tuple(Evidence(document=0, start=a, end=b, quote="x" * (b - a), how="cited") for a, b in spans)
    said = Statement(text=description or name, evidence=evidence) if description or spans else None
    return Capability(id=name, name=name, category="other", description=said, provenance=PROVENANCE, **lists)


def judged(a: str, b: str) -> Judgement:
    return same(view_of_text(a, learned=LEARNED), view_of_text(b, learned=LEARNED))


def apart(a: str, b: str) -> list[str]:
    return differences(view_of_text(a, learned=LEARNED), view_of_text(b, learned=LEARNED))


# --- names


def test_word_order_and_endings_do_not_matter() -> None:
    assert same_name(named("Sorting of files")) == same_name(named("file sorting"))


def test_another_word_is_another_capability() -> None:
    assert same_name(named("Text to image")) != same_name(named("Image"))
    assert same_name(named("Python 2 export")) != same_name(named("Python 3 export"))
    assert same_name(named("文本生成")) != same_name(named("图像生成"))


def test_names_without_content_words_are_compared_as_they_are() -> None:
    assert same_name(named("It")) == ("it",)


# --- verdicts


def test_the_same_words_in_a_name_are_one_capability_by_rule() -> None:
    found = Judging()(named("Sorting of files"), named("File sorting"))
    assert found == Judgement("same", 1.0, ("their names have the same words",), "rule")


def test_other_words_for_one_capability_are_the_same() -> None:
    found = judged(
        "Speech recognition. Transcribes audio recordings to text with timestamps.",
        "Audio transcription. Converts spoken recordings into a timestamped transcript.",
    )
    assert found.verdict == "same"
    assert found.reasons[0] == "both are about audio, speech, timestamp, transcribe"


def test_capabilities_of_other_fields_are_different() -> None:
    found = judged("Speech recognition. Transcribes audio.", "Database migration. Moves PostgreSQL tables.")
    assert (found.verdict, found.decided_by) == ("different", "rule")
    assert found.score < 0.05


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("LoRA training on own images.", "DreamBooth training on own images.", "only one is about lora"),
        ("Function calling by schema.", "Structured output by schema.", "only one is about function calling"),
        ("Inpainting of an image.", "Image to image with an image.", "only one is about inpainting"),
        ("Text to image generation.", "Image to text generation.", "what comes out differs: image / text"),
        ("Answers after fine-tuning.", "Answers without fine-tuning.", "one does without fine-tune"),
        ("Export of models to ONNX.", "Export of models to CoreML.", "another platform: coreml / onnx"),
        ("Generation of images.", "Generation of videos.", "another modality: image / video"),
        ("Python 2 export. Writes code.", "Python 3 export. Writes code.", "another number in the name: 2 / 3"),
    ],
)  # fmt: skip
def test_near_misses_differ_whatever_else_they_share(a: str, b: str, reason: str) -> None:
    assert reason in apart(a, b)
    assert apart(a, b) == apart(b, a)
    assert judged(a, b).verdict != "same"


def test_input_and_output_types_tell_direction() -> None:
    image, sound = (Note(text="images"),), (Note(text="audio"),)
    a, b = named("Captioning", input_types=image), named("Captioning", input_types=sound)
    assert Judging()(a, b).reasons[0] != "their names have the same words"
    assert Judging()(a, named("Captioning", input_types=image)).verdict == "same"


@pytest.mark.parametrize(
    ("general", "special"),
    [
        (
            "Training of models. Trains, evaluates and deploys models on several GPUs with PyTorch and logs metrics.",
            "Distributed trainer. Trains models on several GPUs with PyTorch.",
        ),
        (
            "Fine-tuning of Stable Diffusion on own photos of a subject.",
            "LoRA fine-tuning of Stable Diffusion on own photos of a subject.",
        ),
    ],
)
def test_more_tasks_are_broader_and_a_named_technique_is_narrower(general: str, special: str) -> None:
    assert (judged(general, special).verdict, judged(special, general).verdict) == ("broader", "narrower")
    assert judged(general, special).reasons[-1].endswith("would merge, but the first covers more")


def test_records_on_the_same_lines_are_never_waved_through_as_different() -> None:
    a, b = named("Speech recognition", spans=[(10, 50)]), named("Database migration", spans=[(30, 50)])
    found = Judging()(a, b)
    assert found.verdict == "related"
    assert "cite the same lines" in found.reasons[-1]
    assert Judging()(a, named("Database migration", spans=[(50, 90)])).verdict == "different"


def test_the_artifacts_own_name_says_nothing() -> None:
    assert masked("Tallowick's search finds notes", ["Tallowick"]) == "search finds notes"
    assert masked("Gemma 2 2B supports streaming.", ()) == "supports streaming."
    assert masked("Tallowick", ["tallowick"]) == "Tallowick"
    judge = Judging(["Tallowick"])
    assert judge(named("Tallowick file sorting"), named("File sorting")).verdict == "same"


def test_a_judge_knows_a_record_again_by_what_it_says_in_any_process() -> None:
    judge = Judging(["Tallowick"])
    before = judge(A, C)
    moved = pickle.loads(pickle.dumps(judge))
    renamed = A.model_copy(update={"id": "thing/a", "state": "accepted"})
    assert judge.view(renamed) is judge.view(A)
    assert judge(renamed, C) is before
    assert (moved(A, C), moved.view(A)) == (before, judge.view(A))
    assert judge.view(A.model_copy(update={"name": "Other"})) is not judge.view(A)


@given(SENTENCES, SENTENCES)
def test_the_order_of_a_pair_does_not_matter(a: str, b: str) -> None:
    one, other = judged(a, b), judged(b, a)
    assert other.verdict == TURNED.get(one.verdict, one.verdict)
    assert other.score == pytest.approx(one.score)
    assert 0 <= one.score <= 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_judged(a: str, b: str) -> None:
    assert judged(a, b).reasons


def test_names_in_code_are_as_many_things_as_names() -> None:
    said = "Gets the alerts of code scanning in a repository."
    for a, b in [("get_alert", "list_alerts"), ("retrieve-page", "update-page"), ("getAlert", "alerts")]:
        found = Judging()(named(a, said), named(b, said))
        assert (found.verdict, f"another name in code: {a} / {b}" in found.reasons) == ("related", a < b), (a, b)
    assert Judging()(named("get_alert", said), named("get_alert", said)).verdict == "same"
    assert Judging()(named("alert_get", said), named("get-alert", said)).verdict == "same"
    assert not differences(*(view_of_text(name, learned=LEARNED) for name in ("Get an alert", "List all alerts")))


def test_where_no_word_says_what_is_done_only_the_name_decides() -> None:
    a, b = named("文本转语音模型", "支持本地模型和在线服务。"), named("语音转文本模型", "支持本地模型和在线服务。")
    assert Judging()(a, b).verdict == "related"
    assert Judging()(a, named("文本转语音模型", "支持。")).verdict == "same"


def test_the_judge_of_artifacts_knows_their_names() -> None:
    artifact = Artifact(slug="hf-tallowick", name="Tallowick", type="repo", source="x")
    assert Judging.of(artifact)(named("Tallowick file sorting"), named("hf-tallowick: file sorting")).verdict == "same"


# --- vectors


class Fixed:
    """An embedder that is told its cosines: every text is close to every other, or none is."""

    name = "wordllama"

    def __init__(self, *, close: bool) -> None:
        self.close = close
        self.calls: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Any:
        """Return rows that are all the same, or all at right angles."""
        import numpy as np

        self.calls.append(list(texts))
        count = sum(map(len, self.calls))
        rows = np.eye(1, 64, dtype=np.float32).repeat(len(texts), axis=0)
        return rows if self.close else np.eye(len(texts), 64, count - len(texts), dtype=np.float32)


A = named("Chat with memory", "Keeps a conversation going and remembers earlier messages.")
B = named("Multi-turn dialogue", "Talks over several turns with the history of the conversation.")
C = named("Database migration", "Moves PostgreSQL tables.")


def test_vectors_move_the_score_and_are_named_as_what_decided() -> None:
    far, close = (Judging(embedder=Fixed(close=close))(A, B) for close in (False, True))
    assert far.score < close.score
    assert close.decided_by == "vectors"
    assert "their vectors are 1.00 alike" in close.reasons


def test_texts_are_embedded_once_together_and_only_where_it_can_matter() -> None:
    embedder = Fixed(close=False)
    judge = Judging(embedder=embedder, among=[A, B, C])
    assert judge(A, named("Watermarks", "Removes them.")).decided_by == "rule"
    assert embedder.calls == []
    judge(A, B)
    judge(B, A)
    assert [len(call) for call in embedder.calls] == [3]


def test_vectors_without_learned_thresholds_are_refused() -> None:
    class Other(Fixed):
        name = "openai/unheard-of"

    with pytest.raises(ConfigurationError, match=r"openai/unheard-of'; learn them with scripts/pairs\.py"):
        Judging(embedder=Other(close=True))(A, B)


def test_rows_of_a_batch_do_not_depend_on_the_batch() -> None:
    texts = ["Sorting of files", "Streams tokens as they are generated", ""]
    alone = vectors(texts[1:2])
    together = vectors(texts)
    assert (alone - together[1]).nnz == 0
    assert together.shape == (3, 1 << 19)
    assert together[2].nnz == 0
    assert together[0].multiply(vectors(["file sorting"])).sum() == pytest.approx(1.0)


def test_judging_by_words_loads_nothing_heavy() -> None:
    script = (
        "import sys; from decomposer.same import Judging, view_of_text, same, stored;"
        "a, b = (view_of_text(text, learned=stored()) for text in ('Text to image.', 'Images from text.'));"
        "same(a, b); print(sorted({'numpy', 'scipy', 'sklearn', 'wordllama'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- what is shown of it


def test_why_shows_views_features_thresholds_and_who_decided() -> None:
    judge = Judging(["Tallowick"])
    lines = judge.why(A, C).lines()
    assert lines[0] == "verdict     different, decided by rules over words and concepts"
    assert "first       Chat with memory. Keeps a conversation going and remembers earlier messages." in lines
    assert any(line.startswith("subject     0.") for line in lines)
    assert any(line.startswith(f"thresholds  merged from {LEARNED.scorer().merge:.3f}") for line in lines)
    assert f"            {LEARNED.source()}" in lines
    decided = judge.why(A, C, Judgement("same", 1.0, ("merged by hand",), "person")).lines()
    assert (decided[0], decided[-1]) == ("verdict     same, decided by a person", "because     merged by hand")


def test_candidates_are_what_is_likely_and_each_records_nearest() -> None:
    records = [A, B, C, named("Watermarks", "Removes them."), named("Sorting", "Sorts files.")]
    found = candidates(records, Judging(), most=1)
    assert {found[0].a.name, found[0].b.name} == {A.name, B.name}
    assert {one.name for pair in found for one in (pair.a, pair.b)} == {one.name for one in records}
    assert candidates(records[::-1], Judging(), most=1) == found
    assert candidates([], Judging()) == []


# --- on the gold set


def gold() -> list[dict[str, Any]]:
    folder = SHARED / "gold" / "dev"
    if not folder.is_dir():
        pytest.skip("needs ../shared/gold beside the checkout")
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


@pytest.mark.slow
@pytest.mark.corpus
def test_distinct_capabilities_of_a_document_are_not_merged() -> None:
    pairs = merged = 0
    for one in gold():
        records = [named(each["name"], each["description"]) for each in one["capabilities"]]
        judge = Judging([one["slug"]])
        verdicts = [judge(a, b).verdict for at, a in enumerate(records) for b in records[at + 1 :]]
        pairs, merged = pairs + len(verdicts), merged + verdicts.count("same")
    assert pairs > 1000
    assert merged / pairs <= 0.01


@pytest.mark.slow
@pytest.mark.corpus
def test_the_other_wording_of_a_capability_is_merged_or_shown() -> None:
    shown = total = 0
    for one in gold():
        phrases = [[named(phrase) for phrase in pair] for pair in one["near_duplicates"]]
        found = candidates([record for pair in phrases for record in pair], Judging([one["slug"]]))
        together = {frozenset((pair.a.name, pair.b.name)) for pair in found}
        total += len(phrases)
        shown += sum(frozenset((a.name, b.name)) in together for a, b in phrases)
    assert total == 76
    assert shown / total >= 0.9
