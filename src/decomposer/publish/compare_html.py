"""Publish a comparison as one HTML page: everything escaped, no script, nothing loaded from anywhere."""

from functools import cache
from pathlib import Path
from typing import Any

from decomposer.display import display_safe
from decomposer.publish import compare_words
from decomposer.records import Comparison

_FOLDER = Path(__file__).with_name("templates")


def page(comparison: Comparison) -> str:
    """Return the whole page."""
    drawn: str = _template().render(it=comparison, words=compare_words)
    return drawn


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["seen"] = display_safe
    return made.get_template("compare.html")
