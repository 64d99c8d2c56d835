"""Facts and ranks on the command line: every form, and every bad input."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cats import cats
from tests.test_cli import run


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of two entries that share a capability."""
    return cats(tmp_path)


# --- set


def test_facts_are_said_and_shown_with_their_source(catalog: Path) -> None:
    said = run(
        catalog, "set", "lynx", "input_price=1.00e-7/token", "pricing=paid", "license=unknown",
        "--source", "https://example.org/p", "--as-of", "2026-11-01", "--actor", "ann",
    )  # fmt: skip
    assert (said.exit_code, said.stderr) == (0, "3 facts kept\n")
    lines = [line.rstrip() for line in said.stdout.splitlines()]
    assert "input_price      $0.10 / 1M input tokens         by hand, https://example.org/p, 2026-11-01" in lines
    assert "license          unknown" in lines
    assert any(
        line.startswith("stars            1,234                           metadata, gh:acme/lynx, 20") for line in lines
    )
    found = {one["key"]: one for one in json.loads(run(catalog, "set", "lynx", "--format", "json").stdout)}
    assert found["input_price"] == {
        "key": "input_price", "value": "0.10/1M tokens", "source": "https://example.org/p", "as_of": "2026-11-01",
        "by": "person", "shown": "$0.10 / 1M input tokens",
    }  # fmt: skip
    assert found["license"] == {"key": "license", "value": None}


def test_everything_that_was_said_can_be_seen_and_is_undone_by_setting_again(catalog: Path) -> None:
    run(catalog, "set", "lynx", "license=bsd", "--actor", "ann")
    run(catalog, "set", "lynx", "license=", "--actor", "bob")
    told = [
        json.loads(line) for line in run(catalog, "set", "lynx", "--history", "--format", "jsonl").stdout.splitlines()
    ]
    about = [(one["value"], one.get("actor", "")) for one in told if one["key"] == "license"]
    assert about == [("mit", ""), ("bsd", "ann"), ("", "bob")]
    assert "license = taken back" in run(catalog, "set", "lynx", "--history").stdout
    shown = run(catalog, "set", "lynx").stdout
    assert re.search(r"^license +mit ", shown, re.MULTILINE)


