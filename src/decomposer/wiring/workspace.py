"""Join ports and edges: the one place where settings become a catalog, a ledger, a model, a template and a source."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from decomposer import plugins, ports
from decomposer.errors import UsageError
from decomposer.records import Entry, Segment, Source
from decomposer.settings import Settings
from decomposer.wiring import keeping
from decomposer.wiring.examples import examples_text, template_for, template_of
from decomposer.wiring.grey import decided, open_judge, saved
from decomposer.wiring.models import SILENT, default_asking, model_place, open_model
from decomposer.wiring.prompts import prompt_text
from decomposer.wiring.recipe import of_run, recipe_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from decomposer.anchor import Stale
    from decomposer.audit import Audited
    from decomposer.llm import Asking
    from decomposer.pipeline import Call, Second
    from decomposer.prompt import Template
    from decomposer.same import Decided, Learned
    from decomposer.sources.catalog_entries import Imported
    from decomposer.sources.network import Network
    from decomposer.wiring.taking import Taken

OnSegment = Callable[[int, int], None]


class Workspace:
    """What one run works with: each part is opened when it is first needed, and all are closed together."""

    def __init__(
        self,
        settings: Settings,
        *,
        verify: str | None = None,
        asking: "Asking | None" = None,
        call: "Call | None" = None,
    ) -> None:
        self.settings = settings
        self.verify = verify
        self.asking = asking
        self._call = call

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, *, save: bool) -> None:
        """Open what drafting needs, so that a wrong setting is told before the first document is read."""
        _ = self.template, self.model, self.verify is None or self.second, self.judge, self.catalog if save else None

    def close(self) -> None:
        """Close the database, if it was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    @cached_property
    def engine(self) -> "Engine":
        """The database, with its tables. Raises CatalogError where it can't be opened."""
        from decomposer.store.engine import open_database

        return open_database(self.settings.db)

    def database_state(self) -> str:
        """Return where the database is and which schema it has; one that does not exist yet is not created."""
        from sqlalchemy import make_url, text

        where = self.settings.db
        file = where if "://" not in where else make_url(where).database if where.startswith("sqlite") else None
        if file and not Path(file).exists() and Path(file).parent.is_dir():
            return f"{self.settings.shown('db')}: does not exist yet, will be created when something is saved"
        with self.engine.connect() as connection:
            schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return f"{self.settings.shown('db')}: schema {schema}"

    @cached_property
    def catalog(self) -> ports.Catalog:
        """The entries and the decisions about them."""
        from decomposer.store.catalog import SqlCatalog

        return SqlCatalog(self.engine)

    @cached_property
    def reviews(self) -> ports.Reviews:
        """The decisions and the queue of what waits for one, in the same database."""
        from decomposer.store.reviews import SqlReviews

        return SqlReviews(self.engine)

    @cached_property
    def ledger(self) -> ports.Ledger:
        """The model requests, in the same database."""
        from decomposer.store.ledger import SqlLedger

        return SqlLedger(self.engine)

    @cached_property
    def runs(self) -> ports.Runs:
        """The batch runs and their work, in the same database."""
        from decomposer.store.runs import SqlRuns

        return SqlRuns(self.engine)

    @cached_property
    def jobs(self) -> ports.Jobs:
        """The jobs in a provider's batch mode, in the same database."""
        from decomposer.store.jobs import SqlJobs

        return SqlJobs(self.engine)

    @cached_property
    def model(self) -> ports.LanguageModel:
        """The model that the settings choose."""
        return self._open(self.settings.chosen_model()[0])

    def _open(self, wanted: str) -> ports.LanguageModel:
        self.asking = self.asking or default_asking(self.settings)
        return open_model(wanted, self.settings, lambda: self.ledger, asking=self.asking)

    @cached_property
    def template(self) -> "Template":
        """The prompt that the settings choose: a released version, or a file."""
        return template_of(self.settings, self.examples)

    def template_for(self, source: Source) -> "Template":
        """Return the prompt for a source: no example is shown for the document that it was taken from."""
        return template_for(source, self.template, self.settings)

    @cached_property
    def examples(self) -> str:
        """The worked examples of the prompt, as the text of a file; chosen once. Raises ConfigurationError."""
        return examples_text(self)

    @cached_property
    def second(self) -> "tuple[ports.LanguageModel, Template]":
        """The model that `verify` names for second opinions, tuned as the first, and its newest prompt."""
        from decomposer.prompt import Template

        version, text = prompt_text(None, task="verify")
        return self._open(self.verify or ""), Template(text, version=version, task="verify")

    @cached_property
    def judge(self) -> "Second | None":
        """The model that decides what the rules leave open, where the settings name one, and its newest prompt."""
        return open_judge(self.settings, self._open)

    @property
    def budget(self) -> int:
        """How many document tokens go into one request."""
        from decomposer.segment import BUDGET

        return self.settings.segment_tokens or BUDGET

    @cached_property
    def learned(self) -> "Learned | None":
        """What was learned of pairs, where the settings name a file of that; None for what comes with the program."""
        from decomposer.wiring.learning import learned

        return learned(self.settings)

    @cached_property
    def recipe(self) -> str:
        """A digest of everything but the documents that an entry drafted here depends on."""
        return recipe_of(self.settings, budget=self.budget, verify=self.verify, examples=self.examples)

    def same_text(self, source: Source) -> ports.Standing | None:
        """Return what the catalog holds of `source` where that was drafted from the same documents, else None."""
        held = self.catalog.standing(source)
        digests = tuple(document.sha256 for document in source.documents)
        return held if held is not None and held.digests == digests else None

    def unchanged(self, source: Source) -> ports.Standing | None:
        """Return what the catalog holds of `source` where drafting it again would change nothing, else None.

        That is so where it was drafted from the same documents by the same recipe. Nothing is segmented or asked.
        """
        held = self.same_text(source)
        return held if held is not None and held.recipe == self.recipe else None

    def load(self, ref: str) -> Source:
        """Read the documents that `ref` names. Raises SourceError."""
        from decomposer.sources import scheme

        loader: ports.Loader = plugins.load("loaders", scheme(ref))
        return loader(ref, self.fetch)

    def fetch(self, url: str, *, accept: str = "*/*", missing_ok: bool = False) -> ports.Fetched | None:
        """Get a URL; the network is not even imported before something asks for one. Raises SourceError."""
        return self._network.fetch(url, accept=accept, missing_ok=missing_ok)

    @cached_property
    def _network(self) -> "Network":
        from decomposer.sources.network import Network

        return Network()

    def segments(self, source: Source) -> Iterator[Segment]:
        """Yield the parts of a source that one request each would be about, in order."""
        from decomposer.segment import segment

        for index, document in enumerate(source.documents):
            yield from segment(document, budget=self.budget, index=index)

    def auditor(self, source: Source) -> "Callable[[str], Audited]":
        """Return what audits a claim against every document of `source` and gives the best that one of them says."""
        from decomposer import audit
        from decomposer.segment import units_of

        cut = [(index, document, units_of(document)) for index, document in enumerate(source.documents)]

        def audited(claim: str) -> "Audited":
            found = [audit.find(claim, document, units, index=index) for index, document, units in cut]
            return min(found, key=lambda one: (audit.ORDER.index(one.support), -one.score))

        return audited

    def draft(self, source: Source, *, save: bool, on_segment: OnSegment | None = None) -> Entry:
        """Return the drafted entry of `source`; with `save` as the catalog now holds it, earlier decisions included."""
        from decomposer.pipeline import Limits, decompose, here, verified
        from decomposer.same import Judging

        start = perf_counter()
        # A model that asks nobody is not waited for, so threads would only cost memory.
        silent = model_place(self.settings.chosen_model()[0], plugins.names("models"))[0] in SILENT
        limits = Limits(self.budget, 1 if silent else self.settings.workers, self._call or here)
        own = Judging.of(source.artifact, learned=self.learned) if self.learned else None
        template = self.template_for(source)
        drafted = decompose(
            source, model=self.model, template=template, limits=limits, on_segment=on_segment, judge=own
        )
        drafted, judged = decided(drafted, source, self.judge, lambda: self.catalog, learned=self.learned)
        if self.verify is not None:
            drafted = verified(drafted, source.documents, model=self.second[0], template=self.second[1])
        took = {"seconds": round(perf_counter() - start, 3), "recipe": self.recipe}
        drafted = drafted.model_copy(update={"run": drafted.run.model_copy(update=took)})
        drafted = of_run(drafted, self.asking.run if self.asking else None)
        return self.save(source, drafted, judged) if save else drafted

    def save(self, source: Source, drafted: Entry, judged: "Decided | None" = None) -> Entry:
        """Reconcile a drafted entry with the one that the catalog holds of its source, and store the result.

        What was decided stays; its evidence is moved to where its quotes stand in the source as it is now. `judged` is
        what a model decided of the pairs of the draft.
        """

        def change(previous: Entry | None, slug: str) -> Entry:
            named = drafted.model_copy(update={"artifact": drafted.artifact.model_copy(update={"slug": slug})})
            return saved(previous, named, source.documents, judged, learned=self.learned)

        return self.catalog.revise(source, change)

    def entry(self, slug: str) -> Entry:
        """Return an entry of the catalog. Raises UsageError where there is none."""
        found = self.catalog.find(slug)
        if found is not None:
            return found
        close = get_close_matches(slug, (listing.slug for listing in self.catalog.listings()), n=1)
        hint = f"did you mean {close[0]}?" if close else "`decomposer list` shows the entries"
        raise UsageError(f"no entry is called {slug!r} in {self.settings.shown('db')}", hint=hint)

    def selected(self, query: str) -> Iterator[str]:
        """Return the slugs of the entries that a query means, by slug, streaming.

        Whether the source of one is stale is left to whoever loads it. Raises UsageError for a wrong query at once.
        """
        from decomposer.query import parse

        meant, now = parse(query), datetime.now(UTC)
        listings = self.catalog.listings()
        return (listing.slug for listing in listings if meant.holds(listing, now, recipe=self.recipe))

    def source_of(self, slug: str) -> Source:
        """Load the source of an entry as it reads now, under the entry's slug, name, type and pricing.

        Raises UsageError for no such entry, and SourceError where it has no source or that can't be loaded.
        """
        from decomposer.wiring.taking import load_again

        return load_again(self.entry(slug), self.load)

    def take(self, imported: "Imported", *, source: str | None = None) -> "Taken":
        """Take an entry that was written elsewhere into the catalog; `source` says where it can be redrafted from."""
        from decomposer.wiring.taking import take

        return take(imported, self.catalog, source=source, learned=self.learned)

    def stale(self, slug: str | None = None) -> "Iterator[Stale]":
        """Yield the evidence that the present text of its source no longer holds, of one entry or of all."""
        from decomposer.anchor import stale

        for entry in self.catalog.entries() if slug is None else [self.entry(slug)]:
            yield from stale(entry)

    def retire(self, slug: str, *, reason: str = "") -> Entry:
        """Retire an entry: it stays in the catalog and is published no more. Raises UsageError for no such entry."""
        keeping.retire(self.entry(slug), self.reviews, actor=self.settings.actor, reason=reason)
        return self.entry(slug)
