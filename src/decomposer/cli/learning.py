"""Gather the pairs to learn from, learn, and say how the new values do beside those that held before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from decomposer.cli.notes import counted
from decomposer.embed import default_embedder
from decomposer.errors import UsageError
from decomposer.same import Learned, stored
from decomposer.same.learning import Target
from decomposer.same.pairs import Figures, Pair, judged, relearned
from decomposer.sources.pairs import digest, read_pairs
from decomposer.wiring import Workspace
from decomposer.wiring.learning import own_pairs


@dataclass(frozen=True, slots=True)
class Lessons:
    """What was learned: the values, how they do on clusters they have not seen, and how the former ones do there."""

    values: Learned
    held_out: Figures
    before: Figures
    reweighed: bool


def learned_from(workspace: Workspace, files: Sequence[Path], *, own: bool, target: Target) -> Lessons:
    """Return values learned from the files and the decisions. Raises UsageError for too few, SourceError for a file."""
    if not files and not own:
        raise UsageError("there is nothing to learn from", hint="name --pairs FILE, or leave --no-own out")
    labelled = [pair for file in files for pair in read_pairs(file)]
    decided = own_pairs(workspace) if own else []
    pairs = [*labelled, *decided]
    base = workspace.learned or stored()
    today = datetime.now(UTC).date().isoformat()
    embedders = [None, embedder] if (embedder := default_embedder()) else [None]
    data, anew = _data(files, labelled, decided), bool(labelled)
    values = relearned(pairs, base, target, embedders=embedders, date=today, data=data, reweighed=anew)
    unseen = judged(pairs, replace(values, scorers=base.scorers), embedder=embedder, held_out=True, reweighed=anew)
    return Lessons(values, unseen, judged(pairs, base, embedder=embedder), anew)


def told(found: Lessons) -> Iterator[str]:
    """Yield what was learned and how good it is, a line each."""
    yield f"learned from {found.values.data}"
    for kind, scorer in found.values.scorers.items():
        yield f"with {kind}: merged from {scorer.merge:.3f}, proposed from {scorer.propose:.3f}"
    if not found.reweighed:
        yield "from decisions alone weights are kept: merging can only get stricter, and proposing wider"
    yield f"on clusters not seen: {_figures(found.held_out)}"
    yield f"the values that held before: {_figures(found.before)}"


def _figures(one: Figures) -> str:
    precision = (
        "nothing merged" if one.auto_precision is None else f"precision {one.auto_precision:.3f} of what is merged"
    )
    return (
        f"average precision {one.average_precision:.3f}, {precision}, recall {one.auto_recall or 0:.3f}, "
        f"{one.hard_merged} near misses merged, {one.left_to_person or 0:.0%} left to a person"
    )


def _data(files: Sequence[Path], labelled: Sequence[Pair], decided: Sequence[Pair]) -> str:
    parts = [f"{file.name} (sha256 {digest(file)})" for file in files]
    named = f"{counted(len(labelled), 'labelled pair')} of {', '.join(parts)}" if files else ""
    mine = f"{counted(len(decided), 'pair')} that people decided about" if decided else ""
    same = sum(one.same for one in (*labelled, *decided))
    return f"{' and '.join(part for part in (named, mine) if part)}, {same} of them the same"
