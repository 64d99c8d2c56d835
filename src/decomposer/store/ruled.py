"""Keep what people ruled on pairs of records beside what was judged of them: it holds whatever the texts say."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
    union,
    union_all,
    update,
)

from decomposer.decide import SAME
from decomposer.records import Entry, Judgement
from decomposer.store.likening import Pair, judgement_of, pair_of, row_of
from decomposer.store.links import holders
from decomposer.store.links_tables import links
from decomposer.store.prebuilt import Prebuilt
from decomposer.store.registry_tables import likenesses, members, texts
from decomposer.store.review_tables import events

_HELD_APART = Judgement("different", 0.0, ("a person holds them apart",), "person")
_NUMBERS: Any = bindparam("numbers", expanding=True)
# Written out, not given as values: only so is it known that the index of what people ruled holds all of them.
_BY_PERSON = likenesses.c.decided_by == literal_column("'person'")

_WORDS = Prebuilt(
    union_all(
        *(
            select(links, events.c.actor, events.c.reason, events.c.decided_at)
            .join(events, events.c.seq == links.c.seq)
            .where(side == bindparam("entry"))
            for side in (links.c.one_entry, links.c.other_entry)
        )
    )
)
_PLACE = update(links).where(links.c.seq == bindparam("at"))
_KNOWN = union(*(select(likenesses).where(_BY_PERSON, side.in_(_NUMBERS)) for side in (likenesses.c.a, likenesses.c.b)))
_FORGET = delete(likenesses).where(likenesses.c.a == bindparam("one"), likenesses.c.b == bindparam("other"))
_WITH_MEMBER = or_(likenesses.c.a == members.c.number, likenesses.c.b == members.c.number)
_MARK = update(members).where(members.c.number.in_(_NUMBERS)).values(ruled=exists().where(_BY_PERSON, _WITH_MEMBER))
_ONE_WITH = _BY_PERSON & (likenesses.c.verdict == "same")
_PARTNERS = union(
    *(
        select(members.c.canonical).join(likenesses, there == members.c.number).where(_ONE_WITH, here.in_(_NUMBERS))
        for here, there in ((likenesses.c.a, likenesses.c.b), (likenesses.c.b, likenesses.c.a))
    )
)
_SAID_ONE = union_all(
    *(
        select(here.label("number"), likenesses, texts.c.id)
        .join(members, members.c.number == there)
        .join(texts, texts.c.number == there)
        .where(_ONE_WITH, here.in_(_NUMBERS), members.c.canonical == bindparam("at"))
        for here, there in ((likenesses.c.a, likenesses.c.b), (likenesses.c.b, likenesses.c.a))
    )
)


class Ruled:
    """What people ruled on pairs, as one transaction changes the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._concerned: set[int] = set()

    def bring(self, entry: Entry, numbers: Mapping[str, int], new: Collection[int] = ()) -> set[int]:
        """Write down what people ruled on the records of an entry; return those of whom that is new or over.

        That are pairs within the entry that are held apart, and what was said across entries. `numbers` are those of
        the records of the entry, by id; of those that are `new` nothing can have been written down. Where words
        disagree after records were merged, the two are apart.
        """
        said = dict(self._across(entry, numbers))
        held = {pair_of(numbers[a], numbers[b]) for a, b in entry.apart if a in numbers and b in numbers and a != b}
        said |= dict.fromkeys(sorted(held), _HELD_APART)
        before = sorted(set(numbers.values()).difference(new))
        rows = self._connection.execute(_KNOWN, {"numbers": before}) if before else ()
        known = {(row.a, row.b): judgement_of(row) for row in rows}
        changed = sorted(pair for pair in said.keys() | known.keys() if said.get(pair) != known.get(pair))
        for one, other in changed:
            self._connection.execute(_FORGET, {"one": one, "other": other})
        added = [row_of(pair, said[pair]) for pair in changed if pair in said]
        if added:
            self._connection.execute(insert(likenesses), added)
        found = {number for pair in changed for number in pair}
        if found:
            self._connection.execute(_MARK, {"numbers": sorted(found)})
        self._concerned |= found | {number for pair in said for number in pair}
        return found

    def concerns(self, number: int) -> bool:
        """Say whether something was ruled on a record of the entries that were brought, or was until now."""
        return number in self._concerned

    def partners(self, numbers: Collection[int]) -> list[int]:
        """Return the canonical capabilities of the records that a person said are one with any of these, sorted."""
        return sorted(self._connection.scalars(_PARTNERS, {"numbers": sorted(numbers)})) if numbers else []

    def _across(self, entry: Entry, numbers: Mapping[str, int]) -> Iterable[tuple[Pair, Judgement]]:
        """Bring the words on records of an entry in line with it, and yield what they say of pairs: the last holds."""
        slug = entry.artifact.slug
        words = _WORDS.rows(self._connection, {"entry": slug})
        if not words:
            return
        now = {identity: numbers.get(one.id) for identity, one in holders(entry).items()}
        told: list[tuple[bool, Pair, Judgement]] = []
        for word in words:
            places = {"one_at": word.one_at, "other_at": word.other_at}
            side = "one" if word.one_entry == slug else "other"
            here = now.get(getattr(word, side))
            if places[f"{side}_at"] != here:
                places[f"{side}_at"] = here
                self._connection.execute(_PLACE, {"at": word.seq, **places})
            one, other = places["one_at"], places["other_at"]
            if word.live and one is not None and other is not None and one != other:
                told.append((word.field != SAME, pair_of(one, other), _judged(word)))
        yield from ((pair, judgement) for _, pair, judgement in sorted(told, key=lambda one: (one[0], one[1])))


def said_one(connection: Connection, canonical: int, numbers: Collection[int]) -> dict[int, tuple[str, Judgement]]:
    """Return of members of which a person said that they are one with another: that other's id, and what was said."""
    rows = connection.execute(_SAID_ONE, {"numbers": sorted(numbers), "at": canonical}).all()
    return {row.number: (row.id, judgement_of(row)) for row in sorted(rows, key=lambda row: row.id, reverse=True)}


def _judged(word: Any) -> Judgement:
    same = word.field == SAME
    why = f": {word.reason}" if word.reason else ""
    reason = f"{word.actor or 'somebody'} said so on {word.decided_at[:10]}{why}"
    return Judgement("same" if same else "different", float(same), (reason,), "person")
