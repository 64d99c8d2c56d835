"""Show what the ledger holds of one model."""

import socket
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.ports import Doubt, ModelUse
from decomposer.publish.markdown import escape

_COUNTS = ("requests", "answered", "refused", "failed", "in_doubt", "queued", "prompt_tokens", "completion_tokens")
_TROUBLE = ("refused", "failed", "in doubt")
_TINY = Decimal("0.000001")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def by_model(doubts: Iterable[Doubt]) -> dict[tuple[str, str], list[Doubt]]:
    """Return the attempts in doubt by endpoint and model, each oldest first."""
    found: dict[tuple[str, str], list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        found[doubt.endpoint, doubt.model].append(doubt)
    return found


def shown(use: ModelUse, doubts: Sequence[Doubt] = ()) -> Shown:
    """Return the use of one model, and its attempts in doubt, ready to be written."""
    return Shown(
        value=lambda: _value(use, doubts),
        table=lambda screen: _show(use, doubts, screen),
        md=lambda: _markdown(use, doubts),
    )


def dollars(amount: Decimal | None) -> str:
    """Return an amount of US dollars as people read it, with six decimals where it is less than a cent."""
    if amount is None:
        return "unknown"
    if 0 < amount < _TINY:
        return f"less than ${_TINY:f}"
    return f"${amount:,.2f}" if not amount or amount >= Decimal("0.01") else f"${amount:.6f}"


def ago(seconds: float) -> str:
    """Return how long ago something was, such as `5 min ago`."""
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds // unit:,.0f} {name} ago" if seconds < float("inf") else "long ago"
    return f"{max(seconds, 0):.0f} s ago"


def _value(use: ModelUse, doubts: Sequence[Doubt]) -> dict[str, Any]:
    listed = [
        {**_plain(asdict(doubt)), "age_seconds": _whole(_age(doubt)), "under_way": _under_way(doubt)}
        for doubt in doubts
    ]
    return {**_plain(asdict(use)), "doubts": listed}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with money as decimal text."""
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}


def _lines(use: ModelUse) -> list[tuple[str, str]]:
    lines = [(name.replace("_", " "), f"{getattr(use, name):,}") for name in _COUNTS]
    unpriced = f" and {use.unpriced:,} of unknown cost" if use.unpriced else ""
    lines.append(("cost", f"{dollars(use.cost_usd)}{unpriced}"))
    if use.in_doubt:
        lines.append(("cost in doubt", f"at most {dollars(use.in_doubt_usd)}" if use.in_doubt_usd else "unknown"))
    return lines


def _told(doubt: Doubt) -> str:
    """Return one attempt in doubt in words."""
    state = "still under way" if _under_way(doubt) else "in doubt"
    cost = "of unknown cost" if doubt.estimated_usd is None else f"at most {dollars(doubt.estimated_usd)}"
    run = "" if doubt.run is None else f", run {doubt.run}"
    by = f"process {doubt.pid} on {doubt.host}{run}"
    return f"{state}: {doubt.key[:12]} attempt {doubt.attempt}, sent {ago(_age(doubt))} by {by}, {cost}"


def _show(use: ModelUse, doubts: Sequence[Doubt], screen: Screen) -> None:
    screen.line((use.model, "bold"), f" at {use.endpoint}")
    for label, value in _lines(use):
        style = "yellow" if label in _TROUBLE and value != "0" else ""
        screen.line(f"{label:<18}", (f"{value:>12}", style), indent="  ")
    for doubt in doubts:
        screen.line(_told(doubt), indent="  ", hang=2)


def _markdown(use: ModelUse, doubts: Sequence[Doubt]) -> str:
    lines = [f"{label}: {value}" for label, value in _lines(use)] + [escape(_told(doubt)) for doubt in doubts]
    points = "\n".join(f"* {line}" for line in lines)
    return f"## {escape(use.model)} at {escape(use.endpoint)}\n\n{points}\n"


def _whole(seconds: float) -> int | None:
    return int(seconds) if seconds < float("inf") else None


def _age(doubt: Doubt) -> float:
    from decomposer.llm.remembered import age

    return age(doubt)


def _under_way(doubt: Doubt) -> bool:
    from decomposer.llm.remembered import alive

    return doubt.host == socket.gethostname() and alive(doubt.pid)
