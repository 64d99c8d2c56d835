"""What a person decides on the command line holds, can be taken back, and is told in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.records import Decision
from tests.test_cli import ANSWER, readme, run, script

SAMPLE = str(Path(__file__).parents[1] / "samples" / "tallowick")
SEARCH, ANSWERS = "tallowick/hybrid-search", "tallowick/answers-with-their-source"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of six drafted records."""
    assert run(tmp_path, "draft", SAMPLE, "--model", "extractive").exit_code == 0
    return tmp_path


def states(folder: Path, slug: str = "tallowick") -> dict[str, str]:
    shown = json.loads(run(folder, "show", slug, "--format", "json").stdout)
    return {one["id"]: one["state"] for one in shown["capabilities"]}


def one(folder: Path, identity: str) -> dict[str, Any]:
    shown = json.loads(run(folder, "show", identity.partition("/")[0], "--format", "json").stdout)
    return next(one for one in shown["capabilities"] if one["id"] == identity)


def events(folder: Path, *args: str) -> list[Decision]:
    lines = run(folder, "history", *args, "--format", "jsonl").stdout.splitlines()
    return [Decision.model_validate_json(line) for line in lines]


# --- one record


def test_a_record_is_accepted_taken_back_and_put_in_place_again(catalog: Path) -> None:
    done = run(catalog, "accept", SEARCH, "--actor", "ann", "--reason", "read it")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "accepted hybrid-search\n", "")
    assert states(catalog)[SEARCH] == "accepted"
    assert run(catalog, "undo", "--actor", "ann").stdout == "taken back: accepted hybrid-search\n"
    assert states(catalog)[SEARCH] == "proposed"
    assert run(catalog, "redo", "--actor", "ann").stdout == "in place again: accepted hybrid-search\n"
    assert states(catalog)[SEARCH] == "accepted"
    told = [(one.seq, one.op, one.actor, one.live) for one in events(catalog, SEARCH)]
    assert told == [(3, "redo", "ann", False), (2, "undo", "ann", False), (1, "accept", "ann", True)]


def test_a_rejection_keeps_its_reason_and_is_counted(catalog: Path) -> None:
    assert run(catalog, "reject", SEARCH, ANSWERS, "--reason", "too vague").exit_code == 0
    assert {states(catalog)[SEARCH], states(catalog)[ANSWERS]} == {"rejected"}
    assert "2 rejected: too vague" in run(catalog, "stats").stdout
    (figures,) = json.loads(run(catalog, "stats", "--format", "json").stdout)
    assert (figures["rejected"], figures["reasons"]) == (2, [{"reason": "too vague", "count": 2}])


def test_what_the_source_does_not_support_is_not_accepted_unless_a_person_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path, ANSWER)).exit_code == 0
    record = "papertrail/invoices-json"
    (record,) = states(tmp_path, "papertrail")
    refused = run(tmp_path, "accept", record)
    assert (refused.exit_code, refused.stdout) == (1, "nothing was decided\n")
    assert refused.stderr.startswith(f"left as it is: {record}: ")
    assert states(tmp_path, "papertrail")[record] == "proposed"
    assert run(tmp_path, "accept", record, "--with", "description").exit_code == 0
    assert states(tmp_path, "papertrail")[record] == "accepted"


def test_a_field_can_be_left_out_and_is_not_published(catalog: Path) -> None:
    done = run(catalog, "accept", "tallowick/plugins", "--without", "vs_alternatives")
    assert done.stdout == "accepted plugins, without vs_alternatives\n"
    held = one(catalog, "tallowick/plugins")
    assert held["dropped"] == ["vs_alternatives"]
    assert held["vs_alternatives"]["text"].startswith("Unlike Brindle Search")
    assert run(catalog, "export", "out", "--as", "json", "--state", "accepted").exit_code == 0
    assert "Brindle" not in "".join(path.read_text() for path in (catalog / "out").rglob("*.json"))


