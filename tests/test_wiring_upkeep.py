"""What searches and pages rest on is kept up to date beside a server, which goes on whatever happens to that."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from decomposer.errors import CatalogError
from decomposer.wiring import Workspace, registering
from decomposer.wiring.answering import Answering
from decomposer.wiring.matching import Searching
from decomposer.wiring.upkeep import Upkeep
from tests.webbing import capability, store, usual, workspace


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        yield made


def test_one_round_brings_in_all_that_is_due(work: Workspace) -> None:
    for number in range(5):
        store(work, [capability("Invoices to JSON", slug=f"s{number}")], slug=f"s{number}")
    answering = Answering(work, searching=Searching(work, words_only=True, waits=False))
    Upkeep(lambda: answering).once()
    assert registering.registry(work).due() == 0
    assert len(answering.search("invoices", limit=5).matches) == 5
    assert {one.uri is not None for one in answering.search("invoices").matches} == {True}


def test_opening_counts_no_search(work: Workspace) -> None:
    store(work, usual())
    answering = Answering(work, searching=Searching(work, words_only=True, waits=False))
    Upkeep(lambda: answering).once()
    assert answering.searching.matched("papertrail").times == 0


class Broken:
    """A search whose index can't be written."""

    def __init__(self, upkeep: list[Upkeep]) -> None:
        self.tries = 0
        self._upkeep = upkeep

    def catch_up(self) -> None:
        """Fail, and stop the thread the third time."""
        self.tries += 1
        if self.tries == 3:
            self._upkeep[0].stop()
        raise CatalogError("the disk is full")


def test_what_goes_wrong_is_logged_once_and_tried_again(work: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    made: list[Upkeep] = []
    broken = Broken(made)
    answering = Answering(work, searching=cast(Searching, broken))
    made.append(Upkeep(lambda: answering, every=0.001))
    with caplog.at_level(logging.WARNING), made[0] as running:
        running.wait()
    assert broken.tries == 3
    assert [one.message for one in caplog.records] == ["the disk is full"]
