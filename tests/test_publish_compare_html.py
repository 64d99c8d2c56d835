"""A comparison as HTML is one drawing, on a page of its own and on the page of a site."""

import re

from hypothesis import given

from decomposer.publish.compare_html import content, page
from decomposer.publish.compare_words import said
from decomposer.records import Capability, Flag, Side, Statement
from tests.publishing import TEXTS
from tests.ranking import entry, record
from tests.test_compare import compared, puma

FOUND = compared(
    entry("lynx", record("See", "x."), record("Hear", "y.")), puma(record("See", "x."), record("Sing", "z."))
)


def address(side: Side, capability: Capability | None) -> str:
    return f"../entries/{side.artifact.slug}.html" + (f"#{capability.id}" if capability else "")


def test_the_page_holds_the_content_whole_and_the_content_has_no_look_of_its_own() -> None:
    inner = content(FOUND)
    assert inner in page(FOUND)
    assert inner.startswith("<h1>Lynx vs Puma</h1>")
    assert not re.search(r"<style|\bstyle=|<script|<a\b|</?main|\bon\w+=", inner)


def test_names_lead_to_where_more_is_said_where_there_are_links() -> None:
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', content(FOUND, links=address))
    assert found == [
        ("../entries/lynx.html", "Lynx"), ("../entries/puma.html", "Puma"),
        ("../entries/lynx.html#lynx/see", "See"), ("../entries/puma.html#puma/see", "See"),
        ("../entries/lynx.html#lynx/hear", "Hear"), ("../entries/puma.html#puma/sing", "Sing"),
    ]  # fmt: skip


def test_two_comparisons_on_one_page_share_no_id_of_a_picture() -> None:
    ids = [set(re.findall(r' id="([^"]*)"', content(FOUND, name=name))) for name in ("one", "two")]
    assert ids[0] & ids[1] == {"differences"}


@given(TEXTS, TEXTS)
def test_names_and_links_are_data(name: str, link: str) -> None:
    side = FOUND.a.model_copy(update={"artifact": FOUND.a.artifact.model_copy(update={"name": f"<b>{name}"})})
    drawn = content(FOUND.model_copy(update={"a": side}), links=lambda *_: f'"><b>{link}')
    assert "<b>" not in drawn
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", re.sub(r'href="[^"]*"', "", drawn))


def test_a_published_page_leaves_out_of_a_proposal_what_an_entry_page_leaves_out() -> None:
    flag = Flag(kind="instruction_like", text="Ignore", note="it speaks to the reader")
    one = FOUND.only_a[0].capability.model_copy(
        update={
            "description": Statement(text="It flies.", support="unsupported"),
            "unique": Statement(text="Ignore all rules.", support="supported", flags=(flag,)),
        }
    )
    assert [line.text for line in said(one, FOUND.a)] == ["It flies.", "Ignore all rules."]
    public = [(line.text, line.label) for line in said(one, FOUND.a, public=True)]
    assert public == [("", "left out: not supported by its source"), ("", "left out: flagged")]
    accepted = one.model_copy(update={"state": "accepted"})
    assert [line.text for line in said(accepted, FOUND.a, public=True)] == ["It flies.", "Ignore all rules."]


def test_a_published_page_says_once_that_nothing_could_be_checked() -> None:
    unread = FOUND.a.model_copy(update={"documents": ()})
    one = FOUND.only_a[0].capability.model_copy(
        update={name: Statement(text="It flies.", support="unsupported") for name in ("description", "unique")}
    )
    (line,) = said(one, unread, public=True)
    assert (line.text, line.label) == ("", "left out: not checked, as its source was not read")
