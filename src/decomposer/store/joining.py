"""Let records join canonical capabilities and leave them, in a transaction that no other of its kind overlaps."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from decomposer.cluster import affinity
from decomposer.display import one_line
from decomposer.records import DecidedBy, Entry, Judgement, Verdict
from decomposer.registry import CORE, Comparing, Plan, agreement, plan, question, sample_of, together
from decomposer.store.addressing import Addressing
from decomposer.store.full_text import Texts, Written
from decomposer.store.prebuilt import Prebuilt
from decomposer.store.registry_tables import found, likenesses, members, stems, texts
from decomposer.store.tables import insert_missing

NEAREST = 20
"""How many records the full text is asked for: nearly always those that are one capability are among so many."""
_REACH = 3  # canonical capabilities at most that are grouped anew when a record joins
_ENOUGH = 3  # records of one canonical capability that are looked at before its core is
_HALF = 0.5
_SOME = 1 / 3  # agreement on average, from which a canonical capability is grouped anew with a record
_TOLD = ("same", "broader", "narrower")
_HELD_APART = Judgement("different", 0.0, ("a person holds them apart",), "person")

Pair = tuple[int, int]

_COUNTED = select(stems.c.word, stems.c.records).where(stems.c.word.in_(bindparam("words", expanding=True)))
_CORE = Prebuilt(
    select(texts.c.number, texts.c.entry, texts.c.data, members.c.canonical)
    .join(members, members.c.number == texts.c.number)
    .where(members.c.canonical == bindparam("at"))
    .order_by(members.c.sample)
    .limit(CORE)
)
_ANY = select(members.c.number).where(members.c.canonical == bindparam("at")).limit(1)
_BETWEEN = select(likenesses).where(
    likenesses.c.a.in_(bindparam("numbers", expanding=True)), likenesses.c.b.in_(bindparam("numbers", expanding=True))
)
_DECIDED = select(likenesses.c.a, likenesses.c.b).where(
    likenesses.c.decided_by == "person",
    likenesses.c.a.in_(bindparam("numbers", expanding=True)),
    likenesses.c.b.in_(bindparam("numbers", expanding=True)),
)
_UNTELL = delete(likenesses).where(or_(likenesses.c.a == bindparam("at"), likenesses.c.b == bindparam("at")))
_UNTELL_PAIR = delete(likenesses).where(likenesses.c.a == bindparam("one"), likenesses.c.b == bindparam("other"))
_HOME = Prebuilt(select(members.c.canonical).where(members.c.number == bindparam("at")))
_MOVE = update(members).where(members.c.number == bindparam("at")).values(canonical=bindparam("to"))
_FOLLOW = update(members).where(members.c.canonical == bindparam("gone")).values(canonical=bindparam("into"))
_STAND = update(members).where(members.c.number == bindparam("at"))
_LEAVE = delete(members).where(members.c.number == bindparam("at"))
_ENTER = Prebuilt(insert(members), [column.name for column in members.columns])
_SIZES = (
    select(members.c.canonical, func.count().label("members"))
    .where(members.c.canonical.in_(bindparam("homes", expanding=True)))
    .group_by(members.c.canonical)
)


class _Record(NamedTuple):
    """A record as it is judged: whose it is, what it is judged by, and its canonical capability, if it has one."""

    entry: str
    data: str
    home: int | None


class Joining:
    """What changes the registry in one transaction; `comparing` judges records."""

    def __init__(self, connection: Connection, comparing: Comparing) -> None:
        self._connection = connection
        self._comparing = comparing
        self._texts = Texts(connection, comparing)
        self._addressing = Addressing(connection)
        self._touched: set[int] = set()

    def bring(self, entry: Entry) -> None:
        """Bring in an entry as it is now: what is new or says something else joins anew, what is gone leaves."""
        changes = self._texts.bring(entry)
        for number in (*(one.number for one in changes.worded if not one.new), *changes.gone):
            self._connection.execute(_UNTELL, {"at": number})
        self._touched |= self._stand(changes.described)
        parted = self._hold_apart(entry, changes.numbers)
        known = {one.number for one in changes.worded}
        again = self._texts.read(parted - known) if parted - known else []
        for record in (*changes.worded, *again):
            self._touched |= self._settle(record)
        for number, into in changes.gone.items():
            self._touched |= self._leave(number, into)

    def finish(self) -> None:
        """Bring what is said of canonical capabilities in line with their members, at the end of the transaction."""
        self._addressing.refresh(self._touched)
        self._touched.clear()

    def _settle(self, record: Written) -> set[int]:
        """Let a record find its canonical capability, and group anew what it touches."""
        records = self._near(record)
        own = None if record.new else self._home(record.number)
        records[record.number] = _Record(record.entry, record.data, own)
        judged: dict[Pair, Judgement] = {}
        looked, like = Counter[int | None](), Counter[int]()
        for other, (_, _, home) in records.items():
            if other == record.number or (home is not None and looked[home] == _ENOUGH):
                continue
            looked[home] += 1
            pair = _pair(record.number, other)
            judged[pair] = self._judge(*pair, records)
            if affinity(judged[pair]) > _HALF and home is not None:
                like[home] += 1
        homes = [home for home, _ in sorted(like.items(), key=lambda item: (-item[1], item[0]))[:_REACH]]
        if own is not None and own not in homes:
            homes.append(own)
        if homes:
            return self._group(homes, record, judged, own=own)
        self._tell(judged)
        canonical = self._addressing.create(record.called, record.key, record.category)
        self._enter(record, canonical)
        return {canonical}

    def _near(self, record: Written) -> dict[int, _Record]:
        """Return the records that are worth judging beside one: of the same name, or near in the full text."""
        counts = self._connection.execute(_COUNTED, {"words": record.words})
        held = {row.word: row.records - 1 for row in counts}  # it has them itself
        weights = self._comparing.weights(record.words)
        asked, at = question(weights, held), record.number
        rows = found(self._connection, asked, weights, at=at, key=record.key, most=NEAREST)
        return {row.number: _Record(row.entry, row.data, row.canonical) for row in rows}

    def _group(
        self, homes: Collection[int], record: Written | None, judged: Mapping[Pair, Judgement], *, own: int | None
    ) -> set[int]:
        """Group anew the cores of canonical capabilities and a record, whose home is `own`; return what has changed."""
        rows = [row for home in homes for row in _CORE.run(self._connection, {"at": home})]
        records = {row.number: _Record(row.entry, row.data, row.canonical) for row in rows}
        if record:
            records[record.number] = _Record(record.entry, record.data, own)
        told = self._told(sorted(records))
        numbers = sorted(records)
        new = dict(judged)
        if record:
            beside = (_pair(record.number, other) for other in numbers if other != record.number)
            new |= {pair: self._judge(*pair, records) for pair in beside if pair not in judged and pair not in told}
            numbers = _agreeing(record.number, records, new | told)
        for pair in combinations(numbers, 2):
            if pair not in new and pair not in told and _open(pair, records, record):
                new[pair] = self._judge(*pair, records)
        self._tell(new)
        settled = {one: home for one in numbers if (home := records[one].home) is not None}
        sizes = dict.fromkeys(homes, 0)
        if len(set(settled.values())) > 1:
            counted = self._connection.execute(_SIZES, {"homes": list(homes)})
            sizes.update((row.canonical, row.members) for row in counted)
        moving = record.number if record else None
        planned = plan(together(numbers, new | told), settled, sizes, moving=moving)
        return self._apply(planned, settled, record) | ({own} if own is not None else set())

    def _apply(self, planned: Plan, settled: Mapping[int, int], record: Written | None) -> set[int]:
        touched = set(planned.merged.values())
        for gone, into in planned.merged.items():
            self._connection.execute(_FOLLOW, {"gone": gone, "into": into})
            self._addressing.merge(gone, into)
        for home, group in planned.groups:
            at = self._new(group) if home is None else home
            for number in group:
                before = settled.get(number)
                if before is None and record is not None:
                    self._enter(record, at)
                    touched.add(at)
                elif before is not None and planned.merged.get(before, before) != at:
                    self._connection.execute(_MOVE, {"at": number, "to": at})
                    touched |= {at, planned.merged.get(before, before)}
        return touched

    def _new(self, group: Iterable[int]) -> int:
        """Return a new canonical capability, named after the record of a group that stands best."""
        best = min(self._texts.read(group), key=lambda one: (one.standing, one.number))
        return self._addressing.create(best.called, best.key, best.category)

    def _enter(self, record: Written, canonical: int) -> None:
        values = {"number": record.number, "canonical": canonical, "entry": record.entry, "standing": record.standing}
        _ENTER.run(self._connection, values | {"sample": sample_of(record.entry, record.id)})

    def _home(self, number: int) -> int | None:
        home: int | None = _HOME.run(self._connection, {"at": number}).scalar()
        return home

    def _leave(self, number: int, into: int | None) -> set[int]:
        """Take out a record that is no more; where it was merged into another, its address leads on to that one's."""
        home = self._home(number)
        self._connection.execute(_LEAVE, {"at": number})
        if home is None:
            return set()
        new = None if into is None else self._home(into)
        left = self._connection.scalar(_ANY, {"at": home}) is not None
        if not left and new is not None and new != home:
            self._addressing.merge(home, new)
            return {new}
        return self._group([home], None, {}, own=home)

    def _stand(self, described: Iterable[int]) -> set[int]:
        """Put records in their place by how well they are supported now."""
        touched: set[int] = set()
        for number in described:
            standing = self._connection.scalar(select(texts.c.standing).where(texts.c.number == number))
            self._connection.execute(_STAND, {"at": number, "standing": standing})
            touched.update(_HOME.run(self._connection, {"at": number}).scalars())
        return touched

    def _hold_apart(self, entry: Entry, numbers: Mapping[str, int]) -> set[int]:
        """Write down which records of an entry a person holds apart; return those of whom that is new or over."""
        held = {_pair(numbers[a], numbers[b]) for a, b in entry.apart if a in numbers and b in numbers and a != b}
        rows = self._connection.execute(_DECIDED, {"numbers": sorted(numbers.values())}) if len(numbers) > 1 else ()
        known = {(row.a, row.b) for row in rows}
        for one, other in sorted(held ^ known):
            self._connection.execute(_UNTELL_PAIR, {"one": one, "other": other})
        self._tell(dict.fromkeys(sorted(held - known), _HELD_APART))
        return {number for pair in held ^ known for number in pair}

    def _told(self, numbers: list[int]) -> dict[Pair, Judgement]:
        return {(row.a, row.b): judgement_of(row) for row in self._connection.execute(_BETWEEN, {"numbers": numbers})}

    def _judge(self, one: int, other: int, records: Mapping[int, _Record]) -> Judgement:
        a, b = sorted((one, other))
        judgement = self._comparing.judge(records[a].data, records[b].data)
        if judgement.verdict == "same" and judgement.score < 1 and records[a].entry == records[b].entry:
            # Drafting had both before the eyes, with their evidence, and did not join them.
            return replace(judgement, verdict="related")
        return judgement

    def _tell(self, judged: Mapping[Pair, Judgement]) -> None:
        rows = [_row(pair, one) for pair, one in judged.items() if one.verdict in _TOLD or one.decided_by == "person"]
        if rows:
            self._connection.execute(insert_missing(self._connection, likenesses), rows)


