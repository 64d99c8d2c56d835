"""Say why a record matches a need: where its words stand, what was taken for what, and how near it is in meaning."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

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
    """Return the texts of a record that have words of the need, its own or others', each with where these stand.

    The name comes first, at most 8 texts. `text[start:end]` of a mark is a word, or several that overlap.
    """
    wanted = need.counting | need.told
    found = (Highlight(field=field, text=text, marks=_marks(text, wanted)) for field, text in published(capability))
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
    said = _written(need)
    forms = {one: {word.form for word in spoken(one.text)} for one in shown}
    yield from _standing([form for form in need.own if form in said], said, forms)
    told = [form for form in said if form in need.told]
    yield from (f"in other words: {line}" for line in _standing(told, said, forms))
    if cosine is not None:
        yield f"near in meaning: {cosine:.2f} of 1"
    for name in ("type", "price", "license", "language"):
        if getattr(filters, name):
            yield f"{name}: {facts.get(name) or getattr(filters, name)}, as asked"


def _standing(
    wanted: Sequence[str], said: Mapping[str, str], forms: Mapping[Highlight, AbstractSet[str]]
) -> Iterator[str]:
    """Yield which of the wanted forms stand in which texts of a record, as they are written in the need."""
    where: dict[tuple[str, ...], list[str]] = {}
    for one, held in forms.items():
        found = tuple(dict.fromkeys(said[form] for form in wanted if form in held))
        if found:
            where.setdefault(found, []).append(_TITLES.get(one.field, f"its {one.field.replace('_', ' ')}"))
    for found, fields in where.items():
        yield f"{_listed(found)} in {' and '.join(dict.fromkeys(fields))}"


def _written(need: Need) -> dict[str, str]:
    """Return the words of the need by their forms, as they are written, its own first."""
    found: dict[str, str] = {}
    for text in (need.text, need.english, *(one.name for one in need.also)):
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
