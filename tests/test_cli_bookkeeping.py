"""The ledger says what was asked, what it cost, and what is in doubt."""

import json
import os
import socket
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from decomposer.cli.bookkeeping import ago, by_model, dollars, shown
from decomposer.cli.screen import Screen
from decomposer.ports import Doubt, ModelUse, Price, Request, Sending
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from tests.test_cli import run

HERE = "http://127.0.0.1:8000/v1"
USE = ModelUse(HERE, "lantern", 4, 1, 0, 1, 2, 1_200, 80, 3, Decimal("0.00042"), 0, Decimal("0.5"))


def doubt(**values: object) -> Doubt:
    made = {"key": "k" * 64, "attempt": 1, "endpoint": HERE, "model": "lantern", "sent_at": "", "host": "h", "pid": 7}
    return Doubt(**{**made, **values})  # type: ignore[arg-type]


def printed(use: ModelUse, *doubts: Doubt) -> list[str]:
    file = StringIO()
    shown(use, doubts).table(Screen(file))
    return [" ".join(line.split()) for line in file.getvalue().splitlines()]


def test_counts_and_costs_are_listed() -> None:
    assert printed(USE) == [
        "lantern at http://127.0.0.1:8000/v1",
        "requests 4",
        "answered 1",
        "refused 0",
        "failed 1",
        "in doubt 2",
        "queued 3",
        "prompt tokens 1,200",
        "completion tokens 80",
        "cost $0.000420",
        "cost in doubt at most $0.50",
    ]


def test_what_has_no_known_cost_is_said_and_never_free() -> None:
    lines = printed(ModelUse(HERE, "lantern", 1, 1, 0, 0, 1, 5, 5, unpriced=1, in_doubt_usd=None))
    assert lines[-2:] == ["cost $0.00 and 1 of unknown cost", "cost in doubt unknown"]


def test_each_attempt_in_doubt_is_told_with_its_age_and_cost() -> None:
    gone = doubt(estimated_usd=Decimal("0.031"), run=3)
    here = doubt(host=socket.gethostname(), pid=os.getpid())
    text = " ".join(printed(USE, gone, here))
    assert "in doubt: kkkkkkkkkkkk attempt 1, sent long ago by process 7 on h, run 3, at most $0.03 still" in text
    assert "still under way: kkkkkkkkkkkk attempt 1, " in text
    assert text.endswith("of unknown cost")


def test_for_programs_money_is_text_and_the_doubts_are_a_list() -> None:
    value = shown(USE, [doubt(estimated_usd=Decimal("0.031"))]).value()
    assert (value["cost_usd"], value["in_doubt_usd"]) == ("0.00042", "0.5")
    (listed,) = value["doubts"]
    assert (listed["key"], listed["estimated_usd"], listed["under_way"]) == ("k" * 64, "0.031", False)
    assert listed["age_seconds"] is None
    assert shown(USE).value()["doubts"] == []


def test_markdown_holds_the_same() -> None:
    text = shown(USE, [doubt()]).md()
    assert "* cost: $0.000420\n" in text
    assert "* in doubt: kkkkkkkkkkkk attempt 1" in text


def test_doubts_are_kept_apart_by_model() -> None:
    other = doubt(model="other")
    assert by_model([doubt(), other]) == {(HERE, "lantern"): [doubt()], (HERE, "other"): [other]}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (None, "unknown"),
        ("0", "$0.00"),
        ("0.0000004", "less than $0.000001"),
        ("0.00012", "$0.000120"),
        ("0.01", "$0.01"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_amounts_are_read_by_people(amount: str | None, expected: str) -> None:
    assert dollars(None if amount is None else Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, "0 s ago"), (59, "59 s ago"), (300, "5 min ago"), (7_300, "2 h ago"), (200_000, "2 d ago"),
     (float("inf"), "long ago")],
)  # fmt: skip
def test_ages_are_read_by_people(seconds: float, expected: str) -> None:
    assert ago(seconds) == expected


def test_the_command_lists_what_is_in_doubt(tmp_path: Path) -> None:
    engine = open_database(str(tmp_path / "decomposer.db"))
    request = Request(HERE, "lantern", "tools", {"messages": []})
    most = Price(Decimal(1), Decimal(1)).of(100, 20)
    SqlLedger(engine).begin(request, Sending(estimated_usd=most))
    engine.dispose()
    (use,) = json.loads(run(tmp_path, "ledger", "stats", "--format", "json").stdout)
    assert (use["model"], use["in_doubt"], use["in_doubt_usd"]) == ("lantern", 1, "0.00012")
    (listed,) = use["doubts"]
    assert (listed["key"], listed["estimated_usd"], listed["under_way"]) == (request.key, "0.00012", True)
    assert 0 <= listed["age_seconds"] < 3_600
    assert "still under way: " in run(tmp_path, "ledger", "stats").stdout
