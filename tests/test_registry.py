"""Which records are one canonical capability, and what it is called; in whatever order they come."""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.cluster import cluster
from decomposer.records import Capability, Judgement
from decomposer.registry import Naming, Plan, Prepared, Views, address, plan, renamed, sample_of, together
from decomposer.registry.comparing import word
from decomposer.store.engine import open_database
from decomposer.store.registry import SqlRegistry
from tests.planting import pair_f1, planted
from tests.ports.test_registry import home, one, record

YES, NO = Judgement("same", 1.0), Judgement("different", 0.0)


@given(st.text())
def test_a_word_is_one_word_for_every_full_text(text: str) -> None:
    made = word(text)
    assert made
    assert len(made) <= 64
    assert all(char == "_" or char.isascii() is False or char.isalnum() for char in made)
    assert made.encode("utf-8")


def test_a_record_is_prepared_without_the_names_of_its_artifact_and_without_its_lines() -> None:
    views = Views()
    prepared = views.prepare(record("lynx/it", "Lynx search", "Lynx finds pictures."), ("Lynx",))
    same = views.prepare(record("puma/it", "search", "finds pictures."), ("Puma",))
    assert prepared == same
    assert prepared.name == "search"


# --- which are one


def test_a_person_who_says_same_or_different_is_right() -> None:
    told = Judgement("same", 0.0, decided_by="person"), Judgement("different", 1.0, decided_by="person")
    assert together([1, 2, 3], {(1, 2): told[0], (1, 3): YES, (2, 3): told[1]}) == [(1, 2), (3,)]


def test_what_was_not_judged_speaks_against_joining() -> None:
    assert together([1, 2, 3, 4], {(1, 2): YES, (3, 4): YES, (1, 3): YES}) == [(1, 2), (3, 4)]


def test_a_broader_record_is_not_joined() -> None:
    assert together([1, 2], {(1, 2): Judgement("broader", 0.99)}) == [(1,), (2,)]


def test_a_group_keeps_the_canonical_capability_that_most_of_it_had() -> None:
    homes, sizes = {1: 10, 2: 10, 3: 20}, {10: 2, 20: 1}
    assert plan([(1, 2, 3, 4)], homes, sizes) == Plan(((10, (1, 2, 3, 4)),), {20: 10})
    assert plan([(1,), (2, 3)], {1: 10, 2: 10, 3: 10}, {10: 3}) == Plan(((None, (1,)), (10, (2, 3))), {})
    assert plan([(2, 3), (1,)], {1: 10, 2: 10}, {10: 2}).groups == ((None, (2, 3)), (10, (1,)))
    assert plan([(1,), (2,)], {1: 10, 2: 10}, {10: 2}, moving=1).groups == ((None, (1,)), (10, (2,)))
    assert plan([(1, 2)], {1: 10, 2: 20}, {10: 4, 20: 9}) == Plan(((20, (1, 2)),), {10: 20})


@given(
    st.dictionaries(st.integers(0, 9), st.integers(100, 104)),
    st.lists(st.integers(0, 3), min_size=10, max_size=10),
)
def test_no_two_groups_get_one_canonical_capability_and_none_is_lost(homes: dict[int, int], labels: list[int]) -> None:
    groups = defaultdict(list)
    for number, label in enumerate(labels):
        groups[label].append(number)
    made = plan(groups.values(), homes, dict.fromkeys(homes.values(), 1))
    kept = [home for home, _ in made.groups if home is not None]
    assert len(set(kept)) == len(kept)
    assert set(kept) | set(made.merged) == set(homes.values())
    assert set(made.merged.values()) <= set(kept)
    assert sorted(number for _, group in made.groups for number in group) == list(range(10))


def test_a_sample_depends_on_the_record_alone() -> None:
    assert sample_of("lynx", "lynx/it") == 4925869088545360237
    assert sample_of("a", "b") != sample_of("ab", "")
    assert 0 <= sample_of("\ud800", "") < 1 << 63


# --- what it is called


def test_an_address_has_the_category_and_the_name() -> None:
    assert address("image.visual", "Image Search!") == "capability://image.visual/image-search"
    assert address("other", "检索 ☁\ufe0f \u202e/../x?#", 3) == "capability://other/检索-x-3"
    assert address("other", "☁") == "capability://other/capability"


def test_a_name_changes_where_nobody_has_it_or_another_is_clearly_commoner() -> None:
    names = [Naming("a", "A", 1, "other"), Naming("b", "B", 2, "other")]
    assert renamed("a", names) is None
    assert renamed("gone", names) == names[1]
    assert renamed("a", [names[0], Naming("b", "B", 3, "other")]) == Naming("b", "B", 3, "other")
    assert renamed("a", [Naming("a", "A", 2, "other"), Naming("b", "B", 3, "other")]) is None
    assert renamed("a", []) is None


# --- in whatever order they come


class Planted:
    """Compares planted records as a judge with a bad day does; each finds those that it is a candidate with."""

    recipe = "planted"

    def __init__(self, scored: Iterable[tuple[str, str, float]]) -> None:
        self.scores = {(a, b): score for a, b, score in scored}
        self.words: defaultdict[str, list[str]] = defaultdict(list)
        for a, b in self.scores:
            self.words[a].append(f"{a}x{b}")
            self.words[b].append(f"{a}x{b}")

    def prepare(self, capability: Capability, own: Iterable[str]) -> Prepared:
        return Prepared(capability.name, capability.name, tuple(self.words[capability.name]), capability.name)

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        return dict.fromkeys(words, 1.0)

    def judge(self, one: str, other: str) -> Judgement:
        score = self.scores.get((min(one, other), max(one, other)), 0.0)
        return YES if score else NO

    def lead(self, data: str) -> str:
        return data


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_records_one_by_one_in_any_order_end_up_as_in_one_batch(tmp_path: Path, seed: int) -> None:
    truth, scored = planted(600, seed=seed, candidates=4)
    batch = pair_f1(truth, cluster(truth, scored))
    order = sorted(truth)
    random.Random(seed).shuffle(order)
    engine = open_database(tmp_path / "catalog.db")
    registry = SqlRegistry(engine, comparing=Planted(scored))
    for start in range(0, len(order), 50):
        registry.add(one(name, (name, "")) for name in order[start : start + 50])
    groups = defaultdict(list)
    for name in truth:
        groups[home(registry, f"{name}/it").number].append(name)
    engine.dispose()
    assert abs(pair_f1(truth, [tuple(sorted(group)) for group in groups.values()]) - batch) <= 0.01
    assert batch > 0.9


@settings(max_examples=5, deadline=None)
@given(order=st.permutations(range(8)), rest=st.permutations(range(8)))
def test_the_order_of_records_that_agree_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], rest: list[int]
) -> None:
    said = [
        ("Speech recognition", "Transcribes audio recordings to text with timestamps."),
        ("Audio transcription", "Converts spoken recordings into a timestamped transcript."),
        ("Python linting", "Checks Python code for style errors."),
        ("Text to image", "Generates images from text prompts."),
    ]
    engine = open_database(tmp_path_factory.mktemp("registry") / "catalog.db")
    registry = SqlRegistry(engine)
    for number in order:
        registry.add([one(f"t{number}", said[number % 4])])
    registry.add(one(f"t{number}", said[number % 4]) for number in rest)
    groups = defaultdict(set)
    for number in range(8):
        groups[home(registry, f"t{number}/it").number].add(number)
    engine.dispose()
    assert sorted(map(sorted, groups.values())) == [[0, 1, 4, 5], [2, 6], [3, 7]]
