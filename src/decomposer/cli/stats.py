"""Count what people decided about the work of each prompt and model."""

from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.cli.screen import Screen
    from decomposer.review.figures import Figures

_SHOWN = 10  # reasons of rejections


@click.command("stats", short_help="Count acceptance and reasons of rejections, by prompt and model.")
@db_option
@format_option
def command(*, form: Form, **flags: str | None) -> None:
    """Count what was accepted and rejected of the drafts of each prompt and model, and the reasons of rejections.

    What was taken back does not count.

    \b
    Example:
      decomposer stats
    """
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.review.figures import figures
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
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
