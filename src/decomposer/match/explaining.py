"""Say why a record matches a need: where its words stand, what was taken for what, and how near it is in meaning."""

from collections.abc import Iterator, Mapping

from decomposer.match.needs import Need
from decomposer.match.words import spoken
from decomposer.records import LISTS, Capability, Filters, Highlight

_MOST = 8  # texts of a record that are shown
_TITLES = {
    "vs_alternatives": "what it says of alternatives",
    "unique": "what is unique",
    "best_for": "what it is best for",
    "input_types": "what it takes",
    "output_types": "what it gives",
    "requires": "what it requires",
}


def highlights(need: Need, capability: Capability) -> tuple[Highlight, ...]:
    """Return the texts of a record that have words of the need, each with where these stand.

    The name comes first, at most 8 texts. `text[start:end]` of a mark is a word, or several that overlap.
    """
    found = (
        Highlight(field=field, text=text, marks=_marks(text, need.counting)) for field, text in published(capability)
    )
    return tuple(one for one in found if one.marks)[:_MOST]


def published(capability: Capability) -> Iterator[tuple[str, str]]:
    """Yield each text of a record that is published, with its field."""
    yield "name", capability.name
    for field, statement in capability.statements():
        if field not in capability.dropped:
            yield field, statement.text
    for field in LISTS:
        if field not in capability.dropped:
            for note in getattr(capability, field):
                yield field, note.text


def reasons(
    need: Need,
    shown: tuple[Highlight, ...],
    *,
    cosine: float | None = None,
    facts: Mapping[str, str] | None = None,
    filters: Filters | None = None,
) -> tuple[str, ...]:
    """Return in words why a record matches: `shown` are its highlights, `cosine` its nearness, `facts` what it is."""
    return tuple(_reasons(need, shown, cosine, facts or {}, filters or Filters()))


def _reasons(
    need: Need, shown: tuple[Highlight, ...], cosine: float | None, facts: Mapping[str, str], filters: Filters
) -> Iterator[str]:
    where: dict[tuple[str, ...], list[str]] = {}
    forms = {one: {word.form for word in spoken(one.text)} for one in shown}
    said = _written(need)
    for one in shown:
        own = tuple(dict.fromkeys(said[form] for form in need.own if form in forms[one] and form in said))
        if own:
            where.setdefault(own, []).append(_TITLES.get(one.field, f"its {one.field.replace('_', ' ')}"))
    for own, fields in where.items():
        yield f"{_listed(own)} in {' and '.join(dict.fromkeys(fields))}"
    if cosine is not None:
        yield f"near in meaning: {cosine:.2f} of 1"
    for name in ("type", "price", "license", "language"):
        if getattr(filters, name):
            yield f"{name}: {facts.get(name) or getattr(filters, name)}, as asked"


def _written(need: Need) -> dict[str, str]:
    """Return the words of the need by their forms, as they are written."""
    found: dict[str, str] = {}
    for text in (need.text, need.english):
        for word in spoken(text):
            found.setdefault(word.form, text[word.start : word.end])
    return found


def _listed(own: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in own)


def _marks(text: str, wanted: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Return where wanted words stand, in order; those that overlap are one."""
    marks: list[tuple[int, int]] = []
    for start, end in sorted((word.start, word.end) for word in spoken(text) if word.form in wanted):
        if marks and start < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return tuple(marks)
