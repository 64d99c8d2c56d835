"""The catalog over time on the command line: as a table, as data, as a picture."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from decomposer.records import Counted, Day
from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from decomposer.wiring.over_time import days
from tests.cats import filled
from tests.ranking import entry, record
from tests.test_cli import run


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of two entries, one of which says nothing."""
    return filled(tmp_path, entry("lynx", record("See", "x.", state="accepted"), record("Hear", "x.")), entry("puma"))


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_today_is_counted_and_every_form_says_the_same(catalog: Path) -> None:
    done = run(catalog, "stats", "--over-time")
    assert (done.exit_code, done.stderr) == (0, "")
    head, line = [" ".join(one.split()) for one in done.stdout.splitlines()]
    assert head == "day entries capabilities supported covered reviewed accepted rejected"
    assert line == f"{today()} 2 2 100.0% 50.0% 50.0% 0 0"
    (day,) = json.loads(run(catalog, "stats", "--over-time", "--format", "json").stdout)
    assert day == {
        "day": today(), "entries": 2, "accepted": 0, "rejected": 0,
        "counted": {
            "covered": 1, "capabilities": 2, "reviewed": 1, "supported": 2, "partial": 0, "unsupported": 0,
            "vendor_claim": 0,
        },
        "shares": {"supported": 1.0, "covered": 0.5, "reviewed": 0.5},
    }  # fmt: skip
    assert json.loads(run(catalog, "stats", "--over-time", "--format", "jsonl").stdout) == day
    page = run(catalog, "stats", "--over-time", "--format", "md").stdout
    assert page.splitlines()[-1] == f"| {today()} | 2 | 2 | 100.0% | 50.0% | 50.0% | 0 | 0 |"


def test_the_picture_is_a_file_of_its_own(catalog: Path) -> None:
    drawn = run(catalog, "stats", "--over-time", "--format", "svg").stdout
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert f"entries: 2 on {today()}" in drawn


def test_a_day_that_nobody_counted_is_no_zero(catalog: Path) -> None:
    with Workspace(read_settings({"db": str(catalog / "decomposer.db")}, environ={}, folder=catalog)) as workspace:
        assert days(workspace, count=False) == [Day(day=today(), entries=2)]
        counted = Counted(covered=1, capabilities=2, reviewed=1, supported=2)
        assert days(workspace) == days(workspace, count=False) == [Day(day=today(), entries=2, counted=counted)]


def test_unknown_is_shown_as_unknown() -> None:
    from decomposer.cli.days import shown

    unknown = shown(Day(day="2026-01-01", entries=1), first=False)
    assert unknown.md() == "| 2026-01-01 | 1 | - | - | - | - | 0 | 0 |"
    assert unknown.value() == {"day": "2026-01-01", "entries": 1, "accepted": 0, "rejected": 0, "shares": None}


def test_what_was_decided_has_no_picture(catalog: Path) -> None:
    done = run(catalog, "stats", "--format", "svg")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "add --over-time" in done.stderr
    assert "nothing was decided yet" in run(catalog, "stats").stderr


def test_an_empty_catalog_has_a_day_of_nothing(tmp_path: Path) -> None:
    (day,) = json.loads(run(tmp_path, "stats", "--over-time", "--format", "json").stdout)
    assert (day["entries"], day["shares"]) == (0, {"supported": None, "covered": None, "reviewed": None})
