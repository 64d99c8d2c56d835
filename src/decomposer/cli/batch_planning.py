"""Lay out the plan of a run."""

from decimal import Decimal

from decomposer.batch.planning import Plan
from decomposer.batch.references import label
from decomposer.batch.sampling import Estimate
from decomposer.cli.notes import counted
from decomposer.cli.output import Shown
from decomposer.cli.progress import money
from decomposer.cli.screen import Screen
from decomposer.publish.markdown import escape

_NAMED = 20  # failures


def shown(plan: Plan, *, verify: str | None = None, judge: str | None = None) -> Shown:
    """Return a plan ready to be written.

    `verify` is the model of second opinions and `judge` the one that says what is the same; what these are asked can't
    be planned before the drafts are answered.
    """
    told = notes(plan, verify, judge)
    return Shown(
        value=lambda: plan.data() | {"notes": told},
        table=lambda screen: _show(plan, told, screen),
        md=lambda: _markdown(plan, told),
    )


def notes(plan: Plan, verify: str | None, judge: str | None = None) -> list[str]:
    """Return what has to be known about the figures."""
    said = ["nothing was sent, nothing was written"]
    if not plan.exact:
        said.append(
            f"{plan.looked_at:,} of {plan.documents:,} documents were looked at, drawn at random; "
            "± holds with 95 % confidence, for what the sample tells of all"
        )
    answer = plan.answer
    if plan.requests.value:
        basis = f"the mean of {counted(answer.answers, 'known answer')}" if answer.answers else "an assumption"
        said.append(f"prompt tokens are estimated; {answer.tokens:,.0f} completion tokens an answer: {basis}")
    if judge is not None and plan.requests.value:
        said.append(f"{judge} is asked twice for each document with records that may be one, oftener where many may be")
    if verify is not None and plan.requests.value:
        said.append(f"{verify} is asked once more for each document with claims; what, is known when it is drafted")
    said.append(plan.price_note)
    return [one for one in said if one]


def _rows(plan: Plan) -> list[tuple[str, str]]:
    standing = plan.standing
    found = [
        ("documents", f"{plan.documents:,}"),
        ("  to be asked about", _figure(standing["asks"])),
        ("  answered already", _figure(standing["answered"])),
        ("  unchanged", _figure(standing["unchanged"])),
        ("  can't be read", _figure(standing["failed"])),
        ("named twice", f"{plan.repeated:,}" if plan.repeated else ""),
        ("requests", _figure(plan.requests, always=True)),
        ("from the ledger", _figure(plan.cached, always=True)),
        ("prompt tokens", _figure(plan.prompt_tokens, always=True)),
        ("completion tokens", _figure(plan.completion_tokens, always=True)),
        ("price", _price(plan.cost)),
    ]
    return [(name, value) for name, value in found if value]


def _figure(estimate: Estimate, *, always: bool = False) -> str:
    if not (estimate.value or always):
        return ""
    return f"{estimate.value:,.0f}" + (f" ± {estimate.margin:,.0f}" if estimate.margin else "")


def _price(cost: Estimate | None) -> str:
    if cost is None:
        return "unknown"
    margin = f" ± {money(Decimal(cost.margin))}" if cost.margin else ""
    return f"about {money(Decimal(cost.value))}{margin}"


def _show(plan: Plan, told: list[str], screen: Screen) -> None:
    for name, value in _rows(plan):
        screen.line(f"{name:<20} ", value, hang=21)
    for failure in plan.failures[:_NAMED]:
        ref = label(failure.item.ref)
        text = failure.reason if ref in failure.reason else f"{ref}: {failure.reason}"
        screen.line(("failed: ", "red"), text, hang=8)
    if len(plan.failures) > _NAMED:
        screen.line(f"and {len(plan.failures) - _NAMED:,} more; --format json names them all")
    for note in told:
        screen.line((note, "dim"))


def _markdown(plan: Plan, told: list[str]) -> str:
    lines = ["| | |", "|---|---|", *(f"| {name.strip()} | {escape(value)} |" for name, value in _rows(plan)), ""]
    lines += [f"* failed: {escape(one.reason)}" for one in plan.failures]
    return "\n".join([*lines, *(f"* {escape(note)}" for note in told)]) + "\n"
