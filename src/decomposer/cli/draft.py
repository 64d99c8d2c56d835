"""Draft entries from references, print them, and save them as proposals."""

from pathlib import Path

import click

from decomposer.cli.options import (
    Form,
    db_option,
    format_option,
    judge_option,
    model_options,
    prompt_options,
    settings,
    verify_option,
)


@click.command("draft", short_help="Draft catalog entries from model cards and READMEs.")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@model_options
@prompt_options
@verify_option
@judge_option
@click.option("--no-save", "save", flag_value=False, default=True, help="Print only; leave the catalog as it is.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the entries to a file.")
@db_option
@format_option
def command(
    refs: tuple[str, ...], *, verify: str | None, save: bool, out: Path | None, form: Form, **flags: str | None
) -> int:
    """Draft a catalog entry from each REF, print it with its evidence, and save it as a proposal.

    REF is a file, a folder, - for stdin, https://..., hf:org/name, gh:owner/repo or dist:name. A document that fails
    is named on stderr and the others go on. Run the same command again to resume: no finished answer is asked twice.

    \b
    Examples:
      decomposer draft README.md
      decomposer draft hf:org/name --model openai/gpt-5-mini --format json
      decomposer draft README.md --model openai/gpt-5-mini --verify openai/gpt-5
      decomposer draft README.md --model openai/gpt-5-mini --judge openai/gpt-5
      decomposer draft docs/*.md --no-save --format jsonl --out entries.jsonl
    """
    from decomposer.cli.drafting import Run
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace

    chosen = settings(flags)
    with Workspace(chosen, verify=verify) as workspace:
        run = Run(workspace, save=save)
        run.prepare()
        with Output(form, many=len(refs) > 1, out=out) as output:
            for entry in run.entries(refs):
                output.write(entry)
        note(run.summary())
    return 1 if run.failed else 0
