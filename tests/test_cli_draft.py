"""`decomposer draft` prints entries with their evidence, saves proposals, and goes on after a bad document."""

import json
from pathlib import Path
from typing import Any

import pytest

from decomposer.records import Entry
from tests.standin import Standin, drafted
from tests.test_cli import ANSWER, README, readme, run, script

FORMATS = ("table", "json", "jsonl", "md")


def test_the_evidence_of_every_claim_is_shown_with_its_lines(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--model", script(tmp_path), "--no-save")
    assert (done.exit_code, done.stderr) == (
        0,
        "1 entry with 1 capability drafted, not saved; 0 requests, 0 answers from the ledger\n",
    )
    lines = done.stdout.splitlines()
    assert "   description  ✗ not supported" in lines
    assert "     │ line 3  “papertrail turns scanned invoices into JSON records, up to 40" in lines
    assert "     │ line 8  “Unlike InvoiceNet it needs no training data.”" in lines
    assert "   The source does not say: unique." in lines


def test_one_reference_gives_one_entry_and_several_an_array(tmp_path: Path) -> None:
    first, second = readme(tmp_path), readme(tmp_path, name="other.md")
    one = run(tmp_path, "draft", first, "--format", "json")
    two = run(tmp_path, "draft", first, second, "--format", "json")
    assert Entry.model_validate_json(one.stdout).artifact.slug == "papertrail"
    assert [Entry.model_validate(entry).artifact.slug for entry in json.loads(two.stdout)] == ["papertrail", "other"]


def test_json_lines_have_one_entry_each(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), readme(tmp_path, name="other.md"), "--format", "jsonl")
    assert [Entry.model_validate_json(line).artifact.slug for line in done.stdout.splitlines()] == [
        "papertrail",
        "other",
    ]


def test_a_bad_document_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    refs = (readme(tmp_path, name="one.md"), "missing.md", "ftp://example.com/x", readme(tmp_path, name="two.md"))
    done = run(tmp_path, "draft", *refs, "--model", "extractive", "--format", "json")
    assert done.exit_code == 1
    assert [entry["artifact"]["slug"] for entry in json.loads(done.stdout)] == ["one", "two"]
    failures = [line for line in done.stderr.splitlines() if line.startswith("failed: ")]
    assert failures[0] == "failed: missing.md: no such file or folder; check the spelling"
    assert failures[1].startswith("failed: ftp:")
    assert "2 entries with" in done.stderr
    assert "; 2 failed; " in done.stderr


