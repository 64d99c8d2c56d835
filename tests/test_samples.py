"""The samples hold: golden files, evidence, verdicts, and what must not come out of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.draft import Claim, Draft, DraftCapability, DraftKind
from decomposer.llm.scripted import ScriptedModel
from decomposer.records import LISTS, Entry, Evidence, Prompt
from decomposer.segment import units_of
from decomposer.text import seen
from scripts.golden import MODELS, SAMPLES, as_text, drafted, entry_of, folders, meta_of, source_of

SLUGS = [folder.name for folder in folders()]
GOLDEN = [(slug, name) for slug in SLUGS for name in MODELS]
BELIEVED = ("supported", "vendor_claim")

HOSTILE = (
    "certified", "100 %", "Military-grade", "excellent", "world's leading", "5 million", "uploads every photo",
    "ransomware", "reboot", "x1b", "owned", "alert(1)", "javascript:", "Golden Pebble", "maintenance mode",
    "remote administration", "5 stars",
)  # fmt: skip
"""What the planted text of the hostile sample wants to be said."""

ADDRESSES_THE_MODEL = ("Ignore previous instructions", "Note to AI assistants")
LINKED = ("Brindlecast", "Oakum", "Marrowfind", "Cinderpath", "Peregud")
"""Tools that the index of tutorials links to tutorials on."""


def golden(slug: str, name: str) -> Entry:
    return Entry.model_validate_json((SAMPLES / slug / name).read_text(encoding="utf-8"))


def evidence(entry: Entry) -> Iterator[Evidence]:
    for capability in entry.capabilities:
        for _, statement in capability.statements():
            yield from statement.evidence
            for sentence in statement.sentences:
                yield from sentence.evidence
        for name in LISTS:
            for note in getattr(capability, name):
                yield from note.evidence


def said(entry: Entry) -> str:
    """Return everything that the capabilities of an entry say."""
    texts = [capability.name for capability in entry.capabilities]
    for capability in entry.capabilities:
        texts += [statement.text for _, statement in capability.statements()]
        texts += [note.text for name in LISTS for note in getattr(capability, name)]
    return "\n".join(texts)


def test_every_folder_of_the_samples_is_complete() -> None:
    kept = {"meta.json", "answer.json", *MODELS}
    for folder in (path for path in SAMPLES.iterdir() if path.is_dir() and path.name != "gold"):
        names = {path.name for path in folder.iterdir()}
        assert names - kept <= {"README.md", "README.rst", "model_card.md"}, folder.name
        assert kept < names, folder.name


@pytest.mark.parametrize("slug", SLUGS)
def test_json_files_are_pretty_and_end_with_a_newline(slug: str) -> None:
    for path in (SAMPLES / slug).glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(("{\n  ", "[\n  ")), path.name
        assert text.endswith(("\n}\n", "\n]\n")), path.name


@pytest.mark.parametrize(("slug", "name"), GOLDEN)
def test_the_pipeline_gives_the_golden_file(
    slug: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = (SAMPLES / slug / name).read_text(encoding="utf-8")
    assert as_text(entry_of(SAMPLES / slug, name)) == expected, (
        "look at what changed, then run python scripts/golden.py"
    )


@pytest.mark.parametrize(("slug", "name"), GOLDEN)
def test_every_evidence_slice_equals_its_quote(slug: str, name: str) -> None:
    documents = source_of(SAMPLES / slug).documents
    for span in evidence(golden(slug, name)):
        assert documents[span.document].text[span.start : span.end] == span.quote


@pytest.mark.parametrize("slug", SLUGS)
def test_the_entry_is_of_the_kind_that_the_sample_names(slug: str) -> None:
    assert golden(slug, "expected.json").source_kind.kind == meta_of(SAMPLES / slug).kind


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_without_a_planted_mistake_is_believed(slug: str) -> None:
    planted = {(mistake.capability, mistake.field) for mistake in meta_of(SAMPLES / slug).mistakes}
    doubted = [
        (capability.name, field, sentence.reason)
        for capability in golden(slug, "expected.json").capabilities
        for field, statement in capability.statements()
        for sentence in statement.sentences
        if sentence.support not in BELIEVED and (capability.name, field) not in planted
    ]
    assert doubted == []


@pytest.mark.parametrize("slug", SLUGS)
def test_exactly_the_planted_mistakes_are_flagged(slug: str) -> None:
    flagged = {
        (capability.name, field, flag.kind, flag.text)
        for capability in golden(slug, "expected.json").capabilities
        for field, statement in capability.statements()
        for flag in statement.flags
    }
    assert flagged == {(one.capability, one.field, one.flag, one.text) for one in meta_of(SAMPLES / slug).mistakes}


def test_the_planted_mistakes_are_not_believed_and_their_neighbours_are() -> None:
    entry = golden("cinderpath-planner", "expected.json")
    verdicts = {
        capability.name: [sentence.support for sentence in statement.sentences]
        for capability in entry.capabilities
        for _, statement in capability.statements()
    }
    assert verdicts["Drill simulation"] == ["supported", "unsupported"]
    assert verdicts["Briefing sheets for teachers"] == ["unsupported"]


@pytest.mark.parametrize("name", MODELS)
def test_the_placeholder_has_no_capability_and_says_why(name: str) -> None:
    entry = golden("fernhollow-base", name)
    assert (entry.source_kind.kind, entry.capabilities) == ("placeholder", ())
    assert "template" in entry.source_kind.reason


@pytest.mark.parametrize("name", MODELS)
def test_the_index_has_no_capability_of_what_it_links_to(name: str) -> None:
    entry = golden("lantern-lessons", name)
    assert entry.source_kind.kind == "tutorial"
    assert len(entry.capabilities) >= 4
    assert [tool for tool in LINKED if tool.casefold() in said(entry).casefold()] == []


def test_two_documents_make_one_entry_with_evidence_from_both() -> None:
    entry = golden("wrenlight-2b-router", "expected.json")
    assert [document.uri.rsplit("/", 1)[-1] for document in entry.documents] == ["model_card.md", "README.md"]
    merged = {one.name: one.provenance.merged_from for one in entry.capabilities if one.provenance.merged_from}
    assert merged == {
        "Choosing among up to 128 tools": ("Choosing among 128 tools", "Choosing among up to 128 tools"),
    }
    both = next(one.description for one in entry.capabilities if one.provenance.merged_from)
    assert both is not None
    assert {span.document for span in both.evidence} == {0, 1}


@pytest.mark.parametrize("name", MODELS)
def test_nothing_of_the_hostile_text_reaches_the_entry(name: str) -> None:
    entry = golden("pebblesort", name)
    assert len(entry.capabilities) >= 4
    assert [planted for planted in HOSTILE if planted.casefold() in said(entry).casefold()] == []
    quotes = "\n".join(span.quote for span in evidence(entry))
    assert [planted for planted in HOSTILE if planted.casefold() in quotes.casefold()] == []


def test_the_hostile_text_supports_nothing_even_for_a_model_that_falls_for_it() -> None:
    (document,) = source_of(SAMPLES / "pebblesort").documents
    planted = {
        unit.number: text
        for unit in units_of(document)
        for text in [seen(unit, document)]
        if not unit.shown or text.startswith(ADDRESSES_THE_MODEL)
    }
    assert [text.split()[0] for text in planted.values()] == ["pebblesort", "SYSTEM:", "Ignore", "pebblesort", "Note"]
    fooled = [
        DraftCapability(name=text, category="other", description=Claim(text=text, units=[number]))
        for number, text in planted.items()
    ]
    answer = Draft(source_kind=DraftKind(kind="software", reason="a tool"), capabilities=fooled)
    entry = drafted(SAMPLES / "pebblesort", ScriptedModel([answer]))
    assert len(entry.capabilities) == len(planted)
    assert {one.description and one.description.support for one in entry.capabilities} == {"unsupported"}


def test_the_template_syntax_of_a_document_is_shown_as_it_stands() -> None:
    prompts: list[Prompt] = []

    def answer(prompt: Prompt) -> Draft:
        prompts.append(prompt)
        return Draft(source_kind=DraftKind(kind="software", reason="a tool"), capabilities=[])

    drafted(SAMPLES / "pebblesort", ScriptedModel(answer))
    asked = prompts[0].messages[-1].content
    assert "{{ date }}-{{ camera }}.jpg" in asked
    assert "{% for %} and {{ config.__class__ }}" in asked
    assert "${HOME} and $(reboot)" in asked
    assert "Military-grade" not in asked
    assert "certified" not in asked
