"""What is published is labelled, rests on quotes, and is only text: no markup, no link, no path comes out of data."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from decomposer.display import one_line
from decomposer.errors import UsageError
from decomposer.ports import Exporter
from decomposer.publish import files, markdown
from decomposer.publish import json as published_json
from decomposer.records import (
    Artifact,
    Capability,
    Entry,
    Evidence,
    Flag,
    Gone,
    Note,
    Provenance,
    Run,
    Sentence,
    SourceDocument,
    SourceKind,
    State,
    Statement,
    Support,
)

INJECTIONS = Path(__file__).parents[2] / "shared" / "injections"
WORD = "word"


def evidence(quote: str = "It reads PDF.", *, start: int = 10) -> Evidence:
    return Evidence(document=0, start=start, end=start + len(quote), quote=quote, how="cited")


def statement(text: str = "It reads PDF.", **fields: Any) -> Statement:
    return Statement(**{"text": text, "support": "supported", "evidence": (evidence(),), **fields})


def capability(slug: str = "clip", name: str = "Reading", state: State = "proposed", **fields: Any) -> Capability:
    known = {"id": f"{slug}/{name.lower()}", "name": name, "category": "other", "state": state}
    return Capability(
        **{**known, "description": statement(), "provenance": Provenance(model="m", prompt="v1"), **fields}
    )


def entry(*capabilities: Capability, slug: str = "clip", name: str = "Clip", uri: str = "README.md") -> Entry:
    return Entry(
        artifact=Artifact(slug=slug, name=name, type="repo", source=uri),
        documents=(SourceDocument(uri=uri, sha256="0" * 64, chars=100, media_type="text/markdown"),),
        source_kind=SourceKind(kind="software", reason="it describes a tool"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
    )


def hostile(text: str) -> Entry:
    """Return an entry that says `text` wherever an entry can hold free text."""
    said = Statement(
        text=text,
        support="vendor_claim",
        evidence=(evidence(text),),
        flags=(Flag(kind="name", text=text, note=text),),
        sentences=(Sentence(start=0, end=len(text), support="partial", reason=text, evidence=(evidence(text),)),),
    )
    notes = (Note(text=text, evidence=(evidence(text),)),)
    made = capability(
        id="clip/x", name=text, description=said, unique=said.model_copy(update={"sentences": ()}), best_for=notes
    )
    whole = entry(made, name=text)
    artifact = whole.artifact.model_copy(update={"license": text, "source": text})
    kind = SourceKind(kind="software", reason=text)
    return whole.model_copy(update={"artifact": artifact, "source_kind": kind})


def structure(page: str) -> list[str]:
    """Return the markup of a page, without its texts, as the most permissive renderer reads it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = [token for block in parser.parse(page) for token in (block, *(block.children or ()))]
    found = [
        f"{token.type} {token.tag} {token.attrs}" for token in tokens if token.type not in ("text", "text_special")
    ]
    return [*found, *(f"code {token.content}" for token in tokens if token.type == "code_inline")]


def payloads() -> Iterator[str]:
    for path in sorted(INJECTIONS.rglob("*")):
        if path.suffix == ".json":
            yield from _texts(json.loads(path.read_text(encoding="utf-8")))
        elif path.suffix in (".txt", ".md", ".svg"):
            content = path.read_text(encoding="utf-8", errors="replace")
            yield content
            yield from content.splitlines()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


MARKUP = st.text(
    st.sampled_from("<>&\"'`*_~[](){}#+-=!|\\/:.@$^ \n\t\r0123456789abcWwhtps\u2028\x1b\u202e"), max_size=40
)


@given(MARKUP | st.text())
def test_text_of_any_kind_leaves_the_structure_of_a_page_as_it_is(text: str) -> None:
    if text.split():
        assert structure(markdown.page(hostile(text))) == structure(markdown.page(hostile(WORD)))


def test_no_public_payload_becomes_markup() -> None:
    if not INJECTIONS.is_dir():
        pytest.skip("../shared/injections is not here")
    tried = {payload for payload in payloads() if payload.split()}
    assert len(tried) > 1000
    plain = structure(markdown.escape(WORD))
    assert [text for text in tried if structure(markdown.escape(text)) != plain] == []


