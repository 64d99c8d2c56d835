"""Learn from labelled pairs and from decisions which records are one capability, and write it to a file."""

from pathlib import Path

import click

from decomposer.cli.options import db_option, settings


@click.command("learn", short_help="Learn thresholds from labelled pairs and from decisions.")
@click.option(
    "--pairs",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Labelled pairs (JSON lines), with cluster_a and cluster_b; may be given several times.",
)
@click.option("--no-own", "own", flag_value=False, default=True, help="Leave the decisions of the catalog out.")
@click.option(
    "--precision",
    default=0.95,
    show_default=True,
    type=click.FloatRange(0.5, 0.999),
    help="What share of merges has to be right.",
)
@click.option(
    "--recall",
    default=0.95,
    show_default=True,
    type=click.FloatRange(0.5, 0.999),
    help="What share of the true pairs is to be merged or proposed.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where the values are written [what `learned` names, else learned.json].",
)
@db_option
def command(
    files: tuple[Path, ...], *, own: bool, precision: float, recall: float, out: Path | None, **flags: str | None
) -> None:  # fmt: skip
    """Learn when two records are one capability: from labelled pairs, and from what people decided in the catalog.

    Records that a person joined, and texts whose revision was taken, are one; records that a person has split or holds
    apart are two. Thresholds hold on clusters that the weights have not seen. Too few pairs are refused. From decisions
    alone, which are about doubtful pairs, thresholds are learned and no weights: stricter to merge, wider to propose.

    \b
    Examples:
      decomposer learn --pairs pairs.jsonl
      decomposer learn --pairs pairs.jsonl --precision 0.98 --out strict.json
    """
    from decomposer.cli.learning import learned_from, told
    from decomposer.cli.notes import note
    from decomposer.same.learned import write
    from decomposer.same.learning import Target
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        found = learned_from(workspace, files, own=own, target=Target(precision, recall))
        path = out or Path(workspace.settings.learned or "learned.json")
        write(found.values, path)
        for line in told(found):
            note(line)
        named = workspace.settings.learned
    use = "" if named and Path(named) == path else f'; to use them, set learned = "{path}" in decomposer.toml'
    note(f"written to {path}{use}")
