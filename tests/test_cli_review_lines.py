"""Review in plain lines and as a protocol: every answer is saved, hostile records stay text, wrong lines are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import ANSWER, readme, run, script
from tests.test_cli_decide import SAMPLE, states

HOSTILE = {
    "source_kind": {"kind": "software", "reason": "It is."},
    "capabilities": [
        {
            "name": "Bell \x07 and \x1b]52;c;aGk=\x07 \u202ereversed",
            "category": "other",
            "description": {"text": "Turns \x1b[2J scanned\x9b31m invoices into JSON records.", "units": [2]},
        }
    ],
}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of six drafted records."""
    assert run(tmp_path, "draft", SAMPLE, "--model", "extractive").exit_code == 0
    return tmp_path


def plain(folder: Path, *lines: str, args: tuple[str, ...] = ("--order", "entry")) -> list[str]:
    done = run(folder, "review", "--plain", *args, stdin="".join(f"{line}\n" for line in lines))
    assert done.exit_code == 0, done.stderr
    return done.stdout.splitlines()


def asked(folder: Path, *questions: Any) -> list[dict[str, Any]]:
    lines = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in questions)
    done = run(folder, "review", "--json", "--order", "entry", stdin=lines)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- plain


def test_each_record_takes_one_answer(catalog: Path) -> None:
    said = plain(catalog, "a", "x too vague", "", "a", "q")
    found = list(states(catalog).values())
    assert found == ["accepted", "rejected", "proposed", "accepted", "proposed", "proposed"]
    assert "Hybrid search (tallowick/hybrid-search), search.retrieval, proposed; 6 waiting" in said
    assert "1 description:" in said
    assert any(line.startswith("    source: ") and "reciprocal rank fusion" in line for line in said)


def test_what_is_taken_back_is_asked_again(catalog: Path) -> None:
    said = plain(catalog, "a", "u", "x wrong", "q")
    assert states(catalog)["tallowick/hybrid-search"] == "rejected"
    assert sum("(tallowick/hybrid-search)" in line for line in said) == 2


def test_a_field_is_left_out_by_its_number(catalog: Path) -> None:
    said = plain(catalog, "3", "a", "q", args=("--where", "name~plugins"))
    assert any("Will be left out: vs alternatives." in line for line in said)
    shown = json.loads(run(catalog, "show", "tallowick", "--format", "json").stdout)
    assert [one["dropped"] for one in shown["capabilities"] if "dropped" in one] == [["vs_alternatives"]]


def test_what_fails_is_named_and_not_accepted_by_default(tmp_path: Path) -> None:
    assert run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path, ANSWER)).exit_code == 0
    said = plain(tmp_path, "a", "1", "a")
    assert "1 description, LEFT OUT unless you say otherwise:" in said
    assert any("[NOT FOUND in the source]" in line for line in said)
    assert list(states(tmp_path, "papertrail").values()) == ["accepted"]


def test_the_end_of_the_input_is_a_way_to_leave(catalog: Path) -> None:
    assert plain(catalog)[-1].startswith("a accept, x reject")
    assert set(states(catalog).values()) == {"proposed"}


def test_keys_and_history_and_source_are_at_hand(catalog: Path) -> None:
    said = plain(catalog, "?", "h", "o", "y", "e nonsense x", "m", "k", "s", "f later", "q")
    text = "\n".join(said)
    assert "x       reject; a reason may follow" in text
    assert "Nothing was decided about it." in text
    assert "# tallowick" in text.casefold()
    assert "There is no key 'y'" in text
    assert "No other record is proposed to be the same." in text


def test_an_empty_queue_says_so(catalog: Path) -> None:
    assert plain(catalog, args=("--where", "category=image.visual")) == ["Nothing more waits."]


def test_everything_that_the_source_bears_out_is_accepted_at_once(catalog: Path) -> None:
    assert any("accepted 6 records" in line for line in plain(catalog, "A"))
    assert set(states(catalog).values()) == {"accepted"}


def test_hostile_records_send_no_control_character(tmp_path: Path) -> None:
    assert run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path, HOSTILE)).exit_code == 0
    done = run(tmp_path, "review", "--plain", stdin="o\nh\nf \x1b]0;x\x07\nq\n")
    assert not [char for char in done.stdout if (ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160]
    assert "\u202e" not in done.stdout


# --- as a protocol


def test_a_program_goes_through_the_queue(catalog: Path) -> None:
    next_, accepted, rejected, waiting, undone, history = asked(
        catalog,
        {"op": "next"},
        {"op": "accept", "id": "tallowick/hybrid-search"},
        {"op": "reject", "ids": ["tallowick/plugins"], "reason": "vague"},
        {"op": "waiting"},
        {"op": "undo"},
        {"op": "history", "id": "tallowick/plugins"},
    )
    record = next_["record"]
    assert (record["id"], record["state"]) == ("tallowick/hybrid-search", "proposed")
    (field,) = record["fields"]
    assert (field["name"], field["passes"], field["sentences"][0]["support"]) == ("description", True, "supported")
    assert accepted["done"]["text"] == "accepted hybrid-search"
    assert [one["reason"] for one in rejected["done"]["decisions"]] == ["vague"]
    assert waiting == {"ok": True, "waiting": 4}
    assert undone["done"]["text"] == "taken back: rejected plugins"
    assert [one["op"] for one in history["decisions"]] == ["reject", "undo"]


def test_next_goes_on_and_comes_round(catalog: Path) -> None:
    ids = [one["record"]["id"] for one in asked(catalog, *[{"op": "next"}] * 7)]
    assert len(set(ids[:6])) == 6
    assert ids[6] == ids[0]


def test_fields_can_be_left_out_edited_and_merged(catalog: Path) -> None:
    accepted, edited, merged, split, listed = asked(
        catalog,
        {"op": "accept", "id": "tallowick/plugins", "dropped": ["vs_alternatives"]},
        {"op": "edit", "id": "tallowick/live-index", "field": "name", "text": "Fresh index"},
        {"op": "merge", "ids": ["tallowick/hybrid-search", "tallowick/live-index"]},
        {"op": "split", "id": "tallowick/hybrid-search"},
        {"op": "list", "count": 2},
    )
    assert all(one["ok"] for one in (accepted, edited, merged, split, listed))
    assert accepted["done"]["text"] == "accepted plugins, without vs_alternatives"
    assert len(listed["records"]) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "the line is not JSON"),
        ("[]", "the line names no `op`"),
        ({"op": "dance"}, "the line names no `op`"),
        ({"op": "accept"}, "`id` or `ids` is missing"),
        ({"op": "accept", "ids": [1]}, "`id` or `ids` is missing"),
        ({"op": "accept", "id": "a/b", "dropped": "unique"}, "`dropped` is no list"),
        ({"op": "edit", "id": "a/b"}, "`field` is missing"),
        ({"op": "sheet", "id": "nobody/x"}, "no record is called 'nobody/x'"),
        ({"op": "list", "count": 0}, "`count` is not 1 to 1000"),
        ("[" * 100_000, "the line is not JSON"),
    ],
)
def test_a_wrong_line_is_answered_and_the_next_is_read(catalog: Path, line: Any, said: str) -> None:
    wrong, right = asked(catalog, line, {"op": "waiting"})
    assert (wrong["ok"], said in wrong["error"]) == (False, True), wrong
    assert right == {"ok": True, "waiting": 6}
