"""Give an entry the keys under which those that may be the same artifact are found: few, however long its texts."""

from collections.abc import Iterator

from decomposer.records.likeness import Traits

_SAMPLE = 12  # hashes of a sketch that are keys: of texts that share a fifth, 93 % have one in common
_MOST_DIGESTS, _MOST_NAMES = 8, 6
_SHORTEST_CORE = 3


def keys(traits: Traits) -> tuple[str, ...]:
    """Return the keys of an entry, at most 60: two entries without a key in common are never compared."""
    return tuple(dict.fromkeys(_keys(traits)))


def _keys(traits: Traits) -> Iterator[str]:
    yield from (f"doc:{digest[:24]}" for digest in traits.digests[:_MOST_DIGESTS] if digest)
    yield from (f"at:{address}" for address in (*traits.own, *traits.said, *traits.parents, *traits.bases[:4]))
    yield from (f"name:{one.core}" for one in traits.names[:_MOST_NAMES] if len(one.core) >= _SHORTEST_CORE)
    yield from (f"text:{one:x}" for one in traits.prose.smallest[:_SAMPLE])
    yield from (f"link:{one:x}" for one in traits.fixed.smallest[:_SAMPLE])
