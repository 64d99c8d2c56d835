"""Searching a catalog: what is found by words and by vectors, what is counted, and what changes meanwhile."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from decomposer.errors import UsageError
from decomposer.match import published
from decomposer.records import Entry, Filters, Matched, Note
from decomposer.settings import Settings
from decomposer.wiring import Workspace, matching
from decomposer.wiring.matching import Searching
from decomposer.wiring.nearness import Nearness, views
from decomposer.wiring.ranking import Ranking
from tests.cats import filled
from tests.publishing import capability
from tests.ranking import entry, record
from tests.ranking import statement as said

SAMPLES = Path(__file__).parents[1] / "samples"
NEEDS = Path(__file__).parent / "data" / "needs.jsonl"


class Letters:
    """An embedder by which texts are alike that have the same letters."""

    name = "letters"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        """Return how often each letter stands in each text, scaled to length 1."""
        self.texts += texts
        rows = np.array([[float(text.lower().count(c)) for c in "abcdefghijklmnopqrstuvwxyz"] for text in texts])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a catalog of three entries."""
    hear = record("Speech recognition", "Transcribes podcasts to text.", state="accepted")
    read = record("Reading invoices", "Takes the numbers out of invoices.", slug="puma")
    gone = record("Podcast secrets", "Transcribes podcasts.", slug="puma", state="rejected")
    lint = record("Podcast linting", "Checks podcasts for style errors.", slug="wolf")
    return filled(
        tmp_path, entry("lynx", hear, license="mit"), entry("puma", read, gone, type="model"), entry("wolf", lint)
    )


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with Workspace(Settings(db=str(folder / "decomposer.db"), embedder="none")) as opened:
        yield opened


def names(found: Any) -> list[str]:
    return [one.capability.name for one in found.matches]


def test_a_need_finds_what_is_published(workspace: Workspace) -> None:
    found = Searching(workspace).find("transcribe a podcast")
    assert names(found) == ["Speech recognition", "Podcast linting"]
    first = found.matches[0]
    assert (found.by, found.need, first.entry, first.times_matched) == ("words", "transcribe a podcast", "lynx", 1)
    assert first.id == f"{found.id}.1"
    assert first.rank is not None
    assert first.capability.state == "accepted"
    assert 0 < first.score <= 1


def test_filters_hold(workspace: Workspace) -> None:
    searching = Searching(workspace)
    assert names(searching.find("podcast", filters=Filters(license="mit"))) == ["Speech recognition"]
    assert searching.find("podcast", filters=Filters(license="mit")).matches[0].why[-1] == "license: mit, as asked"
    assert names(searching.find("podcast", filters=Filters(type="dataset"))) == []


def test_searches_are_counted_unless_nobody_wants_that(workspace: Workspace) -> None:
    searching = Searching(workspace)
    assert {one.times_matched for one in searching.find("podcast", count=False).matches} == {0}
    searching.find("transcribe", limit=1)
    assert {one.entry: one.times_matched for one in searching.find("podcast").matches} == {"lynx": 2, "wolf": 1}
    assert searching.needs(limit=9) == []


def test_words_are_kept_where_somebody_asks(workspace: Workspace) -> None:
    Searching(workspace, log_queries=True).find("  podcast  please ")
    assert [need for _, _, need in Searching(workspace).needs(limit=9)] == ["podcast please"]


def test_outcomes_are_told_and_move_the_rank(workspace: Workspace) -> None:
    searching = Searching(workspace)
    lynx = workspace.entry("lynx")
    before = Ranking(workspace).of(lynx).rank.part("match")
    assert not before.known
    hit = next(one for one in searching.find("transcribe podcasts").matches if one.entry == "lynx")
    searching.tell(hit.id, "success", comment="it works")
    assert searching.matched("lynx") == Matched(times=1, successes=1)
    good = Ranking(workspace).of(lynx).rank.part("match")
    searching.tell(hit.id, "failure")
    bad = Ranking(workspace).of(lynx).rank.part("match")
    assert good.known
    assert good.points > bad.points
    with pytest.raises(UsageError, match="no search has a hit"):
        searching.tell("nothing.1", "success")


def test_a_resolved_address_is_counted_like_a_search(workspace: Workspace) -> None:
    searching = Searching(workspace)
    search, times = searching.counted([("lynx", "lynx/speech-recognition")])
    assert times == {"lynx/speech-recognition": 1}
    searching.tell(f"{search}.1", "success")
    assert searching.matched("lynx").successes == 1


def test_what_does_not_meet_a_condition_is_passed_over_and_not_counted(workspace: Workspace) -> None:
    searching = Searching(workspace)
    found = searching.find("podcast", limit=1, meets=lambda one: one.entry == "wolf")
    assert names(found) == ["Podcast linting"]
    assert searching.matched("lynx") == Matched(times=0)


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_limit_is_1_to_100(workspace: Workspace, limit: int) -> None:
    with pytest.raises(UsageError, match="is not possible"):
        Searching(workspace).find("podcast", limit=limit)


@pytest.mark.parametrize(
    "need", ["'; DROP TABLE entries; --", '"a" AND NEAR(b)', "podcast*", ":podcast", "a" * 500, "\x1b[2Jpodcast"]
)
def test_hostile_needs_are_words(workspace: Workspace, need: str) -> None:
    found = Searching(workspace).find(need)
    assert len(found.matches) <= 5
    assert workspace.entry("lynx")


