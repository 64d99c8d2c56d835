"""The registry with vectors: records that share no rare word are compared too, and only that depends on them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from decomposer.records import Capability
from decomposer.registry import Prepared
from decomposer.store import near_leads
from decomposer.store.catalog import SqlCatalog
from decomposer.store.nearest import Nearest, vectors_folder
from decomposer.store.registry import SqlRegistry
from tests.ports.test_registry import Saying, drafted, entry, home, of, one, record

ONE = {"ab": 1.0}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))  # vectors beside a server are kept there


class Strangers(Saying):
    """Compares records that have no word in common."""

    def prepare(self, capability: Capability, own: Iterable[str]) -> Prepared:
        return Prepared(capability.name, "", (f"only{capability.name}",), capability.name)


class Letters:
    """Makes vectors of the first letter: all from `a` to `m` are near to each other, and all from `n` to `z`."""

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.array([[text[:1] <= "m", text[:1] > "m", 0.1] for text in texts], np.float32)
        found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return found


def opened(engine: Engine, embedder: Letters | None, same: dict[str, float] | None = None) -> SqlRegistry:
    return SqlRegistry(engine, comparing=Strangers(ONE if same is None else same), embedder=embedder)


def kept(engine: Engine, name: str = "letters") -> Nearest:
    return Nearest(vectors_folder(engine), name=f"{name} leads", size=3)


def test_what_shares_no_word_is_compared_where_its_vectors_are_near(engine: Engine) -> None:
    words = opened(engine, None)
    words.add([one("a", ("a", "")), one("b", ("b", ""))])
    assert list(words.shared()) == []
    vectors = opened(engine, Letters())
    vectors.add([one("a", ("a", "")), one("b", ("b", ""))])
    assert of(vectors, home(vectors, "a/it").uri) == ["a/it", "b/it"]


@pytest.mark.parametrize("together", [True, False])
def test_it_is_found_whether_it_came_in_the_same_transaction_or_before(engine: Engine, together: bool) -> None:
    registry = opened(engine, Letters(), {"ab": 1.0, "yz": 1.0})
    made = [one(name, (name, "")) for name in "azby"]
    for some in [made] if together else [[each] for each in made]:
        registry.add(some)
    assert of(registry, home(registry, "a/it").uri) == ["a/it", "b/it"]
    assert of(registry, home(registry, "z/it").uri) == ["z/it", "y/it"]


def test_the_vectors_are_those_of_the_records_that_are_there(engine: Engine) -> None:
    registry, embedder = opened(engine, Letters()), Letters()
    registry.add([one("a", ("a", "")), entry("x", record("x/b", "b"), record("x/c", "c"))])
    assert len(kept(engine)) == 3
    registry.add([entry("x", record("x/b", "z"))])
    assert len(kept(engine)) == 2
    assert sorted(round(near, 2) for _, near in kept(engine).search(embedder.embed(["z"])[0], 5)) == [0.01, 1.0]
    assert list(registry.shared()) == []


def test_vectors_that_are_lost_or_of_another_database_are_made_again(engine: Engine) -> None:
    registry = opened(engine, Letters())
    registry.add([one("a", ("a", "")), one("x", ("x", ""))])
    kept(engine).clear()
    opened(engine, Letters()).add([one("b", ("b", ""))])
    assert len(kept(engine)) == 3
    assert of(registry, home(registry, "b/it").uri) == ["a/it", "b/it"]
    kept(engine).put([(99, Letters().embed(["n"]))])
    opened(engine, Letters()).add([])
    assert len(kept(engine)) == 3


def test_what_was_not_committed_leaves_no_vector(engine: Engine) -> None:
    registry = opened(engine, Letters())
    with pytest.raises(AttributeError):
        registry.add([one("a", ("a", "")), None])  # type: ignore[list-item]
    assert len(kept(engine)) == 0
    registry.add([one("a", ("a", "")), one("b", ("b", ""))])
    assert of(registry, home(registry, "a/it").uri) == ["a/it", "b/it"]


def test_another_embedder_judges_all_again(engine: Engine) -> None:
    drafted(SqlCatalog(engine), one("a", ("a", "")), one("b", ("b", "")))
    assert opened(engine, None).catch_up(most=9).entries == 2
    for embedder in (Letters(), Letters("others")):
        registry = opened(engine, embedder)
        assert registry.due() == 2
        assert registry.catch_up(most=9).entries == 2
        assert (registry.due(), registry.catch_up(most=9).entries) == (0, 0)
        assert [shared.members for shared in registry.shared()] == [2]
    words = opened(engine, None)
    assert words.due() == 2
    assert words.catch_up(most=9).entries == 2
    assert [shared.members for shared in words.shared()] == [2]  # they are still one, however they met


def test_only_the_nearest_few_are_judged(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_leads, "NEAREST", 2)
    registry = opened(engine, Letters(), {"dm": 1.0, "cm": 1.0})
    registry.add([one(name, (name, "")) for name in "abcd"])
    registry.add([one("m", ("m", ""))])
    assert of(registry, home(registry, "m/it").uri) == ["m/it"]  # a and b are as near, and came first


def test_leads_are_embedded_an_entry_at_a_time(engine: Engine) -> None:
    embedder = Letters()
    opened(engine, embedder).add([entry("x", record("x/b", "b"), record("x/c", "c"))])
    assert embedder.asked == ["size", "b", "c"]
