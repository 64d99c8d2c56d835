"""Publish a comparison as HTML, as a page of its own or for another: everything escaped, no script, nothing loaded.

What is inside is written out instead of a template, as a catalog has many of these: all text goes through `_seen`.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from decomposer.display import display_safe
from decomposer.publish import compare_words as words
from decomposer.publish.pictures import rank_bars, two_sets
from decomposer.publish.remembered import Remembered
from decomposer.records import Alone, Capability, Comparison, Pair, Side

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
    both, and of their capabilities, lead to where more is said of them: it is then a page of a published catalog, and
    what may not be published of a proposal is left out. The page's style gives `.pictures`, `.picture`, `.pair`,
    `.label` and `.equal` their look.
    """
    return Markup("".join(_Content(comparison, name, links).drawn()))  # noqa: S704 - every text went through _seen


class _Content:
    """Draws one comparison."""

    def __init__(self, comparison: Comparison, name: str, links: Link | None) -> None:
        self._it = comparison
        self._name = name
        self._links = links
        self._texts = _public_texts if links else _texts

    def drawn(self) -> Iterator[str]:
        """Yield the pieces of the page in their order."""
        it, a, b = self._it, self._it.a, self._it.b
        yield f"<h1>{_seen(a.name)} vs {_seen(b.name)}</h1>\n"
        yield f"<p>As of {escape(it.as_of)}. What is unknown is said so; it is no zero and no “no”.</p>\n"
        if it.hidden_rows or it.hidden_shared:
            yield f"<p>{escape(words.hidden(it))}</p>\n"
        else:
            yield '<p><input type="checkbox" id="differences"> '
            yield '<label for="differences">Show only what differs or is unknown</label></p>\n'
        yield from self._table()
        yield "<section>\n<h2>Verdict</h2>\n<ul>\n"
        for line in it.verdict:
            yield f"<li>{_seen(line.text)}</li>\n"
        yield "</ul>\n</section>\n"
        yield from self._pictures()
        if it.shared:
            yield f"<section>\n<h2>Both have ({len(it.shared)})</h2>\n"
            for pair in it.shared:
                yield from self._pair(pair)
            yield "</section>\n"
        yield from self._alone(it.only_a, a, b)
        yield "\n"
        yield from self._alone(it.only_b, b, a)

    def _table(self) -> Iterator[str]:
        it = self._it
        yield '<table>\n<caption class="label">Points, and in brackets what they could be with what is unknown'
        yield '</caption>\n<thead><tr><td></td><th scope="col">'
        yield f'{self._called(it.a.name, it.a)}</th><th scope="col">{self._called(it.b.name, it.b)}</th></tr></thead>\n'
        yield "<tbody>\n"
        for row in it.rows:
            equal = ' class="equal"' if row.differs is False else ""
            cells = f"<td>{_seen(row.a or words.UNKNOWN)}</td><td>{_seen(row.b or words.UNKNOWN)}</td>"
            yield f'<tr{equal}><th scope="row">{escape(row.label)}</th>{cells}</tr>\n'
        yield "</tbody>\n</table>\n"

    def _pictures(self) -> Iterator[str]:
        it, name = self._it, self._name
        drawn = [("What both have", two_sets(it, prefix=f"{name}-sets"))]
        for letter, side in (("a", it.a), ("b", it.b)):
            bars = rank_bars(side.rank, prefix=f"{name}-rank-{letter}", name=side.name, second=letter == "b")
            drawn.append((f"Rank of {side.name}", bars))
        yield '<section>\n<h2>In pictures</h2>\n<div class="pictures">\n'
        for title, picture in drawn:
            yield f"<figure>\n<figcaption>{_seen(title)}</figcaption>\n{picture}\n</figure>\n"
        yield "</div>\n</section>\n"

    def _pair(self, pair: Pair) -> Iterator[str]:
        it = self._it
        equal = ' class="equal"' if pair.verdict == "same" else ""
        called = self._called(pair.a.name, it.a, pair.a)
        if self._links or pair.a.name.casefold() != pair.b.name.casefold():
            called += f" / {self._called(pair.b.name, it.b, pair.b)}"
        yield f'<article{equal}>\n<h3>{called}</h3>\n<p class="label">{_seen(words.relation(pair, it))}</p>\n'
        yield '<div class="pair">\n'
        for one, side in ((pair.a, it.a), (pair.b, it.b)):
            yield f'<div>\n<h4>{_seen(side.name)}</h4>\n<p class="label">{words.reviewed(one)}</p>\n'
            yield f"{self._texts(one, side)}\n</div>\n"
        yield "</div>\n</article>\n"

    def _alone(self, records: tuple[Alone, ...], side: Side, other: Side) -> Iterator[str]:
        if not records:
            return
        yield f"<section>\n<h2>Only {_seen(side.name)} ({len(records)})</h2>\n<p>{_seen(words.only(side, other))}</p>\n"
        for one in records:
            near = f"; {_seen(words.near(one, other))}" if one.nearest else ""
            yield f"<article>\n<h3>{self._called(one.capability.name, side, one.capability)}</h3>\n"
            yield f'<p class="label">{words.reviewed(one.capability)}{near}</p>\n'
            yield f"{self._texts(one.capability, side)}\n</article>\n"
        yield "</section>\n"

    def _called(self, name: str, side: Side, capability: Capability | None = None) -> str:
        shown = _seen(name)
        return f'<a href="{escape(self._links(side, capability))}">{shown}</a>' if self._links else shown.strip()


def _seen(text: str) -> str:
    """Return text as HTML that shows it: nothing in it acts or hides."""
    return str(escape(display_safe(text)))


def _said(capability: Capability, side: Side, *, public: bool = False) -> str:
    """Return every sentence and note of a record with its quotes."""
    drawn = []
    for one in words.said(capability, side, public=public):
        field = f"<strong>{one.field}:</strong> " if one.field else ""
        label = f' <span class="label">({one.label})</span>' if one.label else ""
        drawn.append(f"<p>{field}{_seen(one.text)}{label}</p>\n")
        for span in one.evidence:
            place = _seen(words.place(span, side))
            drawn.append(f'<blockquote>“{_seen(span.quote)}” <span class="label">{place}</span></blockquote>\n')
    return "".join(drawn)


_texts = Remembered(_said)
_public_texts = Remembered(partial(_said, public=True))


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["seen"] = display_safe
    return made
