"""Measure searches on needs: a catalog is made of the gold entries, and every need is searched for in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from decomposer.cli.options import Form
from decomposer.cli.output import Output, Shown
from decomposer.cli.screen import Screen
from decomposer.draft import Reworded
from decomposer.evaluate import Gold
from decomposer.match.measuring import DEPTH, Asked, Found, by_kind
from decomposer.settings import Settings
from decomposer.sources.gold import read_gold
from decomposer.sources.needs import Wanted, gold_entry, read_needs
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching
from decomposer.wiring.rewording import open_rewording

EMPTY: Mapping[str, Sequence[Reworded]] = MappingProxyType({})
_COLUMNS = ("needs", "recall@5", "found@5", "MRR@10")
_WIDTHS = (24, 18, 6, 10, 10)


@dataclass(frozen=True, slots=True)
class Searched:
    """The needs as they were searched for `by` words, or by words and vectors."""

    by: str
    asked: tuple[Asked, ...]


def measure_needs(gold: Path, corpus: Path, file: Path, settings: Settings, *, form: Form, out: Path | None) -> None:
    """Search for the needs of a file, and write the figures to stdout, and to `out` as JSON too."""
    record = shown(searched(gold, corpus, file, settings))
    if out:
        with Output("json", out=out) as written:
            written.write(record)
    with Output(form) as output:
        output.write(record)


def searched(gold: Path, corpus: Path, file: Path, settings: Settings) -> list[Searched]:
    """Return what searches find by words alone and, with an embedder, by words and vectors.

    Where the settings name a model that rewords needs, that is searched for in both ways too; its requests are in the
    ledger of the settings. Raises SourceError, and ModelError.
    """
    items = read_gold(gold, corpus)
    wanted = read_needs(file, [one for one, _ in items])
    also, model = _reworded(wanted, settings)
    with (
        TemporaryDirectory(prefix="decomposer-needs-") as folder,
        Workspace(replace(settings, db=str(Path(folder) / "needs.db"))) as workspace,
    ):
        named = _filled(workspace, items, gold)
        ways = [Searching(workspace, words_only=True), Searching(workspace)]
        plain = [_asked(way, wanted, named) for way in ways]
        ways = ways if plain[1].by != plain[0].by else ways[:1]
        said = [_asked(way, wanted, named, also, model) for way in ways] if model else []
    return [*plain[: len(ways)], *said]


def _reworded(wanted: Sequence[Wanted], settings: Settings) -> tuple[dict[str, tuple[Reworded, ...]], str]:
    """Return the needs in the words of a model, and its name; nothing where the settings name none."""
    with Workspace(settings) as workspace:
        rewording = open_rewording(workspace)
        if rewording is None:
            return {}, ""
        return {one.need: rewording.of(one.need) for one in wanted}, rewording.name


def _filled(workspace: Workspace, items: Sequence[tuple[Gold, Path]], gold: Path) -> dict[tuple[str, str], str]:
    """Keep the gold entries, and return the id of each capability by the slug and the name of its gold file."""
    named: dict[tuple[str, str], str] = {}
    files = {one.slug: gold / f"{one.slug}.json" for one, _ in items}
    for one, path in items:
        source = workspace.load(str(path))
        entry = gold_entry(files[one.slug], source)
        kept = workspace.catalog.revise(source, lambda _, slug, entry=entry: entry)  # type: ignore[misc]
        named |= {(one.slug, record.name): record.id for record in kept.capabilities}
    return named


def _asked(
    searching: Searching, wanted: Sequence[Wanted], named: Mapping[tuple[str, str], str],
    also: Mapping[str, Sequence[Reworded]] = EMPTY, model: str = "",
) -> Searched:  # fmt: skip
    asked: list[Asked] = []
    by = ""
    for one in wanted:
        found = searching.find(one.need, also=also.get(one.need, ()), limit=DEPTH, count=False)
        by = f"{found.by}, reworded" if model else found.by
        serving = {named[slug, name] for slug, name in one.relevant}
        places = [at for at, hit in enumerate(found.matches, start=1) if hit.capability.id in serving]
        asked.append(Asked(one.need, one.kind, one.hard, len(serving), tuple(places)))
    return Searched(by, tuple(asked))


def shown(found: Sequence[Searched]) -> Shown:
    """Return the figures ready to be written."""
    return Shown(value=lambda: _value(found), table=lambda screen: _table(found, screen), md=lambda: markdown(found))


def _value(found: Sequence[Searched]) -> dict[str, Any]:
    return {
        one.by: {
            "figures": {name: asdict(figures) for name, figures in by_kind(one.asked).items()},
            "needs": [asdict(each) for each in one.asked],
        }
        for one in found
    }


def _rows(found: Sequence[Searched]) -> Iterator[tuple[str, ...]]:
    for one in found:
        for name, figures in by_kind(one.asked).items():
            yield (one.by, name, *_cells(figures))


def _cells(figures: Found) -> tuple[str, ...]:
    return str(figures.needs), f"{figures.recall:.3f}", f"{figures.found:.3f}", f"{figures.mrr:.3f}"


def _table(found: Sequence[Searched], screen: Screen) -> None:
    screen.cells("searched by", "needs that are", *_COLUMNS, widths=_WIDTHS, style="bold")
    for row in _rows(found):
        screen.cells(*row, widths=_WIDTHS)
    screen.line()
    for one in found:
        for each in one.asked:
            if not any(place <= 5 for place in each.places):
                screen.line((f"{one.by}: not among the first five: ", "dim"), each.need, hang=2)


def markdown(found: Sequence[Searched]) -> str:
    """Return the figures as a Markdown table."""
    head = ("searched by", "needs that are", *_COLUMNS)
    lines = [head, ("---",) * len(head), *_rows(found)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
