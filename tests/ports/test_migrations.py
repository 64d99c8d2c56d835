"""Databases of earlier versions: what is in them survives, and what is new is filled in."""

import json
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect, select, text

from decomposer.ports import Attempt, Doubt, Listing, ModelUse, Request, Standing, Wanted
from decomposer.records import Artifact, Decision, Document, Source
from decomposer.store import migrations
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from decomposer.store.postings import unpacked
from decomposer.store.registry_tables import postings
from decomposer.store.reviews import SqlReviews
from decomposer.store.runs import SqlRuns

REQUEST = Request("https://models.example", "m", "tools", {"messages": []})
NOW = "2026-11-21T00:00:00+00:00"
SENT = "2026-01-01T00:00:00+00:00"
ENTRY = (
    "INSERT INTO entries (slug, source, uri, sha256, name, type, kind, proposed, accepted, rejected, retired, updated, "
    "data) VALUES (:slug, :slug, :slug, '', 'n', 'repo', 'software', 0, 0, 0, 0, :sent, :data)"
)
QUEUED = (
    "INSERT INTO queue (entry, id, position, name, version, state, calm, hazard, revised, category, flags, failing, "
    "dropped, passing, flagged, disputed, second, model, prompt, since, cluster) VALUES (:slug, :id, :place, 'n', 1, "
    "'proposed', 0, 0, FALSE, 'other', '', '', '', FALSE, FALSE, FALSE, '', 'm', 'v1', :sent, 0)"
)
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


def test_decisions_of_the_second_schema_can_be_told_and_taken_back(database_url: str) -> None:
    fill_the_second_schema(database_url)
    engine = open_database(database_url)
    catalog, reviews = SqlCatalog(engine), SqlReviews(engine, now=lambda: NOW)
    told = [(one.seq, one.uid, one.op, one.capability, one.before, one.after) for one in reviews.history()]
    assert told == [
        (1, "before-1:0", "accept", "lynx/see", "proposed", "accepted"),
        (2, "before-2:0", "retire", "lynx/see", "accepted", "retired"),
        (3, "before-2:1", "retire", "lynx/zoom", "proposed", "retired"),
        (4, "before-3:0", "retire", "", "proposed", "retired"),
        (5, "before-4:0", "reject", "puma/aim", "proposed", "rejected"),
    ]
    first, *_ = reviews.history()
    assert (first.entry, first.field, first.actor, first.reason) == ("lynx", "state", "ann", "it's so")
    assert (first.decided_at, first.base_version, first.live) == (SENT, 1, True)
    (zoom,) = reviews.find(["lynx/zoom"])
    assert (zoom.state, zoom.version, zoom.waits, zoom.risk) == ("retired", 1, None, 150)
    assert [(one.id, one.since) for one in reviews.queue(Wanted())] == [("puma/see", SENT)]
    undone = Decision(op="undo", entry="lynx", capability="lynx/zoom", before="retired", after="proposed")
    undone = undone.model_copy(update={"base_version": 1, "target": "before-2:1"})
    assert reviews.settle([undone]).stored == 1
    assert [one.live for one in reviews.history(capability="lynx/zoom")] == [False, False]
    entry = catalog.find("lynx")
    assert entry is not None
    assert [one.state for one in entry.capabilities] == ["retired", "proposed"]
    with engine.connect() as connection:
        assert "decisions" not in inspect(connection).get_table_names()
        due = connection.execute(text("SELECT task, entry FROM due WHERE task IN ('queue', 'registry')")).all()
        assert sorted(map(tuple, due)) == [("registry", "lynx"), ("registry", "puma"), ("registry", "void")]
    engine.dispose()


def test_the_run_of_a_record_is_filled_in_and_damage_is_passed_over(database_url: str) -> None:
    says_so = 'it says "run": "9" of itself'
    held: dict[str, Any] = {"run": capability("lynx/run", "proposed"), "none": capability("lynx/none", "proposed")}
    held["run"]["provenance"]["run"] = "7"
    held["none"]["description"] = {"text": says_so, "support": "supported"}
    texts = {short: json.dumps(one) for short, one in held.items()} | {"torn": "{"}

    def fill(connection: Connection) -> None:
        row: dict[str, Any] = {"slug": "lynx", "sent": SENT, "data": json.dumps(LYNX)}
        connection.execute(text(ENTRY), row)
        for place, (short, data) in enumerate(texts.items()):
            row = {"id": f"lynx/{short}", "place": place, "data": data, "slug": "lynx", "sent": SENT}
            insert = "INSERT INTO capabilities (id, entry, position, name, category, data) "
            connection.execute(text(f"{insert} VALUES (:id, :slug, :place, 'n', 'other', :data)"), row)
            connection.execute(text(QUEUED), row)

    at_schema(database_url, "0006", fill)
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, run FROM queue ORDER BY position")).all()
    assert list(map(tuple, found)) == [("lynx/run", "7"), ("lynx/none", ""), ("lynx/torn", "")]
    engine.dispose()


