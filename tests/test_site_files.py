"""The files of a site for programs: by their schemas, bounded, and with no text of a source as markup."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

from decomposer.compare import compare
from decomposer.publish.markdown import escape
from decomposer.publish.site import data, links, llms, mirror, sitemap
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.links import Links
from decomposer.publish.site.shapes import SHAPES, SiteEntry, SiteNorms, schema
from decomposer.publish.site.views import (
    CanonicalsView,
    CanonicalView,
    CapabilityLine,
    CategoryView,
    CompareView,
    Coverage,
    EntryLine,
    ListView,
    Named,
    Paged,
    Shared,
    StartView,
)
from decomposer.rank import complete_facts, quality_of, rank
from decomposer.records import Facts, Measured, Norm, Norms
from decomposer.same import Judging
from tests.publishing import TEXTS, hostile
from tests.viewing import able, samples, view, viewed

CHECKOUT = Path(__file__).parents[1]
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NORMS = Norms(as_of="2026-11-21", each=(Norm(type="repo", key="stars", entries=3, most=900, mean_log=4.0),))
LINE = EntryLine("clip", "Clip", "repo", "software", "It reads.", 2, 1, 50, 40, 70)
RECORD = CapabilityLine(
    "clip", "Clip", "repo", "clip/reading", "Reading", "other", "proposed", "supported", "It reads."
)
SHARED = Shared("capability://other.reading", "Reading", 2, (Named("quill", "Quill"),))
START = StartView(
    "2026-11-21", Coverage(2, 3, 1, 1, 1, {"supported": 4}), {"other": 3}, {"repo": 2}, (LINE,), (SHARED,)
)  # fmt: skip
COUNTED = {"clip/reading": 3}


def read(text: str) -> dict[str, object]:
    """Return what a JSON file says, which its schema allows."""
    held = dict(json.loads(text))
    name = held["$schema"].rpartition("/")[2].removesuffix(".schema.json")
    Draft202012Validator(json.loads(schema(SHAPES[name]))).validate(held)
    return held


def compared() -> CompareView:
    """Return two samples side by side."""
    a, b = (viewed(one) for one in samples() if one.artifact.slug in ("tallowick", "hollin-forecast"))
    sides = [(one.entry, one.facts) for one in (a, b)]
    ranks = [
        rank(one.artifact, Measured(facts=facts, quality=complete_facts(quality_of(one), facts)), NORMS)
        for one, facts in sides
    ]
    judge = Judging.of(a.entry.artifact, b.entry.artifact)
    found = compare(a.entry, b.entry, same=judge, ranks=(ranks[0], ranks[1]), facts=(a.facts, b.facts))
    return CompareView(found, ((Named("a", "A"), Named("b", "B")),))


# --- JSON


def test_the_schemas_of_the_checkout_are_those_of_the_site() -> None:
    for place, text in data.fixed().items():
        assert text == (CHECKOUT / "schemas" / place.rpartition("/")[2]).read_text(encoding="utf-8")
        Draft202012Validator.check_schema(json.loads(text))


def test_every_file_is_as_its_schema_says() -> None:
    pages = Paged(2, 3, 250)
    shared = CanonicalView("capability://other.reading", "Reading", "other", 2, "It reads.", Named("clip", "Clip"),
                           ("Scanning",), (RECORD,), (SHARED,), (), pages)  # fmt: skip
    files = [
        data.compared(compared()), data.canonical(shared), data.canonicals(CanonicalsView((SHARED,), pages)),
        data.category(CategoryView("other", (RECORD,), pages)), data.listing(ListView((LINE,), letter="C")),
        data.listing(ListView((LINE,), type="repo", paged=pages)), data.start(START), data.norms(NORMS),
        *(data.entry(viewed(one)) for one in samples()),
    ]  # fmt: skip
    assert {dict(read(text))["$schema"] for text in files} == {
        *(f"../schemas/site-{name}.schema.json" for name in ("comparison", "capability", "capabilities", "category",
                                                             "artifacts", "entry")),
        *(f"schemas/site-{name}.schema.json" for name in ("index", "norms")),
    }  # fmt: skip


def test_a_comparison_says_what_its_page_says_and_leads_to_the_entries() -> None:
    """Whole records of both sides lie in the files of the entries; what may not be published is nowhere."""
    made = compared()
    told: Any = read(data.compared(made))
    assert [told[side]["entry"] for side in "ab"] == [
        f"../entries/{side.artifact.slug}.json" for side in (made.comparison.a, made.comparison.b)
    ]
    records = [one["capability"] for side in ("only_a", "only_b") for one in told[side]]
    records += [pair[side] for pair in told["shared"] for side in "ab"]
    assert records
    assert {tuple(one) for one in records} == {("id", "name", "category", "state", "said")}
    shown = mirror.compared(made, Links("../"))
    texts = [text for one in records for text in one["said"]]
    assert all(escape(text["text"]) in shown and text["label"] in shown for text in texts)
    assert len(data.compared(made)) < 0.7 * len(made.comparison.model_dump_json())


def test_files_name_each_other_from_where_they_are() -> None:
    told = read(data.category(CategoryView("other", (RECORD,), Paged(1, 3, 250))))
    assert (told["page"], told["next"], told["number"]) == (
        "../../../categories/other.html",
        "../categories/other-2.json",
        1,
    )
    assert told["records"][0]["artifact"]["entry"] == "../entries/clip.json"  # type: ignore[index]
    assert data.place(links.entry("clip")) == "api/v1/entries/clip.json"
    start = read(data.start(START))
    assert start["types"] == {"repo": {"count": 2, "first": "types/repo.json"}}
    assert start["norms"] == data.NORMS.removeprefix(data.ROOT)
    assert (start["page"], start["shared"]) == ("../../index.html", "capabilities/index.json")


def test_a_rank_can_be_worked_out_again_from_the_files() -> None:
    for one in samples():
        made = viewed(one)
        quality = complete_facts(quality_of(made.entry), made.facts)
        measured = Measured(facts=made.facts, quality=quality, derived=0)
        ranked = replace(made, measured=measured, rank=rank(one.artifact, measured, NORMS))
        file = SiteEntry.model_validate_json(data.entry(ranked))
        usual = SiteNorms.model_validate_json(data.norms(NORMS)).norms
        assert file.measured is not None
        assert rank(file.entry.artifact, file.measured, usual) == file.rank


def test_what_is_counted_shared_and_compared_is_in_the_file_of_an_entry() -> None:
    made = replace(view(able("Reading", "It reads.")), shared={"clip/reading": SHARED}, times=COUNTED,
                   compared=(Named("quill", "Quill"),))  # fmt: skip
    told = read(data.entry(made))
    assert told["times_matched"] == COUNTED
    assert told["uris"] == {"clip/reading": "capability://other.reading"}
    assert told["shared"] == {"clip/reading": [{"slug": "quill", "name": "Quill", "entry": "../entries/quill.json"}]}
    assert told["compared"] == {"quill": "../compare/clip-vs-quill.json"}
    assert read(data.entry(view()))["times_matched"] is None


@given(TEXTS)
@settings(deadline=None)
def test_any_text_is_json(text: str) -> None:
    made = viewed(hostile(text if text.split() else "x"))
    assert read(data.entry(made))["$schema"] == "../schemas/site-entry.schema.json"
    assert not set("\x1b\u2028\u202e\ud800") & set(data.entry(made))


# --- sitemap


def sitemaps(pages: list[tuple[str, str]], base: str = "https://x.example/a b&c", **bounds: int) -> dict[str, str]:
    return dict(sitemap.files(pages, base, **bounds))


def test_a_sitemap_names_every_page_with_its_day() -> None:
    files = sitemaps([("index.html", "2026-11-21"), ("entries/ü&.html", "")])
    assert list(files) == ["sitemap.xml", "robots.txt"]
    urls = ElementTree.fromstring(files["sitemap.xml"])
    assert [[(part.tag.removeprefix(SPACE), part.text) for part in url] for url in urls] == [
        [("loc", "https://x.example/a b&c/index.html"), ("lastmod", "2026-11-21")],
        [("loc", "https://x.example/a b&c/entries/%C3%BC%26.html")],
    ]
    assert files["robots.txt"].endswith("Sitemap: https://x.example/a b&c/sitemap.xml\n")


@pytest.mark.parametrize("bounds", [{"most": 4}, {"most_bytes": 500}])
def test_a_sitemap_that_is_too_large_is_split_and_listed(bounds: dict[str, int]) -> None:
    pages = [(f"entries/{n}.html", f"2026-11-{n + 10}") for n in range(10)]
    files = sitemaps(pages, "https://x.example/", **bounds)
    listed = ElementTree.fromstring(files["sitemap.xml"])
    assert listed.tag == f"{SPACE}sitemapindex"
    parts = [str(part.findtext(f"{SPACE}loc")).removeprefix("https://x.example/") for part in listed]
    assert parts == [name for name in files if name.startswith("sitemap-")]
    assert listed[-1].findtext(f"{SPACE}lastmod") == "2026-11-19"
    found = [url.findtext(f"{SPACE}loc") for part in parts for url in ElementTree.fromstring(files[part])]
    assert found == [f"https://x.example/{place}" for place, _ in pages]
    for part in parts:
        assert len(ElementTree.fromstring(files[part])) <= bounds.get("most", 10)
        assert len(files[part].encode()) <= bounds.get("most_bytes", 10_000)


def test_a_catalog_without_pages_has_an_empty_sitemap() -> None:
    assert len(ElementTree.fromstring(sitemaps([])["sitemap.xml"])) == 0


# --- llms.txt and Markdown


def test_llms_txt_says_what_there_is_and_where() -> None:
    text = llms.text(START, Chrome("Catalog", base_url="https://x.example"))
    assert text.startswith("# Catalog\n\n> A catalog of what AI artifacts can do: 3 capabilities of 2 artifacts")
    assert "- [Clip](https://x.example/entries/clip.md): It reads." in text
    assert "- [Repositories](https://x.example/types/repo.md): 2 artifacts" in text
    assert "](entries/clip.md)" in llms.text(START, Chrome())


def test_llms_txt_is_bounded() -> None:
    many = replace(START, best=tuple(replace(LINE, slug=f"c{n}", summary="x" * 999) for n in range(500)))
    text = llms.text(many, Chrome())
    assert len(text) < 20_000
    assert "- and more, which the pages list" in text


def headings(text: str) -> list[str]:
    """Return the headings and links of a Markdown page as a permissive reader sees them."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    assert not [token for token in [*tokens, *inner] if token.type in ("html_block", "html_inline", "image")]
    return [str(token.attrs["href"]) for token in inner if token.type == "link_open"]


