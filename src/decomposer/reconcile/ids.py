"""Give ids to capabilities: readable ones, the same for the same capability, and never one that another has had."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from itertools import count
from unicodedata import category, normalize

from decomposer.reconcile.pairing import folded
from decomposer.records import Capability, Entry, Gone

LONGEST_SLUG = 60


class Ids:
    """The ids that an entry has ever given, and those of them that a capability of the same name may have again.

    Those are the ids of what is gone, and of the parts of records that don't stay as they are: `kept` do, and what a
    person settled. `found` are the ids of records that were found again.
    """

    def __init__(
        self, slug: str, previous: Entry | None, *, found: Collection[str] = (), kept: Collection[str] = ()
    ) -> None:
        self._slug = slug
        records = previous.capabilities if previous else ()
        gone = {one.id: one.name for one in previous.gone} if previous else {}
        parts = {part.id: part.name for one in records for part in one.parts() if part.id}
        staying = {part.id for one in records if one.held or one.id in kept for part in one.parts()}
        self._names = gone | parts
        self._taken = set(self._names)
        self._free: defaultdict[str, deque[str]] = defaultdict(deque)
        for identity, name in sorted(self._names.items()):
            if identity not in staying and identity not in found:
                self._free[folded(name)].append(identity)

    def free(self, capability: Capability) -> str:
        """Return the id of a capability that comes back under its name, else one that nobody ever had.

        That is the id of this entry that the capability comes with, where nobody had it, or one made of its name.
        """
        known = self._free.get(folded(capability.name))
        if known:
            return known.popleft()
        own = capability.id if capability.id.startswith(f"{self._slug}/") else ""
        free = own and own not in self._taken
        identity = own if free else _free_id(self._slug, short_slug(capability.name), self._taken)
        self._taken.add(identity)
        return identity

    def given(self, capability: Capability, identity: str) -> Capability:
        """Return the capability with an id; what it was merged from has ids too, the first of them the same."""
        parts = (self.given(part, self.free(part) if at else identity) for at, part in enumerate(capability.merged))
        return capability.model_copy(update={"id": identity, "merged": tuple(parts)})

    def gone(self, present: Iterable[Capability]) -> tuple[Gone, ...]:
        """Return whose ids were given once and are not among those of `present`."""
        used = {part.id for one in present for part in one.parts()}
        return tuple(Gone(id=one, name=name) for one, name in sorted(self._names.items()) if one not in used)


def short_slug(name: str) -> str:
    """Return `name` as the last part of an id: letters and digits of any script and hyphens, at most 60 characters."""
    letters = normalize("NFKC", normalize("NFKC", name).casefold())
    spaced = "".join(char if char.isalnum() or category(char).startswith("M") else " " for char in letters)
    return _cut("-".join(spaced.split()) or "capability", LONGEST_SLUG)


def _free_id(slug: str, short: str, taken: Collection[str]) -> str:
    if f"{slug}/{short}" not in taken:
        return f"{slug}/{short}"
    suffixes = (f"-{number}" for number in count(2))
    ids = (f"{slug}/{_cut(short, LONGEST_SLUG - len(suffix))}{suffix}" for suffix in suffixes)
    return next(identity for identity in ids if identity not in taken)


def _cut(slug: str, longest: int) -> str:
    """Return at most `longest` characters of a slug, whole words unless that would lose more than half."""
    if len(slug) <= longest:
        return slug
    words = slug[: longest + 1].rpartition("-")[0]
    return words if len(words) >= longest // 2 else slug[:longest]
