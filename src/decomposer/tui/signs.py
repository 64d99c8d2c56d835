"""What verdicts, states and evidence look like: a sign and a word for each, so that none needs a colour."""

from dataclasses import dataclass

from rich.style import Style

from decomposer.records import State, Support


@dataclass(frozen=True, slots=True)
class Sign:
    """How a verdict is shown: `mark` is one cell wide, `word` says it in words."""

    mark: str
    word: str
    style: Style


SIGNS: dict[Support, Sign] = {
    "supported": Sign("✓", "supported", Style(color="green")),
    "vendor_claim": Sign("”", "vendor claim", Style(color="cyan")),
    "partial": Sign("~", "partly supported", Style(color="yellow")),
    "unsupported": Sign("✗", "not found", Style(color="red")),
}
STATES: dict[State, Style] = {
    "proposed": Style(color="yellow"),
    "accepted": Style(color="green"),
    "rejected": Style(color="red"),
    "retired": Style(dim=True),
}
PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
BAR = Style(reverse=True)
LEFT_OUT = Style(dim=True, strike=True)
WARNING = Style(color="yellow", bold=True)
NEW = Style(color="green", underline=True)
OLD = Style(color="red", strike=True)
EVIDENCE = Style(underline=True, color="cyan")
CURRENT = Style(reverse=True, bold=True)

_TITLES = {
    "vs_alternatives": "vs alternatives",
    "best_for": "best for",
    "input_types": "takes",
    "output_types": "gives",
}


def title(field: str) -> str:
    """Return what a field is called."""
    return _TITLES.get(field, field)
