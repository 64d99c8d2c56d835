"""What a site is told of a catalog is the same on every database, and a stamp moves with what the pages show."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from decomposer.ports import Stamp
from decomposer.records import Decision, Entry, Fact, State
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import writing
from decomposer.store.facts import SqlFacts
from decomposer.store.publishing import SqlSite
from decomposer.store.registry import SqlRegistry
from decomposer.store.registry_tables import likenesses, members, texts
from decomposer.store.reviews import SqlReviews
from decomposer.store.search_tables import match_counts
from tests.ranking import entry, record

SEARCH = ("Image search", "Finds pictures that fit a text query.")
SPEECH = ("Speech recognition", "Transcribes audio recordings to text with timestamps.")
LINTING = ("Python linting", "Checks Python code for style errors.")
NOW = "2026-11-21T10:00:00+00:00"


def _itself(one: Entry, previous: Entry | None, slug: str) -> Entry:
    return one


def holds(slug: str, *said: tuple[str, str]) -> Entry:
    records = [record(*one).model_copy(update={"id": f"{slug}/{one[0].lower().replace(' ', '-')}"}) for one in said]
    return entry(slug, *records)


def keep(engine: Engine, *entries: Entry) -> None:
    catalog = SqlCatalog(engine, now=lambda: NOW)
    for one in entries:
        catalog.take(one, partial(_itself, one))


def decide(engine: Engine, op: Any, slug: str, identity: str, before: State, after: State) -> None:
    told: dict[str, Any] = {"op": op, "entry": slug, "capability": identity, "before": before, "after": after}
    one = Decision.model_validate(told | {"base_version": 1 if identity else None})
    assert SqlReviews(engine, now=lambda: NOW).settle([one]).stored == 1


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Give a database of three entries, of which two have one capability in common."""
    keep(
        engine,
        holds("lynx", SEARCH, LINTING),
        holds("puma", SEARCH, SPEECH),
        holds("wolf", ("Howling", "Howls at the moon every night.")),
    )
    registry = SqlRegistry(engine)
    while registry.catch_up(most=100).left:
        pass
    return engine


def stamps(engine: Engine, **options: Any) -> dict[str, Stamp]:
    return {one.slug: one for one in SqlSite(engine, **options).stamps()}


def moved(engine: Engine, before: dict[str, Stamp]) -> dict[str, tuple[bool, bool]]:
    """Return for each entry whether its page, and its comparisons, are others than before."""
    return {
        slug: (one.digest != before[slug].digest, one.beside != before[slug].beside)
        for slug, one in stamps(engine).items()
    }


STILL = (False, False)
ALL = (True, True)


class TestStamps:
    def test_come_by_slug_and_stay_while_nothing_changes(self, filled: Engine) -> None:
        assert [one.slug for one in SqlSite(filled).stamps()] == ["lynx", "puma", "wolf"]
        assert {slug: one.name for slug, one in stamps(filled).items()} == {
            "lynx": "Lynx", "puma": "Puma", "wolf": "Wolf",
        }  # fmt: skip
        assert stamps(filled) == stamps(filled)

    def test_move_with_a_decision_about_a_record_of_the_entry(self, filled: Engine) -> None:
        before = stamps(filled)
        decide(filled, "accept", "wolf", "wolf/howling", "proposed", "accepted")
        assert moved(filled, before) == {"lynx": STILL, "puma": STILL, "wolf": ALL}

    def test_move_with_what_is_said_of_the_artifact(self, filled: Engine) -> None:
        before = stamps(filled)
        SqlFacts(filled).say(
            [Fact(entry="puma", key="license", value="mit", source="", as_of="2026-11-20", by="person")]
        )
        assert moved(filled, before) == {"lynx": STILL, "puma": ALL, "wolf": STILL}

    def test_move_with_searches_that_found_it(self, filled: Engine) -> None:
        before = stamps(filled)
        with writing(filled) as connection:
            for times in (1, 2):
                row = {"entry": "lynx", "capability": "", "times": times, "successes": 0, "failures": 0}
                named = {key: value for key, value in row.items() if key in match_counts.c}
                connection.execute(insert(match_counts) if times == 1 else update(match_counts), named)
        assert moved(filled, before) == {"lynx": ALL, "puma": STILL, "wolf": STILL}

    def test_of_both_move_where_one_does_not_share_any_more(self, filled: Engine) -> None:
        before = stamps(filled)
        decide(filled, "reject", "puma", "puma/image-search", "proposed", "rejected")
        assert moved(filled, before) == {"lynx": ALL, "puma": ALL, "wolf": STILL}

    def test_of_comparisons_alone_move_with_what_is_judged_of_two_records(self, filled: Engine) -> None:
        before = stamps(filled)
        with writing(filled) as connection:
            numbers = dict(connection.execute(texts.select().with_only_columns(texts.c.id, texts.c.number)).fetchall())
            pair = sorted((numbers["lynx/python-linting"], numbers["puma/speech-recognition"]))
            row = {"a": pair[0], "b": pair[1], "verdict": "related", "score": 0.5, "reasons": "", "decided_by": "rule"}
            connection.execute(insert(likenesses), [row])
        changed = moved(filled, before)
        assert {slug: one[0] for slug, one in changed.items()} == dict.fromkeys(("lynx", "puma", "wolf"), False)
        assert [slug for slug, one in changed.items() if one[1]] == ["lynx"]  # the first of the two: the page has both

    def test_leave_out_what_is_not_in_the_state(self, filled: Engine) -> None:
        assert stamps(filled, state="accepted") == {}
        decide(filled, "accept", "wolf", "wolf/howling", "proposed", "accepted")
        assert list(stamps(filled, state="accepted")) == ["wolf"]

    def test_leave_out_an_entry_of_which_everything_was_rejected(self, filled: Engine) -> None:
        decide(filled, "reject", "wolf", "wolf/howling", "proposed", "rejected")
        assert list(stamps(filled)) == ["lynx", "puma"]


