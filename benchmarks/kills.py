"""Kill a process that decides at random, in the middle of an act and right behind it, and count what is lost.

Each act runs in a process of its own, forked from one that has everything imported. Before that the same act is
rehearsed on a copy of the catalog: so it is known what there has to be if it was stored, and how long it takes.
"""

import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, get_args

from decomposer.decide import BACK, fold
from decomposer.ports import Condition, Queued, Wanted
from decomposer.records import Aspect, Decision, Entry
from decomposer.review import Desk, Done, Selector, guard
from decomposer.review.desk import Means
from decomposer.risk import HIGHEST
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from decomposer.store.rows import clusters, queued
from tests.reviewing import DRY_RUN, FINDS, INVENTED, JOURNAL, PLUGINS, READS, SORTS, a_record, bench

When = Literal["during", "after"]
_ACTS = {
    "accept": 3, "reject": 2, "flag": 1, "edit": 2, "merge": 2,
    "split": 1, "undo": 2, "redo": 2, "revert": 2, "bulk": 1,
}  # fmt: skip
_TEXTS = (FINDS, READS, SORTS, JOURNAL, DRY_RUN, PLUGINS, INVENTED)
_FIELDS: tuple[Aspect, ...] = ("description", "unique")
_GIVEN = attrgetter(*(name for name in Decision.model_fields if name not in ("seq", "live")))
_TRIES = 20  # acts that are tried until one decides something
_LONGER = 1.3  # a kill comes within so many times the time that the rehearsal took


@dataclass(slots=True)
class Kill:
    """One killed act: whether it had returned, whether it was stored, and what is wrong with the catalog behind it."""

    act: str
    when: When
    returned: bool = False
    stored: bool = False
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What the catalog has to hold: the entries as drafted and as last seen, and every decision by its seq."""

    drafted: dict[str, Entry]
    entries: dict[str, Entry]
    decisions: list[Decision] = field(default_factory=list)


def kills(*, acts: int, entries: int, seed: int = 0) -> list[Kill]:
    """Return what became of so many acts killed in the middle, and as many killed when they had returned."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        known, found = _filled(folder, entries), []
        for number in range(acts):
            found += [_killed(folder, known, f"{seed}-{number}-{when}", when) for when in get_args(When)]
        found[-1].wrong += _whole(folder / "catalog.db", known)
        return found


def _filled(folder: Path, entries: int) -> Known:
    with bench(folder) as there:
        for number in range(entries):
            unique = {"unique": _TEXTS[number % 7]}
            records = [a_record(f"Part {at}", text, **unique) for at, text in enumerate(_TEXTS)]
            there.add(*records, slug=f"tool-{number:02}")
        drafted = {entry.artifact.slug: entry for entry in there.catalog.entries()}
    return Known(drafted, dict(drafted))


# --- one act


@contextmanager
def _opened(db: Path) -> Iterator[tuple[SqlCatalog, SqlReviews]]:
    engine = open_database(str(db))
    try:
        yield SqlCatalog(engine), SqlReviews(engine)
    finally:
        engine.dispose()


def _act(catalog: SqlCatalog, reviews: SqlReviews, name: str) -> tuple[str, Done]:
    """Do by chance, the same for the same name and catalog; acts that decide nothing are followed by others."""
    chance, batches = random.Random(name), count()
    means = Means(clock=lambda: f"at {name}", new_batch=lambda: f"{name}-{next(batches)}", read=lambda source: None)
    desk = Desk(reviews, catalog, reviewer="ann", means=means)
    for _ in range(_TRIES):
        act = chance.choices(list(_ACTS), list(_ACTS.values()))[0]
        entry = catalog.find(chance.choice([line.slug for line in catalog.listings()]))
        assert entry is not None
        done = _one(desk, reviews, entry, act, chance)
        if done.decisions:
            return act, done
    raise SystemExit(f"{name}: {_TRIES} acts decided nothing")


def _one(desk: Desk, reviews: SqlReviews, entry: Entry, act: str, chance: random.Random) -> Done:
    ids = [one.id for one in entry.capabilities]
    one, some = chance.choice(ids), chance.sample(ids, min(len(ids), chance.randint(1, 3)))
    match act:
        case "accept":
            return desk.accept(some, dropped=chance.choice([{}, dict.fromkeys(some, ("unique",))]), reason="so")
        case "reject":
            return desk.reject(some)
        case "flag":
            return desk.flag([one], on=chance.random() < 0.6)
        case "edit":
            return desk.edit(one, chance.choice(_FIELDS), chance.choice(_TEXTS))
        case "merge":
            return desk.merge(some)
        case "split":
            merged = [other.id for other in entry.capabilities if other.merged]
            return desk.split(chance.choice(merged or ids))
        case "undo":
            return desk.undo()
        case "redo":
            return desk.redo()
        case "revert":
            live = [other.batch for other in reviews.history(entry=entry.artifact.slug) if other.live]
            return desk.revert(Selector(batch=chance.choice(live))) if live else Done()
    few = f"{entry.artifact.slug[:-1]}*"
    desk.wanted = replace(desk.wanted, conditions=(Condition("entry", "=", few), Condition("flagged", "=", "no")))
    return desk.decide_all(guard.guard((), 0, of=desk.waiting()), reject=chance.random() < 0.2)


# --- killed


