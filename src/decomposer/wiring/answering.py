"""Answer whoever asks the catalog: search, resolve, compare, passports, feedback and the check of a manifest."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, get_args

from decomposer import ports
from decomposer.draft import Reworded
from decomposer.errors import UsageError
from decomposer.publish.files import published
from decomposer.publish.passport import Passport, passport
from decomposer.records import Artifact, Comparison, Entry, Facts, Filters, Matches, Resolved, Risk, Told, Validation
from decomposer.registry import is_address
from decomposer.wiring import keeping, registering
from decomposer.wiring.comparing import compared
from decomposer.wiring.matching import Searching
from decomposer.wiring.ranking import Ranking, fact_log, match_log, today
from decomposer.wiring.resolving import Asked, Resolving

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

LONGEST, LONGEST_COMMENT, MOST = 500, 500, 20
ANYTHING = Filters()
_NAMES = 20_000
_CLOSE = 3


class NotHeld(UsageError):
    """What was asked for is not in the catalog."""


class Answering:
    """Answers from one catalog. Safe for several threads. Whatever the caller got wrong raises UsageError."""

    def __init__(
        self,
        workspace: "Workspace",
        *,
        searching: Searching | None = None,
        log_queries: bool = False,
        waits: bool = True,
    ) -> None:
        """Open what answers. `waits` is for one caller, who sees what was changed last; a server has others to serve.

        `log_queries` keeps the words of searches.
        """
        self._workspace = workspace
        self._catalog: ports.Catalog = workspace.catalog
        self._reviews = workspace.reviews
        self._log = fact_log(workspace)
        self._matches = match_log(workspace)
        self._ranking: Ranking | None = None
        self._turn = Lock()
        self.registry = registering.registry(workspace)
        self.searching = searching or Searching(workspace, log_queries=log_queries, waits=waits)

    def search(
        self, need: str, *, also: Sequence[Reworded] = (), filters: Filters = ANYTHING, limit: int = 5
    ) -> Matches:
        """Return the capabilities that serve a need, the best first, each of them counted as found.

        `also` is the need in other words. No model is asked for these: whoever asks says them.
        """
        return self.searching.find(need, also=also, filters=filters, limit=_limit(limit))

    def resolve(
        self, wanted: str, *, also: Sequence[Reworded] = (), filters: Filters = ANYTHING, limit: int = 5,
        risk: Risk = "default",
    ) -> Resolved:  # fmt: skip
        """Return what serves best: the members of a capability:// address, or what a search for a need finds.

        `also` is the need in other words; with an address it counts for nothing. An address takes the best
        supported first, then by rank. Raises NotHeld for one that means nothing here.
        """
        wanted = wanted.strip()
        if risk not in get_args(Risk):
            raise UsageError(f"no risk is called {risk!r}", hint=f"choose one of {', '.join(get_args(Risk))}")
        if not 2 <= len(wanted) <= LONGEST:
            raise UsageError("that can't be resolved", hint=f"give 2 to {LONGEST} characters")
        resolving = Resolving(self, Asked(wanted, filters, _limit(limit), risk, tuple(also)))
        if not is_address(wanted):
            return resolving.by_need()
        canonical = registering.meant(self.registry, wanted)
        if canonical is None:
            raise NotHeld(f"no capability has the address {wanted[:200]!r}", hint="say the need in plain words instead")
        return resolving.by_address(canonical)

    def passport(self, slug: str) -> Passport:
        """Return all that is known of an artifact. Raises NotHeld where nothing of it is published."""
        entry = self.published(slug)
        made = None if entry is None else passport(entry, self.exporting())
        if made is None:
            raise NotHeld(f"no artifact is published as {slug[:200]!r}", hint="search for it: the answers name slugs")
        return made

    def compare(self, a: str, b: str, *, need: str | None = None) -> Comparison:
        """Return two artifacts side by side, by slug or name. Raises NotHeld for none, with those it may be."""
        return self.beside(self._slug(a), self._slug(b), need=need)

    def beside(self, a: str, b: str, *, need: str | None = None) -> Comparison:
        """Return two artifacts side by side, by their slugs. Raises UsageError for one that is not in the catalog."""
        return compared(a, b, self._workspace, need=need)

    def feedback(self, hit: str, outcome: Told, *, comment: str = "") -> None:
        """Keep what came of an answer, by its id. Raises NotHeld for one that was never given, or too long ago."""
        if len(comment) > LONGEST_COMMENT:
            raise UsageError("the comment is too long", hint=f"write at most {LONGEST_COMMENT} characters")
        try:
            self.searching.tell(hit, outcome, comment=comment)
        except UsageError as error:
            hint = "send the `id` of a match or of a choice; they are kept for 90 days"
            raise NotHeld("no such answer was given", hint=hint) from error

    def validate(self, manifest: object) -> Validation:
        """Return what is wrong with a manifest of `unfragile.yml`, and what could be better."""
        from decomposer.publish.validating import validate

        return validate(manifest)

    def validate_text(self, text: str) -> Validation:
        """Return the same of a manifest as its file holds it, in YAML. Raises SourceError where that can't be read."""
        from decomposer.sources.manifest import read

        return self.validate(read(text, "manifest"))

    def published(self, slug: str) -> Entry | None:
        """Return what the public may see of an entry, or None."""
        entry = self._catalog.find(slug)
        if entry is None or (not entry.capabilities and keeping.is_retired(slug, self._reviews)):
            return None
        return published(entry)

    def facts(self, artifact: Artifact) -> Facts:
        """Return what is known of an artifact."""
        return Facts.of(artifact, self._log.said(artifact.slug))

    def ranking(self) -> Ranking:
        """Return what ranks by the norms of today, which are read once a day."""
        with self._turn:
            if self._ranking is None or self._ranking.norms.as_of != today():
                self._ranking = Ranking(self._workspace)
            return self._ranking

    def exporting(self) -> ports.Exporting:
        """Return what the drawing of a page may ask: facts, and addresses as the registry has them by now."""

        def address(entry: str, capability: str) -> str | None:
            found = self.registry.canonical_of(entry, capability)
            return found.uri if found else None

        return ports.Exporting(
            facts=self.facts, address=address, matched=self.searching.matched, times=self._matches.times
        )

    def _slug(self, called: str) -> str:
        """Return the slug of an artifact that is called by its slug or its name, as a person may write it."""
        if self.published(called) is not None:
            return called
        names: dict[str, str] = {}
        for listing in islice(self._catalog.listings(), _NAMES):
            if listing.states.get("proposed", 0) + listing.states.get("accepted", 0):
                names.setdefault(listing.name.casefold(), listing.slug)
                names.setdefault(listing.slug.casefold(), listing.slug)
        wanted = " ".join(called.split()).casefold()
        if wanted in names:
            return names[wanted]
        close = dict.fromkeys(names[one] for one in get_close_matches(wanted[:200], names, n=_CLOSE))
        hint = f"did you mean {', '.join(close)}?" if close else "search for it: the answers name slugs"
        raise NotHeld(f"no artifact is called {called[:200]!r}", hint=hint)


def _limit(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise UsageError(f"{limit} answers can't be given", hint=f"ask for 1 to {MOST}")
    return limit