class TestWhatIsShared:
    def test_is_a_group_with_the_records_of_both(self, filled: Engine) -> None:
        (group,) = SqlSite(filled).groups()
        assert (group.name, set(group.members)) == (
            "Image search", {("lynx", "lynx/image-search"), ("puma", "puma/image-search")},
        )  # fmt: skip
        assert group.uri.startswith("capability://")
        assert (group.defined_in, group.defined_by) in group.members

    def test_is_no_group_where_only_one_is_left(self, filled: Engine) -> None:
        decide(filled, "reject", "puma", "puma/image-search", "proposed", "rejected")
        assert list(SqlSite(filled).groups()) == []

    def test_is_told_for_each_record(self, filled: Engine) -> None:
        (group,) = SqlSite(filled).groups()
        found = SqlSite(filled).membership(["lynx", "wolf", "nobody"])
        assert {slug: sorted(rows) for slug, rows in found.items()} == {
            "lynx": ["lynx/image-search", "lynx/python-linting"], "wolf": ["wolf/howling"],
        }  # fmt: skip
        row = found["lynx"]["lynx/image-search"]
        assert (row.canonical, row.uri, row.name) == (group.number, group.uri, group.name)
        having = SqlSite(filled).having([group.number])
        assert sorted((one.entry, one.name) for one in having[group.number]) == [("lynx", "Lynx"), ("puma", "Puma")]

    def test_is_broader_where_most_links_say_so(self, filled: Engine) -> None:
        with writing(filled) as connection:
            rows = connection.execute(
                texts.select()
                .with_only_columns(texts.c.id, texts.c.number, members.c.canonical)
                .join(members, members.c.number == texts.c.number)
            ).fetchall()
            held = {row.id: row for row in rows}
            a, b = held["lynx/python-linting"], held["puma/speech-recognition"]
            told = {"verdict": "broader", "score": 0.5, "reasons": "", "decided_by": "rule"}
            connection.execute(insert(likenesses), [{"a": a.number, "b": b.number, **told}])
        assert list(SqlSite(filled).relations()) == [(a.canonical, b.canonical)]


def test_entries_come_by_slug_without_those_that_are_not_there(filled: Engine) -> None:
    read = list(SqlSite(filled).read(["wolf", "nobody", "lynx"]))
    assert [one.artifact.slug for one in read] == ["lynx", "wolf"]
    assert [one.name for one in read[0].capabilities] == ["Image search", "Python linting"]


def test_what_was_said_and_counted_comes_by_entry(filled: Engine) -> None:
    site = SqlSite(filled)
    SqlFacts(filled).say([Fact(entry="puma", key="license", value="mit", source="", as_of="2026-11-20", by="person")])
    assert [(one.key, one.value) for one in site.said(["puma"])["puma"] if one.by == "person"] == [("license", "mit")]
    assert site.matched(["puma"]) == {}
    assert site.derived({"puma": "gh:acme/puma", "wolf": "wolf.md"}) == {"puma": 0, "wolf": None}
    assert site.likenesses([]) == []