def test_an_edited_text_keeps_or_loses_its_verdict(catalog: Path) -> None:
    said = ("--field", "description", "--text")
    assert run(catalog, "edit", SEARCH, *said, "Keyword and vector search in one query.").exit_code == 0
    assert one(catalog, SEARCH)["description"]["support"] == "supported"
    assert run(catalog, "edit", SEARCH, *said, "Searches 900 million files a second.").exit_code == 0
    held = one(catalog, SEARCH)
    assert held["description"]["support"] == "unsupported"
    assert held["provenance"]["edited"] == ["description"]
    assert run(catalog, "undo").exit_code == run(catalog, "undo").exit_code == 0
    assert "edited" not in one(catalog, SEARCH)["provenance"]


def test_records_are_merged_split_and_held_apart(catalog: Path) -> None:
    before = one(catalog, ANSWERS)
    assert run(catalog, "merge", SEARCH, ANSWERS).exit_code == 0
    assert ANSWERS not in states(catalog)
    assert [part["id"] for part in one(catalog, SEARCH)["merged"]] == [SEARCH, ANSWERS]
    assert run(catalog, "split", SEARCH).exit_code == 0
    after = one(catalog, ANSWERS)
    assert after.pop("provenance")["edited"] == ["split"]  # from now on a draft leaves it alone
    assert after == {name: value for name, value in before.items() if name != "provenance"}
    shown = json.loads(run(catalog, "show", "tallowick", "--format", "json").stdout)
    assert [sorted(pair) for pair in shown["apart"]] == [sorted([SEARCH, ANSWERS])]
    assert "a person has split them" in run(catalog, "why", SEARCH, ANSWERS).stdout


def test_a_flag_asks_for_another_look(catalog: Path) -> None:
    assert run(catalog, "flag", SEARCH).stdout == "flagged hybrid-search\n"
    assert one(catalog, SEARCH)["flagged"] is True
    assert run(catalog, "flag", SEARCH, "--off").exit_code == 0
    assert "flagged" not in one(catalog, SEARCH)


# --- many


def test_many_are_accepted_after_a_look_at_a_sample_and_one_undo_takes_all_back(catalog: Path) -> None:
    looked = run(catalog, "accept", "--where", "entry=tallowick", "--sample", "3", "--dry-run")
    assert looked.exit_code == 0
    assert "Hybrid search" in looked.stderr or "Live index" in looked.stderr
    assert set(states(catalog).values()) == {"proposed"}
    done = run(catalog, "accept", "--where", "entry=tallowick", "--sample", "3", "--wrong", "0", "--yes")
    assert done.stdout == "accepted 6 records\n"
    assert done.stderr == "0 errors in 3 of 6, chosen at random (seed 0): at most 63.2 % wrong, at 95 %\n"
    assert {one.guard for one in events(catalog) if one.op == "accept"} == {done.stderr.strip()}
    assert set(states(catalog).values()) == {"accepted"}
    assert run(catalog, "undo").stdout == "taken back: accepted 6 records\n"
    assert set(states(catalog).values()) == {"proposed"}


def test_what_nobody_looked_at_is_said_to_be_unknown(catalog: Path) -> None:
    done = run(catalog, "accept", "--where", "all", "--yes")
    assert done.stderr == "not one of 6 was looked at: nothing is known of how many are wrong\n"


def test_a_decision_about_many_needs_somebody_who_looks(catalog: Path) -> None:
    done = run(catalog, "reject", "--where", "all")
    assert done.exit_code == 2
    assert "nobody is there to look at the sample; look with --dry-run" in done.stderr
    assert set(states(catalog).values()) == {"proposed"}


def test_decisions_are_reverted_by_number_and_by_reviewer(catalog: Path) -> None:
    run(catalog, "accept", SEARCH, "--actor", "ann")
    run(catalog, "reject", ANSWERS, "--actor", "bob")
    assert run(catalog, "revert", "1", "--actor", "eve").exit_code == 0
    assert (states(catalog)[SEARCH], states(catalog)[ANSWERS]) == ("proposed", "rejected")
    assert run(catalog, "revert", "--by", "bob", "--since", "2026-01-01").exit_code == 0
    assert set(states(catalog).values()) == {"proposed"}