def test_facts_survive_a_redraft(tmp_path: Path) -> None:
    (tmp_path / "bird.md").write_text("# Bird\n\nBird finds birds in pictures and names their species.\n", "utf-8")
    assert run(tmp_path, "draft", "bird.md").exit_code == 0
    run(tmp_path, "set", "bird", "stars=12", "license=mit", "--source", "https://example.org")
    (tmp_path / "bird.md").write_text("# Bird\n\nBird hears birds in recordings and names them.\n", "utf-8")
    assert run(tmp_path, "draft", "bird.md").exit_code == 0
    assert re.search(r"^stars +12 +by hand", run(tmp_path, "set", "bird").stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nobody",), "no entry is called 'nobody'"),
        (("lynx", "colour=red"), "'colour=red' is no fact; write key=value; keys: type, "),
        (("lynx", "license"), "'license' is no fact"),
        (("lynx", "read=2026-01-01"), "is no fact"),
        (("lynx", "stars=12"), "'stars=12' has no source; name the page that says so with --source URL"),
        (("lynx", "stars=many", "--source", "x"), "'stars=many' can't be taken; write a whole number"),
        (("lynx", "pricing=cheap"), "choose one of free, freemium, paid, open-source, unknown"),
        (("lynx", "license=mit", "--as-of", "2999-01-01"), "'license=mit' is of a day to come; name the day"),
        (("lynx", "updated=2999-01-01"), "'updated=2999-01-01' is of a day to come; name the day"),
        (("lynx", f"license={'m' * 300}"), f"'license={'m' * 92}…' can't be taken; write one line of at most 200"),
        (("lynx", "license=mit", "--as-of", "soon"), "--as-of 'soon' is no day; write a day such as 2026-11-21"),
        (("lynx", "--model", "x"), "pass --prices too"),
        (("lynx", "license=mit", "stars=x", "--source", "y"), "'stars=x' can't be taken"),
    ],
)
def test_what_can_not_be_set_is_told_and_nothing_is_kept(catalog: Path, args: tuple[str, ...], told: str) -> None:
    done = run(catalog, "set", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    history = json.loads(run(catalog, "set", "lynx", "--history", "--format", "json").stdout)
    assert {one["by"] for one in history} == {"metadata"}


OPENROUTER = {
    "data": [
        {"id": "acme/lynx", "pricing": {"prompt": "0.0000001", "completion": "0.0000004"}},
        {"id": "other/puma", "pricing": {"prompt": "0", "completion": "0"}},
        {"id": "dear/puma", "pricing": {"prompt": "1", "completion": "1"}},
    ]
}
LITELLM = {"acme/lynx": {"litellm_provider": "acme", "input_cost_per_token": 1e-7, "output_cost_per_token": 4e-7}}
MODELS_DEV = {"acme": {"models": {"lynx": {"cost": {"input": 0.1, "output": 0.4}}}}}


@pytest.mark.parametrize("content", [OPENROUTER, LITELLM, MODELS_DEV])
def test_prices_come_from_the_files_of_others(catalog: Path, content: Any) -> None:
    (catalog / "prices.json").write_text(json.dumps(content), encoding="utf-8")
    done = run(catalog, "set", "lynx", "--prices", "prices.json")
    assert done.exit_code == 0, done.stderr
    assert re.search(
        r"^input_price +\$0\.10 / 1M input tokens +a price file, .*prices\.json: .*lynx, 20", done.stdout, re.M
    )
    assert re.search(r"^output_price +\$0\.40 / 1M output tokens ", done.stdout, re.M)
    assert re.search(r"^pricing +paid +a price file", done.stdout, re.M)
    assert run(catalog, "set", "lynx", "--prices", "prices.json").stderr.endswith("\n0 facts kept\n")


def test_a_price_that_several_offer_differently_stays_unknown_until_one_is_named(catalog: Path) -> None:
    (catalog / "prices.json").write_text(json.dumps(OPENROUTER), encoding="utf-8")
    done = run(catalog, "set", "puma", "--prices", "prices.json")
    assert "2 offers differ in price: openrouter/other/puma, openrouter/dear/puma" in done.stderr
    assert re.search(r"^input_price +unknown$", done.stdout, re.M)
    named = run(catalog, "set", "puma", "--prices", "prices.json", "--model", "other/puma")
    assert re.search(r"^input_price +\$0\.00 / 1M input tokens ", named.stdout, re.M)
    assert re.search(r"^pricing +free +a price file", named.stdout, re.M)
    wrong = run(catalog, "set", "puma", "--prices", "prices.json", "--model", "none/such")
    assert (wrong.exit_code, "none/such: it is not in the table" in wrong.stderr) == (2, True)


def test_a_file_that_is_no_price_file_is_refused(catalog: Path) -> None:
    (catalog / "prices.json").write_text("[]", encoding="utf-8")
    assert run(catalog, "set", "lynx", "--prices", "prices.json").exit_code == 3
    assert run(catalog, "set", "lynx", "--prices", "none.json").exit_code == 3
    local = run(catalog, "set", "lynx", "--prices", "http://127.0.0.1/prices.json")
    assert (local.exit_code, "127.0.0.1" in local.stderr) == (1, True)


# --- rank


def test_all_are_ranked_in_a_line_each(catalog: Path) -> None:
    done = run(catalog, "rank")
    lines = done.stdout.splitlines()
    assert (done.exit_code, len(lines)) == (0, 3)
    for line in lines[1:]:
        points, low, to, high, *parts, kind, slug = line.split()
        assert (slug in ("lynx", "puma"), kind, to) == (True, "repo", "to")
        assert int(low) <= int(points) <= int(high)
        assert sum(int(part.rstrip("?")) for part in parts) == int(points)


def test_a_rank_is_explained_in_every_form(catalog: Path) -> None:
    shown = run(catalog, "rank", "lynx", "--explain").stdout
    for word in ("adoption", "quality", "ecosystem", "match", "freshness"):
        assert re.search(rf"^{word} +\d+/\d+ ", shown, re.M)
    total = re.search(r"^(\d+) \+ (\d+) \+ (\d+) \+ (\d+) \+ (\d+) = (\d+)$", shown, re.M)
    assert total is not None
    numbers = [int(number) for number in total.groups()]
    assert sum(numbers[:5]) == numbers[5]
    assert shown.count("formula") == shown.count("raised by") == shown.count("because") == 5
    page = run(catalog, "rank", "lynx", "--explain", "--format", "md").stdout
    assert page.startswith(f"# lynx: {numbers[5]}/100\n")
    value = json.loads(run(catalog, "rank", "lynx", "--format", "json").stdout)
    assert value["points"] == numbers[5] == sum(part["points"] for part in value["parts"])
    assert {"artifact", "measured", "norms", "as_of"} <= value.keys()
    rows = run(catalog, "rank", "--format", "md").stdout.splitlines()
    assert rows[0].startswith("| entry | type | rank | range |")


def test_a_rank_can_be_computed_again_from_what_is_exported(catalog: Path) -> None:
    from decomposer.rank import rank
    from decomposer.records import Artifact, Measured, Norms, Rank

    for line in run(catalog, "rank", "--format", "jsonl").stdout.splitlines():
        value = json.loads(line)
        artifact, measured, norms = (value.pop(name) for name in ("artifact", "measured", "norms"))
        again = rank(Artifact.model_validate(artifact), Measured.model_validate(measured), Norms.model_validate(norms))
        assert again == Rank.model_validate(value)


def test_nobody_is_ranked_in_an_empty_catalog(tmp_path: Path) -> None:
    done = run(tmp_path, "rank", "--format", "json")
    assert (done.exit_code, json.loads(done.stdout), done.stderr) == (0, [], "the catalog is empty\n")
    assert run(tmp_path, "rank", "nobody").exit_code == 2
