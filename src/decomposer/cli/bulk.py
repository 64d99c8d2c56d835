"""Decide about many records at once, guarded: show a random sample first, and say how wrong the rest may be."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from decomposer.cli.notes import counted, note
from decomposer.cli.options import F
from decomposer.errors import UsageError

if TYPE_CHECKING:
    from decomposer.review import Desk, Done
    from decomposer.review.guard import Guard

_SAMPLE = 59


@dataclass(frozen=True, slots=True)
class Bulk:
    """How a decision about many is guarded: the size and seed of the sample, how many of it were `wrong`, if known."""

    sample: int
    seed: int
    wrong: int | None
    yes: bool
    dry_run: bool


def bulk_options(command: F) -> F:
    """Add the options of `Bulk`."""
    options = (
        click.option("--sample", type=click.IntRange(0), default=_SAMPLE, show_default=True, metavar="N",
                     help="With --where: records to look at first, chosen at random."),
        click.option("--seed", type=int, default=0, show_default=True, help="Which sample is drawn."),
        click.option("--wrong", type=click.IntRange(0), metavar="N", help="How many of the sample are wrong."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Show the sample only; decide nothing."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def decide_all(desk: "Desk", bulk: Bulk, *, reject: bool = False, reason: str = "") -> "Done | None":
    """Decide about every record that the desk's query means, after a look at a sample; None where nothing is done."""
    count = desk.waiting()
    if not count:
        note("nothing that is meant waits")
        return None
    guard = _guarded(desk, bulk, count)
    if bulk.dry_run:
        return None
    verb = "Reject" if reject else "Accept"
    if not bulk.yes and not click.confirm(f"{verb} {counted(count, 'record')}?", err=True):
        note("nothing was decided")
        return None
    return desk.decide_all(guard, reject=reject, reason=reason)


def _guarded(desk: "Desk", bulk: Bulk, count: int) -> "Guard":
    looked = desk.sample(count=bulk.sample, seed=bulk.seed) if bulk.sample else []
    asking = not bulk.yes and not bulk.dry_run
    if asking and not sys.stdin.isatty():
        hint = "look with --dry-run, then say --wrong N --yes with the same --seed"
        raise UsageError("nobody is there to look at the sample", hint=hint)
    if asking or bulk.dry_run:
        _show(desk, [one.id for one in looked])
    wrong = bulk.wrong
    if wrong is None and asking and looked:
        wrong = click.prompt(
            f"How many of these {len(looked)} are wrong?", type=click.IntRange(0, len(looked)), default=0, err=True
        )
    if wrong is not None and wrong > len(looked):
        raise UsageError(f"--wrong {wrong}: the sample has {counted(len(looked), 'record')}", hint="count them again")
    from decomposer.review.guard import guard

    # What nobody says anything about was not looked at.
    found = guard(looked if wrong is not None else [], wrong or 0, of=count, seed=bulk.seed)
    note(found.text)
    return found


def _show(desk: "Desk", ids: list[str]) -> None:
    from decomposer.cli.screen import Screen

    screen = Screen(sys.stderr)
    for number, identity in enumerate(ids, start=1):
        sheet = desk.sheet(identity)
        screen.line((f"{number}. {sheet.capability.name}", "bold"), (f"  {identity}", "dim"), hang=3)
        for field in (*sheet.fields, *sheet.lists):
            left = " (left out)" if field.dropped else ""
            for phrase in field.sentences:
                verdict = f" [{phrase.support}]" if phrase.support else ""
                screen.line((field.name, "bold"), f"{left}  {phrase.text}", (verdict, "dim"), indent="   ", hang=2)
        for span in sheet.evidence:
            screen.line((f"“{span.quote}”", "cyan"), indent="   │ ")
