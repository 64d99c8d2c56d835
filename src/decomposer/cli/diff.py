"""Show what a new draft says beside what is held, or how two entries differ."""

import click

from decomposer.cli.options import (
    Form,
    db_option,
    format_option,
    model_options,
    prompt_options,
    settings,
    verify_option,
)


@click.command("diff", short_help="Show what a newer draft changes.")
@click.argument("entry")
@click.argument("new", required=False)
@click.option("--redraft", is_flag=True, help="Draft the source again, without saving, and compare with that.")
@click.option("--source", metavar="REF", help="Redraft from REF instead of the source of the entry.")
@model_options
@prompt_options
@verify_option
@db_option
@format_option
def command(
    entry: str, new: str | None, *, redraft: bool, source: str | None, verify: str | None, form: Form,
    **flags: str | None,
) -> None:  # fmt: skip
    """Show what became of each capability of ENTRY: kept, reworded, changed in substance, new or gone.

    Without more, what the newest draft said and waits for a decision. With --redraft, --source or --model, what
    drafting it now would change; nothing is saved but the answers of the model. With NEW, how that entry differs:
    two versions of one artifact. Words that are gone stand in [-...-], new ones in {+...+}, each with its lines.

    \b
    Examples:
      decomposer diff clip
      decomposer diff clip --redraft --format json
      decomposer diff clip --model openai/gpt-5-mini
      decomposer diff clip-2021 clip
    """
    from decomposer.cli.differences import shown, summary
    from decomposer.cli.notes import note, working
    from decomposer.cli.output import Output
    from decomposer.errors import UsageError
    from decomposer.wiring import Workspace
    from decomposer.wiring.diffing import between, held, redrafted

    anew = redraft or bool(source) or bool(flags.get("model")) or bool(verify)
    if anew and new is not None:
        raise UsageError("two entries are compared as they are held", hint=f"leave {new!r} or the redraft out")
    with Workspace(settings(flags), verify=verify) as workspace:
        if anew:
            with working(f"drafting {entry} again") as on_segment:
                found = redrafted(entry, workspace, ref=source, on_segment=on_segment)
        else:
            found = between(entry, new, workspace) if new is not None else held(entry, workspace)
        with Output(form, many=True) as output:
            for one in shown(found, workspace.catalog.text):
                output.write(one)
        note(summary(found))
