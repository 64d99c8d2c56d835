"""Show what the ledger holds of one model."""

from dataclasses import asdict, fields

from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.ports import ModelUse
from decomposer.publish.markdown import escape

_LABELS = {"in_doubt": "in doubt", "prompt_tokens": "prompt tokens", "completion_tokens": "completion tokens"}


def shown(use: ModelUse) -> Shown:
    """Return the use of one model ready to be written."""
    return Shown(value=lambda: asdict(use), table=lambda screen: _show(use, screen), md=lambda: _markdown(use))


def _counts(use: ModelUse) -> list[tuple[str, int]]:
    names = [field.name for field in fields(use) if field.name not in ("endpoint", "model")]
    return [(_LABELS.get(name, name), getattr(use, name)) for name in names]


def _show(use: ModelUse, screen: Screen) -> None:
    screen.line((use.model, "bold"), f" at {use.endpoint}")
    for label, count in _counts(use):
        style = "yellow" if count and label in ("in doubt", "failed", "refused") else ""
        screen.line(f"{label:<18}", (f"{count:>12,}", style), indent="  ")


def _markdown(use: ModelUse) -> str:
    counts = "\n".join(f"* {label}: {count}" for label, count in _counts(use))
    return f"## {escape(use.model)} at {escape(use.endpoint)}\n\n{counts}\n"
