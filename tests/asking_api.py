"""Ask the API of a catalog of tests: programs, each with what it sends, and a search that needs no index."""

import re
import secrets
from collections.abc import Callable, Sequence
from typing import cast

from fastapi.testclient import TestClient
from httpx2 import Response

from decomposer.draft import Reworded
from decomposer.errors import UsageError
from decomposer.publish.files import published
from decomposer.records import Filters, Match, Matched, Matches, Told
from decomposer.web.app import create_app
from decomposer.web.limiting import Limits
from decomposer.web.security import Access
from decomposer.wiring import Workspace
from decomposer.wiring.answering import Answering
from decomposer.wiring.gates import let_through
from decomposer.wiring.matching import Searching
from decomposer.wiring.ranking import Ranking, facts_of, today
from decomposer.wiring.serving import Serving

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class Words:
    """A search by the words that a need and a record share: what `Searching` gives, without an index."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.hits: dict[str, tuple[str, str]] = {}
        self.told: list[tuple[str, Told, str]] = []

    def find(
        self,
        need: str,
        *,
        also: Sequence[Reworded] = (),
        filters: Filters = Filters(),  # noqa: B008 (a frozen record)
        limit: int = 5,
        count: bool = True,
        meets: Callable[[Match], bool] | None = None,
    ) -> Matches:
        """Return the records that share words with a need, its own or others."""
        other = tuple(one.text for one in also)
        wanted = set(re.findall(r"\w+", " ".join([need, *other]).casefold()))
        ranking, found = Ranking(self._workspace), []
        for entry in filter(None, map(published, self._workspace.catalog.entries())):
            if not let_through(filters, facts_of(entry, self._workspace), entry.documents):
                continue
            for one in entry.capabilities:
                words = set(
                    re.findall(r"\w+", f"{one.name} {one.description.text if one.description else ''}".casefold())
                )
                if shared := wanted & words:
                    match = Match(
                        id="", entry=entry.artifact.slug, artifact=entry.artifact, documents=entry.documents,
                        capability=one, score=len(shared) / len(wanted), why=(f"has {', '.join(sorted(shared))}",),
                        rank=ranking.of(entry).rank,
                    )  # fmt: skip
                    found.append(match)
        kept = [one for one in sorted(found, key=lambda one: -one.score) if meets is None or meets(one)][:limit]
        search, times = self.counted([(one.entry, one.capability.id) for one in kept]) if count else ("", {})
        named = tuple(
            one.model_copy(update={"id": f"{search}.{number}", "times_matched": times.get(one.capability.id, 0)})
            for number, one in enumerate(kept, 1)
        )
        return Matches(id=search, need=need, also=other, filters=filters, by="words", as_of=today(), matches=named)

    def counted(self, hits: Sequence[tuple[str, str]], *, need: str | None = None) -> tuple[str, dict[str, int]]:
        """Count a search by what it found."""
        search = "".join(secrets.choice(LETTERS) for _ in range(10))
        self.hits |= {f"{search}.{number}": hit for number, hit in enumerate(hits, 1)}
        return search, {id: sum(id == one for _, one in self.hits.values()) for _, id in hits}

    def tell(self, hit: str, outcome: Told, *, comment: str = "") -> None:
        """Keep what came of a hit."""
        if hit not in self.hits:
            raise UsageError(f"no hit is called {hit!r}")
        self.told.append((hit, outcome, comment))

    def matched(self, entry: str) -> Matched:
        """Return how often searches met an entry."""
        return Matched(times=sum(one == entry for one, _ in self.hits.values()))


class Program:
    """Something that asks the API."""

    def __init__(
        self, work: Workspace, *, access: Access | None = None, rate: int = 10_000, strict: bool = True
    ) -> None:
        self.words = Words(work)
        self.access = access or Access()
        answering = Answering(work, searching=cast(Searching, self.words))
        limits = Limits(rate)
        self.app = create_app(Serving(work, answering=answering), access=self.access, limits=limits)
        self.client = TestClient(self.app, base_url="http://localhost", raise_server_exceptions=strict)

    def get(self, path: str, headers: dict[str, str] | None = None, **values: str | int | list[str]) -> Response:
        """Ask for something."""
        return self.client.get(f"/api/v1{path}", params=values, headers=headers)

    def post(self, path: str, body: object = None, *, headers: dict[str, str] | None = None) -> Response:
        """Send something as JSON."""
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)
