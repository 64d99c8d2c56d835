"""Join ports and edges: the one place where settings become a catalog, a ledger, a model, a template and a source."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from decomposer import plugins, ports, resources
from decomposer.errors import ConfigurationError, UsageError
from decomposer.records import Decision, Entry, Segment, Source, State
from decomposer.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from decomposer.anchor import Stale
    from decomposer.audit import Audited
    from decomposer.prompt import Template
    from decomposer.sources.network import Network

OnSegment = Callable[[int, int], None]

TASK = "extract"
# Models that ask nobody: they have no request to remember, so no ledger is opened for them.
SILENT = ("extractive", "scripted")


class Workspace:
    """What one run works with: each part is opened when it is first needed, and all are closed together."""

    def __init__(self, settings: Settings, *, verify: str | None = None) -> None:
        self.settings = settings
        self.verify = verify

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, *, save: bool) -> None:
        """Open what drafting needs, so that a wrong setting is told before the first document is read."""
        _ = self.template, self.model, self.verify is None or self.second, self.catalog if save else None

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
    def ledger(self) -> ports.Ledger:
        """The model requests, in the same database."""
        from decomposer.store.ledger import SqlLedger

        return SqlLedger(self.engine)

    @cached_property
    def model(self) -> ports.LanguageModel:
        """The model that the settings choose."""
        return self._open(self.settings.chosen_model()[0])

    def _open(self, wanted: str) -> ports.LanguageModel:
        from decomposer.llm import ModelOptions

        held = self.settings
        kind, name = model_place(wanted, plugins.names("models"))
        options = ModelOptions(
            base_url=held.base_url,
            api_key=held.api_key,
            mode=held.mode,
            temperature=held.temperature,
            max_output_tokens=held.max_output_tokens,
            timeout=held.timeout,
            ledger=None if kind in SILENT else self.ledger,
        )
        model: ports.LanguageModel = plugins.load("models", kind)(name, options)
        return model

    @cached_property
    def template(self) -> "Template":
        """The prompt that the settings choose: a released version, or a file."""
        from decomposer.pipeline import load_examples
        from decomposer.prompt import Template

        version, text = prompt_text(self.settings.prompt)
        examples = load_examples(resources.read("prompts", f"{TASK}/examples.yaml"))
        return Template(text, version=version, examples=examples, language=self.settings.language)

    @cached_property
    def second(self) -> "tuple[ports.LanguageModel, Template]":
        """The model that `verify` names for second opinions, tuned as the first, and its newest prompt."""
        from decomposer.prompt import Template

        version, text = prompt_text(None, task="verify")
        return self._open(self.verify or ""), Template(text, version=version, task="verify")

    @property
    def budget(self) -> int:
        """How many document tokens go into one request."""
        from decomposer.segment import BUDGET

        return self.settings.segment_tokens or BUDGET

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
        from decomposer.pipeline import Limits, decompose, verified

        start = perf_counter()
        # A model that asks nobody is not waited for, so threads would only cost memory.
        silent = model_place(self.settings.chosen_model()[0], plugins.names("models"))[0] in SILENT
        limits = Limits(self.budget, 1 if silent else self.settings.workers)
        drafted = decompose(source, model=self.model, template=self.template, limits=limits, on_segment=on_segment)
        if self.verify is not None:
            drafted = verified(drafted, source.documents, model=self.second[0], template=self.second[1])
        took = drafted.run.model_copy(update={"seconds": round(perf_counter() - start, 3)})
        drafted = drafted.model_copy(update={"run": took})
        return self.save(source, drafted) if save else drafted

    def save(self, source: Source, drafted: Entry) -> Entry:
        """Reconcile a drafted entry with the one that the catalog holds of its source, and store the result.

        What was decided stays; its evidence is moved to where its quotes stand in the source as it is now.
        """
        from decomposer.anchor import anchor
        from decomposer.reconcile import reconcile

        def change(previous: Entry | None, slug: str) -> Entry:
            named = drafted.model_copy(update={"artifact": drafted.artifact.model_copy(update={"slug": slug})})
            return reconcile(anchor(previous, source.documents) if previous else None, named).entry

        return self.catalog.revise(source, change)

    def entry(self, slug: str) -> Entry:
        """Return an entry of the catalog. Raises UsageError where there is none."""
        found = self.catalog.find(slug)
        if found is not None:
            return found
        close = get_close_matches(slug, (listing.slug for listing in self.catalog.listings()), n=1)
        hint = f"did you mean {close[0]}?" if close else "`decomposer list` shows the entries"
        raise UsageError(f"no entry is called {slug!r} in {self.settings.shown('db')}", hint=hint)

    def stale(self, slug: str | None = None) -> "Iterator[Stale]":
        """Yield the evidence that the present text of its source no longer holds, of one entry or of all."""
        from decomposer.anchor import stale

        for entry in self.catalog.entries() if slug is None else [self.entry(slug)]:
            yield from stale(entry)

    def retire(self, slug: str, *, reason: str = "") -> Entry:
        """Retire an entry: it stays in the catalog and is published no more. Raises UsageError for no such entry."""
        from decomposer.decide import fold

        at = datetime.now(UTC).isoformat(timespec="seconds")
        decision = Decision(
            op="retire", entry=self.entry(slug).artifact.slug, actor=self.settings.actor, reason=reason, at=at
        )
        return self.catalog.decide(decision, lambda entry: fold(entry, [decision]))

    def export(self, exporter: str, folder: Path, *, state: State | None = None) -> list[Path]:
        """Publish the catalog into `folder` and return the files; `state` narrows it to capabilities in that state."""
        export: ports.Exporter = plugins.load("exporters", exporter)
        return export(self._publishable(state), folder)

    def _publishable(self, state: State | None) -> Iterator[Entry]:
        for entry in self.catalog.entries():
            if not entry.capabilities and self._retired(entry.artifact.slug):
                continue
            narrowed = entry if state is None else only(entry, state)
            if state is None or narrowed.capabilities:
                yield narrowed

    def _retired(self, slug: str) -> bool:
        """Say whether an entry without capabilities is retired: there is no capability to carry the state."""
        return any(decision.op == "retire" and not decision.capability for decision in self.catalog.decisions(slug))


def model_place(name: str, kinds: Collection[str]) -> tuple[str, str]:
    """Return the kind of a model and its name there; a bare NAME, such as `gpt-5` or `meta/llama`, is openai/NAME."""
    kind, _, rest = name.partition("/")
    return (kind, rest) if kind in kinds else ("openai", name)


def prompt_text(wanted: str | None, *, task: str = TASK) -> tuple[str, str]:
    """Return the version and the text of a prompt: the newest release, a release, or a file.

    The version of a file is its name and part of its digest, so that an answer can be explained later.
    """
    released = resources.prompt_versions(task)
    if wanted is None and not released:
        raise ConfigurationError(f"this installation has no {task} prompt", hint="install decomposer again")
    version = wanted or list(released)[-1]
    path = released.get(version, Path(version))
    if path.name == version and re.fullmatch(r"v\d+", version):
        raise ConfigurationError(
            f"there is no prompt {version}", hint=f"released: {', '.join(released)}; or name a file"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = f"name a file, or one of {', '.join(released)}"
        raise ConfigurationError(f"prompt {version}: can't be read ({reason})", hint=hint) from error
    if version in released:
        return version, text
    return f"{path.name}@{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}", text


def only(entry: Entry, state: State) -> Entry:
    """Return the entry with the capabilities in `state` alone."""
    kept = tuple(capability for capability in entry.capabilities if capability.state == state)
    return entry.model_copy(update={"capabilities": kept})
