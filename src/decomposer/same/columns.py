"""Keep the views of a whole catalog as columns of numbers: half a kilobyte a record, ready to be judged in bulk."""

from array import array
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from decomposer.same.concepts import known_concepts
from decomposer.same.features import NAME_REACHES, is_code
from decomposer.same.views import View
from decomposer.text.synonyms import Meanings, meaning

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Bits = NDArray[np.uint64]
SETS = ("leading", "named", "said", "denied", "inputs", "outputs", "made", "used")
"""The sets of concepts that a record has: what it leads with, those in reach of its name, what its text says, and of
which tasks it makes or works on the product."""
_WIDTH = 8 * -(-len(known_concepts()) // 64)  # bytes of a set of concepts
_ROWS = 20_000  # at a time, so that what is needed in between stays small


class Rows(NamedTuple):
    """Stems of all records one after the other: those of record i are from start[i] to start[i + 1], each once."""

    start: NDArray[np.int64]
    stems: NDArray[np.int32]

    def of(self, record: int) -> frozenset[int]:
        """Return the stems of one record."""
        return frozenset(self.stems[self.start[record] : self.start[record + 1]].tolist())


class Subjects(NamedTuple):
    """What names are about: `rows` are numbers of subjects; `stems` and `concepts` have a row for each of these."""

    rows: Rows
    stems: NDArray[np.int32]
    concepts: Bits


@dataclass(frozen=True)
class Columns:
    """Records as columns. `leads` are the stems of each lead, `texts` those of each text.

    `tfidf`, `weights` and `plain` go with the stems of `leads`, as in `View.words`. `asks` has a row of bits for each
    stem, the groups of near words that it asks for, `answers` one for those that it answers, and `says` one for each
    record, what all stems of its text answer.
    `concepts` has a row of bits a record for each of SETS. Equal keys and equal numbers of names are equal numbers in
    `keys` and `numbers`, 0 for none; `number_sets` are the latter themselves, `names` the words of keys by numbers of
    their own. `coded` is 1 for a name of one word, and 3 for one that is spelled as in code too.
    """

    leads: Rows
    texts: Rows
    tfidf: NDArray[np.float64]
    weights: NDArray[np.float64]
    plain: NDArray[np.bool_]
    asks: Bits
    answers: Bits
    says: Bits
    concepts: Mapping[str, Bits]
    keys: NDArray[np.int32]
    numbers: NDArray[np.int32]
    number_sets: tuple[frozenset[str], ...]
    coded: NDArray[np.uint8]
    names: Rows
    subjects: Subjects

    def __len__(self) -> int:
        return len(self.keys)

    def matrix(self, rows: Rows, values: "NDArray[np.float64]") -> "csr_matrix":
        """Return values of `rows` as a sparse matrix with a row for each record and a column for each stem."""
        from scipy.sparse import csr_matrix

        found = csr_matrix((values, rows.stems, rows.start), shape=(len(self), len(self.asks)))
        found.has_canonical_format = True
        return found


class _Numbered(dict[Hashable, int]):
    """Numbers for what is met, in the order of their first appearance."""

    def __missing__(self, key: Hashable) -> int:
        self[key] = number = len(self)
        return number


class _Listed:
    """Lists of what is met, by numbers."""

    def __init__(self) -> None:
        self.numbers = _Numbered()
        self._start, self._met = array("q", [0]), array("i")

    def append(self, met: Iterable[Hashable]) -> None:
        """Add the list of one record; what is in it twice is kept once."""
        self._met.extend(sorted({self.numbers[one] for one in met}))
        self._start.append(len(self._met))

    def rows(self) -> Rows:
        """Return all lists."""
        return Rows(np.frombuffer(self._start, np.int64), np.frombuffer(self._met, np.int32))


def columns(views: Iterable[View]) -> Columns:
    """Return the columns of the views, which are taken one by one and not kept; what they cite is left out."""
    stems, keys, numbers = _Numbered(), _Numbered({(): 0}), _Numbered({frozenset(): 0})
    lead_start, text_start, lead_stems, text_stems = array("q", [0]), array("q", [0]), array("i"), array("i")
    tfidf, weights, plain = array("d"), array("d"), array("B")
    sets = {name: bytearray() for name in SETS}
    of_key, of_numbers, coded = array("i"), array("i"), array("B")
    of_name, of_subject = _Listed(), _Listed()
    for view in views:
        words = view.words
        lead = sorted([(stems[stem], stem) for stem in words.tfidf])
        lead_stems.extend([number for number, _ in lead])
        tfidf.extend([words.tfidf[stem] for _, stem in lead])
        weights.extend([words.weights[stem] for _, stem in lead])
        plain.extend([stem in words.plain for _, stem in lead])
        lead_start.append(len(lead_stems))
        text_stems.extend(sorted([stems[stem] for stem in sorted(words.all)]))  # numbered alike in every process
        text_start.append(len(text_stems))
        for name, bits in zip(SETS, _sets(view), strict=True):
            sets[name] += bits
        of_key.append(keys[view.key])
        of_numbers.append(numbers[view.numbers])
        coded.append(_coded(view.name))
        of_name.append(view.key)
        of_subject.append((one.stem, one.concepts) for one in view.subjects)
    texts = Rows(np.frombuffer(text_start, np.int64), np.frombuffer(text_stems, np.int32))
    means = [meaning(str(stem)) for stem in stems]
    answers = _groups(means, "says")
    return Columns(
        leads=Rows(np.frombuffer(lead_start, np.int64), np.frombuffer(lead_stems, np.int32)),
        texts=texts,
        tfidf=np.frombuffer(tfidf),
        weights=np.frombuffer(weights),
        plain=np.frombuffer(plain, np.bool_),
        asks=_groups(means, "asks"),
        answers=answers,
        says=_united(texts, answers),
        concepts={name: np.frombuffer(bits, np.uint64).reshape(-1, _WIDTH // 8) for name, bits in sets.items()},
        keys=np.frombuffer(of_key, np.int32),
        numbers=np.frombuffer(of_numbers, np.int32),
        number_sets=tuple(one for one in numbers if isinstance(one, frozenset)),
        coded=np.frombuffer(coded, np.uint8),
        names=of_name.rows(),
        subjects=_subjects(of_subject, stems),
    )


def _subjects(listed: _Listed, stems: Mapping[Hashable, int]) -> Subjects:
    known = [one for one in listed.numbers if isinstance(one, tuple)]
    return Subjects(
        rows=listed.rows(),
        stems=np.array([stems[stem] for stem, _ in known], np.int32),
        concepts=np.frombuffer(b"".join(_packed(concepts) for _, concepts in known), np.uint64).reshape(
            -1, _WIDTH // 8
        ),
    )


def bits_of(concepts: Iterable[str]) -> Bits:
    """Return a set of concepts as one row of bits."""
    return np.frombuffer(_packed(concepts), np.uint64)


def _sets(view: View) -> Iterable[bytes]:
    leading, speaking = view.leading, view.speaking
    named = [concept for concept, at in leading.items() if at < NAME_REACHES]
    of_text = speaking.said, speaking.denied, speaking.inputs, speaking.outputs
    return map(_packed, (leading, named, *of_text, view.products.made, view.products.used))


def _packed(concepts: Iterable[str]) -> bytes:
    places, bits = _places(), 0
    for concept in concepts:
        bits |= places[concept]
    return bits.to_bytes(_WIDTH, "little")


@cache
def _places() -> dict[str, int]:
    return {concept: 1 << number for number, concept in enumerate(known_concepts())}


def _coded(name: str) -> int:
    return (len(name.split()) == 1) * (3 if is_code(name) else 1)


def _words(bits: int) -> int:
    """Return how many words of 64 bits so many bits take."""
    return max(1, -(-bits // 64))


def _groups(means: list[Meanings], which: str) -> Bits:
    """Return the groups of near words of each meaning as a row of bits."""
    sets: list[frozenset[int]] = [getattr(one, which) for one in means]
    width = _words(max(chain.from_iterable((*one.asks, *one.says) for one in means), default=0) + 1)
    packed = b"".join(sum(1 << group for group in one).to_bytes(8 * width, "little") for one in sets)
    return np.frombuffer(packed, np.uint64).reshape(-1, width)


def _united(rows: Rows, bits: Bits) -> Bits:
    """Return for each record the union of the bits of its stems."""
    count = len(rows.start) - 1
    found = np.zeros((count, bits.shape[1]), np.uint64)
    filled = np.flatnonzero(rows.start[1:] > rows.start[:-1])
    for at in range(0, len(filled), _ROWS):
        part = filled[at : at + _ROWS]
        first, last = rows.start[part[0]], rows.start[part[-1] + 1]
        found[part] = np.bitwise_or.reduceat(bits[rows.stems[first:last]], rows.start[part] - first)
    return found
