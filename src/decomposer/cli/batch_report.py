"""Lay out how a run stands, and how its documents ended."""

from decomposer.batch.references import label
from decomposer.batch.reports import Report
from decomposer.batch.rounds import job_words
from decomposer.cli.notes import counted
from decomposer.cli.output import Shown
from decomposer.cli.progress import money, outcome_data, span
from decomposer.cli.screen import Screen
from decomposer.ports import Outcome
from decomposer.publish.markdown import escape

_STYLES = {"failed": "red", "empty": "yellow", "ok": "green"}


def shown(report: Report) -> Shown:
    """Return a report ready to be written."""
    return Shown(value=report.data, table=lambda screen: _show(report, screen), md=lambda: _markdown(report))


def ended(outcome: Outcome) -> Shown:
    """Return how a document ended ready to be written."""
    return Shown(
        value=lambda: outcome_data(outcome, raw=True),
        table=lambda screen: _show_ended(outcome, screen),
        md=lambda: f"* {escape(label(outcome.ref))}: {outcome.state} {escape(outcome.reason)}\n",
    )


def rows(report: Report) -> list[tuple[str, str]]:
    """Return the report as lines of a label and a value."""
    figures, plan = report.figures, report.record.plan
    tally = figures.tally
    states: dict[str, int] = {**tally.ended, "waiting": tally.waiting, "in work": tally.held}  # type: ignore[dict-item]
    documents = f"{figures.ended:,} of {figures.documents:,}{'' if figures.complete else ' read so far'}"
    unpriced = f" and {tally.unpriced:,} documents of unknown price" if tally.unpriced and tally.cost_usd else ""
    limit = f", limit {money(plan.max_cost_usd)}" if plan.max_cost_usd is not None else ""
    projected = f", projected {money(figures.projected_usd)}" if figures.projected_usd is not None else ""
    found = [
        ("run", f"{report.record.id}, {report.state}, begun {report.record.started}"),
        ("references", plan.source),
        ("model", f"{plan.model}, prompt {plan.prompt}"),
        ("documents", documents),
        *((f"  {state}", f"{count:,}") for state, count in states.items() if count),
        ("capabilities", f"{tally.capabilities:,}"),
        ("requests", f"{tally.requests:,}, {tally.cached:,} answers from the ledger"),
        ("tokens", f"{tally.prompt_tokens:,} prompt, {tally.completion_tokens:,} completion"),
        ("cost", f"{money(figures.cost_usd)}{unpriced}{projected}{limit}"),
        ("time", f"{span(figures.seconds)}{f', {figures.rate:.1f} documents/s' if figures.rate else ''}"),
    ]
    if report.state == "running" and figures.eta_seconds is not None:
        found.append(("left", span(figures.eta_seconds)))
    if report.retried:
        found.append(("retries", f"{report.retried:,} attempts without a reply"))
    if figures.flow.throttled:
        found.append(("throttled", f"{figures.flow.throttled:,} times, {figures.flow.limit} in flight at most now"))
    if report.in_doubt:
        found.append(("in doubt", f"{report.in_doubt:,} requests, up to {money(report.in_doubt_usd)}"))
    return found + [(f"job {job.id}", job_words(job)) for job in report.jobs]


def _show(report: Report, screen: Screen) -> None:
    for name, value in rows(report):
        screen.line(f"{name:<14} ", (value, _STYLES.get(name.strip(), "")), hang=15)
    if len(report.models) > 1:
        for use in report.models:
            spent = "unknown" if use.unpriced and not use.cost_usd else money(use.cost_usd)
            screen.line((use.model, "bold"), f" {use.requests:,} requests, {spent}", indent="  ")


def _markdown(report: Report) -> str:
    lines = ["| | |", "|---|---|", *(f"| {name.strip()} | {escape(value)} |" for name, value in rows(report))]
    lines += [f"| {escape(use.model)} | {use.requests:,} requests, {money(use.cost_usd)} |" for use in report.models]
    return "\n".join(lines) + "\n"


def _show_ended(outcome: Outcome, screen: Screen) -> None:
    ref, reason = label(outcome.ref), outcome.reason
    said = reason or f"{outcome.slug}, {counted(outcome.capabilities, 'capability', 'capabilities')}"
    text = reason if reason and ref in reason else f"{ref}: {said}"
    screen.line((f"{outcome.state:<10}", _STYLES.get(outcome.state, "")), text, hang=10)
