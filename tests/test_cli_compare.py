"""Comparisons on the command line: every form, every bad input, and the reference pages done right."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cats import cats, filled
from tests.ranking import SPAN, entry, record, statement
from tests.test_cli import run

HOSTILE = "\x1b]0;x\x07[bold]| `x` <script>alert(1)</script> {{ 7 * 7 }} \u202e\x9b"
REFERENCE = sorted((Path(__file__).parents[2] / "shared" / "reference").glob("*.txt"))
PICTURE = set(
    "xmlns role aria-labelledby viewbox width height font-family font-size font-weight fill fill-opacity stroke "
    "stroke-width stroke-dasharray text-anchor x y cx cy r d points transform".split()
)
FAULTS = re.compile(r"\be-\d+\b|\d\.\d+e-|nan\b|Need something different", re.IGNORECASE)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Return a folder with a catalog of two entries that share a capability."""
    return cats(tmp_path)


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
    assert [rows["Type"][side] for side in "ab"] == list(compare_page.facts(text, "Type").values())
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