@given(MARKUP | st.text())
def test_an_escaped_text_reads_as_it_was(text: str) -> None:
    rendered = MarkdownIt("commonmark").parse(markdown.escape(text))
    shown = "".join(child.content for token in rendered for child in token.children or ())
    assert shown == one_line(text)


def test_a_page_labels_every_sentence_with_its_support() -> None:
    text = "It reads PDF. It is the best. It reads minds. It writes 9 formats."
    spans = [(0, 13), (14, 29), (30, 45), (46, 66)]
    verdicts: list[tuple[Support, str]] = [
        ("supported", ""),
        ("vendor_claim", "praise"),
        ("unsupported", "mind"),
        ("partial", "9 is not there"),
    ]
    sentences = tuple(
        Sentence(start=start, end=end, support=support, reason=reason, evidence=(evidence(),))
        for (start, end), (support, reason) in zip(spans, verdicts, strict=True)
    )
    page = markdown.page(entry(capability(description=statement(text, support="unsupported", sentences=sentences))))
    assert page == (
        "# Clip\n\n"
        "repo, from README.md\n\n"
        "The text is: software (it describes a tool)\n\n"
        "**Proposals on this page were drafted by a program and not reviewed by a person yet.**\n\n"
        "## Reading\n\n"
        "*proposal, not reviewed by a person yet*, other, `clip/reading`\n\n"
        "It reads PDF. \\[1\\] According to its README: “It is the best.” \\[1\\] "
        "It writes 9 formats. \\[1\\] *(partly supported: 9 is not there)* "
        "*(1 sentence is left out: the source does not support what was drafted.)*\n\n"
        "> **Evidence**\n>\n> 1. “It reads PDF.” (README.md, characters 10\u201323)\n"
    )


def test_an_accepted_capability_is_no_proposal() -> None:
    page = markdown.page(entry(capability(state="accepted")))
    assert "*accepted*, other" in page
    assert "roposal" not in page


def test_rejected_and_retired_capabilities_are_never_published(tmp_path: Path) -> None:
    mixed = entry(capability(name="A", state="accepted"), capability(name="B", state="rejected"), capability(name="C"))
    gone = entry(capability(state="retired"), slug="gone")
    empty = entry(slug="placeholder")
    for exporter in (published_json.export, markdown.export):
        exporter(iter([mixed, gone, empty]), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "clip.json", "clip.md", "index.json", "index.md", "placeholder.json", "placeholder.md",
    ]  # fmt: skip
    published = Entry.model_validate_json((tmp_path / "clip.json").read_text())
    assert [each.name for each in published.capabilities] == ["A", "C"]
    assert "## B" not in (tmp_path / "clip.md").read_text()


def test_what_a_person_left_out_is_not_published_and_what_people_disagree_about_is_a_proposal(tmp_path: Path) -> None:
    said = statement("It is the best.")
    note = Note(text="a note", evidence=(evidence(),))
    left_out = capability(name="A", state="accepted", unique=said, intents=(note,), dropped=("unique", "intents"))
    disputed = capability(name="B", state="accepted", disputed=True, flagged=True, dismissed=("0" * 16,))
    for exporter in (published_json.export, markdown.export):
        exporter(iter([entry(left_out, disputed)]), tmp_path)
    page = (tmp_path / "clip.md").read_text()
    assert "best" not in page
    assert "a note" not in page
    one, two = Entry.model_validate_json((tmp_path / "clip.json").read_text()).capabilities
    assert (one.state, one.unique, one.intents, one.dropped) == ("accepted", None, (), ())
    assert (two.state, two.disputed, two.flagged, two.dismissed) == ("proposed", False, False, ())


def test_the_same_entries_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        for exporter in (published_json.export, markdown.export):
            exporter(iter([entry(capability()), entry(slug="other")]), tmp_path / folder)
    read = [{path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} for folder in ("one", "two")]
    assert read[0] == read[1]


