"""The suite of the Catalog port."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select

from decomposer.errors import CatalogError
from decomposer.ports import Catalog, Listing, Standing
from decomposer.records import (
    Artifact,
    Capability,
    Document,
    Entry,
    Evidence,
    Flag,
    Note,
    Pricing,
    Provenance,
    Run,
    Sentence,
    Source,
    SourceDocument,
    SourceKind,
    State,
    Statement,
)
from decomposer.store import tables
from decomposer.store.catalog import SqlCatalog

NOW = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    return SqlCatalog(engine, now=lambda: NOW)


def a_source(slug: str = "lynx", *, source: str = "gh:acme/lynx", uri: str = "", text: str = "Lynx sees.") -> Source:
    document = Document(uri or f"{source}/README.md", text, "text/markdown", sha256(text.encode()).hexdigest())
    return Source(Artifact(slug=slug, name=slug.title(), type="repo", source=source), (document,))


def a_capability(slug: str, name: str, state: State = "proposed") -> Capability:
    return Capability(
        id=f"{slug}/{name}", name=name, category="other", state=state, provenance=Provenance(model="m", prompt="v1")
    )


def an_entry(source: Source, slug: str, *capabilities: Capability) -> Entry:
    first = source.documents[0]
    read = SourceDocument(uri=first.uri, sha256=first.sha256, chars=len(first.text), media_type="text/markdown")
    return Entry(
        artifact=source.artifact.model_copy(update={"slug": slug}),
        documents=(read,),
        source_kind=SourceKind(kind="software", reason="it is"),
        capabilities=capabilities,
        run=Run(model="m", prompt="v1"),
    )


def drafting(source: Source, *names: str) -> Callable[[Entry | None, str], Entry]:
    return lambda _, slug: an_entry(source, slug, *(a_capability(slug, name) for name in names))


def a_rich_entry(source: Source, slug: str) -> Entry:
    span = Evidence(document=0, start=0, end=4, quote="Lynx", how="normalized", score=0.875)
    statement = Statement(
        text="看图 \u202e😀 \0 \ud800",
        support="partial",
        evidence=(span,),
        flags=(Flag(kind="number", text="7", note="not in the source"),),
        sentences=(Sentence(start=0, end=2, support="partial", reason="?", evidence=(span,)),),
    )
    seeing = a_capability(slug, "見る/see it", "accepted").model_copy(
        update={"description": statement, "limitations": (Note(text="cats\r\nonly", evidence=(span,)),)}
    )
    entry = an_entry(source, slug, a_capability(slug, "zoom"), seeing, a_capability(slug, "aim", "retired"))
    pricing = Pricing(model="paid", input_per_mtok=Decimal("0.10"), output_per_mtok=Decimal("1E+1"), as_of="2026-01")
    run = Run(model="m", prompt="v1", requests=2, cost_usd=Decimal("0.0001230"), seconds=0.1)
    artifact = entry.artifact.model_copy(update={"pricing": pricing, "tags": ("a", "ü"), "name": "L\0ynx", "stars": 7})
    return entry.model_copy(update={"artifact": artifact, "run": run})


def test_an_empty_catalog_finds_nothing(catalog: Catalog) -> None:
    assert catalog.find("lynx") is None
    assert list(catalog.listings()) == []
    assert list(catalog.entries()) == []
    assert catalog.text("0" * 64) is None


def test_an_entry_comes_back_as_it_was_stored(catalog: Catalog) -> None:
    source = a_source()
    stored = catalog.revise(source, lambda _, slug: a_rich_entry(source, slug))
    assert stored == a_rich_entry(source, "lynx")
    assert catalog.find("lynx") == stored
    assert list(catalog.entries()) == [stored]


any_text = st.text(st.characters(), max_size=20)
any_statement = st.none() | st.builds(Statement, text=any_text, support=st.sampled_from(["supported", "unsupported"]))
any_capability = st.builds(
    Capability,
    id=st.integers(0, 5).map(lambda number: f"lynx/{number}"),
    name=any_text,
    category=st.just("other"),
    description=any_statement,
    unique=any_statement,
    requires=st.lists(st.builds(Note, text=any_text), max_size=2).map(tuple),
    state=st.sampled_from(["proposed", "accepted", "rejected", "retired"]),
    provenance=st.builds(Provenance, model=any_text, prompt=any_text, run=st.none() | any_text),
)
any_run = st.builds(
    Run,
    model=any_text,
    prompt=any_text,
    cost_usd=st.none() | st.decimals(0, 9, places=6),
    seconds=st.floats(allow_nan=False),
)
any_capabilities = st.lists(any_capability, max_size=4, unique_by=lambda capability: capability.id).map(tuple)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capabilities=any_capabilities, run=any_run, name=any_text)
def test_any_entry_comes_back_as_it_was_stored(
    catalog: Catalog, capabilities: tuple[Capability, ...], run: Run, name: str
) -> None:
    source = a_source()
    entry = an_entry(source, "lynx", *capabilities).model_copy(update={"run": run})
    entry = entry.model_copy(update={"artifact": entry.artifact.model_copy(update={"name": name})})
    catalog.revise(source, lambda _previous, _slug: entry)
    assert catalog.find("lynx") == entry


def test_revising_the_same_source_is_given_the_previous_entry(catalog: Catalog) -> None:
    first = catalog.revise(a_source(), drafting(a_source(), "see", "zoom"))
    given: list[tuple[Entry | None, str]] = []

    def change(previous: Entry | None, slug: str) -> Entry:
        given.append((previous, slug))
        return an_entry(a_source(), slug, a_capability(slug, "aim"))

    second = catalog.revise(a_source(text="Lynx aims."), change)
    assert given == [(first, "lynx")]
    assert list(catalog.entries()) == [second]


def test_another_source_with_a_taken_slug_gets_the_first_free_number(catalog: Catalog) -> None:
    slugs = []
    for owner in ("acme", "other", "third"):
        source = a_source(source=f"gh:{owner}/lynx", text=f"Lynx of {owner}.")
        slugs.append(catalog.revise(source, drafting(source)).artifact.slug)
    assert slugs == ["lynx", "lynx-2", "lynx-3"]
    again = a_source(source="gh:other/lynx", text="Changed.")
    assert catalog.revise(again, drafting(again)).artifact.slug == "lynx-2"


def test_a_slug_that_looks_like_a_pattern_is_only_itself(catalog: Catalog) -> None:
    for slug in ("lynx-2", "l_nx", "l%"):
        source = a_source(slug, source=f"gh:acme/{slug}", text=slug)
        assert catalog.revise(source, drafting(source)).artifact.slug == slug
    for owner, slug in (("b", "lynx"), ("c", "lynx-3")):
        source = a_source("lynx", source=f"gh:{owner}/lynx", text=owner)
        assert catalog.revise(source, drafting(source)).artifact.slug == slug


def test_a_moved_document_with_the_same_slug_and_text_is_the_same_entry(catalog: Catalog) -> None:
    catalog.revise(a_source(source="old/lynx"), drafting(a_source(source="old/lynx")))
    moved = a_source(source="new/lynx")
    assert catalog.revise(moved, drafting(moved)).artifact.slug == "lynx"
    assert [listing.source for listing in catalog.listings()] == ["new/lynx"]


def test_the_same_first_document_under_another_reference_is_the_same_entry(catalog: Catalog) -> None:
    folder = a_source(source="samples/lynx", uri="samples/lynx/README.md")
    file = a_source("readme", source="samples/lynx/README.md", uri="samples/lynx/README.md", text="Changed.")
    catalog.revise(folder, drafting(folder))
    assert catalog.revise(file, drafting(file)).artifact.slug == "lynx"


def test_two_texts_from_stdin_are_two_entries(catalog: Catalog) -> None:
    for text, slug in (("One.", "stdin"), ("Two.", "stdin-2"), ("One.", "stdin")):
        source = a_source("stdin", source="-", uri="stdin:README.md", text=text)
        assert catalog.revise(source, drafting(source)).artifact.slug == slug


def test_a_new_source_is_stored_in_eight_statements(catalog: Catalog, engine: Engine) -> None:
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _connection, _cursor, sql, *_: said.append(sql))
    catalog.revise(a_source(), drafting(a_source(), "see", "zoom"))
    assert [sql.split()[0] for sql in said if not sql.startswith("BEGIN")] == [
        "SELECT",  # whose it is
        "INSERT",  # its slug
        "UPDATE",
        "INSERT",  # its capabilities
        "INSERT",  # what the queue knows of them
        "INSERT",  # what its metadata says
        "INSERT",  # what is due for it
        "INSERT",  # its text
    ]


def test_an_entry_whose_new_draft_is_empty_has_no_capabilities_left(catalog: Catalog, engine: Engine) -> None:
    catalog.revise(a_source(), drafting(a_source(), "see", "zoom"))
    emptied = catalog.revise(a_source(), drafting(a_source()))
    assert catalog.find("lynx") == emptied == an_entry(a_source(), "lynx")
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.capabilities)) == 0


def test_a_failing_change_leaves_nothing_behind(catalog: Catalog) -> None:
    def fail(previous: Entry | None, slug: str) -> Entry:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        catalog.revise(a_source(), fail)
    assert list(catalog.listings()) == []
    assert catalog.text(a_source().documents[0].sha256) is None


def test_a_change_cannot_give_the_entry_another_slug(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="under another slug"):
        catalog.revise(a_source(), lambda _previous, _slug: an_entry(a_source(), "puma"))


def test_texts_come_back_exactly_and_are_stored_once(catalog: Catalog, engine: Engine) -> None:
    text = "\ufeffLynx\r\n\0 sees\u2028 😀\n"
    for name in ("lynx", "puma"):
        source = a_source(name, source=f"gh:acme/{name}", text=text)
        catalog.revise(source, drafting(source))
    assert catalog.text(sha256(text.encode()).hexdigest()) == text
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.documents)) == 1


def test_a_changed_document_does_not_push_out_the_text_it_had(catalog: Catalog) -> None:
    for text in ("Old.", "New."):
        catalog.revise(a_source(text=text), drafting(a_source(text=text)))
    assert catalog.text(sha256(b"Old.").hexdigest()) == "Old."


def test_listings_come_by_slug_with_the_capabilities_counted_by_state(catalog: Catalog) -> None:
    for slug in ("b", "a", "a-b", "aa"):
        source = a_source(slug, source=f"gh:acme/{slug}", text=slug)
        states: tuple[State, ...] = ("accepted", "proposed", "proposed")
        found = [a_capability(slug, str(place), state) for place, state in enumerate(states)]
        catalog.revise(source, lambda _, slug, source=source, found=found: an_entry(source, slug, *found))  # type: ignore[misc]
    assert [listing.slug for listing in catalog.listings()] == ["a", "a-b", "aa", "b"]
    counted: dict[State, int] = {"proposed": 2, "accepted": 1, "rejected": 0, "retired": 0}
    line = Listing("a", "A", "repo", "software", "gh:acme/a", counted, NOW, model="m", prompt="v1")
    assert list(catalog.listings(limit=1)) == [line]
    assert [entry.artifact.slug for entry in catalog.entries()] == ["a", "a-b", "aa", "b"]


def test_a_listing_says_which_recipe_drafted_the_entry(catalog: Catalog) -> None:
    for recipe in ("r1", "r2"):
        catalog.revise(a_source(), lambda _, slug, recipe=recipe: by_recipe(a_source(), slug, recipe))  # type: ignore[misc]
        assert [(line.model, line.prompt, line.recipe) for line in catalog.listings()] == [("m", "v1", recipe)]


def test_a_source_that_was_never_drafted_has_no_standing(catalog: Catalog) -> None:
    catalog.revise(a_source(), drafting(a_source()))
    assert catalog.standing(a_source("puma", source="gh:acme/puma", text="Puma.")) is None


def test_a_standing_says_what_an_entry_was_drafted_from_and_how(catalog: Catalog) -> None:
    first = a_source()
    second = Document("gh:acme/lynx/card.md", "Card.", "text/markdown", sha256(b"Card.").hexdigest())
    source = Source(first.artifact, (*first.documents, second))
    read = tuple(
        SourceDocument(uri=one.uri, sha256=one.sha256, chars=len(one.text), media_type="text/markdown")
        for one in source.documents
    )
    states: tuple[State, ...] = ("accepted", "proposed", "retired")
    found = tuple(a_capability("lynx", state, state) for state in states)
    entry = by_recipe(source, "lynx", "r1").model_copy(update={"documents": read, "capabilities": found})
    catalog.revise(source, lambda _previous, _slug: entry)
    digests = tuple(document.sha256 for document in source.documents)
    assert catalog.standing(source) == Standing("lynx", digests, "r1", 3)
    assert catalog.standing(a_source(text="Changed.")) == Standing("lynx", digests, "r1", 3)


def by_recipe(source: Source, slug: str, recipe: str) -> Entry:
    return an_entry(source, slug).model_copy(update={"run": Run(model="m", prompt="v1", recipe=recipe)})


# --- entries that come without their texts


def test_an_entry_that_is_taken_comes_back_and_its_text_is_not_there(catalog: Catalog) -> None:
    entry = a_rich_entry(a_source(), "lynx")
    given: list[tuple[Entry | None, str]] = []

    def change(previous: Entry | None, slug: str) -> Entry:
        given.append((previous, slug))
        return entry

    assert catalog.take(entry, change) == entry
    assert given == [(None, "lynx")]
    assert catalog.find("lynx") == entry
    assert catalog.text(entry.documents[0].sha256) is None


def test_an_entry_is_taken_for_the_one_with_the_same_source(catalog: Catalog) -> None:
    drafted = catalog.revise(a_source(), drafting(a_source(), "see"))
    came = an_entry(a_source(text="As it once was."), "lynx", a_capability("lynx", "aim"))
    given: list[tuple[Entry | None, str]] = []

    def change(previous: Entry | None, slug: str) -> Entry:
        given.append((previous, slug))
        return drafted

    catalog.take(came, change)
    assert given == [(drafted, "lynx")]
    assert catalog.revise(a_source(), drafting(a_source())).artifact.slug == "lynx"


def test_a_source_is_drafted_into_the_entry_that_was_taken_for_it(catalog: Catalog) -> None:
    came = an_entry(a_source(), "lynx", a_capability("lynx", "aim")).model_copy(update={"documents": ()})
    catalog.take(came, lambda _previous, _slug: came)
    assert catalog.standing(a_source()) == Standing("lynx", (), "", 1)
    assert catalog.revise(a_source(), drafting(a_source())).artifact.slug == "lynx"


@pytest.mark.parametrize(("source", "slug"), [("gh:other/lynx", "lynx-2"), ("", "lynx-2"), ("gh:acme/lynx", "lynx")])
def test_entries_without_documents_are_told_apart_by_their_source(catalog: Catalog, source: str, slug: str) -> None:
    def come(source: str) -> str:
        def change(previous: Entry | None, slug: str) -> Entry:
            return an_entry(a_source(source=source), slug).model_copy(update={"documents": ()})

        return catalog.take(change(None, "lynx"), change).artifact.slug

    assert come("gh:acme/lynx") == "lynx"
    assert come(source) == slug


def test_the_catalog_can_be_written_while_it_is_being_read(catalog: Catalog) -> None:
    for slug in ("a", "b", "c"):
        source = a_source(slug, source=f"gh:acme/{slug}", text=slug)
        catalog.revise(source, drafting(source, "see"))
    read: Iterator[Entry] = catalog.entries()
    assert next(read).artifact.slug == "a"
    changed = a_source("c", source="gh:acme/c", text="c")
    catalog.revise(changed, drafting(changed, "aim"))
    assert [entry.artifact.slug for entry in read] == ["b", "c"]


def test_a_damaged_entry_is_named(catalog: Catalog, engine: Engine) -> None:
    catalog.revise(a_source(), drafting(a_source()))
    with engine.begin() as connection:
        connection.execute(tables.entries.update().values(data="{"))
    with pytest.raises(CatalogError, match="the entry 'lynx' is damaged"):
        catalog.find("lynx")


_REVISING = """
import sys
from tests.ports.test_catalog import a_source, drafting
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database

engine = open_database(sys.argv[1])
catalog = SqlCatalog(engine)
for number in range(5):
    source = a_source(source=sys.argv[2].format(number), text=sys.argv[2].format(number))
    print(catalog.revise(source, drafting(source, "see")).artifact.slug)
engine.dispose()
"""


def test_processes_that_want_one_slug_at_once_all_store_their_entry(
    catalog: Catalog, race: Callable[..., list[str]]
) -> None:
    outputs = race(_REVISING, ["gh:a/{}", "gh:b/{}", "gh:c/{}"])
    slugs = [slug for output in outputs for slug in output.split()]
    assert sorted(slugs) == sorted(["lynx", *(f"lynx-{number}" for number in range(2, 16))])
    assert {listing.slug for listing in catalog.listings()} == set(slugs)


def test_processes_that_draft_one_source_at_once_store_one_entry(
    catalog: Catalog, race: Callable[..., list[str]]
) -> None:
    race(_REVISING, ["gh:a/same", "gh:a/same", "gh:a/same"])
    assert [listing.slug for listing in catalog.listings()] == ["lynx"]
