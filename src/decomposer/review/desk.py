"""Sit one reviewer down at the queue: what waits, what a record looks like, and every decision about it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from decomposer import decide
from decomposer.decide import Stamp
from decomposer.errors import UsageError
from decomposer.ports import Act, Acted, Catalog, Held, Queued, Reviews, Wanted
from decomposer.records import Artifact, Aspect, Capability, Decision, Document, Entry, SourceDocument
from decomposer.review import taking_back
from decomposer.review.marks import Verdict, blind, settle
from decomposer.review.outcomes import Done, Refusal, Selector, done
from decomposer.review.sheet import Sheet, sheet
from decomposer.risk import failing

if TYPE_CHECKING:
    from decomposer.review.guard import Guard

_PAGE = 1000
_REMEMBERED = 10_000

Nearest = Callable[[Capability, Artifact], Sequence[Capability]]
Read = Callable[[SourceDocument], Document | None]


@dataclass(frozen=True, slots=True)
class Means:
    """What a desk is given besides the catalog: a clock (ISO 8601, UTC), ids of batches, and who reads documents.

    `read` gives a document of the catalog as it was loaded, None where its text is not held; `nearest` the published
    records that are most like one. `lease` is in seconds; `overlap` is the share of records that two people decide
    about.
    """

    clock: Callable[[], str]
    new_batch: Callable[[], str]
    read: Read
    nearest: Nearest | None = None
    overlap: float = 0.0
    lease: float = 300.0


class Desk:
    """One reviewer's view of the queue. What it shows it remembers, so that nobody decides about what was not seen."""

    def __init__(
        self, reviews: Reviews, catalog: Catalog, *, reviewer: str, means: Means, wanted: Wanted | None = None
    ) -> None:
        self.reviewer = reviewer
        self.wanted = replace(wanted or Wanted(), reviewer=reviewer)
        self._reviews = reviews
        self._catalog = catalog
        self._means = means
        self._seen: dict[str, tuple[int, str | None]] = {}

    # --- what there is to see

    def waiting(self) -> int:
        """Return how many records wait for this reviewer, leased to others or not."""
        return self._reviews.waiting(self.wanted)

    def window(self, after: Queued | None = None, *, count: int = 50) -> list[Queued]:
        """Return the next records behind a place, leased to this reviewer."""
        held = self._reviews.claim(
            self.wanted, reviewer=self.reviewer, count=count, seconds=self._means.lease, after=after
        )
        return self._shown(held)

    def page(self, after: Queued | None = None, *, count: int = 50, backwards: bool = False) -> list[Queued]:
        """Return the records behind (or before) a place, only to look at: leased to nobody."""
        return self._shown(self._reviews.queue(self.wanted, after=after, count=count, backwards=backwards))

    def place(self, identity: str) -> Queued | None:
        """Return the line of one record, whether it waits or not; None where there is no such record."""
        found = self._reviews.find([identity])
        return self._veiled(found[0]) if found else None

    def others(self, identity: str) -> list[Queued]:
        """Return the other records of a record's entry that are not rejected or retired, the likeliest same one first.

        Raises UsageError where there is no such record.
        """
        from decomposer.same import Judging

        entry = self._entry(identity)
        one = next((one for one in entry.capabilities if one.id == identity), None)
        if one is None:
            raise UsageError(f"no record is called {identity!r}", hint="it may have been merged or gone")
        judge = Judging.of(entry.artifact)
        others = [other for other in entry.capabilities if other is not one and other.state in ("proposed", "accepted")]
        others.sort(key=lambda other: judge.closeness(one, other), reverse=True)
        return [self._veiled(found) for found in self._reviews.find([other.id for other in others])]

    def touch(self) -> int:
        """Renew the leases of this reviewer, and return how many there are."""
        return self._reviews.renew(self.reviewer, seconds=self._means.lease)

    def leave(self) -> None:
        """Give all leases of this reviewer back."""
        self._reviews.release(self.reviewer)

    def sheet(self, identity: str) -> Sheet:
        """Return a record laid out, whether it waits or not. Raises UsageError where there is none of that id."""
        found, entry = self._reviews.find([identity]), self._entry(identity)
        if not found or all(one.id != identity for one in entry.capabilities):
            raise UsageError(f"no record is called {identity!r}", hint="it may have been merged or gone")
        queued = self._veiled(found[0])
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[identity] = (queued.version, self._means.clock())
        if queued is not found[0]:
            hidden = {"state": "proposed", "dropped": ()}
            now = tuple(one.model_copy(update=hidden) if one.id == identity else one for one in entry.capabilities)
            entry = entry.model_copy(update={"capabilities": now})
        return sheet(
            queued, entry, opinions=self._opinions(queued), text_of=self._catalog.text,
            near=self._means.nearest or (lambda one, artifact: ()),
        )  # fmt: skip

    def history(self, identity: str) -> list[Decision]:
        """Return the decisions about a record, oldest first; of one that waits for a second opinion not the first."""
        queued = next(iter(self._reviews.find([identity])), None)
        if queued is not None and blind(queued, self.reviewer):
            return []
        return list(self._reviews.history(capability=identity))

    # --- decisions about records as they are

    def accept(
        self, ids: Sequence[str], *, dropped: Mapping[str, Collection[str]] | None = None, reason: str = "",
        shown_at: str | None = None, versions: Mapping[str, int] | None = None,
    ) -> Done:  # fmt: skip
        """Accept records, without the fields in `dropped`: per id; for ids that are not in it what does not pass.

        A record whose description is left out is refused. Of one that is accepted already and for which a newer draft
        waits, that draft is taken. `versions` are those that were seen, where not those that this desk has shown.
        """
        return self._mark(ids, dropped or {}, self._stamp(ids, reason, shown_at), versions, accept=True)

    def reject(
        self, ids: Sequence[str], *, reason: str = "", shown_at: str | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> Done:  # fmt: skip
        """Reject records: they stay in the catalog, are not published, and do not come in again."""
        return self._mark(ids, {}, self._stamp(ids, reason, shown_at), versions, accept=False)

    def flag(self, ids: Sequence[str], *, reason: str = "", on: bool = True) -> Done:
        """Ask for another look at records, or no longer; that is not a decision about them."""
        return settle(self._reviews, ids, Verdict("flag", self._stamp(ids, reason), flagged=on))

    def accept_passing(self, entry: str) -> Done:
        """Accept every record of an entry that waits and whose every sentence the source bears out.

        Not those that somebody wants another look at.
        """
        wanted = Wanted(entry=entry, order="entry", reviewer=self.reviewer)
        waiting = (one for one in pages(self._reviews, wanted) if one.waits in ("proposed", "second"))
        meant = [one for one in waiting if one.passing and not one.flagged]
        verdict = Verdict("accept", self._stamp(()), overlap=self._means.overlap)
        return settle(self._reviews, [one.id for one in meant], verdict, found=meant)

    def sample(self, *, count: int = 59, seed: int = 0) -> list[Queued]:
        """Return records chosen at random among those that `decide_all` would accept: to be looked at before it."""
        from decomposer.review.guard import sample

        return self._shown(sample(self._reviews, self.wanted, count=count, seed=seed))

    def decide_all(self, guard: "Guard", *, reject: bool = False, reason: str = "") -> Done:
        """Accept (or reject) every record that waits and is meant, in one batch that one undo takes back.

        What was known beforehand is kept with the decisions. Fields that do not pass are left out; records whose
        description does not pass are left as they are, and counted.
        """
        stamp = replace(self._stamp((), reason), guard=guard.text)
        verdict = Verdict("reject" if reject else "accept", stamp, overlap=self._means.overlap)
        meant = [one for one in pages(self._reviews, self.wanted) if one.waits in ("proposed", "second")]
        return settle(self._reviews, [one.id for one in meant], verdict, found=meant)

    # --- decisions that change what is said

    def edit(self, identity: str, field: Aspect, text: str, *, reason: str = "", version: int | None = None) -> Done:
        """Let a field say `text` (of a list: one item a line; nothing removes it), checked against its evidence."""
        from decomposer.review.wording import said

        def act(held: Held) -> Acted:
            new, passes = said(held.entry, identity, field, text, read=self._means.read)
            return decide.edit(held, identity, field, new, stamp, passes=passes)

        stamp = self._stamp([identity], reason)
        return self._act(identity, [identity], act, {} if version is None else {identity: version})

    def take(self, identity: str, *, reason: str = "", version: int | None = None) -> Done:
        """Let a record say what the newest draft says of it."""
        stamp = self._stamp([identity], reason)
        versions = {} if version is None else {identity: version}
        return self._act(
            identity, [identity], lambda held: decide.take(held, identity, stamp, failing=failing), versions
        )

    def dismiss(self, identity: str, *, reason: str = "", version: int | None = None) -> Done:
        """Keep what a record says, whatever the newest draft says of it."""
        stamp = self._stamp([identity], reason)
        versions = {} if version is None else {identity: version}
        return self._act(identity, [identity], lambda held: decide.dismiss(held, identity, stamp), versions)

    def merge(self, ids: Sequence[str], *, reason: str = "", versions: Mapping[str, int] | None = None) -> Done:
        """Make records of one entry one, under the id of the first that is accepted, else of the first."""
        from decomposer.review.joining import joined

        ids = list(dict.fromkeys(ids))
        if len(ids) < 2:
            return done((), refused=[Refusal(one, "it takes two records to merge") for one in ids])
        if len({one.partition("/")[0] for one in ids}) > 1:
            return done((), refused=[Refusal(ids[0], "records of different entries are never made one")])

        def act(held: Held) -> Acted:
            one, others = joined(held.entry, ids)
            return decide.join(held, one, others, stamp)

        stamp = self._stamp(ids, reason)
        return self._act(ids[0], ids, act, versions or {})

    def split(self, identity: str, *, reason: str = "", version: int | None = None) -> Done:
        """Take a merged record apart again, into what it was made of; no draft joins that again."""
        from decomposer.review.joining import parts

        stamp = self._stamp([identity], reason)
        versions = {} if version is None else {identity: version}
        return self._act(
            identity, [identity], lambda held: decide.part(held, identity, parts(held.entry, identity), stamp), versions
        )

    # --- taking back

    def undo(self) -> Done:
        """Take back what this reviewer did last and still holds."""
        return self._back("undo", taking_back.last_held(self._reviews, self.reviewer))

    def redo(self) -> Done:
        """Put in place again what this reviewer took back last."""
        return self._back("redo", taking_back.last_taken_back(self._reviews, self.reviewer))

    def revert(self, selector: Selector, *, reason: str = "") -> Done:
        """Take back every decision that is meant and holds, newest first. Raises UsageError for an empty selector."""
        return self._back("revert", taking_back.selected(self._reviews, self._catalog, selector), reason)

    # --- how

    def _mark(
        self, ids: Sequence[str], dropped: Mapping[str, Collection[str]], stamp: Stamp,
        versions: Mapping[str, int] | None, *, accept: bool,
    ) -> Done:  # fmt: skip
        seen = {one: self._seen[one][0] for one in ids if one in self._seen} | dict(versions or {})
        if accept and len(ids) == 1 and ids[0] not in dropped:
            queued = next(iter(self._reviews.find(ids)), None)
            if queued is not None and queued.waits == "revision" and queued.state == "accepted":
                return self.take(ids[0], reason=stamp.reason, version=seen.get(ids[0]))
        verdict = Verdict("accept" if accept else "reject", stamp, dropped, seen, overlap=self._means.overlap)
        return self._finished(settle(self._reviews, ids, verdict))

    def _act(self, identity: str, ids: Sequence[str], act: Act, versions: Mapping[str, int]) -> Done:
        seen = {one: self._seen[one][0] for one in ids if one in self._seen} | dict(versions)

        def checked(held: Held) -> Acted:
            for one, version in seen.items():
                if held.versions.get(one, version) != version:
                    raise taking_back.Changed(one)
            return act(held)

        try:
            acted = self._reviews.act(identity.partition("/")[0], ids, checked)
        except decide.Unfit as error:
            return done((), refused=[Refusal(identity, str(error))])
        except taking_back.Changed as error:
            return done((), conflicts=[taking_back.why_changed(self._reviews, error.id, seen[error.id])])
        return self._finished(done(acted.decisions))

    def _back(self, op: taking_back.Back, batch: Sequence[Decision], reason: str = "") -> Done:
        if not batch:
            return done((), text="")
        return self._finished(taking_back.take(self._reviews, self._catalog, batch, self._stamp((), reason), op=op))

    def _finished(self, what: Done) -> Done:
        for one in what.ids:
            self._seen.pop(one, None)
        return what

    def _stamp(self, ids: Sequence[str], reason: str = "", shown_at: str | None = None) -> Stamp:
        shown = shown_at or (self._seen.get(ids[0], (0, None))[1] if len(ids) == 1 else None)
        return Stamp(self._means.new_batch(), self.reviewer, self._means.clock(), reason, shown)

    def _shown(self, found: Sequence[Queued]) -> list[Queued]:
        return [self._veiled(one) for one in found]

    def _veiled(self, queued: Queued) -> Queued:
        """Return a record as it was before the first decision, for whoever is to give the second opinion."""
        return replace(queued, state="proposed", dropped=()) if blind(queued, self.reviewer) else queued

    def _opinions(self, queued: Queued) -> list[Decision]:
        if not queued.disputed:
            return []
        decisions = self._reviews.history(capability=queued.id)
        return [one for one in decisions if one.live and one.field in ("state", "second") and one.actor]

    def _entry(self, identity: str) -> Entry:
        entry = self._catalog.find(identity.partition("/")[0])
        if entry is None:
            raise UsageError(f"no record is called {identity!r}", hint="`decomposer list` shows the entries")
        return entry


def pages(reviews: Reviews, wanted: Wanted) -> Iterator[Queued]:
    """Yield every record that waits and is meant, in order."""
    last: Queued | None = None
    while found := reviews.queue(wanted, after=last, count=_PAGE):
        yield from found
        last = found[-1]
