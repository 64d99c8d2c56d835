"""Serve a catalog of tests: entries that hold what a test needs, and people who sign in to review them."""

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from fastapi.testclient import TestClient
from httpx2 import Response

from decomposer.records import (
    Artifact,
    Capability,
    Document,
    Entry,
    Evidence,
    Flag,
    Provenance,
    Run,
    Sentence,
    Source,
    SourceDocument,
    SourceKind,
    Statement,
    Support,
    Twin,
)
from decomposer.settings import Settings
from decomposer.web.app import create_app
from decomposer.web.security import Access
from decomposer.web.sessions import Sessions
from decomposer.wiring import Workspace
from decomposer.wiring.serving import Serving
from tests.making import document

TEXT = """# papertrail

papertrail turns scanned invoices into JSON records.

It finds line items where the table has no ruled lines.

Unlike InvoiceNet it needs no training data.
"""
INVOICES = "papertrail turns scanned invoices into JSON records."
LINES = "It finds line items where the table has no ruled lines."
UNLIKE = "Unlike InvoiceNet it needs no training data."


def said(text: str, support: Support = "supported", *, quote: str | None = None, source: str = TEXT) -> Statement:
    """Return a statement of one sentence that rests on its quote, by default on its own words."""
    words = text if quote is None else quote
    start = source.find(words) if words else -1
    spans = (Evidence(document=0, start=start, end=start + len(words), quote=words, how="cited"),) if start >= 0 else ()
    reason = "" if support == "supported" else "no line of the source says so"
    sentence = Sentence(start=0, end=len(text), support=support, reason=reason, evidence=spans)
    flags = () if support == "supported" else (Flag(kind="comparison", text=text[:10], note="nobody is cited"),)
    return Statement(text=text, support=support, evidence=spans, flags=flags, sentences=(sentence,))


def capability(name: str, *, slug: str = "papertrail", **fields: object) -> Capability:
    """Return a record with a supported description, unless the fields say otherwise."""
    given = {"description": said(INVOICES), **fields}
    identity = f"{slug}/{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')[:60] or 'x'}"
    return Capability.model_validate(
        {"id": identity, "name": name, "category": "other", "provenance": Provenance(model="m", prompt="v2"), **given}
    )


def usual() -> tuple[Capability, ...]:
    """Return three records: one that passes, one with an unsupported comparison, one whose description fails."""
    return (
        capability("Invoices to JSON", unique=said(UNLIKE)),
        capability(
            "Line items", description=said(LINES), vs_alternatives=said("Better than all.", "unsupported", quote="")
        ),
        capability("Magic", description=said("It does magic.", "unsupported", quote="")),
    )


def store(
    workspace: Workspace, records: Sequence[Capability], *, slug: str = "papertrail", text: str = TEXT,
    twins: Sequence[Twin] = (), name: str = "",
) -> Entry:  # fmt: skip
    """Put an entry into the catalog, with its document."""
    read: Document = document(text, uri=f"{slug}/README.md")
    artifact = Artifact(slug=slug, name=name or slug, type="repo", source=f"tests/{slug}")
    entry = Entry(
        artifact=artifact, documents=(SourceDocument.of(read),), capabilities=tuple(records), twins=tuple(twins),
        source_kind=SourceKind(kind="software", reason="it installs"), run=Run(model="m", prompt="v2"),
    )  # fmt: skip
    return workspace.catalog.revise(Source(artifact, (read,)), lambda previous, taken: entry)


def workspace(folder: Path) -> Workspace:
    """Return a workspace over a new catalog."""
    return Workspace(Settings(db=str(folder / "catalog.db"), actor="ann"))


class Browser:
    """Somebody who reads pages and sends the forms on them, without JavaScript."""

    def __init__(
        self, work: Workspace, *, access: Access | None = None, sessions: Sessions | None = None, strict: bool = True
    ) -> None:
        access = access or Access(actor="ann")
        app = create_app(Serving(work), access=access, sessions=sessions)
        base = "https://localhost" if access.secure else "http://localhost"
        self.client = TestClient(app, base_url=base, raise_server_exceptions=strict)
        self.cookie = access.cookie
        self.page = ""

    def sign_in(self, name: str = "ann", token: str = "", **more: str) -> Response:
        """Sign in by the form, and return the page that comes then."""
        self.get("/login")
        return self.post("/login", name=name, token=token, **more)

    def get(self, path: str, **headers: str) -> Response:
        """Open a page."""
        return self._read(self.client.get(path, headers=headers))

    def post(self, path: str, *, csrf: str | None = None, **fields: str | list[str]) -> Response:
        """Send a form with the token that the last page carried."""
        return self._send(path, self.hidden("csrf") if csrf is None else csrf, fields)

    def _send(self, path: str, csrf: str, fields: Mapping[str, str | list[str]]) -> Response:
        return self._read(self.client.post(path, data={"csrf": csrf, **fields}))

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field of the last page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    def decide(self, op: str, **fields: str | list[str]) -> Response:
        """Press a button of the record that is open, with what its form holds."""
        names = ("id", "version", "given", "usual", "shown_at")
        held: dict[str, str | list[str]] = {name: self.hidden(name) for name in names}
        held["keep"] = self.hidden("usual").split()
        return self._send("/decide", self.hidden("csrf"), {"op": op, **held, **fields})

    def says(self) -> str:
        """Return the page as text, without its markup."""
        body = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", self.page, flags=re.DOTALL)
        return " ".join(html.unescape(body).split())

    def notice(self) -> str:
        """Return what the page says first."""
        found = re.search(r'<p id="notice"[^>]*>(.*?)</p>', self.page, flags=re.DOTALL)
        return html.unescape(found[1]) if found else ""

    def title(self) -> str:
        """Return the heading of the page."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, flags=re.DOTALL)
        return html.unescape(found[1]) if found else ""

    def _read(self, answer: Response) -> Response:
        self.page = answer.text
        return answer


def states(work: Workspace, slug: str = "papertrail") -> dict[str, str]:
    """Return the state of every record of an entry, by name."""
    entry = work.catalog.find(slug)
    assert entry is not None
    return {one.name: one.state for one in entry.capabilities}