def test_what_came_later_stands_in_the_way_and_is_named(catalog: Path) -> None:
    run(catalog, "accept", SEARCH, "--actor", "ann")
    run(catalog, "reject", SEARCH, "--actor", "bob")
    done = run(catalog, "undo", "--actor", "ann")
    assert done.exit_code == 1
    assert "bob has decided about it since" in done.stderr
    assert states(catalog)[SEARCH] == "rejected"


# --- between catalogs


def test_decisions_move_to_another_catalog_and_applying_them_again_changes_nothing(
    catalog: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    assert run(other, "draft", SAMPLE, "--model", "extractive").exit_code == 0
    run(catalog, "accept", SEARCH)
    run(catalog, "reject", ANSWERS, "--reason", "vague\x1b[2J")
    assert run(catalog, "events", "export", "--out", str(other / "d.jsonl")).stderr.startswith("2 decisions written")
    assert run(other, "events", "apply", "d.jsonl").stderr == "2 decisions applied\n"
    assert states(other) == states(catalog)
    assert run(other, "events", "apply", "d.jsonl").stderr == "0 decisions applied, 2 were here already\n"
    assert run(other, "history").stdout.count("\x1b") == 0


def test_decisions_that_do_not_fit_are_named_and_left_out(catalog: Path, tmp_path: Path) -> None:
    run(catalog, "accept", SEARCH)
    text = run(catalog, "events", "export").stdout
    run(catalog, "undo")
    run(catalog, "reject", SEARCH)
    (tmp_path / "d.jsonl").write_text(text.replace('"batch":"', '"batch":"x'), encoding="utf-8")
    done = run(catalog, "events", "apply", "d.jsonl")
    assert (done.exit_code, states(catalog)[SEARCH]) == (1, "rejected")
    assert f"left out: {SEARCH}: it says something else here" in done.stderr


# --- bad input


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("accept",), 2, "no records are named"),
        (("accept", SEARCH, "--where", "all"), 2, "named by ids and by --where"),
        (("accept", "nobody/x"), 1, "left as it is: nobody/x: the catalog does not hold it"),
        (("accept", "--where", "colour=red"), 2, "is no term about records"),
        (("accept", "--where", "all", "--wrong", "9", "--yes", "--sample", "3"), 2, "the sample has 3 records"),
        (("reject", "--where", "category=image.visual"), 0, "nothing that is meant waits"),
        (("edit", SEARCH, "--field", "name"), 2, "--field and --text go together"),
        (("edit", SEARCH, "--field", "category", "--text", "gardening"), 1, "left as it is"),
        (("merge", SEARCH), 1, "it takes two records to merge"),
        (("split", SEARCH), 1, "left as it is"),
        (("revert",), 2, "nothing says which decisions are meant"),
        (("revert", "--since", "tomorrow"), 2, "is no time"),
        (("history", "nobody"), 2, "no entry is called 'nobody'"),
        (("events", "apply", "none.jsonl"), 2, "can't be read"),
        (("keep", SEARCH), 1, "left as it is"),
    ],
)
def test_a_wrong_command_is_named(catalog: Path, args: tuple[str, ...], code: int, said: str) -> None:
    done = run(catalog, *args)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


def test_an_undo_of_nothing_says_so(catalog: Path) -> None:
    assert run(catalog, "undo").stdout == "there is nothing to take back\n"
    assert run(catalog, "redo").stdout == "there is nothing to put in place again\n"


def test_agreement_without_double_decisions_says_how_to_get_some(catalog: Path) -> None:
    assert "decomposer review --overlap 5%" in " ".join(run(catalog, "agreement").stdout.split())
    assert json.loads(run(catalog, "agreement", "--format", "json").stdout)["kappa"] is None
