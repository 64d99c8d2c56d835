"""Draw the capabilities of an entry: each sentence with its verdict and the numbers of its quotes, these beside it.

Written out instead of a template, as a catalog has many of these: all text goes through `shown` or `line`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote as percent

from markupsafe import Markup

from decomposer.display import display_safe, one_line
from decomposer.publish.site import saying
from decomposer.publish.site.links import Links, anchor
from decomposer.publish.site.views import EntryView
from decomposer.records import LISTS, Capability, Evidence, Statement, Support
from decomposer.risk import BARRED

_MARKUP = re.compile(r"[*_`#|<>\[\]()!~\\{}=]+|\s{2,}|\n")
_FRAGMENT_WORDS = 8
_AWAY = 'rel="nofollow"'  # it opens no window that could reach back


def shown(text: str) -> str:
    """Return text as HTML that shows it: nothing in it acts or hides."""
    return escape(display_safe(text))


def line(text: str) -> str:
    """Return text on one line as HTML that shows it."""
    return escape(one_line(text))


def name(text: str) -> str:
    """Return a name on one line as HTML; one without anything to see is said so."""
    return line(text) if text.split() else "<em>without a name</em>"


def contents_line(one: Capability, slug: str, page: str, *, named: bool) -> Markup:
    """Return the line of a record in the list of those of its entry; `page` is the address of its page, empty here.

    One that is `named` has the anchor of the record, so that links to it lead to the line that leads on.
    """
    at = anchor(one.id, slug)
    own = f' id="{at}"' if named else ""
    return Markup(f'<li{own}><a href="{escape(page)}#{at}">{name(one.name)}</a></li>\n')  # noqa: S704 (it is escaped)


def _here(identity: str) -> str:
    return ""


class Articles:
    """Draws the capabilities of one entry. `where` gives the address of the page of a record; empty: this one."""

    def __init__(
        self, view: EntryView, links: Links, *, review: bool = False, where: Callable[[str], str] = _here
    ) -> None:
        self._view = view
        self._where = where
        self._links = links
        self._review = review
        self._slug = view.entry.artifact.slug
        self._names = {one.id: one.name for one in view.entry.capabilities}
        self._sources = [(_file(one.uri), saying.address(one.uri).partition("#")[0]) for one in view.entry.documents]
        self._languages = [_language(one.language) for one in view.entry.documents]
        self._broader: dict[str, list[str]] = {}
        for one in view.entry.capabilities:
            for special in one.broader_than:
                self._broader.setdefault(special, []).append(one.id)

    def drawn(self, kept: Callable[[int], bool] = lambda at: True) -> Iterator[Markup]:
        """Yield each capability as an article, or those whose place in the entry is `kept`."""
        for at, one in enumerate(self._view.entry.capabilities):
            if kept(at):
                text = "".join(self._article(one, f"e{at + 1}"))
                yield Markup(text)  # noqa: S704 (every text in it went through shown or line)

    def _article(self, one: Capability, at: str) -> Iterator[str]:
        """Yield the pieces of a capability; the anchors of its quotes begin with `at`: short, as there are many."""
        quotes = _Quotes()
        yield f'<article id="{anchor(one.id, self._slug)}" class="capability">\n'
        yield f'<header><h3>{name(one.name)}</h3>\n<p class="meta">'
        state = ' accepted">reviewed' if one.state == "accepted" else '">not reviewed'
        category = escape(self._links.category(one.category))
        yield f'<span class="state{state}</span> <a href="{category}">{saying.CATEGORIES[one.category]}</a>'
        if self._review:
            yield f' <a href="{escape(self._links.review(one.id))}">Review</a>'  # type: ignore[attr-defined]
        if self._view.times is not None:
            times = self._view.times.get(one.id, 0)
            yield f" · found by {times:,} search{'' if times == 1 else 'es'}" if times else ""
        yield '</p></header>\n<div class="claims">\n'
        statements = list(one.statements())
        if statements and self._unchecked(one):
            yield '<p class="flag">Left out: its source was not read, so what is said of it could not be checked.</p>\n'
            statements = []
        elif not statements:
            yield '<p class="quiet">Its source says nothing more.</p>\n'
        for field, statement in statements:
            yield from self._field(field, statement, one, at, quotes)
        yield from self._lists(one, at, quotes)
        yield from self._related("Covers", (id_ for id_ in one.broader_than if id_ in self._names))
        yield from self._related("Special case of", self._broader.get(one.id, ()))
        yield from self._canonical(one.id)
        yield "</div>\n"
        yield from self._evidence(quotes.cited, at)
        yield "</article>\n"

    def _unchecked(self, one: Capability) -> bool:
        """Say whether nothing of a proposal may be shown, as its source was not read."""
        if self._sources or one.state == "accepted":
            return False
        return all(part[1] == "unsupported" for _, said in one.statements() for part in saying.parts(said))

    def _field(self, field: str, statement: Statement, one: Capability, at: str, quotes: "_Quotes") -> Iterator[str]:
        accepted = one.state == "accepted"
        if title := saying.FIELDS[field]:
            yield f"<h4>{title}</h4>\n"
        barred = set() if accepted else {flag.kind for flag in statement.flags} & BARRED
        if barred:
            why = " and ".join(sorted(barred)).replace("_", " ")
            yield f'<p class="flag">Left out: what was drafted is flagged as {why}.</p>\n'
            return
        left_out, kept = 0, []
        for text, support, reason, spans in saying.parts(statement):
            if support == "unsupported" and not accepted:
                left_out += 1
                continue
            kept.append(text)
            because = f' <i class="why">{line(reason)}</i>' if reason and support != "supported" else ""
            yield f"<p>{shown(text)}{_references(quotes.cite(spans), at)} {self._verdict(support)}{because}</p>\n"
        for flag in statement.flags:
            if flag.text in " ".join(kept):
                told = f"To check ({flag.kind.replace('_', ' ')}): “{line(flag.text)}” {line(flag.note)}"
                yield f'<p class="flag">⚑ {told}</p>\n'
        if left_out:
            sentences = "1 sentence is" if left_out == 1 else f"{left_out} sentences are"
            yield f'<p class="flag">{sentences} left out: the source does not support what was drafted.</p>\n'

    def _verdict(self, support: Support) -> str:
        if not self._sources:
            return '<span class="v">? not checked, its source was not read</span>'
        sign, words = saying.VERDICTS[support]
        return f'<span class="v {support}">{sign} {words}</span>'

    def _lists(self, one: Capability, at: str, quotes: "_Quotes") -> Iterator[str]:
        drawn = []
        for field in LISTS:
            notes = [note for note in getattr(one, field) if note.evidence or one.state == "accepted"]
            if notes:
                drawn.append(f"<div><dt>{saying.LIST_TITLES[field]}</dt>")
                for note in notes:
                    refs = _references(quotes.cite(note.evidence), at)
                    refs = refs or ' <span class="v unsupported">no evidence</span>'
                    drawn.append(f"<dd>{line(note.text)}{refs}</dd>")
                drawn.append("</div>\n")
        if drawn:
            yield f'<dl class="lists">\n{"".join(drawn)}</dl>\n'

    def _related(self, title: str, ids: Iterable[str]) -> Iterator[str]:
        found = [
            f'<a href="{escape(self._where(id_))}#{anchor(id_, self._slug)}">{name(self._names[id_])}</a>'
            for id_ in ids
        ]
        if found:
            yield f'<p class="meta">{title}: {", ".join(found)}</p>\n'

    def _canonical(self, identity: str) -> Iterator[str]:
        found = self._view.shared.get(identity)
        if found is None:
            return
        uri = line(found.uri)
        if found.artifacts < 2:
            yield f'<p class="meta uri">{uri}</p>\n'
            return
        others = [f'<a href="{escape(self._links.entry(one.slug))}">{name(one.name)}</a>' for one in found.others]
        rest = found.artifacts - 1 - len(others)
        more = f" and {rest:,} other{'' if rest == 1 else 's'}" if rest > 0 else ""
        link = escape(self._links.canonical(found.uri))
        yield f'<p class="meta uri"><a href="{link}">{uri}</a>, also in {", ".join(others)}{more}</p>\n'

    def _evidence(self, cited: Sequence[Evidence], at: str) -> Iterator[str]:
        if not cited:
            return
        yield '<ol class="evidence" aria-label="Evidence">\n'
        for number, span in enumerate(cited, 1):
            known = 0 <= span.document < len(self._sources)
            file, page = self._sources[span.document] if known else ("source", "")
            how = "" if span.how in ("cited", "exact") else f", {span.how} match"
            place = f"{file}, {span.start}–{span.end}{how}"
            if page:
                place = f'<a href="{escape(passage(page, span.quote))}" {_AWAY}>{place}</a>'
            language = self._languages[span.document] if known else ""
            yield f'<li id="{at}-{number}"><q{language}>{shown(span.quote)}</q> <small>{place}</small></li>\n'
        yield "</ol>\n"


class _Quotes:
    """The quotes of a capability, numbered in the order in which they are cited."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int, int, str], int] = {}
        self.cited: list[Evidence] = []

    def cite(self, spans: Iterable[Evidence]) -> Mapping[int, None]:
        """Return the numbers of quotes, each once."""
        found: dict[int, None] = {}
        for span in spans:
            key = (span.document, span.start, span.end, span.quote)
            number = self._numbers.get(key)
            if number is None:
                self.cited.append(span)
                number = self._numbers[key] = len(self.cited)
            found[number] = None
        return found


def passage(page: str, text: str) -> str:
    """Return the link to a passage of a page: the browser marks the words of `text` there."""
    runs = _MARKUP.split(text)
    words = max(runs, key=len, default="").split()[:_FRAGMENT_WORDS]
    if not words:
        return page
    return f"{page}#:~:text={percent(' '.join(words).encode('utf-8', 'replace'), safe='').replace('-', '%2D')}"


def _references(numbers: Iterable[int], at: str) -> str:
    found = " ".join(f'<a href="#{at}-{number}">{number}</a>' for number in numbers)
    return f"<sup>{found}</sup>" if found else ""


def _file(uri: str) -> str:
    return line(re.split(r"[/\\]", uri.rstrip("/"))[-1].partition("?")[0] or "source")


def _language(code: str | None) -> str:
    """Return the attribute of a quote in another language than the page, so that it is read out in its own."""
    return f' lang="{escape(code)}"' if code and code != "en" else ""
