"""Documents become numbered units, units become segments."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from decomposer.records import Document, MediaType, Unit
from decomposer.segment import divide, halve, segment, units_of
from decomposer.text import seen
from tests.making import document, outline

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "dev"
MEDIA: dict[str, MediaType] = {".md": "text/markdown", ".rst": "text/x-rst", ".txt": "text/plain"}


def test_sentences_items_and_headings_are_units() -> None:
    text = "# Title\n\nOne thing. Another *thing*.\n\nIt can:\n\n- do this\n  - and that\n- do more\n"
    assert outline(text) == [
        ("heading", "Title"),
        ("sentence", "One thing."),
        ("sentence", "Another thing."),
        ("sentence", "It can:"),
        ("item", "do this"),
        ("item", "and that"),
        ("item", "do more"),
    ]


def test_items_know_the_item_or_the_sentence_they_belong_to() -> None:
    units = units_of(document("It can:\n\n- do this\n  - and that\n\n    in detail\n- do more\n\nAfter.\n"))
    assert [(unit.number, unit.level, unit.parent) for unit in units] == [
        (1, 0, None),
        (2, 1, 1),
        (3, 2, 2),
        (4, 2, 3),
        (5, 1, 1),
        (6, 0, None),
    ]


def test_headings_are_the_path_of_what_stands_under_them() -> None:
    units = units_of(document("# A\n\n## B\n\ntext one\n\n# C\n\ntext two\n"))
    assert [(unit.number, unit.path) for unit in units] == [(1, ()), (2, (1,)), (3, (1, 2)), (4, ()), (5, (4,))]


def test_table_rows_know_their_header() -> None:
    units = units_of(document("| Model | Size |\n|---|---|\n| tiny | 2B |\n| large | 7B |\n"))
    assert [(unit.kind, unit.header) for unit in units] == [("row", None), ("row", 1), ("row", 1)]
    html = "<table><tr><th>Model</th><th>Size</th></tr><tr><td>tiny</td><td>2B</td></tr></table>"
    assert [(unit.kind, unit.header) for unit in units_of(document(html, "text/html"))] == [("row", None), ("row", 1)]


def test_hidden_text_is_marked() -> None:
    text = (
        "![the best tool](logo.png)\n\nSeen <!-- say it is great --> here.\n\n<!-- note -->\n\n"
        '<details><summary>More</summary>\n\nFolded text.\n\n</details>\n\n<p style="display:none">Ghost text.</p>\n'
    )
    assert outline(text) == [
        ("alt", "the best tool"),
        ("sentence", "Seen here."),
        ("comment", "note"),
        ("sentence", "More"),
        ("sentence!collapsed", "Folded text."),
        ("sentence!style", "Ghost text."),
    ]


def test_a_comment_that_is_never_closed_hides_what_follows_it() -> None:
    assert outline("Seen.\n\n<!-- It is the best.\n\nIt is fast.\n") == [
        ("sentence", "Seen."),
        ("comment", "It is the best. It is fast."),
    ]
    assert outline("Write <!-- to open one.\n") == [("sentence", "Write <!-- to open one.")]
    assert outline("Write" + " " * 60 + "<!-- to open one.\n") == [("sentence", "Write <!-- to open one.")]


@pytest.mark.parametrize(
    "style",
    [
        "display: none",
        "visibility:hidden",
        "font-size:0px",
        "color:#fff",
        "color: white",
        "opacity:0",
        "width:0;height:0",
    ],
)
def test_every_way_to_style_text_away_is_known(style: str) -> None:
    assert outline(f'<div style="{style}">Ghost.</div>\n\nSeen.\n') == [
        ("sentence!style", "Ghost."),
        ("sentence", "Seen."),
    ]


def test_ordinary_styles_hide_nothing() -> None:
    text = '<div style="width:100%; opacity:0.8; background-color:#fff; color:#ffa500; font-size:0.9em">Seen.</div>\n'
    assert outline(text) == [("sentence", "Seen.")]


def test_code_is_one_unit_without_its_fences() -> None:
    assert outline("```sh\npip install x\nx --help\n```\n") == [("code", "pip install x\nx --help")]
    assert outline("    indented\n    code\n") == [("code", "indented\n    code")]


def test_one_line_code_fences_are_inline_code() -> None:
    assert outline("Run ```git clone x``` now.\n\n```pip install y```\n") == [
        ("sentence", "Run git clone x now."),
        ("sentence", "pip install y"),
    ]


def test_an_unclosed_fence_runs_to_the_end() -> None:
    assert outline("Text.\n\n```python\nimport x\n") == [("sentence", "Text."), ("code", "import x")]


def test_badges_menus_contents_licences_and_people_are_left_out_but_numbered() -> None:
    text = (
        "[![CI](https://ci.example/a.svg)](https://ci.example)\n\n"
        "[English](README.md) | [简体中文](README_zh.md) | [日本語](README_ja.md)\n\n"
        "## Contents\n\n- [Use](#use)\n- [Build](#build)\n- [Licence](#licence)\n\n"
        "## Use\n\nIt sorts files.\n\n"
        "## Licence\n\nPermission is hereby granted, free of charge, to any person.\n\n"
        "THE SOFTWARE IS PROVIDED AS IS.\n\n"
        "## Contributors\n\n[@a](https://github.com/a) [@b](https://github.com/b) [@c](https://github.com/c) [@d](https://github.com/d)\n"
    )
    assert outline(text) == [
        ("alt", "CI"),
        ("sentence!translations", "English | 简体中文 | 日本語"),
        ("heading!contents", "Contents"),
        ("item!contents", "Use"),
        ("item!contents", "Build"),
        ("item!contents", "Licence"),
        ("heading", "Use"),
        ("sentence", "It sorts files."),
        ("heading", "Licence"),
        ("sentence!licence", "Permission is hereby granted, free of charge, to any person."),
        ("sentence!licence", "THE SOFTWARE IS PROVIDED AS IS."),
        ("heading", "Contributors"),
        ("sentence!contributors", "@a @b @c @d"),
    ]


def test_front_matter_is_one_unit_that_is_left_out() -> None:
    text = "---\nlicense: mit\n---\n\nText.\n"
    units = units_of(document(text, body=text.index("\nText")))
    assert [(unit.kind, unit.left_out) for unit in units] == [("front_matter", "front_matter"), ("sentence", None)]


def test_long_items_are_cut_at_sentences_and_belong_to_their_first() -> None:
    text = "- " + " ".join(f"Sentence number {n} says something of moderate length here." for n in range(12)) + "\n"
    units = units_of(document(text))
    assert [unit.kind for unit in units] == ["item"] + ["sentence"] * 11
    assert {unit.parent for unit in units[1:]} == {1}


def test_restructuredtext_gives_the_same_kinds_of_unit() -> None:
    text = (
        ".. a comment\n\n.. image:: x.png\n   :alt: The logo\n\nTitle\n=====\n\nOne thing. Another.\n\n"
        "Part\n----\n\n* first item\n  goes on\n* second\n\n::\n\n    code here\n\n"
        "=====  =====\nName   Size\n=====  =====\ntiny   2B\n=====  =====\n"
    )
    assert outline(text, "text/x-rst") == [
        ("comment", "a comment"),
        ("alt", "The logo"),
        ("heading", "Title"),
        ("sentence", "One thing."),
        ("sentence", "Another."),
        ("heading", "Part"),
        ("item", "first item goes on"),
        ("item", "second"),
        ("code", "code here"),
        ("row", "Name Size"),
        ("row", "tiny 2B"),
    ]


def test_html_pages_give_the_same_kinds_of_unit() -> None:
    text = (
        "<!DOCTYPE html><html><head><title>T</title><style>p{}</style><script>let a = '<p>no</p>'</script></head><body>"
        "<h1>Big &amp; bold</h1><p>One thing. Another <b>one</b>.</p><ul><li>first<ul><li>nested</li></ul></li></ul>"
        "<pre><code>run it\nnow</code></pre>"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><p>two</p></td></tr></table>"
        "<img src=x alt='a picture'><p hidden>Ghost.</p><div>Tail</div></body></html>"
    )
    assert outline(text, "text/html") == [
        ("heading", "Big & bold"),
        ("sentence", "One thing."),
        ("sentence", "Another one."),
        ("item", "first"),
        ("item", "nested"),
        ("code", "run it\nnow"),
        ("row", "A | B"),
        ("row", "1 | two"),
        ("alt", "a picture"),
        ("sentence!style", "Ghost."),
        ("sentence", "Tail"),
    ]


def test_plain_text_has_paragraphs_and_bullets() -> None:
    text = "A first line\nthat goes on. And on.\n\nFields:\n\n- one\n\n- two\n"
    assert outline(text, "text/plain") == [
        ("sentence", "A first line that goes on."),
        ("sentence", "And on."),
        ("sentence", "Fields:"),
        ("item", "one"),
        ("item", "two"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_change_the_units(end: str) -> None:
    text = "# T\n\nOne\ntwo.\n\n> quote\n> goes on\n\n- a\n- b\n\n```\ncode\n```\n".replace("\n", end)
    kinds = [("heading", "T"), ("sentence", "One two."), ("sentence", "quote goes on"), ("item", "a"), ("item", "b")]
    assert outline(text) == [*kinds, ("code", "code")]


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "x", "#", "-", "<", "`", "\0", "\\", "[", "!", "---\n---", "\ufeff", "<!--"]
)
def test_the_smallest_documents_are_no_trouble(text: str) -> None:
    for media_type in ("text/markdown", "text/x-rst", "text/html", "text/plain"):
        holds(document(text, media_type))


# --- the laws


def holds(made: Document) -> list[Unit]:
    """Assert what is true of the units of every document: offsets, order, numbers, references."""
    units = units_of(made)
    at = 0
    for number, unit in enumerate(units, start=1):
        assert unit.number == number
        assert at <= unit.start < unit.end <= len(made.text)
        piece = made.text[unit.start : unit.end]
        assert piece == piece.strip() or unit.kind == "code"
        assert all(reference < number for reference in (*unit.path, unit.parent or 0, unit.header or 0))
        at = unit.end
    return units


WORDS = st.text(alphabet="abcdefgXYZ012éя", min_size=1, max_size=6)
INLINE = st.one_of(
    WORDS,
    WORDS.map("**{}**".format),
    WORDS.map("`{}`".format),
    WORDS.map("[{}](https://x.org/y)".format),
    WORDS.map("<b>{}</b>".format),
    WORDS.map("{}. ".format),
    WORDS.map("_{}_".format),
)
LINE = st.lists(INLINE, min_size=1, max_size=6).map(" ".join)
BLOCK = st.one_of(
    LINE,
    LINE.map("## {}".format),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    st.lists(LINE, min_size=1, max_size=3).map(lambda lines: "\n".join(f"> {line}" for line in lines)),
    st.lists(WORDS, min_size=2, max_size=3).map(
        lambda cells: f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}\n| {' | '.join(cells)} |"
    ),
    LINE.map("```\n{}\n```".format),
    WORDS.map("<p>{}</p>".format),
    LINE.map("<details><summary>s</summary>\n\n{}\n\n</details>".format),
    WORDS.map("<!-- {} -->".format),
    WORDS.map("![{}](x.png)".format),
)
MARKDOWN = st.lists(BLOCK, max_size=6).map("\n\n".join)


class _Rendered(HTMLParser):
    """Collects the text that a browser would show."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in ("script", "style", "svg", "iframe", "noscript", "template", "math", "title")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= (
            tag in ("script", "style", "svg", "iframe", "noscript", "template", "math", "title") and self.unseen > 0
        )

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.text.append(data)


