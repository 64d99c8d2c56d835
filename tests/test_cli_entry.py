"""An entry is shown with what is claimed, what the source supports, and the lines that do."""

from io import StringIO

import pytest

from decomposer.cli.entry import Places, show_entry
from decomposer.cli.screen import Screen
from decomposer.records import Entry, Evidence, Flag, Note, Sentence
from tests.test_publish import capability, entry, statement

TEXT = "# papertrail\r\n\r\nIt turns scans into JSON.\rIt reads 40 pages a minute.\n\n- reads PDF\n"


def span(quote: str, *, document: int = 0, how: str = "cited") -> Evidence:
    start = TEXT.index(quote)
    return Evidence.model_validate(
        {"document": document, "start": start, "end": start + len(quote), "quote": quote, "how": how}
    )


def shown(made: Entry, *, text: str | None = TEXT) -> str:
    file = StringIO()
    show_entry(made, Places(made, lambda sha256: text), Screen(file))
    return file.getvalue()


def test_an_entry_reads_well_at_80_columns() -> None:
    said = "It turns scans into JSON. It reads 90 pages a minute, faster than any other tool that is known to anybody."
    sentences = (
        Sentence(start=0, end=25, support="supported", reason="", evidence=(span("It turns scans into JSON."),)),
        Sentence(start=26, end=106, support="unsupported", reason="90: not in the cited text"),
    )
    flag = Flag(kind="number", text="90", note="the cited text does not say so, see the line it stands in")
    description = statement(said, support="unsupported", sentences=sentences, flags=(flag,))
    unique = statement("Reads PDF.", support="partial", evidence=(span("reads PDF", how="fuzzy"),))
    notes = (Note(text="scans", evidence=(span("scans"),)), Note(text="PDF"))
    made = entry(
        capability(name="Scans to JSON", description=description, unique=unique, best_for=notes), slug="papertrail"
    )
    assert shown(made).splitlines() == [
        "─" * 80,
        "Clip",
        "papertrail · repo · README.md",
        "The text is: software (it describes a tool)",
        "1 capability; statements: 1 partly supported, 1 not supported",
        "",
        "1. Scans to JSON",
        "   other · proposed · clip/scans to json",
        "   description  ✗ not supported",
        "     ✓ It turns scans into JSON.",
        "     │ line 3  “It turns scans into JSON.”",
        "     ✗ It reads 90 pages a minute, faster than any other tool that is known to",
        "       anybody.",
        "     90: not in the cited text",
        "     │ no evidence",
        "     ! number “90”: the cited text does not say so, see the line it stands in",
        "   unique  ~ partly supported",
        "     Reads PDF.",
        "     │ line 6 (fuzzy match)  “reads PDF”",
        "   best for     scans  (line 3)",
        "                PDF  (no evidence)",
        "   The source does not say: vs alternatives.",
        "",
    ]


def test_what_waits_for_a_decision_and_what_was_joined_is_shown_with_its_evidence() -> None:
    part = capability(name="Reads PDF")
    revision = capability(name="Scans to text", description=statement("It reads.", evidence=(span("reads PDF"),)))
    held = capability(name="Scans", state="accepted", unique=statement("Alone."), merged=(part,), revision=revision)
    lines = shown(entry(held.model_copy(update={"broader_than": ("clip/pdf",)}), slug="papertrail")).splitlines()
    at = lines.index("   Special cases: clip/pdf")
    assert lines[at : at + 9] == [
        "   Special cases: clip/pdf",
        "   Joined from: Reads PDF",
        "   The newest draft says instead, and waits for a decision:",
        "   Name  Scans to text",
        "   description  ✓ supported",
        "     It reads.",
        "     │ line 6  “reads PDF”",
        "   unique: not said any more",
        "",
    ]


def test_an_entry_without_capabilities_says_why() -> None:
    assert shown(entry()).splitlines()[3:] == [
        "The text is: software (it describes a tool)",
        "No capabilities: it describes a tool",
        "",
    ]


def test_with_two_documents_a_place_names_the_file() -> None:
    made = entry(uri="card/model_card.md")
    both = made.model_copy(update={"documents": (*made.documents, *entry(uri="docs\\README.md").documents)})
    places = Places(both, lambda sha256: TEXT)
    assert places.of(span("reads PDF", document=1)) == "README.md line 6"
    assert places.of(span("scans into JSON.\rIt")) == "model_card.md lines 3-4"


@pytest.mark.parametrize("document", [0, 7])
def test_without_the_text_a_place_is_given_in_characters(document: int) -> None:
    places = Places(entry(), lambda sha256: None)
    assert places.of(span("# papertrail", document=document)) == "characters 0-12"


def test_names_that_look_like_markup_are_printed_as_they_are() -> None:
    assert "1. [/bold][red]x :smile: https://example.com" in shown(
        entry(capability(name="[/bold][red]x :smile: https://example.com"))
    )


def test_wide_letters_wrap_by_their_width() -> None:
    lines = shown(entry(capability(description=statement("日本語" * 40)))).splitlines()
    quoted = [line for line in lines if "日" in line]
    assert [len(line) for line in quoted] == [5 + 37, 5 + 37, 5 + 37, 5 + 9]
