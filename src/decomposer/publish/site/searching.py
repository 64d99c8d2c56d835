"""Make a site that can be searched without a server: an index in small files, of which a search loads those it needs.

The files are scripts, as pages that are opened from a folder may load nothing else. Words are found by their first
letters: `search/w-tra.js` holds those that begin with `tra`. What hits are shown with is in `search/d-N.js`. An entry
has the same number in every build, so that a change of one changes the files of its words and no others.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from decomposer.display import json_safe
from decomposer.publish.site import links, saying
from decomposer.publish.site.tokens import STOP, words
from decomposer.publish.site.views import EntryView
from decomposer.publish.wording import phrases, plain, said, support_of
from decomposer.records import Capability
from decomposer.records.kinds import called

if TYPE_CHECKING:
    from decomposer.publish.site.drawing import Chrome

FOLDER = "search/"
MOST = 2000
"""How many entries the index names for a word: those that have it in names or most often."""

_SCRIPT = Path(__file__).parent.parent / "templates" / "site" / "search.js"
_FIRST: Mapping[str, int] = {}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = 7  # digits in the number of an entry, to the base 36
_SHORT = 150
_FULL = 64_000  # characters of a file of words, above which it is split by the next letter
_DEEPEST = 4
_BLOCK = 500  # entries whose words are put together before they are set aside
_PER_FILE = 4  # entries in a file of what hits are shown with
_LISTS = ("intents", "best_for", "input_types", "output_types", "limitations")


def row(view: EntryView, on: Mapping[str, int] = _FIRST) -> str:
    """Return what the index keeps of a published entry: how its hits are shown, and on a second line its words.

    A word is followed by where it stands: 0 for the artifact, else three times the number of the record (from 1) and 0
    for its texts, 1 for its lists, 2 for its name, to the base 36. `on` says which records are not on the first page.
    """
    entry, artifact = view.entry, view.entry.artifact
    found: dict[str, list[str]] = {}
    kind = view.facts.text("type") or artifact.type
    about = [artifact.name, artifact.slug, kind, artifact.maintainer or "", *artifact.tags]
    for word in dict.fromkeys(words(" ".join(about))):
        found[word] = ["0"]
    shown = []
    for number, one in enumerate(entry.capabilities, 1):
        description = said(one.description, one) or ""
        fields: dict[str, int] = {}
        for field, texts in enumerate(_texts(one, description, view)):
            fields.update(dict.fromkeys(words(texts), 3 * number + field))
        for word, mark in fields.items():
            found.setdefault(word, []).append(_digits(mark))
        support = (support_of(one.description, one) or "")[:1]
        page = on.get(one.id, 1)
        anchor = links.Links().entry(artifact.slug, one.id, page) if page > 1 else links.anchor(one.id, artifact.slug)
        category, accepted = saying.CATEGORIES[one.category], int(one.state == "accepted")
        shown.append([anchor, plain(one.name), category, _cut(description), support, accepted])
    points = view.rank.points if view.rank else None
    place = links.Links().entry(artifact.slug)
    told = json.dumps([place, plain(artifact.name), called(kind), points, shown], ensure_ascii=False)
    return "\n".join([told, " ".join(f"{word}={'.'.join(marks)}" for word, marks in found.items())])


def files(rows: Iterable[tuple[str, str]], *, spool: Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield the files of the index: the place of each and its text; `rows` are a slug and its row, sorted by slug.

    What does not fit into memory is set aside in a private file of SQLite: `spool`, or one where temporary files are.
    """
    with closing(sqlite3.connect(spool or "")) as aside:
        aside.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;"
            "CREATE TABLE held (word TEXT, block INTEGER, entries TEXT);"
            "CREATE TABLE shown (number TEXT PRIMARY KEY, bucket INTEGER, told TEXT);"
        )
        entries = _set_aside(rows, aside)
        buckets = 1
        while buckets * _PER_FILE < entries:
            buckets *= 2
        leaves = sorted(_leaves(aside))
        yield from _word_files(aside, leaves)
        yield from _shown_files(aside, buckets)
    about = {"entries": entries, "buckets": buckets, "leaves": " ".join(leaves), "stop": " ".join(sorted(STOP))}
    yield _file("about", "", json.dumps(about, ensure_ascii=False))


@cache
def fixed() -> dict[str, str]:
    """Return the script of the search by its place."""
    return {f"{FOLDER}search.js": _SCRIPT.read_text(encoding="utf-8")}


def box(chrome: "Chrome") -> Markup:
    """Return the form that leads to the search page with what is looked for."""
    return Markup(
        '<form class="search" role="search" method="get" action="{}"><label for="q">Search</label> '
        '<input type="search" id="q" name="q" maxlength="200" autocomplete="off"> '
        '<button type="submit">Search</button></form>'
    ).format(chrome.links.file(links.SEARCH))


def results(chrome: "Chrome") -> Markup:
    """Return where hits are shown, and what to do where no script runs."""
    at = chrome.links.file
    return Markup(
        '<p id="found" role="status"></p>\n<ol id="hits" class="hits"></ol>\n'
        '<p><button type="button" id="more" hidden>More</button></p>\n'
        '<noscript><p>The search needs JavaScript. Without it, look through the <a href="{}">lists by name and '
        'type</a> or the <a href="{}">categories</a>.</p></noscript>\n<script src="{}" defer></script>'
    ).format(at(links.START), at(links.CATEGORIES), at(f"{FOLDER}search.js"))


