"""Facts, ranks and comparisons on the command line: every form, every bad input, and the reference pages done right."""

import json
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from decomposer.settings import read_settings
from decomposer.wiring import Workspace
from tests.ranking import SPAN, entry, record, statement
from tests.test_cli import run

HOSTILE = "\x1b]0;x\x07[bold]| `x` <script>alert(1)</script> {{ 7 * 7 }} \u202e\x9b"
REFERENCE = sorted((Path(__file__).parents[2] / "shared" / "reference").glob("*.txt"))
PICTURE = set(
    "xmlns role aria-labelledby viewbox width height font-family font-size font-weight fill fill-opacity stroke "
    "stroke-width stroke-dasharray text-anchor x y cx cy r d points transform".split()
)
FAULTS = re.compile(r"\be-\d+\b|\d\.\d+e-|nan\b|Need something different", re.IGNORECASE)


def filled(folder: Path, *entries: Any) -> Path:
    """Fill a catalog in a folder and return that."""
    with Workspace(read_settings({"db": str(folder / "decomposer.db")}, environ={}, folder=folder)) as workspace:
        for one in entries:
            workspace.catalog.take(one, partial(_itself, one))
    return folder


def _itself(one: Any, previous: object, slug: str) -> Any:
    return one


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of two entries that share a capability."""
    see = record("Bird search", "Finds birds in pictures.", state="accepted")
    other = record("Bird search", "Finds birds in pictures.", slug="puma")
    hear = record("Speech recognition", "Transcribes audio recordings to text.")
    lint = record("Python linting", "Checks Python code for style errors.", slug="puma")
    return filled(tmp_path, entry("lynx", see, hear, stars=1234, license="mit"), entry("puma", other, lint))


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


# --- compare


def test_two_entries_stand_side_by_side(catalog: Path) -> None:
    done = run(catalog, "compare", "lynx", "puma")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Both have (1)" in done.stdout
    assert "Only Lynx (1)" in done.stdout
    assert "Only Puma (1)" in done.stdout
    assert "reviewed" in done.stdout
    assert "not reviewed by a person yet" in done.stdout
    assert re.search(r"^License +mit +unknown$", done.stdout, re.M)


def test_a_comparison_has_the_same_facts_in_every_form(catalog: Path) -> None:
    value = json.loads(run(catalog, "compare", "lynx", "puma", "--format", "json").stdout)
    assert json.loads(run(catalog, "compare", "lynx", "puma", "--format", "jsonl").stdout) == value
    plain = " ".join(run(catalog, "compare", "lynx", "puma").stdout.split())
    page = run(catalog, "compare", "lynx", "puma", "--format", "html").stdout
    read = " ".join(Reader.of(page).text.split())
    for line in value["verdict"]:
        assert line["text"] in plain
        assert line["text"] in read
    for row in value["rows"]:
        assert f"{row['label']} {row['a'] or 'unknown'} {row['b'] or 'unknown'}" in read
    for quote in {span["quote"] for pair in value["shared"] for span in pair["a"]["description"]["evidence"]}:
        assert quote in read


def test_a_need_and_only_differences(catalog: Path) -> None:
    done = run(catalog, "compare", "lynx", "puma", "--need", "turn audio recordings into text", "--only-differences")
    text = " ".join(done.stdout.split())
    assert "Best for “turn audio recordings into text”: Lynx, by Speech recognition (" in text
    assert re.search(
        r"Left out, as it is the same on both sides: rows of the table \(\d+\) and capabilities \(1\)\.", text
    )
    assert "Both have" not in done.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("lynx", "nobody"), "no entry is called 'nobody'"),
        (("lynx", "lynx"), "'lynx' is one entry; name two"),
        (("lynx", "puma", "--need", " ?! "), "that need can't be looked for"),
        (("lynx", "puma", "--need", "x" * 301), "that need can't be looked for"),
        (("lynx", "puma", "--out", "none/such/file"), "can't be written"),
    ],
)
def test_what_can_not_be_compared_is_told(catalog: Path, args: tuple[str, ...], told: str) -> None:
    done = run(catalog, "compare", *args)
    assert (done.exit_code, done.stdout, told in done.stderr) == (2, "", True)


class Reader(HTMLParser):
    """Read a page: its text, and every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    @classmethod
    def of(cls, page: str) -> "Reader":
        """Return what was read of a page."""
        reader = cls()
        reader.feed(page)
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text, less that of the style."""
        if self.tags and self.tags[-1][0] != "style":
            self.text += f" {data} "


def test_hostile_texts_are_data_in_every_form(tmp_path: Path) -> None:
    span = SPAN.model_copy(update={"quote": HOSTILE})
    odd = record("x" + HOSTILE, description=statement("It is " + HOSTILE, evidence=[span]))
    filled(tmp_path, entry("lynx", odd, name=HOSTILE, license=HOSTILE), entry("puma", odd, name="Puma" + HOSTILE))
    run(tmp_path, "set", "puma", "maintainer=<img src=x onerror=1>")
    for form in ("table", "md", "json", "jsonl", "html"):
        done = run(tmp_path, "compare", "lynx", "puma", "--format", form, "--need", "find <b>birds</b>")
        assert done.exit_code == 0, done.stderr
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)
        told = Reader.of(done.stdout).text if form == "html" else done.stdout
        assert "49" not in told.replace("2049", "") or form in ("json", "jsonl")
    reader = Reader.of(run(tmp_path, "compare", "lynx", "puma", "--format", "html").stdout)
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "img", "iframe", "object", "link", "form", "b", "a"}
    attributes = {name for _, attrs in reader.tags for name in attrs}
    page = {"lang", "charset", "http-equiv", "content", "name", "type", "id", "for", "class", "scope"}
    assert attributes <= page | PICTURE
    assert "<script>alert(1)</script>" in reader.text
    for command in (("rank", "lynx", "--explain"), ("set", "puma"), ("set", "puma", "--history")):
        shown = run(tmp_path, *command).stdout
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_a_page_has_pictures_of_what_both_have_and_of_both_ranks(catalog: Path) -> None:
    page = run(catalog, "compare", "lynx", "puma", "--format", "html").stdout
    ids = [attrs["id"] for _, attrs in Reader.of(page).tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if str(one).endswith("-title")] == [
        "compare-sets-title", "compare-rank-a-title", "compare-rank-b-title",
    ]  # fmt: skip
    assert "Only Lynx: 1. Both: 1. Only Puma: 1. The areas are in proportion." in page
    value = json.loads(run(catalog, "compare", "lynx", "puma", "--format", "json").stdout)
    for side in "ab":
        assert f"Rank of {value[side]['artifact']['name']}: {value[side]['rank']['points']} of 100</title>" in page
    differences = run(catalog, "compare", "lynx", "puma", "--format", "html", "--only-differences").stdout
    assert "Only Lynx: 1. Both: 1. Only Puma: 1." in differences


def test_a_page_loads_nothing_and_runs_nothing(catalog: Path) -> None:
    page = run(catalog, "compare", "lynx", "puma", "--format", "html").stdout
    assert "default-src 'none'" in page
    assert not re.search(r"<script|\bsrc=|\bhref=|url\(|@import|\bon\w+=", page)
    assert run(catalog, "compare", "lynx", "puma", "--format", "html", "--out", "p.html").stdout == ""
    assert (catalog / "p.html").read_text(encoding="utf-8") == page


# --- the pages of others, done right


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a catalog of the reference pages."""
    if not REFERENCE:
        pytest.skip("no reference pages lie beside this checkout")
    folder = tmp_path_factory.mktemp("reference")
    assert run(folder, "import", *map(str, REFERENCE)).exit_code == 0
    return folder


