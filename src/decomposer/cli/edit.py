"""Let a record say something else."""

from typing import TYPE_CHECKING, cast

import click

from decomposer.cli.deciding import deciding_options, reason_option
from decomposer.cli.options import Form

if TYPE_CHECKING:
    from decomposer.records import Aspect
    from decomposer.review import Done

_FIELDS = ("name", "category", "description", "unique", "vs_alternatives", "intents", "best_for", "limitations",
           "requires", "input_types", "output_types")  # fmt: skip


@click.command("edit", short_help="Edit a record; what you write is checked against its evidence.")
@click.argument("identity", metavar="ID")
@click.option("--field", type=click.Choice(_FIELDS), help="The field that --text is for.")
@click.option("--text", metavar="TEXT", help="What it is to say; of a list one item a line; empty removes it.")
@reason_option
@deciding_options
def command(identity: str, *, field: str | None, text: str | None, reason: str, form: Form, **flags: str | None) -> int:
    """Let a field of the record ID say TEXT, or open the whole record in $EDITOR.

    A text that a person wrote is checked like any other: it keeps its verdict where its evidence still bears it out,
    and loses it where not. A redraft never overwrites it.

    \b
    Examples:
      decomposer edit clip/image-search --field description --text "Finds pictures that fit a description."
      decomposer edit clip/image-search
    """
    from decomposer.cli.deciding import seat, told
    from decomposer.review import Done

    if (field is None) != (text is None):
        raise click.UsageError("--field and --text go together; leave both out to edit in $EDITOR")
    with seat(flags) as desk:
        if field is not None and text is not None:
            return told(desk.edit(identity, cast("Aspect", field), text, reason=reason), form)
        from decomposer.review.as_text import changed, written

        before = written(desk.sheet(identity).capability)
        after = click.edit(before, extension=".txt", require_save=True)
        wanted = {} if after is None else changed(before, after)
        done = [desk.edit(identity, name, said, reason=reason) for name, said in wanted.items()]
        return told(_together(done) if done else Done(), form, nothing="nothing was changed")


def _together(done: "list[Done]") -> "Done":
    from decomposer.review import Done

    return Done(
        tuple(one for each in done for one in each.decisions),
        tuple(one for each in done for one in each.conflicts),
        tuple(one for each in done for one in each.refused),
        "; ".join(each.text for each in done),
    )
