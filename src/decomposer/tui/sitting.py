"""A sitting of a reviewer: where in the queue they are, what is switched on, and what each act leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from decomposer.errors import UsageError
from decomposer.ports import Queued
from decomposer.records import Aspect
from decomposer.review import Desk, Done, Sheet

BEHIND = 100  # records that are kept to go back to


@dataclass
class Sitting:
    """What is on the desk: the part of the queue that was read, the record looked at, and what is chosen of it.

    `fates` says what became of records here. `out` are the names of the fields that an accept would leave out,
    `switched` says that the reviewer chose them. `begun` is where a range begins, `span` which evidence is looked at.
    `message` is what there is to say, `warning` that something did not work. `waiting` is None until it is counted,
    which takes a moment in a big catalog; `recount` says that it is due.
    Every method may raise DecomposerError, and then leaves things as they were.
    """

    desk: Desk
    reopen: Callable[[str], Desk]
    query: str = ""
    rows: list[Queued] = field(default_factory=list)
    fates: dict[str, str] = field(default_factory=dict)
    at: int = 0
    sheet: Sheet | None = None
    out: set[str] = field(default_factory=set)
    switched: bool = False
    begun: int | None = None
    span: int = 0
    message: str = ""
    warning: bool = False
    waiting: int | None = None
    recount: bool = True
    decided: int = 0

    # --- moving

    def begin(self) -> None:
        """Read the queue from its front, and show the first record."""
        rows = self.desk.window()
        self.rows, self.at, self.begun, self.sheet, self.fates = rows, 0, None, None, {}
        self._go_on(0)

    def count(self) -> None:
        """Count what waits."""
        self.recount = False
        self.waiting = self.desk.waiting()

    def skip(self) -> None:
        """Leave the record for later; behind the last one, begin again with what was left."""
        if self.sheet is None:
            self.begin()
            self.recount = True
        else:
            self.begun = None
            self._go_on(self.at + 1)

    def step(self, by: int) -> None:
        """Look at the record after, or before, whatever became of it."""
        at = self.at + by
        if at < 0:
            return self.say("this is the first record")
        if not self._there(at):
            if self.begun is not None:
                return self.say("the range ends here: these are the last records")
            return self._rest(at)
        self._show(at)
        return None

    def say(self, message: str, *, warning: bool = False) -> None:
        """Keep a sentence for the reviewer."""
        self.message, self.warning = message, warning

    # --- deciding

    def toggle(self, number: int) -> None:
        """Take a field or leave it out; says so where it has no text."""
        if self.sheet is None:
            return None
        named = {one.name for one in (*self.sheet.fields, *self.sheet.lists) if one.number == number}
        if not named:
            return self.say("there is nothing to take: the source does not say")
        self.out = self.out | named if named - self.out else self.out - named
        self.switched = True
        return self.say("")

    def accept(self) -> None:
        """Accept the range, or the record with the fields that are switched on; save, and show the next."""
        if self.begun is not None:
            return self._after(self.desk.accept(self.chosen()), "accepted")
        if self.sheet is None:
            return None
        key = self.sheet.capability.id
        dropped = {key: sorted(self.out)} if self.switched else {}
        return self._after(self.desk.accept([key], dropped=dropped), "accepted")

    def accept_entry(self) -> None:
        """Accept everything that passes in the entry of the record."""
        if self.sheet is not None:
            self._after(self.desk.accept_passing(self.sheet.queued.entry), "accepted")

    def reject(self, reason: str = "") -> None:
        """Reject the range or the record; save, and show the next."""
        if self.sheet is not None:
            self._after(self.desk.reject(self.chosen(), reason=reason), "rejected")

    def flag(self) -> None:
        """Ask for another look at the range or the record, or no longer."""
        if self.sheet is not None:
            self._stay(self.desk.flag(self.chosen(), on=not self.sheet.queued.flagged))

    def take(self) -> None:
        """Take what the newest draft says instead."""
        if self._has_revision():
            self._stay(self.desk.take(self._id()))

    def dismiss(self) -> None:
        """Keep what was settled, against the newest draft."""
        if self._has_revision():
            self._after(self.desk.dismiss(self._id()), "settled")

    def edit(self, texts: Mapping[Aspect, str]) -> None:
        """Write new texts into the fields named; each is checked against its evidence."""
        for name, text in texts.items():
            self._stay(self.desk.edit(self._id(), name, text))

    def merge(self, other: str | None = None) -> None:
        """Merge the record with another one of its entry, or with the twin that is proposed; show what it became."""
        if self.sheet is None:
            return None
        if other is None:
            if self.sheet.twin is None:
                return self.say("no twin is proposed; M chooses another record")
            other = self.sheet.twin.other.id
        mine = self._id()
        done = self.desk.merge([mine, other])
        if done.decisions:
            self._back_to(done)
            kept = self._id()
            self.fates.update(dict.fromkeys({mine, other} - {kept}, "merged"))
        return self._tell(done)

    def split(self) -> None:
        """Split what was merged."""
        if self.sheet is None:
            return None
        if not self.sheet.capability.merged:
            return self.say("nothing was merged into this record")
        done = self.desk.split(self._id())
        if done.decisions:
            self._back_to(done)
        return self._tell(done)

    def undo(self) -> None:
        """Take back what was decided last, and show what it was about."""
        self._again(self.desk.undo(), "there is nothing of yours to take back")

    def redo(self) -> None:
        """Decide again what was taken back last, and show what it was about."""
        self._again(self.desk.redo(), "there is nothing to do again")

    # --- a range, and which records

    def range(self) -> None:
        """Begin a range here, or give it up."""
        self.begun = None if self.begun is not None or self.sheet is None else self.at
        self.say("")

    def chosen(self) -> list[str]:
        """Return the ids that the next decision is about."""
        if self.begun is None:
            return [] if self.sheet is None else [self._id()]
        low, high = sorted((self.begun, min(self.at, len(self.rows) - 1)))
        return [row.id for row in self.rows[low : high + 1] if row.id not in self.fates]

    def filter(self, query: str) -> None:
        """Show only what the query means, from the front. Raises UsageError for a wrong query."""
        desk = self.reopen(query)
        self.desk.leave()
        self.desk, self.query = desk, query
        self.begin()
        self.recount = True

    def touch(self) -> None:
        """Keep the leases for as long again, and see what others have left."""
        self.desk.touch()
        self.recount = True

    # --- what an act leads to

    def _after(self, done: Done, fate: str) -> None:
        ids = _about(done)
        self.fates.update(dict.fromkeys(ids, fate))
        self.decided += len(ids)
        if self.waiting is not None:
            self.waiting = max(0, self.waiting - len(ids))
        if ids and not (self.sheet is not None and self._id() not in self.fates):
            self.begun = None
            self._go_on(self.at)
        else:
            self._show(self.at)
        self._tell(done)

    def _stay(self, done: Done) -> None:
        self.begun = None
        self._show(self.at)
        self._tell(done)

    def _again(self, done: Done, nothing: str) -> None:
        if done.decisions:
            self._back_to(done)
            self.recount = True
        if done.decisions or done.conflicts or done.refused:
            self._tell(done)
        else:
            self.say(nothing)

    def _back_to(self, done: Done) -> None:
        """Show the first record that is there of those that were decided about."""
        ids = _about(done)
        for key in ids:
            self.fates.pop(key, None)
        self.begun = None
        known = {row.id: place for place, row in enumerate(self.rows)}
        for key in ids:
            sheet = self._sheet(key)
            if sheet is None:
                continue
            if key in known:
                self.at = known[key]
            else:
                self.at = min(self.at, len(self.rows))
                self.rows.insert(self.at, sheet.queued)
            return self._put(sheet)
        return self._go_on(self.at)

    def _tell(self, done: Done) -> None:
        self.say(done.text, warning=bool(done.conflicts or done.refused))

    # --- showing

    def _go_on(self, at: int) -> None:
        """Show the first record from `at` on that waits for a decision here."""
        while self._there(at):
            row = self.rows[at]
            if row.id not in self.fates:
                sheet = self._sheet(row.id)
                if sheet is not None and sheet.queued.waits is not None:
                    self.at = at
                    self._put(sheet)
                    return self._trim()
                self.fates[row.id] = "decided by somebody else" if sheet is not None else "gone"
            at += 1
        return self._rest(at)

    def _show(self, at: int) -> None:
        """Show the record at a place, whatever became of it; go on where it is gone."""
        if at >= len(self.rows):
            return self._rest(at)
        sheet = self._sheet(self.rows[at].id)
        if sheet is None:
            self.fates[self.rows[at].id] = "gone"
            return self._go_on(at + 1)
        self.at = at
        return self._put(sheet)

    def _put(self, sheet: Sheet) -> None:
        self.sheet, self.switched = sheet, False
        self.out = set(sheet.dropped)
        self.span = 0
        self.say("")

    def _rest(self, at: int) -> None:
        self.at, self.sheet, self.begun = min(at, len(self.rows)), None, None
        self.say("")

    def _sheet(self, key: str) -> Sheet | None:
        try:
            return self.desk.sheet(key)
        except UsageError:
            return None

    def _there(self, at: int) -> bool:
        """Say whether the queue goes on to `at`, reading on where need be."""
        if at >= len(self.rows):
            known = {row.id for row in self.rows}
            more = self.desk.window(self.rows[-1] if self.rows else None)
            self.rows += [row for row in more if row.id not in known]
        return at < len(self.rows)

    def _trim(self) -> None:
        if self.at > 2 * BEHIND:
            cut = self.at - BEHIND
            for row in self.rows[:cut]:
                self.fates.pop(row.id, None)
            del self.rows[:cut]
            self.at -= cut
            self.begun = None if self.begun is None else max(0, self.begun - cut)

    # --- of the record

    def _id(self) -> str:
        return "" if self.sheet is None else self.sheet.capability.id

    def _has_revision(self) -> bool:
        there = self.sheet is not None and self.sheet.capability.revision is not None
        if not there:
            self.say("no newer draft waits here")
        return there


def _about(done: Done) -> list[str]:
    return list(dict.fromkeys(decision.capability for decision in done.decisions if decision.capability))
