"""Import one file after another: what can't be taken is told, and the others go on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

from decomposer.cli.notes import counted, failed, note
from decomposer.cli.output import Shown
from decomposer.errors import SourceError, UsageError
from decomposer.identity import slug_of
from decomposer.publish.markdown import escape
from decomposer.sources import scheme
from decomposer.sources.catalog_entries import Imported, read_entries
from decomposer.wiring import Workspace
from decomposer.wiring.taking import Taken

ONLY = ""
"""The name that stands for the one entry of a file."""

Sources = Mapping[str, str]


def chosen_sources(given: Sequence[str], files: Sequence[Path]) -> Sources:
    """Return the references of `--source` by the name that each is for.

    Raises UsageError for one without a name where there are several files, and for two of one name.
    """
    found: dict[str, str] = {}
    for one in given:
        name, _, ref = one.partition("=")
        # An address may have a "=" of its own, so what begins like a reference is one.
        if not ref or "://" in name or scheme(name) != "path":
            name, ref = ONLY, one
        if not ref.strip():
            raise UsageError(f"--source {one!r}: names no REF", hint="write --source REF or --source NAME=REF")
        if name.strip() in found:
            raise UsageError(f"--source {one}: there is another one already", hint="write --source NAME=REF for each")
        found[name.strip()] = ref.strip()
    if ONLY in found and len(files) > 1:
        raise UsageError(f"--source {found[ONLY]}: which of {len(files)} files?", hint="write --source NAME=REF")
    return found


class Import:
    """One call of `decomposer import`, and what it has done so far."""

    def __init__(self, workspace: Workspace, sources: Sources) -> None:
        self.workspace = workspace
        self.sources = sources
        self.failed = 0
        self.fates = {"new": 0, "changed": 0, "unchanged": 0}
        self._unused = set(sources)

    def entries(self, files: Sequence[Path]) -> Iterator[Shown]:
        """Yield what became of each entry; name on stderr what can't be taken."""
        for file in files:
            try:
                yield from self._of_file(file)
            except SourceError as error:
                self._fail(str(file), error)
        for name in sorted(self._unused):
            self._fail(f"--source {name}", SourceError("no entry is called so", hint="check the name"))

    def summary(self) -> str:
        """Return what was done, in one line."""
        taken = counted(sum(self.fates.values()), "entry", "entries")
        fates = ", ".join(f"{count} {fate}" for fate, count in self.fates.items() if count)
        failures = f"; {self.failed} failed" if self.failed else ""
        where = self.workspace.settings.shown("db")
        return f"{taken} imported into {where}{f': {fates}' if fates else ''}{failures}"

    def _of_file(self, file: Path) -> Iterator[Shown]:
        found = read_entries(file)
        if ONLY in self.sources:
            first = list(islice(found, 2))
            if len(first) > 1:
                names = " and ".join(one.entry.artifact.name for one in first if isinstance(one, Imported))
                raise UsageError(
                    f"--source {self.sources[ONLY]}: {file} has several entries ({names}, ...)",
                    hint="write --source NAME=REF for each",
                )
            found = chain(first, found)
        for one in found:
            if isinstance(one, SourceError):
                self._fail(str(file), one)
            else:
                yield self._taken(one)

    def _taken(self, imported: Imported) -> Shown:
        artifact = imported.entry.artifact
        fits = (name for name in self.sources if name in (ONLY, artifact.name) or slug_of(name) == artifact.slug)
        name = next(fits, None)
        if name is not None:
            self._unused.discard(name)
        taken = self.workspace.take(imported, source=None if name is None else self.sources[name])
        self.fates[taken.fate] += 1
        for said in taken.notes:
            note(f"note: {taken.place}: {taken.name}: {said}")
        return shown(taken)

    def _fail(self, what: str, error: SourceError) -> None:
        self.failed += 1
        failed(what, error)


def shown(taken: Taken) -> Shown:
    """Return what became of an entry, ready to be written."""
    count = counted(taken.capabilities, "capability", "capabilities")
    cells = (taken.slug, taken.fate, count, taken.source)
    return Shown(
        value=lambda: asdict(taken),
        table=lambda screen: screen.cells(*cells, widths=(28, 9, 16)),
        md=lambda: "| " + " | ".join(map(escape, cells)) + " |\n",
    )