def test_a_search_sees_what_was_changed_before_it(workspace: Workspace) -> None:
    searching = Searching(workspace)
    assert names(searching.find("giraffe")) == []
    giraffe = entry("okapi", record("Giraffe counting", "Counts giraffes.", slug="okapi"))
    workspace.catalog.take(giraffe, lambda previous, slug: giraffe)
    assert names(searching.find("giraffe")) == ["Giraffe counting"]
    workspace.retire("okapi")
    assert names(searching.find("giraffe")) == []


def test_a_server_brings_changes_in_behind_its_searches(workspace: Workspace) -> None:
    searching = Searching(workspace, waits=False)
    searching.find("podcast")
    searching.settle()
    assert names(searching.find("podcast", count=False))[0] in ("Speech recognition", "Podcast linting")
    searching.settle()


def test_many_threads_may_search(workspace: Workspace) -> None:
    searching = Searching(workspace)
    found: list[list[str]] = []
    threads = [Thread(target=lambda: found.append(names(searching.find("podcast")))) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 6
    assert searching.matched("lynx").times == 6


# --- vectors


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    embedder = Letters()
    monkeypatch.setattr(matching, "search_embedder", lambda settings: embedder)
    return embedder


def test_vectors_find_what_shares_no_word(workspace: Workspace, letters: Letters) -> None:
    found = Searching(workspace).find("invoicesreading")
    assert found.by == "words and letters"
    assert names(found)[0] == "Reading invoices"
    assert any(why.startswith("near in meaning") for why in found.matches[0].why)
    assert names(Searching(workspace, words_only=True).find("invoicesreading")) == []


def test_vectors_are_made_once_and_again_for_what_changed(workspace: Workspace, letters: Letters, folder: Path) -> None:
    Searching(workspace).find("podcast")
    assert (folder / "decomposer.db.vectors").is_dir()
    made = len(letters.texts)
    Searching(workspace).find("podcast")
    assert sorted(set(letters.texts[made:])) == ["podcast", "size"]
    changed = entry("wolf", record("Podcast linting", "Looks at sound.", slug="wolf"))
    workspace.catalog.take(changed, lambda previous, slug: changed)
    made = len(letters.texts)
    Searching(workspace).find("podcast")
    assert "Podcast linting. Looks at sound." in letters.texts[made:]


def test_vectors_of_another_database_are_made_again(workspace: Workspace, letters: Letters) -> None:
    searching = Searching(workspace)
    searching.find("podcast")
    nearness = Nearness(workspace, letters)
    kept = nearness._vectors()
    stale = [(number, row[None, :]) for number, _, row in kept.vectors(range(1, 9))]
    kept.put(stale, marks={number: 1 for number, _ in stale})
    searching.find("podcast")
    assert len(kept) == 0
    assert names(searching.find("invoicesreading"))[0] == "Reading invoices"
    kept.put([(999, stale[0][1])])
    searching.find("podcast")
    assert kept.newest() < 999


def test_a_record_has_vectors_of_what_it_says_of_what_it_rests_on_and_of_what_it_is_wanted_for() -> None:
    intents, best_for = (Note(text="read a page"),), (Note(text="scans"),)
    whole = capability("Reading", description=said("Reads."), intents=intents, best_for=best_for)
    quotes = " ".join(dict.fromkeys(span.quote for _, one in whole.statements() for span in one.evidence))
    assert views(whole) == ["Reading. Reads.", quotes, "read a page; scans"]
    left_out = whole.model_copy(update={"dropped": ("description", "unique", "vs_alternatives", "intents", "best_for")})
    assert views(left_out) == ["Reading"]
    assert views(capability("Reading", description=None, intents=(), best_for=())) == ["Reading"]


# --- samples


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Return the entries of samples/ as a catalog that is searched by words."""
    folder = tmp_path_factory.mktemp("samples")
    with Workspace(Settings(db=str(folder / "decomposer.db"), embedder="none")) as opened:
        for file in sorted(SAMPLES.glob("*/expected.json")):
            held = Entry.model_validate_json(file.read_bytes())
            opened.catalog.take(held, lambda previous, slug, held=held: held)  # type: ignore[misc]
        yield opened


@pytest.mark.parametrize("words_only", [True, False])
@pytest.mark.parametrize(
    ("need", "first"), [("search", "Hybrid runbook search"), ("undo", "Undo of moves"), ("tide tables", "Tide tables")]
)
def test_a_record_that_is_called_like_the_need_comes_first(
    samples: Workspace, monkeypatch: pytest.MonkeyPatch, need: str, first: str, words_only: bool
) -> None:
    monkeypatch.setattr(matching, "search_embedder", lambda settings: Letters())
    assert names(Searching(samples, words_only=words_only).find(need, count=False))[0] == first


def test_a_word_that_a_record_does_not_say_finds_nothing_by_words(samples: Workspace) -> None:
    found = Searching(samples, words_only=True).find("search", limit=20, count=False)
    assert all("search" in " ".join(text for _, text in published(one.capability)).lower() for one in found.matches)
    assert not any("sounds like" in why for one in found.matches for why in one.why)


def test_of_the_needs_that_were_written_for_the_samples_words_alone_find_a_third(samples: Workspace) -> None:
    needs = [json.loads(line) for line in NEEDS.read_text(encoding="utf-8").splitlines()]
    searching = Searching(samples, words_only=True)
    met = 0
    for one in needs:
        found = {(hit.entry, hit.capability.name) for hit in searching.find(one["need"], count=False).matches}
        met += bool(found & {(slug, name) for slug, name in one["relevant"]})
    assert met / len(needs) >= 0.33
