"""Revising an entry keeps the ids of what the source still says, and what a person has decided."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.llm import ModelOptions
from decomposer.llm.extractive import open_model
from decomposer.merge import split
from decomposer.pipeline import decompose
from decomposer.records import Capability, Entry, Source
from decomposer.revise import revise
from decomposer.same import Judging
from decomposer.sources.path import load
from tests.making import by_name, capability, draft, source
from tests.test_pipeline import TEMPLATE, Fake

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def versions() -> Iterator[tuple[Source, Source]]:
    """Yield the sources of an artifact at two times, the later one at the address of the earlier."""
    rows = {row["slug"]: row for row in map(json.loads, (CORPUS / "index.jsonl").read_text("utf-8").splitlines())}
    for row in rows.values():
        for later in (trait.partition(":")[2] for trait in row["traits"] if trait.startswith("older_version_of:")):
            if later in rows:
                old, new = (load(str(CORPUS / "dev" / one["file"]), no_network) for one in (row, rows[later]))
                moved = replace(new.documents[0], uri=old.documents[0].uri)
                yield old, Source(old.artifact, (moved,))


def no_network(url: str, *, accept: str = "*/*", missing_ok: bool = False) -> None:
    raise AssertionError(url)


def drafted(source: Source) -> Entry:
    return decompose(source, model=open_model("", ModelOptions()), template=TEMPLATE)


def still_said(capability: Capability, text: str) -> bool:
    quotes = [span.quote for span in capability.description.evidence] if capability.description else []
    return bool(quotes) and all(quote in text for quote in quotes)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not beside this checkout")
def test_ids_are_kept_where_the_evidence_is_still_there() -> None:
    there: list[str] = []
    kept: list[str] = []
    for old, new in versions():
        before = drafted(old)
        found = drafted(new)
        entry = revise(before, found, new.documents, judge=Judging.of(old.artifact)).entry
        ids = {one.id for one in entry.capabilities}
        said = [one.id for one in before.capabilities if still_said(one, new.documents[0].text)]
        there += said
        kept += [one for one in said if one in ids]
        texts = {document.sha256: document.text for one in (old, new) for document in one.documents}
        for one in entry.capabilities:
            for span in one.evidence():
                text = texts[entry.documents[span.document].sha256]
                assert text[span.start : span.end] == span.quote
        assert revise(entry, found, new.documents, judge=Judging.of(old.artifact)).entry == entry
    assert len(there) >= 10
    assert len(kept) >= 0.95 * len(there)


def test_what_was_not_drawn_this_time_stays_only_where_chance_alone_may_have_hidden_it() -> None:
    of = source("It sorts files. It copies files.\n")
    both = draft(capability("Sorting", "It sorts files.", [1]), capability("Copying", "It copies files.", [2]))
    one = draft(capability("Sorting", "It sorts files.", [1]))
    before = decompose(of, model=Fake(lambda prompt: both), template=TEMPLATE)
    after = decompose(of, model=Fake(lambda prompt: one), template=TEMPLATE)

    def left(old: str, new: str, **run: str) -> list[str]:
        previous = before.model_copy(update={"run": before.run.model_copy(update={"recipe": old})})
        found = after.model_copy(update={"run": after.run.model_copy(update={"recipe": new, **run})})
        return [held.name for held in revise(previous, found, of.documents, judge=by_name).entry.capabilities]

    assert left("r1", "r1") == ["Sorting", "Copying"]
    assert left("r1", "r2") == ["Sorting"]
    assert left("r1", "r1", model="renamed") == ["Sorting", "Copying"]
    assert left("", "r2") == left("r1", "") == left("", "") == ["Sorting", "Copying"]
    assert left("", "r2", model="other") == left("", "", prompt="v9") == ["Sorting"]


def test_a_second_redraft_changes_nothing_and_says_that_all_is_kept() -> None:
    drafted = draft(capability("Sorting", "It sorts files.", [1]), capability("Copying", "It copies files.", [2]))
    of = source("It sorts files. It copies files.\n")
    first = decompose(of, model=Fake(lambda prompt: drafted), template=TEMPLATE)
    states = ("accepted", "proposed")
    held = first.model_copy(
        update={"capabilities": tuple(
            one.model_copy(update={"state": state}) for one, state in zip(first.capabilities, states, strict=True)
        )}
    )  # fmt: skip
    changes = revise(held, first, of.documents, judge=by_name)
    assert changes.entry == held
    assert [(change.fate, change.open) for change in changes.each] == [("kept", False), ("kept", False)]
    assert revise(changes.entry, first, of.documents, judge=by_name) == changes


def test_what_a_person_has_split_is_not_joined_again_by_a_new_draft() -> None:
    drafted = draft(
        capability("Sorting files", "It sorts files.", [1]),
        capability("File sorting", "It copies files.", [2]),
    )
    of = source("It sorts files. It copies files.\n")
    first = decompose(of, model=Fake(lambda prompt: drafted), template=TEMPLATE)
    (joined,) = first.capabilities
    parts = split(joined)
    assert [part.id for part in parts] == ["thing/sorting-files", "thing/file-sorting"]
    apart = (parts[0].id, parts[1].id)
    previous = first.model_copy(update={"capabilities": parts, "apart": (apart,)})
    again = revise(previous, first, of.documents, judge=by_name).entry
    assert again == previous
    texts = [text.text for text in of.documents]
    for one in again.capabilities:
        assert [texts[span.document][span.start : span.end] for span in one.evidence()] == [
            span.quote for span in one.evidence()
        ]


def test_what_was_merged_moves_with_the_text() -> None:
    drafted = draft(
        capability("Sorting files", "It sorts files.", [1]),
        capability("File sorting", "It sorts many files.", [2]),
    )
    old, new = source("It sorts files. It sorts many files.\n"), source("More. It sorts files. It sorts many files.\n")
    first = decompose(old, model=Fake(lambda prompt: drafted), template=TEMPLATE)
    accepted = tuple(one.model_copy(update={"state": "accepted"}) for one in first.capabilities)
    found = decompose(new, model=Fake(lambda prompt: draft()), template=TEMPLATE)
    entry = revise(first.model_copy(update={"capabilities": accepted}), found, new.documents, judge=by_name).entry
    (held,) = entry.capabilities
    assert [document.sha256 for document in entry.documents] == [new.documents[0].sha256]
    text = new.documents[0].text
    spans = [span for part in held.parts() for span in part.evidence()]
    assert [text[span.start : span.end] for span in spans] == [span.quote for span in spans]
    assert len(list(held.parts())) == 3
