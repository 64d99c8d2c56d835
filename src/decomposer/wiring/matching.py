"""Search a catalog by need: by words, and by meaning where an embedder is there; count what came of it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TYPE_CHECKING

from decomposer import match, ports
from decomposer.draft import Reworded
from decomposer.errors import CatalogError, UsageError
from decomposer.match.judging import TIE
from decomposer.match.meaning import Aim
from decomposer.records import Capability, Filters, Match, Matched, Matches, Told
from decomposer.wiring.embedding import search_embedder
from decomposer.wiring.nearness import Nearness
from decomposer.wiring.ranking import match_log, today
from decomposer.wiring.showing import Known, Showing

if TYPE_CHECKING:
    from decomposer.wiring.registering import OnProgress
    from decomposer.wiring.workspace import Workspace

LIMIT = 100
"""How many hits a search gives at most."""
ANYTHING = Filters()
Meets = Callable[[Match], bool]

_BLOCK = 200  # entries that are brought into the index in one transaction
_CANDIDATES = 200
_WIDER = 5_000  # nearest records that are looked at where filters leave too few of them
_TIES = 5  # hits behind the last one that may be level with it
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search has before anything is loaded: the hits, the best first, and what the need aims at."""

    need: match.Need
    filters: Filters
    hits: list[match.Hit]


