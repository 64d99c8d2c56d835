"""Vectors that are kept by number: found exactly and by an index, by several at once, and whatever is lost."""

from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from decomposer.errors import CatalogError
from decomposer.store import nearest
from decomposer.store.nearest import Nearest, vectors_folder

SIZE = 16


def is_near(found: tuple[int, float], number: int) -> bool:
    """Say whether something is that number and lies where it was looked for."""
    return found[0] == number and found[1] > 0.99


def rows(count: int, *, seed: int = 0) -> Any:
    made = np.random.default_rng(seed).normal(size=(count, SIZE)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture
def kept(tmp_path: Path) -> Nearest:
    return Nearest(tmp_path / "v", name="wordllama", size=SIZE)


def fill(kept: Nearest, made: Any, *, start: int = 1) -> None:
    kept.put((number, made[at : at + 1]) for at, number in enumerate(range(start, start + len(made))))


def test_nothing_is_near_to_anything_at_first(kept: Nearest) -> None:
    assert (len(kept), kept.newest(), kept.search(rows(1)[0], 5), kept.vectors([1])) == (0, 0, [], [])


def test_the_nearest_come_first_with_their_cosines(kept: Nearest) -> None:
    made = rows(200)
    fill(kept, made)
    asked = rows(1, seed=5)[0]
    found = kept.search(asked, 10)
    cosines = made @ asked
    assert [number for number, _ in found] == [int(at) + 1 for at in np.argsort(-cosines)[:10]]
    assert [near for _, near in found] == pytest.approx(sorted(cosines, reverse=True)[:10], abs=0.01)
    assert (len(kept), kept.newest()) == (200, 200)


def test_a_number_with_several_vectors_counts_by_the_nearest(kept: Nearest) -> None:
    made = rows(3)
    kept.put([(7, made[:2]), (8, made[2:])], marks={7: 99})
    found = kept.search(made[1], 5)
    assert is_near(found[0], 7)
    assert sorted(number for number, _ in found) == [7, 8]
    assert [(number, mark) for number, mark, _ in kept.vectors([8, 7, 7])] == [(7, 99), (7, 99), (8, 0)]


def test_what_is_put_again_or_removed_is_what_it_was_no_more(kept: Nearest) -> None:
    made = rows(4)
    fill(kept, made[:3])
    kept.put([(1, made[3:])])
    kept.remove([2, 77])
    assert [number for number, near in kept.search(made[3], 9) if near > 0.99] == [1]
    assert sorted(number for number, _ in kept.search(made[0], 9)) == [1, 3]
    kept.clear()
    assert (len(kept), kept.search(made[0], 9)) == (0, [])


@pytest.fixture
def indexed(kept: Nearest, monkeypatch: pytest.MonkeyPatch) -> Nearest:
    """Return 500 vectors with an index of them."""
    pytest.importorskip("usearch")
    monkeypatch.setattr(nearest, "EXACT", 100)
    fill(kept, rows(500))
    assert kept.tidy()
    assert not kept.tidy()
    return kept


def test_an_index_finds_what_looking_at_all_finds(indexed: Nearest) -> None:
    made = rows(500)
    for at in (0, 250, 499):
        assert is_near(indexed.search(made[at], 1)[0], at + 1)
    asked = rows(20, seed=3)
    exact = [{int(at) + 1 for at in np.argsort(-(made @ one))[:10]} for one in asked]
    found = [{number for number, _ in one} for one in indexed.search_many(asked, 10)]
    assert sum(len(one & other) for one, other in zip(exact, found, strict=True)) >= 190


def test_what_changed_since_the_index_holds_over_it(indexed: Nearest, tmp_path: Path) -> None:
    made = rows(500)
    indexed.put([(1, -made[:1]), (900, made[:1])])
    indexed.remove([2])
    for kept in (indexed, Nearest(tmp_path / "v", name="wordllama", size=SIZE)):
        assert is_near(kept.search(made[0], 1)[0], 900)
        assert 2 not in {number for number, _ in kept.search(made[1], 499)}
        assert 490 <= len(kept.search(made[1], 1000)) <= 500  # the index is approximate: it may miss a few


def test_an_index_that_is_lost_or_spoilt_is_made_again(indexed: Nearest, tmp_path: Path) -> None:
    made = rows(500)
    for spoil in (Path.unlink, lambda path: path.write_bytes(b"no index")):
        for file in (tmp_path / "v").glob("*.usearch"):
            spoil(file)
        again = Nearest(tmp_path / "v", name="wordllama", size=SIZE)
        assert is_near(again.search(made[9], 1)[0], 10)
    for file in (tmp_path / "v").glob("*.usearch"):
        file.unlink()
    assert again.tidy()
    assert is_near(again.search(made[9], 1)[0], 10)
    assert len(list((tmp_path / "v").glob("*.usearch"))) == 1


def test_an_index_that_grows_forgets_what_changed_and_is_not_made_anew(
    indexed: Nearest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = pytest.importorskip("usearch.index").Index
    made, more = rows(500), rows(200, seed=4)
    indexed.put([(1, -made[:1]), (3, np.concatenate([made[2:3], more[:1]]))])
    indexed.remove([2])
    fill(indexed, more, start=600)
    built: list[int] = []
    add = index.add

    def counted(self: Any, keys: Any, rows: Any) -> Any:
        built.append(len(keys))
        return add(self, keys, rows)

    monkeypatch.setattr(index, "add", counted)
    assert indexed.tidy()
    assert sum(built) == 203
    for kept in (indexed, Nearest(tmp_path / "v", name="wordllama", size=SIZE)):
        assert is_near(kept.search(-made[0], 1)[0], 1)
        assert 1 not in {number for number, _ in kept.search(made[0], 20)}
        assert 2 not in {number for number, _ in kept.search(made[1], 20)}
        assert is_near(kept.search(more[9], 1)[0], 609)
        assert {number for number, _ in kept.search(more[0], 2)} == {3, 600}
    assert not indexed.tidy()


def test_threads_and_processes_write_beside_each_other(kept: Nearest, tmp_path: Path) -> None:
    made = rows(100)
    others = [Nearest(tmp_path / "v", name="wordllama", size=SIZE) for _ in range(4)]
    writers = [Thread(target=fill, args=(one, made[25 * at : 25 * at + 25]), kwargs={"start": 25 * at + 1})
               for at, one in enumerate(others)]  # fmt: skip
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert len(kept) == 100
    assert [kept.search(made[at], 1)[0][0] for at in range(100)] == list(range(1, 101))


def test_kinds_of_vectors_are_apart(kept: Nearest, tmp_path: Path) -> None:
    fill(kept, rows(3))
    for other in (("openai/a", SIZE), ("openai-a", SIZE), ("wordllama", 8)):
        assert len(Nearest(tmp_path / "v", name=other[0], size=other[1])) == 0


def test_a_write_that_fails_leaves_nothing(kept: Nearest) -> None:
    def some() -> Any:
        yield 1, rows(1)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        kept.put(some())
    assert len(kept) == 0


def test_a_file_that_is_no_database_is_told(kept: Nearest, tmp_path: Path) -> None:
    fill(kept, rows(1))
    for file in (tmp_path / "v").iterdir():
        file.write_bytes(b"garbage" * 500)
    with pytest.raises(CatalogError, match="vectors can't be kept or read"):
        Nearest(tmp_path / "v", name="wordllama", size=SIZE).search(rows(1)[0], 1)


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="make the folder writable"):
        Nearest(tmp_path / "file" / "v", name="wordllama", size=SIZE).put([(1, rows(1))])


def test_vectors_lie_beside_a_file_and_in_the_cache_for_a_server(tmp_path: Path) -> None:
    assert vectors_folder(create_engine(f"sqlite:///{tmp_path}/c.db")) == tmp_path / "c.db.vectors"
    pytest.importorskip("psycopg")
    places = [vectors_folder(create_engine(f"postgresql+psycopg://ann:{word}@h/{db}"))
              for word, db in (("x", "a"), ("y", "a"), ("x", "b"))]  # fmt: skip
    assert places[0] == places[1] != places[2]
    assert places[0].parent == Path.home() / ".cache" / "decomposer" / "vectors"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "remove", "tidy"]), st.integers(1, 6)), max_size=12))
def test_it_holds_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    kept = Nearest(tmp_path_factory.mktemp("v"), name="x", size=SIZE)
    held: dict[int, Any] = {}
    made = rows(20)
    for at, (step, number) in enumerate(steps):
        if step == "put":
            kept.put([(number, made[at : at + 1])])
            held[number] = made[at]
        elif step == "remove":
            kept.remove([number])
            held.pop(number, None)
        else:
            kept.tidy()
        found = kept.search(made[0], 10)
        assert {one for one, _ in found} == set(held)
        assert [near for _, near in found] == pytest.approx([float(held[one] @ made[0]) for one, _ in found], abs=0.02)


def test_without_usearch_every_row_is_looked_at(kept: Nearest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "has_usearch", lambda: False)
    monkeypatch.setattr("decomposer.store.near_rows.has_usearch", lambda: False)
    monkeypatch.setattr(nearest, "EXACT", 2)
    fill(kept, rows(5))
    assert not kept.tidy()
    assert kept.search(rows(5)[4], 1)[0][0] == 5
