"""Measure the judgement of pairs: its options on `decomposer eval`, and its figures as a table, Markdown or JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from decomposer.cli.options import Form, judge_option, settings
from decomposer.errors import UsageError

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.ports import Embedder
    from decomposer.same import Learned
    from decomposer.same.pairs import Figures, Pair
    from decomposer.wiring import Workspace

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--pairs", metavar="FILE", type=click.Path(path_type=Path),
        help="Measure the judgement of these labelled pairs (JSON lines) instead of models.",
    ),
    click.option(
        "--own", is_flag=True, help="Measure it on what people decided in the catalog: merges, splits, revisions taken."
    ),
    click.option(
        "--cross-validate", is_flag=True,
        help="With --pairs or --own: learn anew for each part of the file, from clusters that it does not hold.",
    ),
    click.option(
        "--vectors", metavar="V",
        help="With --pairs or --own: words, wordllama or openai/NAME [wordllama where it is installed].",
    ),
    judge_option,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options ask for; nothing where `path` is None and the `own` decisions are not wanted."""

    path: Path | None
    own: bool
    cross_validate: bool
    vectors: str | None


def pairs_options(command: F) -> F:
    """Add the options that measure pairs."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked(flags: dict[str, Any]) -> Asked:
    """Take the options of `pairs_options` out of `flags`."""
    return Asked(flags.pop("pairs"), flags.pop("own"), flags.pop("cross_validate"), flags.pop("vectors"))


def measure(given: Asked, flags: dict[str, str | None], *, form: Form, out: Path | None) -> int:
    """Judge the pairs, print how it went, and return the exit code, which is 0.

    Raises UsageError where clusters are missing for cross-validation, SourceError for a file that holds no pairs.
    """
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.same import stored
    from decomposer.same.pairs import judged
    from decomposer.sources.pairs import digest, read_pairs
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        learned = workspace.learned or stored()
        pairs = [*(read_pairs(given.path) if given.path else ()), *(_own(workspace) if given.own else ())]
    embedder = _embedder(given.vectors, flags)
    if given.path and not given.cross_validate and digest(given.path) in learned.data:
        note("the thresholds were learned from these very pairs; --cross-validate shows how they do on unseen ones")
    figures = judged(pairs, learned, embedder=embedder, held_out=given.cross_validate)
    if flags.get("judge"):
        figures = _by_a_judge(figures, pairs, flags, learned)
    origin = "cross-validated by cluster" if given.cross_validate else learned.source()
    record = shown(figures, vectors=embedder.name if embedder else "words", origin=origin)
    if out:
        with Output("json", out=out) as file:
            file.write(record)
    with Output(form) as output:
        output.write(record)
    return 0


def shown(figures: "Figures", *, vectors: str, origin: str) -> "Shown":
    """Return the figures ready to be written; as JSON with a verdict and a score for each pair in order."""
    from decomposer.cli.output import Shown
    from decomposer.publish.markdown import escape

    numbers = {
        "average_precision": figures.average_precision,
        "best_f1": figures.best_f1,
        "recall_at_precision_95": figures.recall_at_precision,
        "auto_precision": figures.auto_precision,
        "auto_recall": figures.auto_recall,
        "hard_merged": figures.hard_merged,
        "proposed_recall": figures.proposed_recall,
        "left_to_person": figures.left_to_person,
        "pairs": figures.pairs,
        "positives": figures.positives,
    }
    texts = {name: _text(number) for name, number in numbers.items()} | {"vectors": vectors, "thresholds": origin}

    def table(screen: Any) -> None:
        for name, text in texts.items():
            screen.cells(name.replace("_", " "), text, widths=(24,))

    def value() -> dict[str, Any]:
        verdicts = [one.verdict for one in figures.judgements]
        scores = [round(one.score, 4) for one in figures.judgements]
        return {**numbers, "vectors": vectors, "thresholds": origin, "verdicts": verdicts, "scores": scores}

    def markdown() -> str:
        rows = [
            f"| {name.replace('_', ' ')} | {escape(text) if name in ('vectors', 'thresholds') else text} |"
            for name, text in texts.items()
        ]
        return "\n".join(["| pairs | |", "| --- | --- |", *rows]) + "\n"

    return Shown(value=value, table=table, md=markdown)


def _by_a_judge(
    before: "Figures", pairs: "Sequence[Pair]", flags: dict[str, str | None], learned: "Learned"
) -> "Figures":
    """Return the figures once a model has decided the pairs that were open."""
    from decomposer.cli.notes import note
    from decomposer.pipeline import with_judge
    from decomposer.same.pairs import figures
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        judge = workspace.judge
        if judge is None:
            return before
        found, asked = with_judge(pairs, before.judgements, judge, learned=learned)
        decided = sum(one.decided_by == "model" and one.verdict != "related" for one in found)
        note(f"{judge.model.name} was asked about {asked} of {len(pairs)} pairs and decided {decided}")
    return figures(pairs, found)


def _own(workspace: "Workspace") -> "list[Pair]":
    from decomposer.wiring.learning import own_pairs

    found = own_pairs(workspace)
    if not found:
        hint = "merge, split or take revisions in a review, or measure labelled pairs with --pairs FILE"
        raise UsageError(f"{workspace.settings.shown('db')}: nobody has decided about pairs of records", hint=hint)
    return found


def _embedder(name: str | None, flags: dict[str, str | None]) -> "Embedder | None":
    from decomposer.embed import default_embedder, open_embedder
    from decomposer.same.learned import WORDS

    if name == WORDS:
        return None
    if name is None:
        return default_embedder()
    chosen = settings(flags)
    return open_embedder(name, base_url=chosen.base_url, api_key=chosen.api_key, timeout=chosen.timeout)


def _text(number: float | None) -> str:
    return "-" if number is None else str(number) if isinstance(number, int) else f"{number:.3f}"
