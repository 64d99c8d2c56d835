"""`ask export --needs`: needs become requests; `match --reword` finds answers by hand, and so does who measures."""

import json
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from click.testing import Result

from decomposer.cli.needing import searched
from decomposer.match.measuring import by_kind
from decomposer.settings import Settings
from tests.cats import filled
from tests.ranking import entry, record
from tests.test_cli import run
from tests.test_cli_match import WORDS
from tests.test_wiring_grey import CARD, NAMES, answer

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[2] / "shared"
NEEDS = ("undo what the bot did", "find the parties of a contract")
SAID = {"capabilities": [{"name": "Version control", "description": "Commits each change."}]}
MODEL = ("--model", "openai/lantern")


def export(folder: Path, *more: str) -> Result:
    return run(folder, "ask", "export", "asked", "--needs", "needs.txt", *MODEL, *more)


def requests(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "asked/requests.jsonl").read_text().splitlines()]


def answers(folder: Path) -> None:
    """Write an answer to each request that is not answered yet, as a model by hand."""
    lines = [{"key": one["custom_id"], "answer": SAID} for one in requests(folder)]
    (folder / "asked/answers.jsonl").write_text("\n".join(map(json.dumps, lines)))


# --- needs become requests


@pytest.mark.parametrize("form", ["text", "JSON lines", "both"])
def test_each_need_becomes_a_page_and_a_line(tmp_path: Path, form: str) -> None:
    as_json = [json.dumps({"need": need, "relevant": [], "kind": "x"}) for need in NEEDS]
    lines = {"text": list(NEEDS), "JSON lines": as_json, "both": [NEEDS[0], as_json[1]]}[form]
    (tmp_path / "needs.txt").write_text("\ufeff" + "\r\n\n".join(lines) + "\n")
    done = export(tmp_path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "2 requests written to asked; 0 of 2 need no answer\n"
    first, second = requests(tmp_path)
    page = tmp_path / "asked" / f"undo-what-the-bot-did-{first['custom_id'][:12]}.md"
    assert page.read_text().startswith("# Rewording of the need: undo what the bot did\n\nOne request for lantern.\n")
    assert f"\n{NEEDS[1]}\n" in second["body"]["messages"][1]["content"]


def test_a_need_that_stands_twice_is_asked_about_once(tmp_path: Path) -> None:
    spread, as_json = NEEDS[0].replace(" ", "   "), json.dumps({"need": NEEDS[0]})
    (tmp_path / "needs.txt").write_text(f"{NEEDS[0]}\n  {spread}\n{as_json}\n")
    assert export(tmp_path).stderr == "1 request written to asked; 0 of 1 need no answer\n"
    assert export(tmp_path).stderr == "0 requests written to asked, 1 were there; 0 of 1 need no answer\n"


def test_an_answer_by_hand_is_found_by_match_without_key_or_network(tmp_path: Path) -> None:
    (tmp_path / "decomposer.toml").write_text(WORDS)
    filled(tmp_path, entry("lynx", record("Version control", "Commits every edit.")))
    (tmp_path / "needs.txt").write_text("\n".join(NEEDS))
    export(tmp_path)
    answers(tmp_path)
    done = run(tmp_path, "ask", "import", "asked")
    assert (done.exit_code, done.stderr) == (0, "2 answers kept in decomposer.db; 0 known before; 0 still missing\n")
    assert export(tmp_path).stderr == "0 requests written to asked; 2 of 2 need no answer\n"
    found = run(tmp_path, "match", f" {NEEDS[0]}", "--reword", "lantern", "--format", "json")
    assert (found.exit_code, json.loads(found.stdout)["also"]) == (0, ["Version control. Commits each change."])


def test_needs_and_documents_may_be_asked_about_together(tmp_path: Path) -> None:
    (tmp_path / "needs.txt").write_text(NEEDS[0])
    (tmp_path / "thing.md").write_text(CARD)
    assert export(tmp_path, "thing.md").stderr == "2 requests written to asked; 0 of 2 need no answer\n"
    pages = sorted(path.read_text().partition("\n")[0] for path in (tmp_path / "asked").glob("*.md"))
    assert pages[0].startswith("# Draft of ")
    assert pages[1] == "# Rewording of the need: undo what the bot did"


def test_an_answer_of_the_wrong_form_is_told(tmp_path: Path) -> None:
    (tmp_path / "needs.txt").write_text(NEEDS[0])
    export(tmp_path)
    (line,) = requests(tmp_path)
    wrong = {"key": line["custom_id"], "answer": {"capabilities": [{}]}}
    (tmp_path / "asked/answers.jsonl").write_text(json.dumps(wrong))
    done = run(tmp_path, "ask", "import", "asked")
    assert done.exit_code == 1
    assert "is no Rewording: capabilities.0.name: Field required; correct it" in done.stderr


# --- what is wrong with a file


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (b"", "needs.txt: holds no needs; write one on each line"),
        (b"\n  \n", "needs.txt: holds no needs; write one on each line"),
        (b'fine\n\n{"nead": "x"}\n', "needs.txt, line 3: not a need (Field required)"),
        (b'{"need": ""}', "needs.txt, line 1: not a need (String should have at least 1 character)"),
        (b'{"need": 5}', "needs.txt, line 1: not a need (Input should be a valid string)"),
        (b'{"need": "x"', "needs.txt, line 1: not a need (Invalid JSON"),
        (b"\xff\xfe\x00", "needs.txt: can't be read"),
        (None, "needs.txt: can't be read (No such file or directory)"),
    ],
)
def test_a_file_of_needs_that_is_none_is_told_with_its_line(tmp_path: Path, held: bytes | None, message: str) -> None:
    if held is not None:
        (tmp_path / "needs.txt").write_bytes(held)
    done = export(tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"decomposer: {message}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "asked").exists()


def test_a_need_that_can_not_be_searched_for_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "needs.txt").write_text(f"?!\n{'x' * 501}\n{NEEDS[0]}\n\x1b[2J\x07 \u202eundo\n")
    done = export(tmp_path)
    assert done.exit_code == 1
    assert "failed: ?!: the need has no words; say what is needed" in done.stderr
    assert "the need has 501 characters; say it in 500" in done.stderr
    assert done.stderr.splitlines()[-1] == "2 requests written to asked; 0 of 4 need no answer"
    for path in (tmp_path / "asked").iterdir():
        assert not set(path.read_text()) & {"\x1b", "\x07", "\u202e"}


