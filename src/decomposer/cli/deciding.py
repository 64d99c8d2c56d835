"""Carry decisions from the command line to a desk, and say what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import F, Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.cli.screen import Screen
    from decomposer.records import Decision
    from decomposer.review import Desk, Done

_EXIT_LEFT = 1

actor_option = click.option("--actor", metavar="NAME", help="Who decides [the setting `actor`, or the login].")
reason_option = click.option("--reason", metavar="TEXT", default="", help="Why, kept with the decision.")
where_option = click.option(
    "--where", metavar="QUERY", help='Every record that waits and is meant, such as "model=gpt-x risk<100", or all.'
)


def deciding_options(command: F) -> F:
    """Add what every command that decides takes: who does, where, and how it is told."""
    for option in (format_option, db_option, actor_option):
        command = option(command)
    return command


@contextmanager
def seat(flags: dict[str, str | None], *, where: str = "", entry: str | None = None) -> Iterator["Desk"]:
    """Give a desk over the records that a query means, of one entry or of all."""
    from decomposer.wiring import Workspace
    from decomposer.wiring.reviewing import desk

    with Workspace(settings(flags)) as workspace:
        yield desk(workspace, query=where, entry=entry)


def told(done: "Done", form: Form, *, nothing: str = "nothing was decided") -> int:
    """Print what became of decisions, name on stderr what was left as it is and why, and return the exit code."""
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output, Shown
    from decomposer.publish.markdown import escape
    from decomposer.review.outcomes import told as line

    left = done.conflicts or done.refused  # named one by one below, however many
    text = (line(done.decisions) if left else done.text) if done.decisions else nothing

    def table(screen: "Screen") -> None:
        screen.line(text)

    with Output(form) as output:
        output.write(Shown(lambda: value(done), table, lambda: f"{escape(text)}\n"))
    for conflict in done.conflicts:
        against = "".join(f"; {summary(one)}" for one in conflict.decisions)
        note(f"left as it is: {conflict.id}: {conflict.reason}{against}")
    for refusal in done.refused:
        note(f"left as it is: {refusal.id}: {refusal.reason}")
    return _EXIT_LEFT if left else 0


def value(done: "Done") -> dict[str, Any]:
    """Return what became of decisions as plain data."""
    return {
        "text": done.text,
        "decisions": [dumped(one) for one in done.decisions],
        "conflicts": [
            {"id": one.id, "reason": one.reason, "decisions": [dumped(other) for other in one.decisions]}
            for one in done.conflicts
        ],
        "refused": [{"id": one.id, "reason": one.reason} for one in done.refused],
    }


def dumped(decision: "Decision") -> dict[str, Any]:
    """Return a decision as plain data."""
    return decision.model_dump(mode="json")


def summary(decision: "Decision") -> str:
    """Return a decision in one line: its number, what was done to what, who did it, when, and why."""
    from decomposer.decide import shown

    what = "" if decision.field == "record" else f" {decision.field}: {_change(decision, shown)}"
    taken = "" if decision.live or decision.target is not None else " (taken back)"
    why = f" ({decision.reason})" if decision.reason else ""
    about = decision.capability or decision.entry
    return f"{decision.seq}  {decision.op} {about}{what}, by {decision.actor}, {decision.decided_at}{why}{taken}"


def _change(decision: "Decision", shown: Any) -> str:
    before, after = (shown(decision.field, one) or "nothing" for one in (decision.before, decision.after))
    return f"{before} -> {after}"
