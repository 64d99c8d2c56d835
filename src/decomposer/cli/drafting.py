"""Draft one reference after another: a bad document is told and never ends the run."""

import os
from collections.abc import Iterator

from decomposer.cli.entry import TextOf, shown
from decomposer.cli.notes import counted, failed, note, working
from decomposer.cli.output import Shown
from decomposer.errors import BudgetReached, CatalogError, ConfigurationError, DecomposerError
from decomposer.records import Entry, Source
from decomposer.wiring import Workspace


class Run:
    """One call of `decomposer draft`, and what it has done so far."""

    def __init__(self, workspace: Workspace, *, save: bool) -> None:
        self.workspace = workspace
        self.save = save
        self.failed = 0
        self.drafted = 0
        self.capabilities = self.requests = self.cached = 0

    def prepare(self) -> None:
        """Open what every document needs, so that a wrong setting is told before the first one is read."""
        self.workspace.prepare(save=self.save)
        unchosen = self.workspace.settings.chosen_model()[1]
        if unchosen:
            note(unchosen)

    def entries(self, refs: tuple[str, ...]) -> Iterator[Shown]:
        """Yield an entry for each reference that could be drafted; name the others on stderr."""
        for number, ref in enumerate(refs, start=1):
            label = f"drafting {number} of {len(refs)}: {ref}" if len(refs) > 1 else f"drafting {ref}"
            try:
                source, entry = self._drafted(ref, label)
            except (BudgetReached, CatalogError, ConfigurationError):
                raise
            except Exception as error:  # noqa: BLE001 (one document must not end the run, whatever is wrong with it)
                self._note_failure(ref, error)
                continue
            self._count(entry)
            yield shown(entry, self._texts(source))

    def summary(self) -> str:
        """Return what was done, in one line."""
        entries = counted(self.drafted, "entry", "entries")
        capabilities = counted(self.capabilities, "capability", "capabilities")
        where = f"saved in {self.workspace.settings.shown('db')}" if self.save else "not saved"
        failures = f"; {self.failed} failed" if self.failed else ""
        asked = f"{counted(self.requests, 'request')}, {counted(self.cached, 'answer')} from the ledger"
        return f"{entries} with {capabilities} drafted, {where}{failures}; {asked}"

    def _drafted(self, ref: str, label: str) -> tuple[Source, Entry]:
        with working(label) as on_segment:
            source = self.workspace.load(ref)
            entry = self.workspace.draft(source, save=self.save, on_segment=on_segment)
        for document in source.documents:
            for warning in document.warnings:
                note(f"warning: {document.uri}: {warning}")
        return source, entry

    def _texts(self, source: Source) -> TextOf:
        """Return how to get at the text of a document: an entry may quote older ones that people decided about."""
        texts = {document.sha256: document.text for document in source.documents}
        stored = self.workspace.catalog.text if self.save else texts.get
        return lambda sha256: texts[sha256] if sha256 in texts else stored(sha256)

    def _note_failure(self, ref: str, error: Exception) -> None:
        if os.environ.get("DECOMPOSER_DEBUG") and not isinstance(error, DecomposerError):
            raise error
        self.failed += 1
        failed(ref, error)

    def _count(self, entry: Entry) -> None:
        self.drafted += 1
        self.capabilities += len(entry.capabilities)
        self.requests += entry.run.requests
        self.cached += entry.run.cached