# --- a judge by hand: what it is asked has its own form


def test_a_judge_is_asked_by_hand_once_the_draft_is_answered(tmp_path: Path) -> None:
    (tmp_path / "thing.md").write_text(CARD)
    args = ("ask", "export", "asked", "thing.md", *MODEL, "--judge", "openai/judge")

    def by_hand() -> int:
        lines = [{"key": one["custom_id"], "answer": answer(one["body"])} for one in requests(tmp_path)]
        (tmp_path / "asked/answers.jsonl").write_text("\n".join(map(json.dumps, lines)))
        return run(tmp_path, "ask", "import", "asked").exit_code

    assert run(tmp_path, *args).stderr == "1 request written to asked; 0 of 1 need no answer\n"
    assert by_hand() == 0
    again = run(tmp_path, *args)
    assert (again.exit_code, again.stderr) == (0, "2 requests written to asked; 0 of 1 need no answer\n")
    pages = [path.read_text() for path in (tmp_path / "asked").glob("*.md")]
    assert sum(page.startswith("# Selection of ") for page in pages) == 2
    assert by_hand() == 0
    assert run(tmp_path, *args).stderr == "0 requests written to asked; 1 of 1 need no answer\n"
    drafted = run(tmp_path, "draft", "thing.md", *MODEL, "--judge", "openai/judge", "--format", "json")
    assert [one["name"] for one in json.loads(drafted.stdout)["capabilities"]] == [NAMES[0], NAMES[2]]


# --- measured