def rendered(made: Document) -> Counter[str]:
    """Return how often each letter and digit shows in the document as markdown-it renders it, our code apart."""
    page = _Rendered()
    page.feed(MarkdownIt("commonmark").enable("table").render(made.text[made.body :]))
    page.close()
    return letters("".join(page.text))


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum())


def in_units(made: Document, units: list[Unit]) -> Counter[str]:
    unseen = ("alt", "comment")
    return letters(
        "".join(seen(unit, made) for unit in units if unit.hidden not in unseen and unit.kind != "front_matter")
    )


@given(MARKDOWN)
def test_every_visible_character_is_in_exactly_one_unit(text: str) -> None:
    made = document(text)
    assert in_units(made, holds(made)) == rendered(made)


@given(st.text(max_size=300), st.sampled_from(["text/markdown", "text/x-rst", "text/html", "text/plain"]))
def test_any_text_gives_units_in_order(text: str, media_type: MediaType) -> None:
    holds(document(text, media_type))


@given(MARKDOWN, st.integers(min_value=10, max_value=60))
def test_segments_hold_every_shown_unit_once_and_in_order(text: str, budget: int) -> None:
    made = document(text)
    units = units_of(made)
    segments = divide(made, units, budget=budget)
    assert [unit for one in segments for unit in one.units] == [unit for unit in units if unit.shown]
    assert [one.part for one in segments] == list(range(1, len(segments) + 1))


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus does not lie beside this checkout")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*")), ids=lambda path: path.name)
def test_real_documents_keep_every_character(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    front = re.match(r"---\r?\n.*?\n---\s*\n", text, re.DOTALL) if path.suffix == ".md" else None
    made = document(text, MEDIA[path.suffix], body=front.end() if front else 0)
    units = holds(made)
    if path.suffix == ".md":
        alerts = letters(
            re.sub(r"[\[\]!]", "", "".join(re.findall(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", text, re.I)))
        )
        assert rendered(made) - in_units(made, units) - alerts == Counter()


# --- segments


def long_document(sections: int) -> Document:
    return document("\n\n".join(f"## Part {n}\n\n" + "It does one more thing well. " * 20 for n in range(sections)))


def test_a_document_that_fits_is_one_segment() -> None:
    (only,) = segment(long_document(3))
    assert (only.part, only.parts, only.context) == (1, 1, ())


def test_segments_begin_at_headings_where_they_can() -> None:
    parts = segment(long_document(12), budget=700)
    assert len(parts) > 2
    assert all(part.units[0].kind == "heading" for part in parts)


def test_a_segment_repeats_the_headings_above_it() -> None:
    made = document("# Title\n\n" + "It does one more thing well. " * 100)
    first, second = segment(made, budget=500)[:2]
    assert first.context == ()
    assert [seen(unit, made) for unit in second.context] == ["Title"]


def test_halves_hold_all_units_and_a_single_unit_has_none() -> None:
    (whole,) = segment(long_document(4))
    halves = halve(whole)
    assert halves is not None
    assert halves[0].units + halves[1].units == whole.units
    (single,) = segment(document("One sentence."))
    assert halve(single) is None
