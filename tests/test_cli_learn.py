"""`decomposer learn` learns from labelled pairs and from decisions, and refuses to learn from too few."""

import json
from pathlib import Path

import pytest

from decomposer.same import stored
from decomposer.same.learned import read
from decomposer.same.learning import Example, Lesson, Target, check_enough, learn
from tests.reviewing import FINDS, READS, SORTS, a_record, drafted
from tests.test_cli import run

DOES = ("Translates", "Summarizes", "Classifies", "Transcribes", "Encrypts", "Compresses", "Draws", "Indexes")
WHAT = ("letters", "films", "songs", "contracts", "maps", "recipes", "poems", "invoices")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with pairs of 48 clusters: one in other words for each, and a different one."""
    rows = []
    for number in range(48):
        does, what = DOES[number % 8], WHAT[number // 6]
        same = f"{does[:-1]}ing {what}. It {does.lower()} {what} of any length."
        text = f"{what.title()}: {does.lower()}. {does} {what} for you."
        other = f"{DOES[(number + 3) % 8]} {WHAT[(number // 6 + 1) % 8]}. It is for those."
        rows.append(
            {"a_text": text, "b_text": same, "label": "same", "cluster_a": f"{number}", "cluster_b": f"{number}"}
        )
        rows.append(
            {"a_text": text, "b_text": other, "label": "unrelated", "cluster_a": f"{number}", "cluster_b": f"{number}x"}
        )
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def test_values_are_written_with_their_date_and_data_and_used_where_they_are_named(folder: Path) -> None:
    done = run(folder, "learn", "--pairs", "pairs.jsonl")
    assert done.exit_code == 0, done.stderr
    values = read(folder / "learned.json")
    assert values.data.startswith("96 labelled pairs of pairs.jsonl (sha256 ")
    assert values.data.endswith(", 48 of them the same")
    assert (values.target_precision, values.target_recall, values.words) == (0.95, 0.95, stored().words)
    assert 'set learned = "learned.json" in decomposer.toml' in done.stderr
    assert f"with words: merged from {values.scorer().merge:.3f}" in done.stderr
    assert "on clusters not seen: average precision " in done.stderr
    shown = run(folder, "eval", "--pairs", "pairs.jsonl", "--vectors", "words", DECOMPOSER_LEARNED="learned.json")
    assert "learned 20" in shown.stdout
    assert "these very pairs" in shown.stderr
    why = json.loads(run(folder, "why", "a b", "c d", "--format", "json", DECOMPOSER_LEARNED="learned.json").stdout)
    assert why["thresholds"]["merge"] == values.scorer().merge
    assert why["thresholds"]["source"] == values.source()


def test_what_is_learned_again_is_the_same(folder: Path) -> None:
    for name in ("one.json", "two.json"):
        assert run(folder, "learn", "--pairs", "pairs.jsonl", "--out", name).exit_code == 0
    assert (folder / "one.json").read_bytes() == (folder / "two.json").read_bytes()


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (
            (),
            2,
            "0 pairs that are the same and 0 that are not are too few to learn from; 0.95 can be told from 20 of each",
        ),
        (("--no-own",), 2, "there is nothing to learn from"),
        (("--pairs", "absent.jsonl"), 1, "absent.jsonl: can't be read"),
        (("--pairs", "pairs.jsonl", "--precision", "0.99"), 2, "0.99 can be told from 100 of each"),
        (("--pairs", "pairs.jsonl", "--precision", "2"), 2, "2.0 is not in the range"),
    ],
)
def test_what_can_not_teach_is_refused_and_nothing_is_written(
    folder: Path, args: tuple[str, ...], code: int, message: str
) -> None:
    done = run(folder, "learn", *args)
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr
    assert not (folder / "learned.json").exists()


def test_pairs_without_clusters_can_not_be_held_out(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "pairs.jsonl").read_text("utf-8").splitlines()]
    bare = [{key: one[key] for key in ("a_text", "b_text", "label")} for one in lines]
    (folder / "pairs.jsonl").write_text("".join(json.dumps(one) + "\n" for one in bare), encoding="utf-8")
    assert "has no clusters" in run(folder, "learn", "--pairs", "pairs.jsonl").stderr


def test_decisions_of_the_catalog_are_measured_and_learned_from(folder: Path) -> None:
    done = run(folder, "eval", "--own")
    assert done.exit_code == 2
    assert "nobody has decided about pairs of records" in done.stderr
    with drafted(folder) as (_, bench):
        bench.add(a_record("Image search", FINDS), a_record("Picture finder", READS), a_record("Sorting", SORTS))
        bench.desk().merge(["lynx/image-search", "lynx/picture-finder"])
    found = json.loads(run(folder, "eval", "--own", "--format", "json", "--db", "catalog.db").stdout)
    assert (found["pairs"], found["positives"], len(found["verdicts"])) == (1, 1, 1)
    both = run(folder, "eval", "--own", "--pairs", "pairs.jsonl", "--format", "json", "--db", "catalog.db")
    assert json.loads(both.stdout)["pairs"] == 97
    assert run(folder, "learn", "--pairs", "pairs.jsonl", "--db", "catalog.db").exit_code == 0
    data = read(folder / "learned.json").data
    assert data.endswith(" and 1 pair that people decided about, 49 of them the same")


# --- from decisions alone


def example(score: float, *, same: bool, number: int) -> Example:
    features = {"subject": score, "words": score, "near_words": score, "difference": 0.0, "vectors": 0.0}
    return Example(features, same, (f"{number}", f"{number}{'' if same else 'x'}"))


def test_from_decisions_alone_merging_gets_stricter_and_proposing_wider() -> None:
    base, target = stored().scorer(), Target(0.95, 0.95)
    doubtful = [example(0.9, same=False, number=number) for number in range(30)]
    surely = [example(0.2 if number < 3 else 1.0, same=True, number=number + 100) for number in range(30)]
    found = learn(Lesson(tuple(doubtful + surely), base=base), target)
    assert (found.weights, found.intercept) == (base.weights, base.intercept)
    refused = base.score(doubtful[0].features)
    assert found.merge > max(refused, base.merge - 1e-9)
    assert found.propose <= base.propose
    clear = [example(0.0, same=False, number=number) for number in range(30)]
    assert learn(Lesson(tuple(clear + surely), base=base), target).merge >= base.merge


def test_so_many_pairs_are_needed_that_one_miss_does_not_break_the_target() -> None:
    check_enough(20, 20, Target(0.95, 0.9))
    check_enough(10, 30, Target(0.9, 0.9))
    with pytest.raises(Exception, match="19 pairs that are the same and 400"):
        check_enough(19, 400, Target(0.95, 0.9))
