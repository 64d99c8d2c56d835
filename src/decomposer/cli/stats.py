"""Count what people decided about the work of each prompt and model, or what the catalog was day by day."""

from typing import TYPE_CHECKING, Any, cast

import click

from decomposer.cli.options import Form, db_option, settings

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.cli.screen import Screen
    from decomposer.review.figures import Figures
    from decomposer.wiring import Workspace

_SHOWN = 10  # reasons of rejections


@click.command("stats", short_help="Count what was decided by model, or the catalog by day.")
@click.option("--over-time", is_flag=True, help="Tell what the catalog was, a line a day; today is counted first.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "md", "svg"]), default="table", show_default=True,
    help="How records are printed; svg is a picture, with --over-time.",
)  # fmt: skip
@db_option
def command(*, over_time: bool, form: str, **flags: str | None) -> None:
    """Count what was accepted and rejected of the drafts of each prompt and model, and the reasons of rejections.

    What was taken back does not count. With --over-time it is what the catalog was on each day: entries, capabilities,
    which shares are supported, covered and reviewed, and what was decided. A day is counted when it is asked for or the
    catalog is exported; on other days only entries and decisions are known, by their dates.

    \b
    Examples:
      decomposer stats
      decomposer stats --over-time
      decomposer stats --over-time --format svg > catalog.svg
    """
    from decomposer.errors import UsageError
    from decomposer.wiring import Workspace

    if form == "svg" and not over_time:
        raise UsageError("what was decided by prompt and model has no picture", hint="add --over-time")
    with Workspace(settings(flags)) as workspace:
        if over_time:
            _over_time(workspace, form)
        else:
            _decided(workspace, cast(Form, form))


def _over_time(workspace: "Workspace", form: str) -> None:
    from decomposer.wiring.over_time import days

    found = days(workspace)
    if form == "svg":
        from decomposer.publish.pictures import over_time

        click.echo(over_time(found, prefix="catalog"), nl=False)
        return
    from decomposer.cli.days import shown
    from decomposer.cli.output import Output

    with Output(cast(Form, form), many=True) as output:
        for at, day in enumerate(found):
            output.write(shown(day, first=not at))


def _decided(workspace: "Workspace", form: Form) -> None:
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.review.figures import figures

    found = figures(workspace.reviews.history())
    if not found:
        note("nothing was decided yet; `decomposer review` begins")
    with Output(form, many=True) as output:
        for one in found:
            output.write(_shown(one))


def _shown(one: "Figures") -> "Shown":
    from decomposer.cli.output import Shown
    from decomposer.publish.markdown import escape

    return Shown(
        value=lambda: _value(one),
        table=lambda screen: _table(one, screen),
        md=lambda: "".join(f"{'* ' if at == 0 else '  * '}{escape(line)}\n" for at, line in enumerate(_lines(one))),
    )


def _table(one: "Figures", screen: "Screen") -> None:
    first, *others = _lines(one)
    screen.line((first, "bold"))
    for line in others:
        screen.line(line, indent="  ", hang=2)


def _lines(one: "Figures") -> list[str]:
    share = "" if one.acceptance is None else f" ({one.acceptance:.0%})"
    lines = [
        f"prompt {one.prompt or 'none'}, {one.model or 'no model'}",
        f"accepted {one.accepted:,} of {one.decided:,}{share}, rejected {one.rejected:,}",
        f"fields left out {one.left_out:,}, edited {one.edited:,}; records merged {one.merged:,}, split {one.split:,}",
    ]
    lines += [f"{count:,} rejected: {reason}" for reason, count in one.reasons[:_SHOWN]]
    left = len(one.reasons) - _SHOWN
    return [*lines, f"and {left:,} other reasons"] if left > 0 else lines


def _value(one: "Figures") -> dict[str, Any]:
    return {
        "prompt": one.prompt,
        "model": one.model,
        "accepted": one.accepted,
        "rejected": one.rejected,
        "acceptance": one.acceptance,
        "left_out": one.left_out,
        "edited": one.edited,
        "merged": one.merged,
        "split": one.split,
        "reasons": [{"reason": reason, "count": count} for reason, count in one.reasons],
    }
