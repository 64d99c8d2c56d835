"""Keep what people decide, and what waits for them: the queue of a review, its leases, and the decisions."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from decomposer.records import Capability, Decision, Entry, State, Support

Order = Literal["risk", "entry", "oldest", "cluster"]
Waits = Literal["proposed", "revision", "disputed", "second"]


CONDITIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("id", "entry", "category", "support", "flag", "model", "run", "reviewer", "waits", "type", "kind"), ("=", "!=")
    ),
    "name": ("~",),
    "prompt": ("=", "!=", "<"),
    **dict.fromkeys(("passing", "flagged"), ("=",)),
    **dict.fromkeys(("risk", "age"), ("<", ">")),
}
"""What can be asked of records, and with which operators."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on records that wait, such as `category`, `=`, `image.visual`; its value has been checked.

    Ids, entries and models are globs of `*` and `?` (a model also without its `openai/`); `name ~` is a part in any
    case; `flag` is a kind that one of the fields has; `type` is that of the artifact and `kind` that of its source;
    `passing` and `flagged` are yes or no; `risk` is 0-1000; `prompt <` is an older release, such as v2; `age` is how
    long the text has been as it is, such as 90m, 12h, 30d or 8w; `run` is the number of the batch run that drafted it;
    `reviewer` has decided something about it that holds.
    """

    key: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records that wait are meant, all conditions together, and in which order; of one entry where it is named.

    `reviewer` is who asks: what that person decided first is not offered to the same one for a second opinion.
    """

    conditions: tuple[Condition, ...] = ()
    order: Order = "risk"
    entry: str | None = None
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """A record as the queue knows it: enough to list it, to decide about it, and to go on behind it.

    `waits` says why it is there; None where it waits for nobody. `risk` is 0-1000, the higher the sooner a person
    should look. `failing` are its fields that do not pass, `passing` says that all do and the evidence holds. `since`
    is when what it says last changed. Records of one `cluster` share their name or may be one. `second` is who decided
    first, where somebody else is to decide too.
    """

    entry: str
    id: str
    position: int
    name: str
    version: int
    waits: Waits | None
    state: State
    risk: int
    category: str
    support: Support | None
    flags: tuple[str, ...]
    failing: tuple[str, ...]
    passing: bool
    model: str
    prompt: str
    since: str
    cluster: int = 0
    dropped: tuple[str, ...] = ()
    flagged: bool = False
    disputed: bool = False
    second: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of decisions on marks: how many hold, and those that met a record that had changed meanwhile.

    `stale` are not stored. `last` is the seq of the newest that was.
    """

    stored: int
    stale: tuple[Decision, ...] = ()
    last: int = 0


@dataclass(frozen=True, slots=True)
class Linked:
    """What people said of records of different entries, as far as it reaches from some of them.

    `words` are the decisions on `WORDS` that hold, by seq. `records` are the records that they are about, each by every
    id that it is known by: those that were merged into it too. `apart` are pairs of them that are held apart within
    their entries.
    """

    words: tuple[Decision, ...] = ()
    records: Mapping[str, Capability] = field(default_factory=dict)
    apart: tuple[tuple[str, str], ...] = ()

    def now(self, identity: str) -> str:
        """Return the id of the record that one of this id is in now."""
        found = self.records.get(identity)
        return found.id if found else identity


@dataclass(frozen=True, slots=True)
class Held:
    """An entry as decisions find it: with the version of each record, and the decisions about those in question.

    `seconds` says by id who decided first, where somebody else is to decide too. `linked` is what was said across
    entries of the records in question, where one of them is of another entry.
    """

    entry: Entry
    versions: Mapping[str, int]
    decisions: tuple[Decision, ...]
    seconds: Mapping[str, str] = field(default_factory=dict)
    linked: Linked = field(default_factory=Linked)


@dataclass(frozen=True, slots=True)
class Acted:
    """What somebody did to an entry: the entry as it is now and the decisions that made it so, to be stored."""

    entry: Entry
    decisions: tuple[Decision, ...]


Act = Callable[[Held], Acted]


class Reviews(Protocol):
    """The queue and the decisions of a catalog. Safe for several threads, processes and people."""

    def waiting(self, wanted: Wanted) -> int:
        """Return how many records wait, leased or not."""
        ...

    def queue(
        self, wanted: Wanted, *, after: Queued | None = None, count: int = 50, backwards: bool = False
    ) -> list[Queued]:
        """Return the next records in order, behind a place; a place that is gone is still a place.

        With `backwards` they are those right before it, in the same order.
        """
        ...

    def sample(self, wanted: Wanted, *, count: int, seed: int) -> list[Queued]:
        """Return `count` records chosen at random, evenly, and the same again for the same seed and queue."""
        ...

    def claim(
        self, wanted: Wanted, *, reviewer: str, count: int, seconds: float, after: Queued | None = None
    ) -> list[Queued]:
        """Lease the next records that nobody else holds to a reviewer, and return them; what is leased already too."""
        ...

    def renew(self, reviewer: str, *, seconds: float) -> int:
        """Lengthen the leases of a reviewer, and return how many there are."""
        ...

    def release(self, reviewer: str, ids: Collection[str] | None = None) -> None:
        """Give leases back: those named, or all."""
        ...

    def find(self, ids: Sequence[str]) -> list[Queued]:
        """Return the records of these ids, whether they wait or not, in this order; unknown ones are left out."""
        ...

    def settle(self, decisions: Sequence[Decision]) -> Settled:
        """Store decisions on marks (`MARKS`) and what they change, in one transaction, however many.

        One whose record has another version than `base_version`, or is not there, is not stored; all about one record
        go together, and raise its version by one. One that is stored already changes nothing. Those that name a
        `target` make it live or not: undo and revert take it back, redo puts it in place again. `decided_at` is now and
        `batch` a new one where they are empty. Raises CatalogError for a decision on something else than a mark.
        """
        ...

    def act(self, slug: str, about: Collection[str], act: Act) -> Acted:
        """Change an entry in one transaction: give `act` what is held, store and return what it makes of it.

        The decisions given are those about the capabilities named, oldest first; of `WORDS`, records of other entries
        are named too. What comes back has `seq` and `live`. Raises CatalogError for no such entry.
        """
        ...

    def history(
        self,
        *,
        entry: str | None = None,
        capability: str | None = None,
        batch: str | None = None,
        actor: str | None = None,
        since: str | None = None,
        backwards: bool = False,
        after: int = 0,
    ) -> Iterator[Decision]:
        """Yield decisions by seq, streaming: those that meet every condition given, behind the seq `after`."""
        ...

    def named(self, uids: Collection[str]) -> list[Decision]:
        """Return the decisions of these uids, by seq."""
        ...

    def linked(self, ids: Collection[str]) -> Linked:
        """Return what was said of these records and others of different entries, and what follows from it."""
        ...

    def later(self, capabilities: Collection[str], *, since: int) -> list[Decision]:
        """Return the live decisions about these capabilities with a higher seq, by seq."""
        ...
