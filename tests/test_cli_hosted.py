"""With a model server, a document costs one request, once; the ledger holds what was asked, and keys are nowhere."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.standin import Standin
from tests.test_cli import readme, run

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    with Standin() as server:
        args = (
            "draft",
            readme(tmp_path),
            readme(tmp_path, "# other\n\nIt reads PDF.\n", name="other.md"),
            "--format",
            "json",
        )
        first = run(tmp_path, *args, "--no-save", OPENAI_BASE_URL=server.url)
        second = run(tmp_path, *args, OPENAI_BASE_URL=server.url)
        assert len(server.requests) == 2
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stderr.splitlines()[0] == (
        "no model is named, OPENAI_BASE_URL is set: using openai/gpt-5-mini (choose with --model)"
    )
    assert first.stderr.splitlines()[-1].endswith("not saved; 2 requests, 0 answers from the ledger")
    assert second.stderr.splitlines()[-1].endswith("saved in decomposer.db; 0 requests, 2 answers from the ledger")
    drafts = [[entry["capabilities"] for entry in json.loads(done.stdout)] for done in (first, second)]
    assert drafts[0] == drafts[1]


def test_the_ledger_counts_what_was_asked(tmp_path: Path) -> None:
    with Standin() as server:
        run(tmp_path, "draft", readme(tmp_path), "--model", "[red]any", OPENAI_BASE_URL=server.url)
        tokens = (server.prompt_tokens, server.completion_tokens)
    (use,) = json.loads(run(tmp_path, "ledger", "stats", "--format", "json").stdout)
    assert (use["model"], use["requests"], use["answered"], use["in_doubt"]) == ("[red]any", 1, 1, 0)
    assert (use["prompt_tokens"], use["completion_tokens"]) == tokens
    assert run(tmp_path, "ledger", "stats").stdout.startswith("[red]any at http")
    assert run(tmp_path, "ledger", "verify").exit_code == 0


def test_a_refused_document_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    with Standin(faults=["refusal", "refusal", "ok"]) as server:
        refs = (
            readme(tmp_path, "# a\n\nIt reads PDF.\n", name="a.md"),
            readme(tmp_path, "# b\n\nIt reads CSV.\n", name="b.md"),
        )
        done = run(tmp_path, "draft", *refs, "--format", "jsonl", "--model", "any", OPENAI_BASE_URL=server.url)
    assert done.exit_code == 1
    assert [json.loads(line)["artifact"]["slug"] for line in done.stdout.splitlines()] == ["b"]
    assert done.stderr.startswith("failed: a.md: any refused to answer: ")


def test_a_key_is_sent_and_neither_stored_nor_printed(tmp_path: Path) -> None:
    key = "sk-not-a-real-key"
    with Standin() as server:
        done = run(tmp_path, "draft", readme(tmp_path), OPENAI_BASE_URL=server.url, OPENAI_API_KEY=key)
        assert [headers.get("authorization", headers.get("Authorization")) for headers in server.headers] == [
            f"Bearer {key}"
        ]
    printed = done.output + run(tmp_path, "doctor", OPENAI_API_KEY=key).output + run(tmp_path, "ledger", "stats").output
    assert key not in printed
    assert not [path for path in tmp_path.iterdir() if key.encode() in path.read_bytes()]


@pytest.mark.parametrize("fault", ["401", "402", "403", "404"])
def test_an_endpoint_that_refuses_everything_ends_the_run_at_once(tmp_path: Path, fault: str) -> None:
    other = readme(tmp_path, "# other\n\nIt reads PDF.\n", name="other.md")
    with Standin(faults=[fault], repeat=True) as server:
        done = run(tmp_path, "draft", readme(tmp_path), other, OPENAI_BASE_URL=server.url)
        assert len(server.requests) == 1
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"answered {fault}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_says_what_it_cost(tmp_path: Path) -> None:
    with Standin() as server:
        args = ("draft", readme(tmp_path), "--model", "gpt-5-mini", "--format", "json")
        first, second = (run(tmp_path, *args, OPENAI_BASE_URL=server.url) for _ in range(2))
        cost = (Decimal("0.25") * server.prompt_tokens + 2 * server.completion_tokens) / 1_000_000
    assert Decimal(json.loads(first.stdout)["run"]["cost_usd"]) == cost
    assert Decimal(json.loads(second.stdout)["run"]["cost_usd"]) == 0
    (use,) = json.loads(run(tmp_path, "ledger", "stats", "--format", "json").stdout)
    assert (Decimal(use["cost_usd"]), use["unpriced"], use["doubts"]) == (cost, 0, [])


def test_a_price_file_that_can_not_be_read_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with Standin() as server:
        done = run(tmp_path, "draft", readme(tmp_path), OPENAI_BASE_URL=server.url, DECOMPOSER_PRICES="none.json")
        assert server.requests == []
    assert done.exit_code == 3
    assert "prices none.json: can't be read (No such file or directory); name a JSON file" in done.stderr
