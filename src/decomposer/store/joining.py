"""Let records join canonical capabilities and leave them, in a transaction that no other of its kind overlaps."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from decomposer.cluster import affinity
from decomposer.records import Entry, Judgement
from decomposer.registry import Comparing, Plan, agreement, plan, sample_of, together
from decomposer.store.addressing import Addressing
from decomposer.store.cores import members_of
from decomposer.store.full_text import Texts, Written
from decomposer.store.likening import Pair, pair_of, row_of
from decomposer.store.near_leads import Adding
from decomposer.store.postings import Postings, found
from decomposer.store.prebuilt import Among, Prebuilt, Rows
from decomposer.store.registry_tables import likenesses, members, texts
from decomposer.store.ruled import Ruled

_REACH = 3  # canonical capabilities at most that are grouped anew when a record joins
_ENOUGH = 3  # records of one canonical capability that are looked at before its core is
_HALF = 0.5
_SOME = 1 / 3  # agreement on average, from which a canonical capability is grouped anew with a record
_TOLD = ("same", "broader", "narrower", "related")

_ANY = select(members.c.number).where(members.c.canonical == bindparam("at")).limit(1)
_BETWEEN = Among("SELECT a, b, verdict, score, decided_by FROM likenesses WHERE a {among} AND b {among}")
_TELL = Rows(likenesses, "DO NOTHING")
_UNTELL = delete(likenesses).where(or_(likenesses.c.a == bindparam("at"), likenesses.c.b == bindparam("at")))
_HOME = Prebuilt(select(members.c.canonical).where(members.c.number == bindparam("at")))
_MOVE = update(members).where(members.c.number == bindparam("at")).values(canonical=bindparam("to"))
_FOLLOW = update(members).where(members.c.canonical == bindparam("gone")).values(canonical=bindparam("into"))
_STAND = update(members).where(members.c.number == bindparam("at"))
_LEAVE = delete(members).where(members.c.number == bindparam("at"))
_ENTER = Rows(members)
_SIZES = Among("SELECT canonical, count(*) FROM members WHERE canonical {among} GROUP BY canonical")


class _Record(NamedTuple):
    """A record as it is judged: whose it is, what it is judged by, and its canonical capability, if it has one.

    `core` says that it is among those of its canonical capability that others are compared with.
    """

    entry: str
    data: str
    home: int | None
    core: bool = True


class Joining:
    """What changes the registry in one transaction; `comparing` judges records, by a `recipe`.

    With `adding` those are judged too that are near by their vectors, and not by what is rare in both alone.
    """

    def __init__(
        self, connection: Connection, comparing: Comparing, *, recipe: str, adding: Adding | None = None
    ) -> None:
        self._connection = connection
        self._comparing = comparing
        self._postings = Postings(connection)
        self._texts = Texts(connection, comparing, self._postings, recipe=recipe)
        self._adding = adding
        self._nearest: Mapping[int, Sequence[int]] = {}
        self._addressing = Addressing(connection)
        self._ruled = Ruled(connection)
        self._touched: set[int] = set()

    def bring(self, entry: Entry) -> None:
        """Bring in an entry as it is now: what is new or says something else joins anew, what is gone leaves."""
        changes = self._texts.bring(entry)
        for number in (*(one.number for one in changes.worded if not one.new), *changes.gone):
            self._connection.execute(_UNTELL, {"at": number})
        self._touched |= self._stand(changes.described)
        if self._adding:
            self._nearest = self._adding.enter({one.number: one.data for one in changes.worded}, changes.gone)
        new = {one.number for one in changes.worded if one.new}
        ruled = self._ruled.bring(entry, changes.numbers, new)
        known = {one.number for one in changes.worded}
        again = self._texts.read(ruled - known) if ruled - known else []
        for record in (*changes.worded, *again):
            self._touched |= self._settle(record)
        for number, into in changes.gone.items():
            self._touched |= self._leave(number, into)

    def finish(self) -> None:
        """Bring what is said of canonical capabilities in line with their members, at the end of the transaction."""
        self._postings.keep()
        self._addressing.refresh(self._touched)
        self._touched.clear()

    def _settle(self, record: Written) -> set[int]:
        """Let a record find its canonical capability, and group anew what it touches."""
        records = self._near(record)
        own = None if record.new else self._home(record.number)
        records[record.number] = _Record(record.entry, record.data, own)
        judged: dict[Pair, Judgement] = {}
        looked, like = Counter[int | None](), Counter[int]()
        for other, (_, _, home, _) in records.items():
            if other == record.number or (home is not None and looked[home] == _ENOUGH):
                continue
            looked[home] += 1
            pair = pair_of(record.number, other)
            judged[pair] = self._judge(*pair, records)
            if affinity(judged[pair]) > _HALF and home is not None:
                like[home] += 1
        homes = [home for home, _ in sorted(like.items(), key=lambda item: (-item[1], item[0]))[:_REACH]]
        said = self._ruled.partners([record.number]) if self._ruled.concerns(record.number) else []
        homes += [home for home in (*said, own) if home is not None and home not in homes]
        if homes:
            return self._group(homes, record, judged, own=own)
        self._tell(judged)
        canonical, complete = self._addressing.create_for(record)
        self._enter(record, canonical)
        return set() if complete else {canonical}

    def _near(self, record: Written) -> dict[int, _Record]:
        """Return the records that are worth judging beside one: of the same name, or near by what is rare in both."""
        nearest = self._postings.enter(record.number, record.terms, new=record.new)
        rows = found(
            self._connection, nearest, at=record.number, key=record.key, also=self._nearest.get(record.number, ())
        )
        return {number: _Record(entry, data, home) for number, entry, data, home in rows}

    def _group(
        self, homes: Collection[int], record: Written | None, judged: Mapping[Pair, Judgement], *, own: int | None
    ) -> set[int]:
        """Group anew the cores of canonical capabilities and a record, whose home is `own`; return what has changed."""
        records, homes = self._gathered(homes)
        # Nothing was said yet of one that is new, unless by a person.
        known = record is None or not record.new or self._ruled.concerns(record.number)
        told = self._told(sorted({*records, *([record.number] if record and known else [])}))
        if record:
            records[record.number] = _Record(record.entry, record.data, own)
        numbers = sorted(records)
        new = dict(judged)
        if record:
            beside = (pair_of(record.number, other) for other in numbers if other != record.number)
            new |= {pair: self._judge(*pair, records) for pair in beside if pair not in judged and pair not in told}
            numbers = _agreeing(record.number, records, new | told)
        for pair in combinations(numbers, 2):
            if pair not in new and pair not in told and _open(pair, record):
                new[pair] = self._judge(*pair, records)
        self._tell(new)
        settled = {one: home for one in numbers if (home := records[one].home) is not None}
        sizes = dict.fromkeys(homes, 0)
        if len(set(settled.values())) > 1:
            sizes.update(_SIZES.rows(self._connection, list(homes)))
        moving = record.number if record else None
        planned = plan(together(numbers, new | told), settled, sizes, moving=moving)
        return self._apply(planned, settled, record) | ({own} if own is not None else set())

    def _gathered(self, homes: Collection[int]) -> tuple[dict[int, _Record], list[int]]:
        """Return the cores of canonical capabilities, with what people ruled on in them, and all that these are.

        Those come along whose members a person said are one with a member of these.
        """
        records: dict[int, _Record] = {}
        listed, done = list(homes), 0
        while done < len(listed):
            new, done = listed[done:], len(listed)
            ruled = []
            for number, home, is_core, entry, data in members_of(self._connection, new):
                if is_core:
                    records[number] = _Record(entry, data, home)
                else:
                    ruled.append(number)
                    records.setdefault(number, _Record(entry, data, home, core=False))
            listed += [home for home in self._ruled.partners(ruled) if home not in listed]
        return records, listed

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
        leaving = set(group)
        best = min(self._texts.read(leaving), key=lambda one: (one.standing, one.number))
        return self._addressing.create(best.called, best.key, best.category, leaving=leaving)

    def _enter(self, record: Written, canonical: int) -> None:
        values = {"number": record.number, "canonical": canonical, "entry": record.entry, "standing": record.standing}
        values |= {"sample": sample_of(record.entry, record.id), "ruled": self._ruled.concerns(record.number)}
        _ENTER.put(self._connection, [values])

    def _home(self, number: int) -> int | None:
        home: int | None = _HOME.value(self._connection, {"at": number})
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
            touched.update(row.canonical for row in _HOME.rows(self._connection, {"at": number}))
        return touched

    def _told(self, numbers: list[int]) -> dict[Pair, Judgement]:
        rows = _BETWEEN.rows(self._connection, numbers, numbers) if len(numbers) > 1 else ()
        return {(a, b): Judgement(verdict, score, (), by) for a, b, verdict, score, by in rows}

    def _judge(self, one: int, other: int, records: Mapping[int, _Record]) -> Judgement:
        a, b = sorted((one, other))
        judgement = self._comparing.judge(records[a].data, records[b].data)
        if judgement.verdict == "same" and judgement.score < 1 and records[a].entry == records[b].entry:
            # Drafting had both before the eyes, with their evidence, and did not join them.
            return replace(judgement, verdict="related")
        return judgement

    def _tell(self, judged: Mapping[Pair, Judgement]) -> None:
        told = (pair for pair in judged.items() if pair[1].verdict in _TOLD or pair[1].decided_by == "person")
        _TELL.put(self._connection, [row_of(pair, one) for pair, one in told])


def _agreeing(number: int, records: Mapping[int, _Record], scores: Mapping[Pair, Judgement]) -> list[int]:
    """Return a record, those of its own canonical capability, and those of each that it agrees with to some degree.

    That are also those of which a person said that one is one with it, or one with one of those.
    """
    homes: defaultdict[int | None, list[int]] = defaultdict(list)
    for other, record in records.items():
        if other != number:
            homes[record.home].append(other)
    said = _one_with(number, scores)
    kept = [number]
    for home, others in homes.items():
        core = [other for other in others if records[other].core]
        likes = (agreement(number, core, scores) or 0.0) >= _SOME
        if home == records[number].home or likes or not said.isdisjoint(others):
            kept += others
    return sorted(kept)


def _one_with(number: int, scores: Mapping[Pair, Judgement]) -> set[int]:
    """Return the records that are one with a record by what people said."""
    said = [set(pair) for pair, one in scores.items() if one.decided_by == "person" and one.verdict == "same"]
    found, size = {number}, 0
    while size < len(found):
        size = len(found)
        found = found.union(*(pair for pair in said if not found.isdisjoint(pair)))
    return found


def _open(pair: Pair, record: Written | None) -> bool:
    """Say whether a pair without a word on it is to be judged: those of the record that comes, or all where one left.

    Records that never met are not judged because a third is near both: that would join near misses more than twins.
    """
    return record is None or record.number in pair
