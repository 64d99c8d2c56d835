"""Make entries that are published, as hostile as a test wants them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from decomposer.ports import Exported, Exporter, Exporting, LeftOut
from decomposer.records import (
    Artifact,
    Capability,
    Entry,
    Evidence,
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

LONG = "It reads invoices as PDF or as scans, finds the fields by their place, and writes one JSON object per invoice."
SPAN = Evidence(document=0, start=0, end=4, quote="It r", how="cited")

# What YAML, spreadsheets, terminals and readers of JSON take for more than text.
HOSTILE = st.sampled_from(
    [
        "!!python/object/apply:os.system ['id']", "&a *a <<: *a", "*a", "!tag", "%YAML 1.1", "---",
        "...", "- a", "? a", "key: value", "# no comment", "a # b", "'", '"', "''", "\\", "\\u202e",
        "{a: b}", "[a", "@a", "`a", "|", ">-", "~", "null", "yes", "NO", "on", "1e3", "0o7", "0x1f",
        "1_000", "1:30", ".inf", ".nan", "=", "<<", "2026-11-21", "1.0", "=1+1", "+1", "-1", "@SUM(A1)",
        "'=1", "''=1", "\t=1", "\r=1", "\uff1d1", '=HYPERLINK("//x")', "a\tb", "a\r\nb", "\x00",
        "\x07\ufe0f", "\x1b]0;x\x07", "\x7f", "\x85", "\x9b31m", "\u2028", "\u202e", "\u200b", "\ufeff",
        "\ufffe", "\U000e0041", "👩\u200d💻", "#\ufe0f", "\ud800", "a\udfffb", "x" * 5000, "word " * 1500,
        "  a  ", " ", "",
    ]
)  # fmt: skip
TEXTS = HOSTILE | st.text(max_size=60) | st.lists(HOSTILE, max_size=4).map(" ".join)


def statement(text: str = LONG, support: Support = "supported", **fields: Any) -> Statement:
    return Statement(**{"text": text, "support": support, "evidence": (SPAN,), **fields})


def sentences(*said: tuple[str, Support]) -> Statement:
    """Return a statement of these sentences with a space between them."""
    text, found = "", []
    for one, support in said:
        start = len(text) + 1 if text else 0
        text = f"{text} {one}" if text else one
        found.append(Sentence(start=start, end=len(text), support=support, reason=""))
    return statement(text, "unsupported", sentences=tuple(found))


def capability(name: str = "Reading", state: State = "proposed", **fields: Any) -> Capability:
    known = {"id": f"clip/{name.lower()}", "name": name, "category": "other", "state": state}
    provenance = Provenance(model="m", prompt="v1")
    return Capability(**{**known, "description": statement(), "provenance": provenance, **fields})


def entry(*capabilities: Capability, slug: str = "clip", **fields: Any) -> Entry:
    return Entry(
        artifact=Artifact(**{"slug": slug, "name": "Clip", "type": "repo", "source": "README.md", **fields}),
        documents=(SourceDocument(uri="docs/README.md", sha256="0" * 64, chars=100, media_type="text/markdown"),),
        source_kind=SourceKind(kind="software", reason="it describes a tool"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
    )


def hostile(text: str, *, slug: str = "clip", state: State = "accepted") -> Entry:
    """Return an entry that says `text` in every field of a record, its description long enough for a manifest."""
    notes = (Note(text=text, evidence=(SPAN,)),)
    lists = ("intents", "best_for", "limitations", "requires", "input_types", "output_types")
    said: dict[str, Any] = dict.fromkeys(lists, notes)
    long = statement(f"{text} {LONG}")
    made = capability(name=f"a {text}", state=state, description=long, unique=statement(text or "x"), **said)
    first = capability(name=text if text.split() else "x", id="clip/first", state=state, description=long)
    return entry(made, first, slug=slug, name=text, license=text or None, tags=(text,))


def exported(export: Exporter, folder: Path, *entries: Entry, **known: Any) -> tuple[Exported, list[LeftOut]]:
    """Export entries and return what is published and what was left out."""
    left_out: list[LeftOut] = []
    done = export(iter(entries), folder, Exporting(leave_out=left_out.append, **known))
    return done, left_out


def in_turn(events: list[str], *entries: Entry) -> Iterator[Entry]:
    """Yield entries, writing down when each is asked for."""
    for one in entries:
        events.append(f"asked for {one.artifact.slug}")
        yield one