class Searching:
    """Searches one catalog. Safe for several threads; opened once.

    With `words_only` no vectors are used. Where it `waits`, a search sees every change that was made before it; where
    it does not, as in a server, changes are brought in behind it, and it never waits for whoever writes.
    """

    def __init__(
        self, workspace: "Workspace", *, log_queries: bool = False, words_only: bool = False, waits: bool = True
    ) -> None:
        from decomposer.store.search import SqlIndex

        self._workspace = workspace
        self._log_queries = log_queries or workspace.settings.log_queries
        self._index = SqlIndex(workspace.engine)
        self._log = match_log(workspace)
        embedder = None if words_only else search_embedder(workspace.settings)
        self._nearness = Nearness(workspace, embedder) if embedder else None
        self._waits = waits
        self._lock = Lock()
        self._behind: Thread | None = None
        self._showing = Showing(workspace)

    def catch_up(self, on_progress: "OnProgress" = lambda done, total: None) -> None:
        """Bring in what has changed: entries into the index, then records into the vectors."""
        done, left, last = 0, self._index.due(), ""
        while left:
            on_progress(done, done + left)
            step = self._index.catch_up(most=_BLOCK, after=last)
            done, left, last = done + step.entries, step.left, step.last
        if self._nearness:
            self._nearness.catch_up(self._index, on_progress)

    def settle(self) -> None:
        """Wait until what is done behind searches is done."""
        with self._lock:
            behind = self._behind
        if behind:
            behind.join()

    def find(
        self, need: str, *, also: Sequence[Reworded] = (), filters: Filters = ANYTHING, limit: int = 5,
        count: bool = True, meets: Meets | None = None,
    ) -> Matches:  # fmt: skip
        """Return the capabilities that serve a need, the best first; each that is shown is counted as found.

        `also` is the need in other words. What does not meet a condition of the caller is passed over before it is
        counted. Raises UsageError for a need without words, of more than 500 characters or said in more than ten other
        ways, and for a limit that is not 1 to 100.
        """
        if not 1 <= limit <= LIMIT:
            raise UsageError(f"a limit of {limit} is not possible", hint=f"ask for 1 to {LIMIT} hits")
        asked = match.understood(need, also)
        self._bring_in()
        found = self._found(asked, filters)
        shown = match.ranked(self._shown(found, limit, meets), score=lambda one: one.score, points=_points)[:limit]
        if count:
            search, times = self._counted(shown, asked.text if self._log_queries else None)
        else:
            search, times = _id(), self._log.times([one.capability.id for one in shown])
        addresses = self._showing.addresses(dict.fromkeys(one.entry for one in shown))
        return Matches(
            id=search,
            need=asked.text,
            also=tuple(one.text for one in asked.also),
            filters=filters,
            by=f"words and {self._nearness.name}" if self._nearness else "words",
            as_of=today(),
            matches=tuple(
                one.model_copy(
                    update={
                        "id": f"{search}.{at}",
                        "times_matched": times.get(one.capability.id, 0),
                        "uri": addresses.get((one.entry, one.capability.id)),
                    }
                )
                for at, one in enumerate(shown, start=1)
            ),
        )

    def counted(self, hits: Sequence[tuple[str, str]], *, need: str | None = None) -> tuple[str, dict[str, int]]:
        """Count what somebody was shown (entry and capability, in order); return its id, and the counts so far.

        The words of a need are kept where those of searches are.
        """
        search = _id()
        return search, self._log.found(search, hits, need=need if self._log_queries else None)

    def tell(self, hit: str, outcome: Told, *, comment: str = "") -> None:
        """Keep what came of a hit, by its id. Raises UsageError where no such hit is known."""
        self._log.tell(hit, outcome, comment=comment)

    def matched(self, entry: str) -> Matched:
        """Return how often searches met an entry, and what came of it."""
        return self._log.matched(entry)

    def needs(self, *, limit: int) -> list[tuple[str, str, str]]:
        """Return the kept words of searches, the newest first: when, the id of the search, and the words."""
        return self._log.needs(limit=limit)

    def _counted(self, shown: Sequence[Match], need: str | None) -> tuple[str, dict[str, int]]:
        search = _id()
        return search, self._log.found(search, [(one.entry, one.capability.id) for one in shown], need=need)

    # --- what is brought in

    def _bring_in(self) -> None:
        if self._waits:
            self.catch_up()
            return
        with self._lock:
            if self._behind is None or not self._behind.is_alive():
                self._behind = Thread(target=self._quietly, name="search-index", daemon=True)
                self._behind.start()

    def _quietly(self) -> None:
        try:
            self.catch_up()
        except CatalogError:
            return  # it stays due: the next search tries again, and says what it finds meanwhile

    # --- what is found

    def _found(self, need: match.Need, filters: Filters) -> _Found:
        terms = need.terms()
        looked = self._index.look(terms, filters=filters, most=_CANDIDATES)
        candidates: Sequence[ports.Candidate] = looked.candidates
        most = match.attainable(terms, looked.counts, looked.total)
        if self._nearness:
            aim = self._nearness.aim(need)
            near = self._near(self._nearness, aim, filters)
            known = {one.number for one in candidates}
            candidates = self._nearness.judged(aim, [*candidates, *(one for one in near if one.number not in known)])
        hits = match.judge(need, candidates, most=most, meaning=self._nearness is not None)
        return _Found(need, filters, match.spread(hits))

    def _near(self, nearness: Nearness, aim: Aim, filters: Filters) -> list[ports.Candidate]:
        """Return the nearest records that are still there and let through, more of them where filters leave few."""
        numbers = nearness.nearest(aim, _CANDIDATES)
        held = self._index.among(numbers, filters=filters)
        if filters and len(held) < _CANDIDATES // 4 and len(numbers) == _CANDIDATES:
            numbers = nearness.nearest(aim, _WIDER)
            held = self._index.among(numbers, filters=filters)[:_CANDIDATES]
        return held

    def _shown(self, found: _Found, limit: int, meets: Meets | None) -> list[Match]:
        """Return the first hits as they are shown, and a few that are level with the last; each entry is loaded once.

        What is published no more is passed over, and what does not meet a condition of the caller.
        """
        known: dict[str, Known] = {}
        tried: set[str] = set()
        shown: list[Match] = []
        for at, hit in enumerate(found.hits):
            left = limit - len(shown)
            if left <= -_TIES or (left <= 0 and not _level(shown, hit.score)):
                break
            if hit.candidate.entry not in tried:
                ahead = found.hits[at : at + (left if left > 0 else left + _TIES)]
                ahead = [one for one in ahead if left > 0 or _level(shown, one.score)]
                slugs = dict.fromkeys(one.candidate.entry for one in ahead if one.candidate.entry not in tried)
                known |= self._showing.known(slugs)
                tried |= slugs.keys()
            entry = known.get(hit.candidate.entry)
            record = entry.records.get(hit.candidate.capability) if entry else None
            if entry and record:
                one = _match(entry, record, hit, found)
                shown += [one] if meets is None or meets(one) else []
        return shown


def _level(shown: Sequence[Match], score: float) -> bool:
    """Say whether a rank may put a further hit before one that is shown, as `match.ranked` does."""
    first = shown[0].score
    for one in shown:
        first = first if 0 <= first - one.score <= TIE else one.score
    return 0 <= first - score <= TIE


def _match(known: Known, record: Capability, hit: match.Hit, found: _Found) -> Match:
    shown = match.highlights(found.need, record)
    return Match(
        id="",
        entry=known.entry.artifact.slug,
        artifact=known.entry.artifact,
        documents=known.entry.documents,
        capability=record,
        score=hit.score,
        highlights=shown,
        why=match.reasons(found.need, shown, cosine=hit.candidate.cosine, facts=known.facts, filters=found.filters),
        rank=known.rank,
    )


def _points(one: Match) -> int:
    return one.rank.points if one.rank else 0


def _id() -> str:
    """Return the id of a search: 10 characters that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))
