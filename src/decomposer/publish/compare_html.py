"""Publish a comparison as HTML, as a page of its own or for another: everything escaped, no script, nothing loaded."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from decomposer.display import display_safe
from decomposer.publish import compare_words
from decomposer.publish.pictures import rank_bars, two_sets
from decomposer.records import Capability, Comparison, Side

_FOLDER = Path(__file__).with_name("templates")

Link = Callable[[Side, Capability | None], str]
"""Gives the address of the entry of a side, or of one of its capabilities."""


def page(comparison: Comparison) -> str:
    """Return the whole page, which needs nothing beside it."""
    drawn: str = _environment().get_template("compare.html").render(it=comparison, content=content(comparison))
    return drawn


def content(comparison: Comparison, *, name: str = "compare", links: Link | None = None) -> Markup:
    """Return what a page shows of a comparison, from its heading on, without any style of its own.

    Every id in it begins with `name`, but for that of the box that shows only what differs. With `links` the names of
    both, and of their capabilities, lead to where more is said of them. The page's style gives `.pictures`, `.picture`,
    `.pair`, `.label` and `.equal` their look.
    """
    template = _environment().get_template("compare_content.html")
    drawn = template.render(it=comparison, words=compare_words, links=links, pictures=list(_pictures(comparison, name)))
    return Markup(drawn)  # noqa: S704 - the template has escaped every value


def _pictures(comparison: Comparison, name: str) -> Iterator[tuple[str, Markup]]:
    yield "What both have", two_sets(comparison, prefix=f"{name}-sets")
    for letter, side in (("a", comparison.a), ("b", comparison.b)):
        prefix = f"{name}-rank-{letter}"
        yield f"Rank of {side.name}", rank_bars(side.rank, prefix=prefix, name=side.name, second=letter == "b")


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["seen"] = display_safe
    return made
