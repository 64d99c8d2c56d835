"""Databases of earlier versions: what is in them survives, and what is new is filled in."""

import json
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from decomposer.ports import Attempt, Doubt, Listing, ModelUse, Request, Standing
from decomposer.records import Artifact, Document, Source
from decomposer.store import migrations
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from decomposer.store.runs import SqlRuns

REQUEST = Request("https://models.example", "m", "tools", {"messages": []})
SENT = "2026-01-01T00:00:00+00:00"
LYNX: dict[str, Any] = {
    "artifact": {"slug": "lynx", "name": "Lynx", "type": "repo", "source": "gh:acme/lynx"},
    "documents": [
        {"uri": f"gh:acme/lynx/{name}", "sha256": letter * 64, "chars": 1, "media_type": "text/markdown"}
        for name, letter in (("README.md", "a"), ("card.md", "b"))
    ],
    "source_kind": {"kind": "software", "reason": "it is"},
    "run": {"model": "openai/m\0", "prompt": "v1"},
}


def test_the_first_schema_is_brought_up_to_date_with_what_is_in_it(database_url: str) -> None:
    fill_the_first_schema(database_url)
    engine = open_database(database_url)
    catalog, ledger = SqlCatalog(engine), SqlLedger(engine)
    states: Any = {"proposed": 1, "accepted": 2, "rejected": 0, "retired": 0}
    assert [line for line in catalog.listings() if line.slug == "lynx"] == [
        Listing("lynx", "Lynx", "repo", "software", "gh:acme/lynx", states, SENT, "openai/m\ufffd", "v1")
    ]
    assert [(line.slug, line.model) for line in catalog.listings() if line.slug != "lynx"] == [("torn", "")]
    document = Document("gh:acme/lynx/README.md", "new", "text/markdown", "c" * 64)
    source = Source(Artifact(slug="lynx", name="Lynx", type="repo", source="gh:acme/lynx"), (document,))
    assert catalog.standing(source) == Standing("lynx", ("a" * 64, "b" * 64), "", 3)
    assert ledger.attempts(REQUEST.key) == [
        Attempt(REQUEST.key, 1, "answered", "{}", None, 7, 2, sent_at=SENT, host="box", pid=5),
        Attempt(REQUEST.key, 2, "sent", sent_at=SENT, host="box", pid=5),
    ]
    assert list(ledger.in_doubt()) == [Doubt(REQUEST.key, 2, REQUEST.endpoint, "m", SENT, "box", 5)]
    assert ledger.use() == [
        ModelUse(REQUEST.endpoint, "m", 1, 1, 0, 0, 1, 7, 2, queued=0, unpriced=1, in_doubt_usd=None)
    ]
    assert list(ledger.verify()) == []
    assert SqlRuns(engine).all() == []
    engine.dispose()


def fill_the_first_schema(url: str) -> None:
    engine = create_engine(url if "://" in url else f"sqlite:///{url}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        entry = text(
            "INSERT INTO entries VALUES (:slug, :source, :source || '/README.md', 'a', 'Lynx', 'repo', 'software', "
            "1, 2, 0, 0, :sent, :data)"
        )
        rows = [("lynx", "gh:acme/lynx", json.dumps(LYNX)), ("torn", "gh:acme/torn", "{")]
        connection.execute(entry, [{"slug": a, "source": b, "data": c, "sent": SENT} for a, b, c in rows])
        row = {"key": REQUEST.key, "endpoint": REQUEST.endpoint, "body": json.dumps(REQUEST.body), "sent": SENT}
        connection.execute(text("INSERT INTO requests VALUES (:key, :endpoint, 'm', 'tools', 0, :body)"), row)
        attempt = "INSERT INTO attempts VALUES (:key, :n, :state, :raw, NULL, :tokens, :more, :sent, NULL, 'box', 5)"
        answered = row | {"n": 1, "state": "answered", "raw": b"{}", "tokens": 7, "more": 2}
        connection.execute(text(attempt), answered)
        connection.execute(text(attempt), row | {"n": 2, "state": "sent", "raw": None, "tokens": None, "more": None})
    engine.dispose()