def _texts(one: Capability, description: str, view: EntryView) -> tuple[str, str, str]:
    """Return what is searched of a record: its texts, its lists and its names, each only where it may be published."""
    shared = view.shared.get(one.id)
    notes = [phrase for name in _LISTS for phrase in phrases(getattr(one, name), one)]
    return (
        f"{description} {said(one.unique, one) or ''} {one.category} {saying.CATEGORIES[one.category]}",
        " ".join(notes),
        f"{one.name} {shared.name if shared else ''}",
    )


def _set_aside(rows: Iterable[tuple[str, str]], aside: sqlite3.Connection) -> int:
    """Put all rows into tables and return how many there are."""
    count = block = 0
    left = iter(rows)
    taken: set[str] = set()
    while some := list(islice(left, _BLOCK)):
        held: dict[str, list[str]] = {}
        shown = []
        for slug, kept in some:
            told, _, found = kept.partition("\n")
            number = _number(slug, taken)
            shown.append((number, told))
            for word, _, marks in (one.partition("=") for one in found.split(" ") if one):
                held.setdefault(word, []).append(f"{number}:{marks}")
        together = ((word, block, " ".join(entries)) for word, entries in held.items())
        aside.executemany("INSERT INTO held VALUES (?, ?, ?)", together)
        aside.executemany("INSERT INTO shown (number, told) VALUES (?, ?)", shown)
        count, block = count + len(some), block + 1
    return count


def _leaves(aside: sqlite3.Connection) -> Iterator[str]:
    """Yield the beginnings of words that have a file of their own: `t` is for what is in neither `tra` nor `tok`.

    Where one is too full, the fullest of the next letters get theirs until what is left fits.
    """
    begun = "SELECT substr(word, 1, ?), sum(length(entries) + length(word) + 6) FROM held GROUP BY 1"
    sizes: dict[str, int] = dict(aside.execute(begun, (_DEEPEST,)).fetchall())

    def split(beginning: str, among: dict[str, int]) -> Iterator[str]:
        left, depth = sum(among.values()), len(beginning) + 1
        longer = sorted(item for item in among.items() if len(item[0]) >= depth)
        children = [(next_, dict(within)) for next_, within in groupby(longer, lambda one: one[0][:depth])]
        for next_, within in sorted(children, key=lambda child: -sum(child[1].values())):
            if left <= _FULL or depth > _DEEPEST:
                break
            yield from split(next_, within)
            left -= sum(within.values())
        if left:
            yield beginning

    yield from split("", sizes)


def _word_files(aside: sqlite3.Connection, leaves: list[str]) -> Iterator[tuple[str, str]]:
    known = set(leaves)
    ordered = aside.execute("SELECT word, entries FROM held ORDER BY word, block")
    held: dict[str, list[tuple[str, str]]] = {}
    for word, same in groupby(ordered, itemgetter(0)):
        for done in [leaf for leaf in held if not word.startswith(leaf)]:
            yield _file("words", done, _object(held.pop(done)))
        entries = " ".join(entries for _, entries in same)
        held.setdefault(_leaf(word, known), []).append((word, _bounded(entries)))
    yield from (_file("words", leaf, _object(members)) for leaf, members in held.items())


def _leaf(word: str, known: set[str]) -> str:
    return next(word[:length] for length in range(min(_DEEPEST, len(word)), -1, -1) if word[:length] in known)


def _bounded(entries: str) -> str:
    """Return a list of entries as JSON; one of too many is cut, and says how many there are."""
    count = entries.count(" ") + 1
    if count <= MOST:
        return f'"{entries}"'
    each = entries.split(" ")
    weights = [_weight(one) for one in each]
    kept = sorted(sorted(range(count), key=lambda at: -weights[at])[:MOST])
    return f'[{count},"{" ".join(each[at] for at in kept)}"]'


def _weight(entry: str) -> int:
    marks = [int(mark, 36) for mark in entry.partition(":")[2].split(".")]
    return sum(3 if mark == 0 or mark % 3 == 2 else 1 for mark in marks)


def _shown_files(aside: sqlite3.Connection, buckets: int) -> Iterator[tuple[str, str]]:
    aside.create_function("bucket", 1, lambda number: int(number, 36) % buckets, deterministic=True)
    aside.execute("UPDATE shown SET bucket = bucket(number)")
    ordered = aside.execute("SELECT bucket, number, told FROM shown ORDER BY bucket, number")
    for bucket, within in groupby(ordered, itemgetter(0)):
        yield _file("shown", str(bucket), _object((number, told) for _, number, told in within))


def _object(members: Iterable[tuple[str, str]]) -> str:
    held = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}:{told}" for name, told in members)
    return f"{{{held}}}"


def _file(kind: str, key: str, told: str) -> tuple[str, str]:
    letter = {"words": "w-", "shown": "d-"}.get(kind)
    name = f"{letter}{_spelled(key)}" if letter else kind
    return f"{FOLDER}{name}.js", f"decomposerSearch({json.dumps(kind)},{json.dumps(key)},{json_safe(told)});\n"


def _spelled(beginning: str) -> str:
    """Return letters as a file name can hold them anywhere."""
    return "".join(one if one in _DIGITS else f"_{ord(one):x}_" for one in beginning)


def _number(slug: str, taken: set[str]) -> str:
    """Return the number of an entry, the next one where another has it."""
    hashed = int.from_bytes(sha256(slug.encode("utf-8", "surrogatepass")).digest()[:8])
    while (number := _digits(hashed % 36**_NUMBER).rjust(_NUMBER, "0")) in taken:
        hashed += 1
    taken.add(number)
    return number


def _digits(number: int) -> str:
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT].rsplit(' ', 1)[0]}…"