def gold(folder: Path) -> None:
    (folder / "decomposer.toml").write_text(WORDS)
    (folder / "gold").mkdir()
    (folder / "lynx.md").write_text("# Lynx\n\nLynx keeps version control.\n\nLynx draws trees.\n")
    capabilities = [
        {"name": "Version control", "description": "Keeps every edit.", "importance": "must",
         "evidence": ["Lynx keeps version control."]},
        {"name": "Trees", "description": "Draws trees.", "importance": "nice", "evidence": ["Lynx draws trees."]},
    ]  # fmt: skip
    held = {"slug": "lynx", "artifact": "Lynx", "artifact_type": "cli", "capabilities": capabilities}
    (folder / "gold" / "lynx.json").write_text(json.dumps(held))
    needs = [
        {"need": NEEDS[0], "relevant": [["lynx", "Version control"]], "kind": "problem", "hard": True},
        {"need": "trees", "relevant": [["lynx", "Trees"]], "kind": "keyword", "hard": False},
    ]
    (folder / "needs.txt").write_text("\n".join(map(json.dumps, needs)))


def test_searches_in_other_words_are_measured_beside_plain_ones(tmp_path: Path) -> None:
    gold(tmp_path)
    (tmp_path / "said.jsonl").write_text(f'{json.dumps(SAID)}\n{{"capabilities": []}}\n')
    args = ("eval", "gold", "--needs", "needs.txt")
    done = run(tmp_path, *args, "--reword", "scripted/said.jsonl", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["words", "words, reworded"]
    plain, said = (found[by]["figures"] for by in found)
    assert plain["problem"] == {"needs": 1, "recall": 0.0, "found": 0.0, "mrr": 0.0}
    assert said["problem"] == {"needs": 1, "recall": 1.0, "found": 1.0, "mrr": 1.0}
    assert said["keyword"] == plain["keyword"] == {"needs": 1, "recall": 1.0, "found": 1.0, "mrr": 1.0}
    assert "words, reworded" in run(tmp_path, *args, "--reword", "scripted/said.jsonl").stdout
    assert list(json.loads(run(tmp_path, *args, "--format", "json").stdout)) == ["words"]


def test_what_is_measured_may_be_answered_by_hand(tmp_path: Path) -> None:
    gold(tmp_path)
    export(tmp_path)
    answers(tmp_path)
    run(tmp_path, "ask", "import", "asked")
    done = run(tmp_path, "eval", "gold", "--needs", "needs.txt", "--reword", "lantern", "--format", "json")
    assert json.loads(done.stdout)["words, reworded"]["figures"]["problem"]["found"] == 1.0


def test_a_model_that_can_not_say_it_ends_the_measuring(tmp_path: Path) -> None:
    gold(tmp_path)
    done = run(tmp_path, "eval", "gold", "--needs", "needs.txt", "--reword", "extractive")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "extractive can't say a need in other words; name a model: --reword openai/NAME" in done.stderr


@pytest.mark.slow
def test_answers_by_hand_find_nine_in_ten_of_what_the_gold_needs_ask_for(tmp_path: Path) -> None:
    needs = SHARED / "gold" / "needs.jsonl"
    if not needs.is_file():
        pytest.skip("needs ../shared/gold beside the checkout")
    model = "openai/by-hand"
    done = run(tmp_path, "ask", "export", "asked", "--needs", str(needs), "--model", model)
    assert (done.exit_code, done.stderr) == (0, "70 requests written to asked; 0 of 70 need no answer\n")
    copyfile(DATA / "reworded_gold.jsonl", tmp_path / "asked" / "answers.jsonl")
    taken = run(tmp_path, "ask", "import", "asked")
    assert taken.stderr == "70 answers kept in decomposer.db; 0 known before; 0 still missing\n"
    settings = Settings(db=str(tmp_path / "decomposer.db"), reword=model, embedder="none")
    plain, said = searched(SHARED / "gold" / "dev", SHARED / "corpus" / "dev", needs, settings)
    assert (plain.by, said.by) == ("words", "words, reworded")
    before, after = by_kind(plain.asked)["all"], by_kind(said.asked)["all"]
    assert (after.needs, after.recall >= 0.90, after.mrr >= 0.75) == (70, True, True), after
    assert after.recall > before.recall + 0.5
