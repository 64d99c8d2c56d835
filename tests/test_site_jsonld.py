"""Pages say in JSON-LD what is known of an artifact, and nothing in it leaves its script element."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given

from decomposer.publish.site import jsonld
from decomposer.publish.site.drawing import Chrome
from decomposer.publish.site.views import CanonicalView, Coverage, EntryLine, EntryView, StartView
from decomposer.records import Facts, SourceKind
from decomposer.records.facts import Fact, FactKey
from tests.publishing import TEXTS, capability, hostile, statement
from tests.viewing import able, samples, view, viewed

SITE = Chrome(base_url="https://catalog.example/site", place="entries/clip.html")


class Scripts(HTMLParser):
    """Reads a page as a browser does: everything between the tags of a script is its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def told(markup: str) -> dict[str, Any]:
    """Return what a block says."""
    read = Scripts(markup)
    assert read.tags == ["script"]
    return dict(json.loads("".join(read.texts)))


def facts(made: EntryView, **known: str) -> EntryView:
    """Return an entry of which somebody has said this."""
    keys: list[tuple[FactKey, str]] = list(known.items())  # type: ignore[arg-type]
    said = [Fact(entry="clip", key=key, value=value, by="person", source="https://x.example") for key, value in keys]
    return viewed(made.entry, facts=Facts.of(made.entry.artifact, said))


def test_an_entry_says_what_is_known_of_it() -> None:
    made = view(
        able("Reading", "It reads."),
        able("Guessing", "x", id="clip/g"),
        capability(name="Boasting", id="clip/b", description=statement("It wins.", "unsupported")),
        type="model", tags=("ocr",), language=("en",), source="gh:a/clip",
    )  # fmt: skip
    known = facts(
        made, license="apache-2.0", maintainer="Ann", updated="2026-10-01", downloads="12",
        homepage="https://clip.example",
    )  # fmt: skip
    assert told(jsonld.entry(known, SITE)) == {
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": "Clip",
        "description": "It reads.",
        "url": "https://clip.example",
        "license": "https://spdx.org/licenses/Apache-2.0.html",
        "maintainer": {"name": "Ann"},
        "dateModified": "2026-10-01",
        "keywords": ["ocr"],
        "inLanguage": ["en"],
        "interactionStatistic": [
            {"@type": "InteractionCounter", "interactionType": {"@type": "DownloadAction"}, "userInteractionCount": 12}
        ],
        "mainEntityOfPage": "https://catalog.example/site/entries/clip.html",
        "applicationCategory": "AI model",
        "featureList": ["Reading", "Guessing"],
    }


@pytest.mark.parametrize(
    ("type_", "kind", "expected"),
    [
        ("model", "model", "SoftwareApplication"), ("webapp", "software", "WebApplication"),
        ("repo", "software", ["SoftwareApplication", "SoftwareSourceCode"]), ("dataset", "dataset", "Dataset"),
        ("benchmark", "dataset", "Dataset"), ("benchmark", "software", "SoftwareApplication"),
        ("repo", "tutorial", "LearningResource"), ("repo", "list", "CreativeWork"),
        ("prompt", "software", "CreativeWork"), ("model", "placeholder", "CreativeWork"),
    ],
)  # fmt: skip
def test_the_type_is_what_the_artifact_really_is(type_: str, kind: str, expected: object) -> None:
    made = view(able("Reading", "It reads."), type=type_)
    read = viewed(
        made.entry.model_copy(update={"source_kind": SourceKind.model_validate({"kind": kind, "reason": ""})})
    )
    block = told(jsonld.entry(read, SITE))
    assert block["@type"] == expected
    application = "Application" in str(expected)
    assert (block.get("featureList"), block.get("about")) == (
        (["Reading"], None) if application else (None, [{"@type": "Thing", "name": "Reading"}])
    )


@pytest.mark.parametrize(
    ("known", "free", "offers"),
    [
        ({}, None, None),
        ({"pricing": "open-source"}, True, None),
        ({"pricing": "freemium"}, None, None),
        ({"pricing": "paid"}, False, None),
        ({"pricing": "free"}, True, [{"@type": "Offer", "price": "0", "priceCurrency": "USD"}]),
        (
            {"pricing": "paid", "input_price": "0.10", "starting_price": "20/month"}, False,
            [
                {"@type": "Offer", "priceSpecification": {"@type": "UnitPriceSpecification", "price": price,
                 "priceCurrency": "USD", "unitText": unit}}
                for price, unit in (("20", "month"), ("0.1", "1M input tokens"))
            ],
        ),
    ],
)  # fmt: skip
def test_offers_are_made_only_of_prices_that_are_known(
    known: dict[str, str], free: bool | None, offers: object
) -> None:
    kept = {key: "0.10/1M tokens" if key == "input_price" else value for key, value in known.items()}
    block = told(jsonld.entry(facts(view(type="api"), **kept), SITE))
    assert (block.get("isAccessibleForFree"), block.get("offers")) == (free, offers)


@given(TEXTS)
def test_no_text_leaves_the_block_and_it_is_json(text: str) -> None:
    made = viewed(hostile(f"</script><!--<script>{text}\u2028") if text.split() else hostile("x"))
    markup = jsonld.entry(made, SITE)
    assert told(markup)["@context"] == "https://schema.org"
    inside = re.sub(r"^<script [^>]*>|</script>$", "", markup)
    assert not set(inside) & set("<>&\u2028\u2029")
    assert inside.isascii()


def test_nothing_is_rated_and_no_address_is_invented() -> None:
    for entry in samples():
        block = jsonld.entry(viewed(entry), Chrome(place="entries/x.html"))
        assert not re.search("(?i)rating|review", block)
        assert "mainEntityOfPage" not in told(block)


def test_lists_the_start_and_shared_capabilities_are_described() -> None:
    line = EntryLine("clip", "Clip </script>", "model", "model", "", 2, 1)
    listed = told(jsonld.listing("Models", [line], SITE))
    assert (listed["@type"], listed["mainEntity"]["itemListElement"]) == (
        "CollectionPage",
        [{"@type": "ListItem", "position": 1, "name": "Clip </script>",
          "url": "https://catalog.example/site/entries/clip.html"}],
    )  # fmt: skip
    shared = CanonicalView("capability://search.retrieval.hybrid", "Hybrid", "search.retrieval", 2, aliases=("both",))
    assert told(jsonld.canonical(shared, SITE)) == {
        "@context": "https://schema.org", "@type": "DefinedTerm", "name": "Hybrid",
        "termCode": "capability://search.retrieval.hybrid", "alternateName": ["both"],
        "mainEntityOfPage": "https://catalog.example/site/entries/clip.html",
    }  # fmt: skip
    start = told(jsonld.start(StartView("2026-11-21", Coverage()), SITE))
    assert start["potentialAction"]["target"] == "https://catalog.example/site/search.html?q={words}"
    assert "potentialAction" not in told(jsonld.start(StartView("2026-11-21", Coverage()), Chrome()))