def _killed(folder: Path, known: Known, name: str, when: When) -> Kill:
    db, copy = folder / "catalog.db", folder / "rehearsal.db"
    shutil.copyfile(db, copy)
    with _opened(copy) as (catalog, reviews):
        start = time.perf_counter()
        act, done = _act(catalog, reviews, name)
        took = time.perf_counter() - start
    moment = random.Random(f"kill {name}").uniform(0, took * _LONGER)
    acknowledged = _run(db, name, moment if when == "during" else None)
    kill = Kill(act, when, acknowledged is not None)
    _check(db, known, done.decisions, acknowledged, kill)
    return kill


def _run(db: Path, name: str, delay: float | None) -> list[str] | None:
    """Act in another process, kill it after `delay` seconds or when it has returned; return what it acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(db, name, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        lines.readline()  # it is ready, and acts from now on
        told = "" if delay is not None else lines.readline()
        time.sleep(delay or 0)
        os.kill(child, signal.SIGKILL)
        told += lines.read()
    os.waitpid(child, 0)
    if not told.endswith("\n"):
        return None
    answer: list[str] | str = json.loads(told)
    if isinstance(answer, str):
        raise SystemExit(f"{name}: {answer}")
    return answer


def _child(db: Path, name: str, writing: int) -> None:
    """Act, acknowledge, and wait for the end. Never returns: what the parent has open is not closed here."""
    try:
        with _opened(db) as (catalog, reviews):
            os.write(writing, b"ready\n")
            _, done = _act(catalog, reviews, name)
            _tell(writing, [one.uid for one in done.decisions])
            signal.pause()
    except BaseException as error:  # noqa: BLE001 - the parent is told of it, and ends
        _tell(writing, f"{type(error).__name__}: {error}")
        os._exit(1)


def _tell(writing: int, what: object) -> None:
    with os.fdopen(writing, "w", encoding="utf-8", closefd=False) as line:
        line.write(json.dumps(what) + "\n")


# --- and what is there then


def _check(db: Path, known: Known, expected: Sequence[Decision], acknowledged: list[str] | None, kill: Kill) -> None:
    """Open the catalog again and compare it with what was known, and what was to come."""
    with _opened(db) as (catalog, reviews):
        history = list(reviews.history())
        before, new = history[: len(known.decisions)], history[len(known.decisions) :]
        wanted = _told(expected)
        kill.stored = bool(new)
        if _told(before) != _told(known.decisions):
            kill.wrong.append("decisions of earlier acts are lost or changed")
        if new and _told(new) != wanted:
            kill.wrong.append(f"{len(new)} decisions are stored where {len(wanted)} belong together")
        if acknowledged is not None and acknowledged != [one.uid for one in new]:
            kill.wrong.append(f"{len(acknowledged)} decisions were acknowledged and {len(new)} are there")
        if _live(history) != {one.uid for one in history if one.live}:
            kill.wrong.append("what holds is not what was not taken back")
        states = {line.slug: {name: n for name, n in line.states.items() if n} for line in catalog.listings()}
        stored = {entry.artifact.slug: entry for entry in catalog.entries()}
        ids = [one.id for entry in stored.values() for one in entry.capabilities]
        lines = {one.id: one for one in (*reviews.queue(Wanted(), count=100_000), *reviews.find(ids))}
    for slug, was in known.entries.items():
        known.entries[slug] = entry = fold(was, new)
        if stored.get(slug) != entry:
            kill.wrong.append(f"{slug}: the decisions do not come to what is stored")
        if states[slug] != Counter(one.state for one in entry.capabilities):
            kill.wrong.append(f"{slug}: the counts of the entry are wrong")
        kill.wrong += _unlike(entry, {one.id: one for one in lines.values() if one.entry == slug})
    known.decisions = history


def _unlike(entry: Entry, lines: Mapping[str, Queued]) -> list[str]:
    """Return where the queue says something else than the records of an entry."""
    wrong, near = [], clusters(entry)
    if lines.keys() != near.keys():
        return [f"{entry.artifact.slug}: the queue holds other records than the entry"]
    for at, one in enumerate(entry.capabilities):
        line = lines[one.id]
        row = queued(one, at, version=line.version, second=line.second, cluster=near[one.id])
        for name in ("position", "name", "waits", "state", "category", "passing", "flagged", "disputed", "cluster"):
            if getattr(line, name) != row[name]:
                wrong.append(f"{one.id}: the queue says {name} {getattr(line, name)!r}, not {row[name]!r}")
        told = HIGHEST - row["calm"], tuple(row["failing"].split()), one.dropped
        if (line.risk, line.failing, line.dropped) != told:
            wrong.append(f"{one.id}: the queue has another risk, or other fields that fail or are left out")
    return wrong


def _whole(db: Path, known: Known) -> list[str]:
    """Return what is wrong where all decisions are applied to the entries as they were drafted."""
    with _opened(db) as (catalog, reviews):
        history = list(reviews.history())
        made = {slug: fold(entry, history) for slug, entry in known.drafted.items()}
        wrong = [slug for slug, entry in made.items() if catalog.find(slug) != entry]
    return [f"{slug}: all decisions do not come to it" for slug in wrong]


def _told(decisions: Sequence[Decision]) -> list[Any]:
    """Return decisions less what the store gives them."""
    return list(map(_GIVEN, decisions))


def _live(history: Sequence[Decision]) -> set[str]:
    live: set[str] = set()
    for one in history:
        if one.target is not None:
            (live.add if one.op == "redo" else live.discard)(one.target)
        elif one.op not in BACK:
            live.add(one.uid)
    return live