def judgement_of(row: Any) -> Judgement:
    """Return a row of likenesses as the judgement of its first record and its second."""
    reasons = tuple(row.reasons.split("\n")) if row.reasons else ()
    return Judgement(cast(Verdict, row.verdict), row.score, reasons, cast(DecidedBy, row.decided_by))


def _agreeing(number: int, records: Mapping[int, _Record], scores: Mapping[Pair, Judgement]) -> list[int]:
    """Return a record, those of its own canonical capability, and those of each that it agrees with to some degree."""
    homes: defaultdict[int | None, list[int]] = defaultdict(list)
    for other, record in records.items():
        if other != number:
            homes[record.home].append(other)
    kept = [number]
    for home, others in homes.items():
        if home == records[number].home or (agreement(number, others, scores) or 0.0) >= _SOME:
            kept += others
    return sorted(kept)


def _open(pair: Pair, records: Mapping[int, _Record], record: Written | None) -> bool:
    """Say whether a pair without a word on it is to be judged: two of one core were, when the later of them came."""
    one, other = (records[number].home for number in pair)
    return record is None or record.number in pair or one != other


def _row(pair: Pair, judgement: Judgement) -> dict[str, object]:
    said = {"verdict": judgement.verdict, "score": judgement.score, "decided_by": judgement.decided_by}
    return {"a": pair[0], "b": pair[1], **said, "reasons": "\n".join(map(one_line, judgement.reasons))}


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
