"""Write examples for the prompt from records that people accepted, to be read, edited and used."""

from pathlib import Path

import click

from decomposer.cli.options import db_option, settings


@click.command("examples", short_help="Write examples for the prompt from accepted records.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write them to a file.")
@click.option("--language", metavar="CODE", help="Language that they are written in [en].")
@db_option
def command(*, out: Path | None, **flags: str | None) -> None:
    """Choose a few of the records that people accepted, and write them as examples for the prompt, in YAML.

    Only records count that somebody accepted one by one, not in bulk, and that the source bears out. The file can be
    edited; used with --examples FILE it stays the same whatever is accepted later.

    \b
    Examples:
      decomposer examples
      decomposer examples --out examples.yaml
      decomposer draft README.md --model openai/gpt-5-mini --examples examples.yaml
    """
    from decomposer.cli.notes import counted, note
    from decomposer.cli.output import opened
    from decomposer.pipeline import load_examples
    from decomposer.wiring import Workspace
    from decomposer.wiring.examples import accepted_text

    with Workspace(settings(flags)) as workspace:
        text = accepted_text(workspace)
    chosen = load_examples(text, quoted=True)
    if out is None:
        click.echo(text, nl=False)
    else:
        with opened(out) as file:
            file.write(text)
    records = sum(len(one.draft.capabilities) for one in chosen)
    entries = sum(bool(one.source) for one in chosen)
    where = "" if out is None else f"; written to {out}, to be used with --examples {out}"
    note(f"{counted(records, 'accepted record')} of {counted(entries, 'entry', 'entries')}{where}")
