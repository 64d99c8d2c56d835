"""Say how far reviewers agree, and how each of them decides."""

from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.cli.screen import Screen
    from decomposer.review.agreement import Agreement

_WIDTHS = (24, 8, 9)


@click.command("agreement", short_help="Say how far reviewers agree, and how each decides.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the samples that the interval is drawn from.")
@db_option
@format_option
def command(*, seed: int, form: Form, **flags: str | None) -> None:
    """Print Cohen's kappa over the records that two people decided about, with its bootstrap interval at 95 %.

    And of each reviewer how many records, the share accepted, and the median of seconds. `review --overlap 5%` has a
    share of records decided by two people who do not see each other's decision.

    \b
    Example:
      decomposer agreement
    """
    from decomposer.cli.output import Output, Shown
    from decomposer.publish.markdown import escape
    from decomposer.review.agreement import agreement
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        found = agreement(workspace.reviews.history(), seed=seed)

    def md() -> str:
        rows = "".join(f"| {' | '.join(map(escape, cells))} |\n" for cells in _rows(found))
        return f"{escape(_kappa(found))}\n\n| reviewer | decided | accepted | seconds |\n|---|---|---|---|\n{rows}"

    with Output(form) as output:
        output.write(Shown(lambda: _value(found), lambda screen: _table(found, screen), md))


def _table(found: "Agreement", screen: "Screen") -> None:
    screen.line(_kappa(found))
    if found.reviewers:
        screen.cells("reviewer", "decided", "accepted", "seconds", widths=_WIDTHS, style="bold")
    for cells in _rows(found):
        screen.cells(*cells, widths=_WIDTHS)


def _rows(found: "Agreement") -> list[tuple[str, str, str, str]]:
    return [
        (
            one.name,
            f"{one.decided:,}",
            f"{one.accepted:.0%}",
            "unknown" if one.seconds is None else f"{one.seconds:.1f}",
        )
        for one in found.reviewers
    ]


def _kappa(found: "Agreement") -> str:
    if not found.pairs:
        return "No record was decided about by two people; `decomposer review --overlap 5%` has some."
    said = f"{found.agreed:,} of {found.pairs:,} records decided by two people were decided alike"
    if found.kappa is None:
        return f"{said}; kappa is not defined, because both always decided the same one way."
    span = "" if found.low is None or found.high is None else f" (95 %: {found.low:.2f} to {found.high:.2f})"
    return f"{said}; kappa {found.kappa:.2f}{span}."


def _value(found: "Agreement") -> dict[str, Any]:
    return {
        "pairs": found.pairs,
        "agreed": found.agreed,
        "kappa": found.kappa,
        "low": found.low,
        "high": found.high,
        "reviewers": [
            {"name": one.name, "decided": one.decided, "accepted": one.accepted, "seconds": one.seconds}
            for one in found.reviewers
        ],
    }
