"""`decomposer prompt` shows what would be sent, message by message, with its size, and sends nothing."""

import json
from pathlib import Path

from tests.test_cli import README, readme, run


def test_the_messages_and_their_sizes_are_shown(tmp_path: Path) -> None:
    done = run(tmp_path, "prompt", readme(tmp_path), "--format", "json")
    plan = json.loads(done.stdout)
    assert (plan["ref"], plan["model"], plan["prompt"]) == ("papertrail.md", "extractive", "v2")
    (request,) = plan["requests"]
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert "\n[2] papertrail turns scanned invoices into JSON records" in request["messages"][1]["content"]
    tokens = request["tokens"]
    assert tokens == plan["tokens"]
    assert tokens["total"] == tokens["fixed"] + tokens["document"]
    assert 0 < tokens["schema"] < tokens["fixed"] <= 1600
    assert tokens["visible"] <= tokens["document"]
    assert tokens["ratio"] == round(tokens["document"] / tokens["visible"], 3)
    assert done.stderr == f"1 request, about {tokens['total']:,} tokens; nothing was sent\n"


def test_people_see_the_very_same_messages(tmp_path: Path) -> None:
    args = ("prompt", readme(tmp_path))
    plan = json.loads(run(tmp_path, *args, "--format", "json").stdout)
    for form in ("table", "md"):
        shown = run(tmp_path, *args, "--format", form).stdout
        assert all(message["content"] in shown for message in plan["requests"][0]["messages"])


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    run(tmp_path, "prompt", readme(tmp_path), "--model", "openai/any", OPENAI_BASE_URL="http://localhost:9/v1")
    assert [path.name for path in tmp_path.iterdir()] == ["papertrail.md"]


def test_a_long_document_takes_several_requests(tmp_path: Path) -> None:
    text = "".join(f"## Part {number}\n\nIt reads files of kind {number}, one by one.\n\n" for number in range(100))
    plan = json.loads(
        run(tmp_path, "prompt", readme(tmp_path, text), "--segment-tokens", "400", "--format", "json").stdout
    )
    parts = [(request["part"], request["parts"]) for request in plan["requests"]]
    assert len(parts) > 2
    assert parts == [(number, len(parts)) for number in range(1, len(parts) + 1)]
    assert plan["tokens"]["total"] == sum(request["tokens"]["total"] for request in plan["requests"])


def test_a_document_without_text_takes_no_request(tmp_path: Path) -> None:
    done = run(tmp_path, "prompt", readme(tmp_path, ""), "--format", "json")
    assert json.loads(done.stdout)["requests"] == []
    assert done.stderr == "0 requests, about 0 tokens; nothing was sent\n"


def test_a_prompt_of_ones_own_is_used_and_named_with_its_digest(tmp_path: Path) -> None:
    own = "{% block system %}Write {{ language }}.{% endblock %}{% block user %}{{ units }}{% endblock %}"
    (tmp_path / "own.jinja").write_text(own)
    args = ("prompt", readme(tmp_path, README), "--prompt", "own.jinja", "--language", "de", "--format", "json")
    plan = json.loads(run(tmp_path, *args).stdout)
    assert plan["prompt"].startswith("own.jinja@")
    assert plan["requests"][0]["messages"][0] == {"role": "system", "content": "Write de."}


def test_a_document_that_looks_like_a_template_is_shown_as_it_is(tmp_path: Path) -> None:
    plan = json.loads(
        run(tmp_path, "prompt", readme(tmp_path, "It has {{ bos_token }}{% raw %}."), "--format", "json").stdout
    )
    assert "{{ bos_token }}{% raw %}" in plan["requests"][0]["messages"][1]["content"]


def test_a_missing_document_ends_with_1(tmp_path: Path) -> None:
    done = run(tmp_path, "prompt", "missing.md")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "decomposer: missing.md: no such file or folder; check the spelling\n"