def test_every_entry_is_brought_into_the_search_index_again_when_stems_have_changed(database_url: str) -> None:
    def fill(connection: Connection) -> None:
        for slug in ("lynx", "puma"):
            connection.execute(text(ENTRY), {"slug": slug, "sent": SENT, "data": json.dumps(LYNX)})
        connection.execute(text("DELETE FROM due"))
        connection.execute(text("INSERT INTO due (task, entry) VALUES ('search', 'puma')"))

    at_schema(database_url, "0011", fill)
    engine = open_database(database_url)
    with engine.connect() as connection:
        due = connection.execute(text("SELECT entry FROM due WHERE task = 'search' ORDER BY entry")).scalars().all()
        assert due == ["lynx", "puma"]
    engine.dispose()


def test_who_has_which_terms_is_taken_from_what_is_kept_of_each_record(database_url: str) -> None:
    terms = {1: [5, 1 << 46], 2: [1 << 46], 3: []} | {number: [9] for number in range(10, 1_500)}

    def fill(connection: Connection) -> None:
        rows = [{"number": number, "terms": array("q", of).tobytes()} for number, of in terms.items()]
        connection.execute(text("INSERT INTO leads (number, terms) VALUES (:number, :terms)"), rows)

    at_schema(database_url, "0012", fill)
    engine = open_database(database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(postings).order_by(postings.c.key)).all()
        found = [(row.key >> 16, row.key & 0xFFFF, unpacked("i", row.numbers).tolist()) for row in rows]
        assert "blocks" not in inspect(connection).get_table_names()
    numbers = list(range(10, 1_500))
    assert found == [(5, 0, [1]), *((9, part, numbers[part * 480 :][:480]) for part in range(4)), (1 << 46, 0, [1, 2])]
    engine.dispose()


def capability(identity: str, state: str) -> dict[str, Any]:
    provenance = {"model": "m", "prompt": "v1"}
    return {"id": identity, "name": identity, "category": "other", "state": state, "provenance": provenance}


def fill_the_second_schema(url: str) -> None:
    def fill(connection: Connection) -> None:
        held = {"lynx": ("see", "zoom"), "puma": ("aim", "see"), "void": ()}
        states = {"lynx/see": "retired", "lynx/zoom": "retired", "puma/aim": "rejected", "puma/see": "proposed"}
        for slug, found in held.items():
            data = {**LYNX, "artifact": {**LYNX["artifact"], "slug": slug}}
            connection.execute(text(ENTRY), {"slug": slug, "sent": SENT, "data": json.dumps(data)})
            for place, short in enumerate(found):
                identity, state = f"{slug}/{short}", states[f"{slug}/{short}"]
                row = {"id": identity, "slug": slug, "place": place, "state": state}
                # What the JSON says of the state is older than the column.
                row["data"] = json.dumps(capability(identity, "proposed"))
                insert = "INSERT INTO capabilities VALUES (:id, :slug, :place, 'n', 'other', :state, :data)"
                connection.execute(text(insert), row)
        decision = "INSERT INTO decisions VALUES (:seq, :op, :entry, :capability, 'ann', 'it''s so', :sent)"
        decided = [("accept", "lynx", "lynx/see"), ("retire", "lynx", None), ("retire", "void", None)]
        decided.append(("reject", "puma", "puma/aim"))
        for seq, (op, slug, about) in enumerate(decided, 1):
            row = {"seq": seq, "op": op, "entry": slug, "capability": about, "sent": SENT}
            connection.execute(text(decision), row)

    at_schema(url, "0002", fill)


def at_schema(url: str, schema: str, fill: Callable[[Connection], None]) -> None:
    """Make a database of an earlier schema and fill it."""
    engine = create_engine(url if "://" in url else f"sqlite:///{url}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
        fill(connection)
    engine.dispose()


def fill_the_first_schema(url: str) -> None:
    def fill(connection: Connection) -> None:
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

    at_schema(url, "0001", fill)