@given(TEXTS)
@settings(deadline=None, max_examples=50)
def test_no_text_is_markup_in_markdown(text: str) -> None:
    named = Named("quill", f"{text} <b>](javascript:alert(1))")
    shared = replace(SHARED, name=text, others=(named,))
    made = replace(viewed(hostile(text if text.split() else "x")), shared={"clip/first": shared}, compared=(named,))
    line, record = replace(LINE, name=text, summary=text), replace(RECORD, name=text, said=text, artifact=text)
    at = Links("../")
    pages = [
        mirror.entry(made, at), mirror.listing(ListView((line,), type="repo"), at),
        mirror.category(CategoryView("other", (record,)), at), mirror.canonicals(CanonicalsView((shared,)), at),
        mirror.canonical(CanonicalView("capability://other.x", text, "other", 2, text, named, (text,), (record,)), at),
        mirror.start(replace(START, best=(line,), shared=(shared,)), at),
        llms.text(replace(START, best=(line,), shared=(shared,)), Chrome(f"T {text}", at)),
    ]  # fmt: skip
    for page in pages:
        assert all(link.endswith((".md", ".json")) for link in headings(page))


def test_the_markdown_of_an_entry_has_its_evidence_labels_facts_and_comparisons() -> None:
    made = replace(
        viewed(next(one for one in samples() if one.artifact.slug == "tallowick")), compared=(Named("b", "B"),)
    )
    text = mirror.entry(made, Links("../"))
    assert "not reviewed by a person yet" in text
    assert "> **Evidence**" in text
    assert "| License | " in text
    assert "| Downloads | unknown |  |  |" in text
    assert "](../compare/b-vs-tallowick.md)" in text
    assert text.endswith("[Catalog](../index.md)\n")


def test_the_markdown_of_a_comparison_and_of_lists_leads_on() -> None:
    text = mirror.compared(compared(), Links("../"))
    assert "# hollin-forecast vs tallowick" in text
    assert "](../entries/tallowick.md)" in text
    assert "](../compare/a-vs-b.md)" in text
    listed = mirror.category(CategoryView("other", (RECORD,), Paged(2, 3, 250)), Links("../"))
    assert "250 capabilities, page 2 of 3." in listed
    assert "[Previous page](../categories/other.md) · [Next page](../categories/other-3.md)" in listed
    assert "(supported by its source, not reviewed by a person yet)" in listed


def test_facts_of_nobody_are_unknown_in_every_form() -> None:
    made = view()
    assert Facts.of(made.entry.artifact) == made.facts
    assert mirror.entry(made, Links()).count("| unknown |") >= 10
