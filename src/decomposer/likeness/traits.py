"""Read off an entry and its texts what tells who the artifact is."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from decomposer.likeness.addresses import address, addresses, bare, hub_id
from decomposer.likeness.naming import name
from decomposer.likeness.sketches import fixed, prose, sketch
from decomposer.records import Artifact, SourceDocument
from decomposer.records.likeness import Address, Name, Traits
from decomposer.text.language import language

_MOST = 24  # addresses that are kept
_MOST_PARENTS = 4
_HEADING = re.compile(r"^(?:#[ \t]+(.+?)[ \t]*#*|(.{2,80})\n={3,})[ \t]*$|<h1[^>]{0,300}>(.{2,300}?)</h1>", re.M | re.S)
_MARKUP = re.compile(r"<[^>]{0,500}>|!?\[([^\]]{0,200})\]\([^)]{0,500}\)|[*_`#]")
_HEADING_WORDS = 6  # a longer heading is a slogan
_YEAR = re.compile(r"\b20[0-3]\d\b")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_BEGINNING = 4_000  # characters in which the title stands
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def traits(artifact: Artifact, documents: Sequence[SourceDocument], texts: Sequence[str]) -> Traits:
    """Return the traits of an artifact; `texts` are those of its documents that are known."""
    whole = "\n\n".join(texts)
    own = _own(artifact)
    names = _names(artifact, own, texts)
    mentioned = addresses(whole)
    said = _said(mentioned, names, own)
    bases = [one for base in artifact.base_model for one in (hub_id(base),) if one]
    years = [int(year) for year in _YEAR.findall(whole)]
    return Traits(
        slug=artifact.slug,
        type=artifact.type,
        names=names,
        own=tuple(map(str, own)),
        said=tuple(map(str, said)),
        mentioned=tuple(str(one) for one, _ in _most(mentioned) if one not in said and one not in own),
        parents=tuple(str(one) for one in _parents(mentioned, names, [*own, *said])),
        bases=tuple(map(str, bases)),
        digests=tuple(document.sha256 for document in documents),
        language=language(whole) or next((one.language for one in documents if one.language), None),
        chars=len(whole),
        newest=max(years, default=0),
        prose=sketch(run for text in texts for run in prose(text)),
        fixed=sketch(line for text in texts for line in fixed(text)),
    )


def _own(artifact: Artifact) -> list[Address]:
    """Return the addresses that the metadata gives; a homepage is one where nothing better is known of it."""
    found = [address(artifact.source), address(artifact.repository or "")]
    if artifact.homepage:
        page = address(artifact.homepage) or Address("web", "", bare(artifact.homepage))
        found.append(page)
    return list(dict.fromkeys(one for one in found if one))


def _names(artifact: Artifact, own: Sequence[Address], texts: Sequence[str]) -> tuple[Name, ...]:
    given = [artifact.name, artifact.slug, *(one.name for one in own if one.place != "web")]
    given += [heading for text in texts[:1] for heading in _title(text)]
    found = dict.fromkeys(one for text in given if (one := name(text)).core)
    return tuple(found)


def _title(text: str) -> Iterator[str]:
    """Yield the first heading of a text where it may be a name."""
    match = _HEADING.search(_FENCED.sub("", _FRONT_MATTER.sub("", text)[:_BEGINNING]))
    if match:
        heading = " ".join(_MARKUP.sub(r" \1 ", next(one for one in match.groups() if one)).split())
        heading = re.split(r"\s[-–—|:]\s|:\s", heading)[0]
        if len(heading.split()) <= _HEADING_WORDS:
            yield heading


def _said(mentioned: Counter[Address], names: Sequence[Name], own: Sequence[Address]) -> list[Address]:
    """Return the addresses that bear one of the names: where a text speaks of itself, the most mentioned first.

    Of several owners only the most mentioned one counts for each place: the others are forks or mirrors.
    """
    cores = {(one.core, one.versions, one.sizes) for one in names} | {
        (one.core, (), ()) for one in names if not one.versions and not one.sizes
    }
    found: dict[str, Address] = {}
    for one, _ in _most(mentioned):
        taken = name(one.name)
        if (taken.core, taken.versions, taken.sizes) in cores and one.place not in found and one not in own:
            found[one.place] = one
    return list(found.values())


def _parents(mentioned: Counter[Address], names: Sequence[Name], itself: Sequence[Address]) -> list[Address]:
    """Return the addresses whose names are the beginning of one of the names: what a fork says it comes from."""
    longer = [one.words for one in names if len(one.words) > 1]
    found = []
    for one, _ in _most(mentioned):
        words = name(one.name).words
        if one not in itself and words and any(held[: len(words)] == words and held != words for held in longer):
            found.append(one)
    return found[:_MOST_PARENTS]


def _most(mentioned: Counter[Address]) -> list[tuple[Address, int]]:
    return sorted(mentioned.items(), key=lambda one: (-one[1], one[0]))[:_MOST]