def test_the_index_names_each_file(tmp_path: Path) -> None:
    done = published_json.export(iter([entry(capability(), capability(name="B", state="accepted"))]), tmp_path)
    assert [path.name for path in done.files] == ["clip.json", "index.json"]
    line = {"slug": "clip", "name": "Clip", "type": "repo", "kind": "software"}
    assert json.loads((tmp_path / "index.json").read_text()) == {
        "generator": "decomposer",
        "entries": [{**line, "capabilities": {"accepted": 1, "proposed": 1}, "file": "clip.json"}],
    }


def test_a_page_that_is_no_longer_published_goes_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    (tmp_path / "mine.json").write_text("{}")
    name = '"file": "mine.json" [x](mine.md)'
    for exporter in (published_json.export, markdown.export):
        exporter(iter([entry(slug="old", name=name), entry(slug="kept", name=name)]), tmp_path)
        exporter(iter([entry(slug="kept")]), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.json", "index.md", "kept.json", "kept.md", "mine.json", "mine.md",
    ]  # fmt: skip


@given(
    st.text() | st.sampled_from(["../../etc/passwd", "con", "nul.txt", "index", "C:\\x", "a" * 300, ".hidden", "ÅB"])
)
def test_a_file_name_is_safe_on_every_system(slug: str) -> None:
    name = files.file_name(slug, "json")
    assert len(name) <= 110
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not name.startswith((".", "-"))
    assert name.split(".")[0] not in ("con", "prn", "aux", "nul", "com1", "lpt9", "index")


@given(st.lists(st.text(st.sampled_from("aA-/.é"), max_size=3), unique=True))
def test_two_slugs_never_share_a_file(slugs: list[str]) -> None:
    assert len({files.file_name(slug, "md").lower() for slug in slugs}) == len(slugs)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.text() | st.sampled_from(["../up", "/etc/x", "a/b", "..", "con", "\ud800"]))
def test_no_slug_leads_out_of_the_folder(tmp_path: Path, slug: str) -> None:
    folder = tmp_path / "deep" / "site"
    written = [
        *published_json.export(iter([entry(slug=slug)]), folder).files,
        *markdown.export(iter([entry(slug=slug)]), folder).files,
    ]
    assert {path.parent for path in written} == {folder}
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["site"]


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("keep me")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "clip.json").symlink_to(outside)
    published_json.export(iter([entry()]), tmp_path / "site")
    assert outside.read_text() == "keep me"
    assert not (tmp_path / "site" / "clip.json").is_symlink()


def test_a_folder_that_is_a_file_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(UsageError) as caught:
        markdown.export(iter([]), tmp_path / "site")
    assert str(caught.value) == f"{tmp_path}{os.sep}site: can't export to it (File exists); name a folder"


def test_published_json_has_no_acting_characters(tmp_path: Path) -> None:
    published_json.export(iter([hostile("\x7f\x9b\u202e\ud800 ok")]), tmp_path)
    content = (tmp_path / "clip.json").read_text(encoding="utf-8")
    assert not set("\x7f\x9b\u202e\ud800") & set(content)
    assert json.loads(content)["artifact"]["name"] == "\x7f\x9b\u202e\ud800 ok"


@pytest.mark.parametrize("export", [published_json.export, markdown.export], ids=["json", "markdown"])
def test_what_is_kept_for_editors_is_not_published(export: Exporter, tmp_path: Path) -> None:
    secret = capability(name="Hidden words", description=statement("Hidden text."))
    held = capability(state="accepted", merged=(secret,), revision=secret, broader_than=("clip/no", "clip/far"))
    far, no = capability(name="Far", id="clip/far"), capability(name="No", id="clip/no", state="rejected")
    kept = {"gone": (Gone(id="clip/hidden", name="Hidden words"),), "apart": (("clip/no", "clip/hidden"),)}
    written = export(iter([entry(held, far, no).model_copy(update=kept)]), tmp_path)
    texts = "".join(file.read_text(encoding="utf-8") for file in written.files)
    assert [word for word in ("Hidden", "hidden", "clip/no") if word in texts] == []
    assert "Reading" in texts
