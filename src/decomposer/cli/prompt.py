"""Show exactly what would be sent to a model, and its size."""

import click

from decomposer.cli.options import (
    Form,
    db_option,
    format_option,
    mode_option,
    model_option,
    prompt_options,
    settings,
)


@click.command("prompt", short_help="Show exactly what would be sent to a model, and its size.")
@click.argument("ref")
@model_option
@mode_option
@prompt_options
@db_option
@format_option
def command(ref: str, *, form: Form, **flags: str | None) -> None:
    """Show every request that drafting REF would make, message by message, and what it costs in estimated tokens.

    Nothing is sent. `fixed` is the part that is the same for every document, `document` the text of this one with its
    numbers and marks, `visible` what a reader sees of it; `ratio` is (document) / (visible).

    \b
    Examples:
      decomposer prompt README.md
      decomposer prompt README.md --prompt v1 --format json
      decomposer prompt README.md --examples accepted
    """
    from decomposer.cli.notes import counted, note, working
    from decomposer.cli.output import Output
    from decomposer.cli.requests import plan, shown
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        with working(f"reading {ref}"):
            planned = plan(ref, workspace.load(ref), workspace)
        with Output(form) as output:
            output.write(shown(planned))
    count = counted(len(planned.requests), "request")
    note(f"{count}, about {counted(planned.tokens.total, 'token')}; nothing was sent")
