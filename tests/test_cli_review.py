"""The command `review`: what it takes, and what it says where it can't begin."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from decomposer.cli import review as module
from decomposer.cli.group import cli
from decomposer.review import Desk
from tests.waiting import clip, stored


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.db"
    stored(path, clip(), clip("other")).dispose()
    return path


def called(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["review", *arguments, "--db", str(file)])


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Desk]:
    """Return the desks that the command opens, none of which is shown."""
    desks: list[Desk] = []

    def face(open_desk: Callable[[str], Desk], query: str) -> None:
        desks.append(open_desk(query))

    monkeypatch.setattr(module, "_FACES", dict.fromkeys(("terminal", "plain", "json"), face))
    return desks


def test_it_reviews_the_whole_catalog_or_one_entry_or_what_a_query_means(file: Path, opened: list[Desk]) -> None:
    for arguments in ([], ["clip"], ["--where", "name~maps"], ["other", "--where", "name~maps", "--plain"]):
        assert called(file, *arguments).exit_code == 0
    assert [one.waiting() for one in opened] == [6, 3, 2, 1]


def test_it_asks_in_the_order_and_for_the_name_that_are_given(file: Path, opened: list[Desk]) -> None:
    called(file, "--order", "oldest", "--actor", "ann", "--json")
    (one,) = opened
    assert (one.wanted.order, one.reviewer) == ("oldest", "ann")


@pytest.mark.parametrize(("written", "share"), [("5%", 0.05), ("0.05", 0.05), ("0", 0.0), ("100%", 1.0)])
def test_a_share_is_written_as_percent_or_as_a_fraction(written: str, share: float) -> None:
    assert module.share(None, None, written) == pytest.approx(share)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["five", "101%", "-1", "2", "nan", "%"])
def test_what_is_no_share_is_refused(file: Path, written: str) -> None:
    done = called(file, "--overlap", written)
    assert done.exit_code == 2
    assert "is no share; write 5% or 0.05" in done.output


def test_two_ways_to_show_exclude_each_other(file: Path) -> None:
    done = called(file, "--plain", "--json")
    assert done.exit_code == 2
    assert "--plain and --json exclude each other" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"), [(["clop"], "no entry is called 'clop'"), (["--where", "colour=red"], "colour=red")]
)
def test_what_is_not_there_is_named(file: Path, opened: list[Desk], arguments: list[str], said: str) -> None:
    done = called(file, *arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert opened == []