@pytest.mark.corpus
@pytest.mark.parametrize("page", REFERENCE, ids=lambda path: path.stem[:3])
def test_a_reference_page_rebuilt_shows_the_same_facts_with_none_of_its_faults(page: Path, reference: Path) -> None:
    from decomposer.identity import slug_of
    from decomposer.sources import compare_page

    text = page.read_text(encoding="utf-8")
    names = list(compare_page.facts(text, "Type"))
    slugs = [slug_of(name) for name in names]
    value = json.loads(run(reference, "compare", *slugs, "--format", "json").stdout)
    rows = {row["label"]: row for row in value["rows"]}
    # the same facts
    assert [value[side]["artifact"]["name"] for side in "ab"] == names
    kinds = {"Model": "model", "Repository": "repo"}
    assert [rows["Type"][side] for side in "ab"] == [kinds[kind] for kind in compare_page.facts(text, "Type").values()]
    assert [rows["Pricing"][side].title() for side in "ab"] == list(compare_page.facts(text, "Pricing").values())
    starting = compare_page.facts(text, "Starting Price")
    if starting:
        dollars = {"$1.00e-7 per prompt token": "$0.10", "$7.50e-8 per prompt token": "$0.075"}[starting[names[0]]]
        assert (rows["Input price"]["a"], rows["Input price"]["b"]) == (f"{dollars} / 1M input tokens", None)
    # every record that the page shows of it is there, none cut
    shown = [pair[side] for pair in value["shared"] for side in "ab"]
    shown += [one["capability"] for one in (*value["only_a"], *value["only_b"])]
    told = {one["description"]["text"] for one in shown} | {one[field]["text"] for one in shown for field in (
        "unique", "vs_alternatives") if one[field]}  # fmt: skip
    assert {text for text, *_ in compare_page.read(text, page.name)} <= told
    # none of the faults
    for form in ("table", "md", "html"):
        printed = run(reference, "compare", *slugs, "--format", form).stdout
        assert not FAULTS.search(re.sub(r"[A-Za-z]\w*e-\w+", "", printed))
        assert "Times matched" in printed
        assert not re.search(r"\+\d+ more", printed)
    verdict = {line["about"]: line for line in value["verdict"]}
    ranks = [value[side]["rank"] for side in "ab"]
    if ranks[0]["points"] == ranks[1]["points"]:
        assert (verdict["score"]["leader"], verdict["score"]["text"][:4]) == ("tie", "Tie:")
    for part, other in zip(ranks[0]["parts"], ranks[1]["parts"], strict=True):
        led = f"{part['name']} (" in verdict["parts"]["text"]
        assert led == (part["known"] and other["known"] and part["points"] != other["points"])
    assert rows["Times matched"] == {"label": "Times matched", "a": None, "b": None, "differs": None}
    assert ("nothing in common" in verdict["overlap"]["text"]) == (not value["shared"])
    assert value["as_of"]
