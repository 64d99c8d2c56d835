"""Move decisions between catalogs."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from decomposer.cli.options import db_option, settings


@click.group("events", short_help="Move decisions between catalogs, as JSON lines.")
def command() -> None:
    """Write the decisions of a catalog as JSON lines, and apply those of another one.

    \b
    Example:
      decomposer events export --out decisions.jsonl
    """


@command.command("export", short_help="Write every decision, a JSON object a line.")
@click.option("--entry", metavar="ENTRY", help="Only those about this entry.")
@click.option("--since", metavar="SEQ", type=click.IntRange(0), default=0, help="Only those behind this number.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file.")
@db_option
def export(*, entry: str | None, since: int, out: Path | None, **flags: str | None) -> None:
    """Write decisions as JSON lines, the oldest first, to stdout or a file.

    \b
    Example:
      decomposer events export --out decisions.jsonl
    """
    from decomposer.cli.notes import counted, note
    from decomposer.cli.output import opened
    from decomposer.review import moving
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace, nullcontext(sys.stdout) if out is None else opened(out) as file:
        count = 0
        for line in moving.export(workspace.reviews.history(entry=entry, after=since)):
            file.write(line + "\n")
            count += 1
    if out is not None:
        note(f"{counted(count, 'decision')} written to {out}")


@command.command("apply", short_help="Apply decisions that another catalog exported.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@db_option
def apply(file: Path, **flags: str | None) -> int:
    """Apply the decisions in FILE (- is stdin) where they fit what the records say here.

    Those that are here already are passed over, so that applying a file again changes nothing. What does not fit is
    named, and left out.

    \b
    Example:
      decomposer events apply decisions.jsonl
    """
    from decomposer.cli.notes import counted, note
    from decomposer.errors import UsageError
    from decomposer.review import moving
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        try:
            with click.open_file(str(file), encoding="utf-8") as lines:
                applied = moving.apply(moving.read(lines), workspace.reviews)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise UsageError(f"{file}: can't be read ({reason})", hint="name what `events export` wrote") from error
    for conflict in applied.conflicts:
        note(f"left out: {conflict.id}: {conflict.reason}")
    known = f", {applied.known:,} were here already" if applied.known else ""
    left = f", {counted(len(applied.conflicts), 'record')} left out" if applied.conflicts else ""
    note(f"{counted(applied.stored, 'decision')} applied{known}{left}")
    return 1 if applied.conflicts else 0