def test_without_a_model_the_extractive_one_is_used_and_said_on_stderr(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--format", "json")
    assert json.loads(done.stdout)["run"]["model"] == "extractive"
    assert done.stderr.splitlines()[0] == (
        "no model is configured: using extractive, which needs none (choose with --model)"
    )


def test_no_save_leaves_no_database_where_nobody_was_asked(tmp_path: Path) -> None:
    run(tmp_path, "draft", readme(tmp_path), "--no-save")
    assert [path.name for path in tmp_path.iterdir()] == ["papertrail.md"]


def test_drafting_again_keeps_ids_and_what_was_decided(tmp_path: Path) -> None:
    args = ("draft", readme(tmp_path), "--model", "extractive", "--format", "json")
    first = Entry.model_validate_json(run(tmp_path, *args).stdout)
    run(tmp_path, "retire", "papertrail")
    second = Entry.model_validate_json(run(tmp_path, *args).stdout)
    assert [capability.id for capability in second.capabilities] == [capability.id for capability in first.capabilities]
    assert {capability.state for capability in first.capabilities} == {"proposed"}
    assert {capability.state for capability in second.capabilities} == {"retired"}


def test_another_source_with_a_taken_slug_gets_the_next(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    readme(tmp_path / "other", README + "\nIt also reads receipts.\n")
    run(tmp_path, "draft", readme(tmp_path), "--model", "extractive")
    done = run(tmp_path, "draft", "other/papertrail.md", "--model", "extractive", "--format", "json")
    entry = Entry.model_validate_json(done.stdout)
    assert entry.artifact.slug == "papertrail-2"
    assert {capability.id.partition("/")[0] for capability in entry.capabilities} == {"papertrail-2"}


def test_entries_go_to_a_file_on_request(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--out", "entry.json", "--format", "json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert Entry.model_validate_json((tmp_path / "entry.json").read_text()).artifact.slug == "papertrail"


def test_a_file_that_can_not_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--out", "no/such/entry.json", "--no-save", "--model", "extractive")
    assert (done.exit_code, done.stderr) == (
        2,
        "decomposer: --out no/such/entry.json: can't be written (No such file or directory); "
        "name a file in a folder that exists\n",
    )


def test_a_wrong_model_or_prompt_ends_the_run_before_the_first_document(tmp_path: Path) -> None:
    for args, said in (
        (("--model", "scripted/missing.json"), "missing.json"),
        (("--prompt", "v99"), "decomposer: there is no prompt v99; released: v1, v2"),
        (("--mode", "yaml"), "--mode: 'yaml' is no valid mode; choose one of tools, json_schema, json"),
        (("--db", str(tmp_path)), "is a folder"),
    ):
        done = run(tmp_path, "draft", readme(tmp_path), *args)
        assert (done.exit_code, done.stdout) == (3, "")
        assert said in done.stderr


def test_stdin_is_a_document(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", "-", "--format", "json", stdin=README)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["documents"][0]["chars"] == len(README)


def test_an_empty_document_says_why_it_has_no_capabilities(tmp_path: Path) -> None:
    done = run(tmp_path, "draft", readme(tmp_path, ""), "--no-save")
    assert done.exit_code == 0
    assert "No capabilities: the document is empty (0 characters)" in done.stdout


EVIL = "\x1b]52;c;ZXZpbA==\x07 \x9b31m [/bold] [red]x \u202e\u2066 \u200b \x7f\x85 <script>"


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_in_a_document_or_an_answer_acts_on_a_terminal(tmp_path: Path, form: str) -> None:
    said = json.loads(json.dumps(ANSWER))
    said["source_kind"]["reason"] = EVIL
    said["capabilities"][0] |= {"name": EVIL, "description": {"text": f"Reads {EVIL}", "units": [2]}}
    text = README.replace("turns", f"turns {EVIL}") + f"\n## {EVIL}\n"
    args = ("draft", readme(tmp_path, text), "--model", script(tmp_path, said), "--format", form)
    for done in (run(tmp_path, *args), run(tmp_path, "show", "papertrail", "--format", form)):
        assert done.exit_code == 0
        shown = done.stdout + done.stderr
        assert not {char for char in shown if char < " " or "\x7f" <= char <= "\x9f"} - {"\n"}
        assert not set("\u202e\u2066\u200b") & set(shown)
    if form == "table":
        assert "[/bold] [red]x" in done.stdout


@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}, {"COLUMNS": "80"}])
def test_redirected_tables_are_plain_and_fit_80_columns(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--no-save", **environ)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_sentences_that_differ_are_shown_one_by_one(tmp_path: Path) -> None:
    said = json.loads(json.dumps(ANSWER))
    both = "It turns scanned invoices into JSON records. It is the fastest."
    said["capabilities"][0] |= {"description": {"text": both, "units": [2]}, "vs_alternatives": None}
    done = run(tmp_path, "draft", readme(tmp_path), "--no-save", "--model", script(tmp_path, said))
    lines = done.stdout.splitlines()
    assert "     ✓ It turns scanned invoices into JSON records." in lines
    assert "     ✗ It is the fastest." in lines


# --- a second opinion

OPINIONS = {
    "opinions": [
        {"claim": 1, "verdict": "supported", "reason": "The line says it."},
        {"claim": 2, "verdict": "partial", "reason": f"It only says\n{EVIL}"},
        {"claim": 3, "verdict": "supported", "reason": "Stray."},
        {"claim": -1, "verdict": "supported", "reason": "Stray."},
    ]
}


def doubter(folder: Path, *answers: object) -> str:
    """Write a scripted second model and return its name."""
    (folder / "opinions.json").write_text(json.dumps(answers or [OPINIONS]), encoding="utf-8")
    return "scripted/opinions.json"


def test_a_second_model_lowers_a_verdict_and_raises_none(tmp_path: Path) -> None:
    args = ("draft", readme(tmp_path), "--model", script(tmp_path), "--verify", doubter(tmp_path), "--format", "json")
    done = run(tmp_path, *args)
    assert done.exit_code == 0
    (capability,) = Entry.model_validate_json(done.stdout).capabilities
    verdicts = [(field, one.support, one.sentences[0].reason) for field, one in capability.statements()]
    rules = Entry.model_validate_json(run(tmp_path, *args[:4], "--no-save", "--format", "json").stdout).capabilities[0]
    assert rules.description is not None
    ruled, said = rules.description.sentences[0].reason, " ".join(EVIL.split())
    assert verdicts == [
        (
            "description",
            "unsupported",
            f"{ruled}; a second model (scripted/opinions.json) said supported: The line says it.",
        ),
        (
            "vs_alternatives",
            "partial",
            f"a second model (scripted/opinions.json): It only says {said}; the rules said vendor claim",
        ),
    ]
    shown = run(tmp_path, "show", "papertrail", "--format", "json")
    assert json.loads(shown.stdout)["capabilities"] == json.loads(done.stdout)["capabilities"]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_a_second_model_says_acts_on_a_terminal(tmp_path: Path, form: str) -> None:
    args = ("draft", readme(tmp_path), "--model", script(tmp_path), "--verify", doubter(tmp_path), "--format", form)
    done = run(tmp_path, *args)
    assert done.exit_code == 0
    shown = done.stdout + done.stderr
    assert not {char for char in shown if char < " " or "\x7f" <= char <= "\x9f"} - {"\n"}
    assert not set("\u202e\u2066\u200b") & set(shown)


def test_an_entry_without_claims_asks_for_no_second_opinion(tmp_path: Path) -> None:
    # The script's only answer is no opinion, so asking would fail.
    done = run(tmp_path, "draft", readme(tmp_path, ""), "--no-save", "--verify", doubter(tmp_path, {}))
    assert done.exit_code == 0
    assert "No capabilities: the document is empty (0 characters)" in done.stdout


def test_an_answer_that_is_no_opinion_fails_that_document_alone(tmp_path: Path) -> None:
    refs = (readme(tmp_path), readme(tmp_path, name="other.md"))
    done = run(tmp_path, "draft", *refs, "--verify", doubter(tmp_path, {"verdict": "fine"}, {"opinions": []}))
    assert done.exit_code == 1
    assert "failed: papertrail.md: scripted/opinions.json: the answer is no Opinions: opinions: " in done.stderr
    assert [path["artifact"]["slug"] for path in json.loads(run(tmp_path, "list", "--format", "json").stdout)] == [
        "other"
    ]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("scripted/missing.json", "missing.json: the answers can't be read"),
        ("", "no model is named; write openai/NAME"),
        ("extractive", "the extractive model can't do the task 'verify'"),
    ],
)
def test_a_wrong_second_model_ends_the_run(tmp_path: Path, model: str, said: str) -> None:
    done = run(tmp_path, "draft", readme(tmp_path), "--verify", model)
    assert (done.exit_code, done.stdout) == (3, "")
    assert said in done.stderr


@pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
def test_a_second_opinion_is_paid_for_once_and_counted_in_the_run(tmp_path: Path) -> None:
    def answered(body: dict[str, Any]) -> dict[str, Any]:
        if body["tools"][0]["function"]["name"] == "Opinions":
            return {"opinions": [{"claim": 1, "verdict": "partial", "reason": "It says less."}]}
        return drafted(body)

    with Standin(answer=answered) as server:
        args = ("draft", readme(tmp_path), "--model", "one", "--verify", "other", "--format", "json", "--no-save")
        first = run(tmp_path, *args, OPENAI_BASE_URL=server.url)
        second = run(tmp_path, *args, OPENAI_BASE_URL=server.url)
        asked = [body["model"] for body in server.requests]
        tokens = (server.prompt_tokens, server.completion_tokens)
    assert asked == ["one", "other"]
    assert (first.exit_code, second.exit_code) == (0, 0)
    paid, again = (Entry.model_validate_json(done.stdout) for done in (first, second))
    assert (paid.run.model, paid.run.requests, paid.run.cached) == ("openai/one", 2, 0)
    assert (paid.run.prompt_tokens, paid.run.completion_tokens) == tokens
    assert (again.run.requests, again.run.cached, again.run.prompt_tokens) == (0, 2, 0)
    assert again.capabilities == paid.capabilities
    assert paid.capabilities[0].description is not None
    assert paid.capabilities[0].description.sentences[0].reason == (
        "a second model (openai/other): It says less.; the rules said supported"
    )
    assert first.stderr.splitlines()[-1].endswith("2 requests, 0 answers from the ledger")
    assert second.stderr.splitlines()[-1].endswith("0 requests, 2 answers from the ledger")
