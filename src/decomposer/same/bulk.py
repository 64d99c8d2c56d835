"""Judge many pairs of records at once, by words alone: for each pair what `same` says of it, as one number."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decomposer.cluster import APART
from decomposer.same.columns import Bits, Columns, Rows, bits_of
from decomposer.same.concepts import concepts_of, known_concepts
from decomposer.same.features import DECISIVE, EXCLUSIVE, LITTLE, MEDIA, NEAR, PLAIN
from decomposer.same.judging import MORE_TASKS
from decomposer.same.learned import Learned, stored

Places = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

_PAIRS = 20_000  # at a time, so that what is needed in between stays small


class Bulk:
    """A judge of the records of a catalog, which gives for pairs of their places what `same` gives for two views."""

    def __init__(self, records: Columns, *, learned: Learned | None = None) -> None:
        values = learned or stored()
        self._records = records
        self._scorer = values.scorer()
        self._said = records.matrix(records.texts, np.ones(len(records.texts.stems)))
        self._entries = records.matrix(records.leads, np.arange(1.0, len(records.leads.stems) + 1))
        self._tfidf = records.matrix(records.leads, records.tfidf)
        self._asking = _any(records.asks)[records.leads.stems]
        self._askers = _picked(records.leads, self._asking)
        naming = records.subjects.rows
        self._naming = np.arange(len(naming.stems)), naming.start
        concepts = np.array([values.concept(one) for one in known_concepts()])
        self._concepts = _by_byte(np.concatenate([concepts, np.zeros(-len(concepts) % 64)]))
        plain = _summed(records.leads, np.where(records.plain, records.weights, 0.0))
        self._subject = LITTLE + PLAIN * plain + self._weighed(records.concepts["leading"])
        self._whole = _summed(records.leads, records.weights)

    def affinities(self, one: Places, other: Places) -> Floats:
        """Return for each pair what `cluster.affinity` says of its judgement: above 1/2 for same, APART for never.

        What the records cite is not looked at: lines of different documents have nothing in common.
        """
        found = np.empty(len(one))
        for at in range(0, len(one), _PAIRS):
            part = slice(at, at + _PAIRS)
            found[part] = self._part(one[part], other[part])
        return found

    def _part(self, one: Places, other: Places) -> Floats:
        records, merge = self._records, self._scorer.merge
        differing = _differing(records, one, other)
        by_both, by_one = self._unmentioned(one, other)
        apart = differing.at_all | by_both
        total = self._total(one, other)
        bare = _likely(total)
        score = _likely(total + np.where(apart, self._scorer.weights["difference"], 0.0))
        leading = records.concepts["leading"]
        merged = (score >= merge) & ~apart & ~by_one & _any(leading[one]) & _any(leading[other])
        found = np.where(merged, 0.5 + score / 2, score / 2)
        found[(bare >= merge) & differing.wider] = APART
        named_alike = (records.keys[one] == records.keys[other]) & (records.keys[one] > 0)
        found[named_alike & ~differing.at_all] = 1.0
        return found

    def _unmentioned(self, one: Places, other: Places) -> tuple[Truths, Truths]:
        """Return where both names, and where one, tell what the other never mentions: see `features.unmentioned`."""
        ours, theirs = self._unsaid(one, other), self._unsaid(other, one)
        by_one, names = np.zeros(len(one), np.bool_), self._records.names
        for at in np.flatnonzero(ours != theirs):
            wide, narrow = (other[at], one[at]) if ours[at] else (one[at], other[at])
            by_one[at] = frozenset() < names.of(wide) <= names.of(narrow)
        return ours & theirs, by_one

    def _unsaid(self, one: Places, other: Places) -> Truths:
        """Return where the first names what the second never says."""
        records, subjects = self._records, self._records.subjects
        pair, entry = _entries_of(self._naming, one)
        if not len(pair):
            return np.zeros(len(one), np.bool_)
        there, met = other[pair], subjects.rows.stems[entry]
        stems = subjects.stems[met]
        said = np.asarray(self._said[there, stems]).ravel() > 0
        said |= _any(subjects.concepts[met] & records.concepts["said"][there])
        for at in np.flatnonzero(_any(records.asks[stems] & records.says[there]) & ~said):
            said[at] = self._answered(stems[at], one[pair[at]], there[at])
        return np.bincount(pair[~said], minlength=len(one)) > 0

    def _answered(self, stem: np.int32, here: np.int64, there: np.int64) -> bool:
        """Return whether a text has a near word of a stem that another has not: see `features.unmentioned`."""
        texts, records = self._records.texts, self._records
        met = texts.stems[texts.start[there] : texts.start[there + 1]]
        near = met[_any(records.answers[met] & records.asks[stem])].tolist()
        return not texts.of(int(here)).issuperset(near)

    def _total(self, one: Places, other: Places) -> Floats:
        """Return the weighted sum of the features but for the difference: see `features.features`."""
        ours, our_words = self._held(one, other)
        theirs, their_words = self._held(other, one)
        cosine = np.asarray(self._tfidf[one].multiply(self._tfidf[other]).sum(axis=1)).ravel()
        found = {
            "subject": (ours + theirs) / 2,
            "words": np.minimum(cosine, 1.0),
            "near_words": (our_words + their_words) / 2,
        }
        weights = self._scorer.weights
        return np.asarray(self._scorer.intercept + sum(weights[name] * value for name, value in found.items()))

    def _held(self, one: Places, other: Places) -> tuple[Floats, Floats]:
        """Return how much of what the first leads with the second speaks of: see `features.features`."""
        records, count = self._records, len(one)
        hits = self._entries[one].multiply(self._said[other]).tocsr()
        met = hits.data.astype(np.int64) - 1
        pair = np.repeat(np.arange(count), np.diff(hits.indptr))
        # What is met as a near word gets its share below, also where the word itself is met: a word is near to itself.
        gained = records.weights[met] * np.where(self._asking[met], 1 - NEAR, 1.0)
        asking, asker = _entries_of(self._askers, one)
        asks = records.asks[records.leads.stems[asker]]
        near = np.where(_any(asks & records.says[other[asking]]), records.weights[asker] * NEAR, 0.0)
        words = _added(pair, gained, count) + _added(asking, near, count)
        plain = _added(pair, gained * records.plain[met], count) + _added(asking, near * records.plain[asker], count)
        shared = self._weighed(records.concepts["leading"][one] & records.concepts["said"][other])
        whole = self._whole[one]
        return (PLAIN * plain + shared) / self._subject[one], np.where(whole > 0, words / np.maximum(whole, 1e-300), 0)

    def _weighed(self, rows: Bits) -> Floats:
        """Return what the concepts of each row weigh together."""
        found, places = np.empty(len(rows)), np.arange(len(self._concepts))
        for at in range(0, len(rows), _PAIRS):
            packed = np.ascontiguousarray(rows[at : at + _PAIRS]).view(np.uint8)
            found[at : at + _PAIRS] = self._concepts[places, packed].sum(axis=1)
        return found


class _Differing(NamedTuple):
    """Whether pairs differ in substance, and whether without contradiction one of the two covers more."""

    at_all: Truths
    wider: Truths


def _differing(records: Columns, one: Places, other: Places) -> _Differing:
    """Return what `features.differences` and the verdicts of wider and narrower find."""
    sets = records.concepts
    leading, said = sets["leading"], sets["said"]
    own = leading[one] & ~said[other], leading[other] & ~said[one]
    named = own[0] & sets["named"][one], own[1] & sets["named"][other]
    decisive = _bits(*DECISIVE)
    contradicting = _contradicting(records, one, other, own)
    further, technique_alone, tasks = [], [], []
    for mine, in_name in zip(own, named, strict=True):
        technique = _any(in_name & _bits("technique"))
        others = _any(mine & _bits("task", *EXCLUSIVE))
        further.append(technique | others)
        technique_alone.append(technique & ~others)
        tasks.append(np.bitwise_count(mine & _bits("task")).sum(axis=1) >= MORE_TASKS)
    more = technique_alone[0] | technique_alone[1] | tasks[0] | tasks[1]
    return _Differing(
        at_all=contradicting | _any(named[0] & decisive) | _any(named[1] & decisive),
        wider=(further[0] != further[1]) & more & ~contradicting,
    )


def _contradicting(records: Columns, one: Places, other: Places, own: tuple[Bits, Bits]) -> Truths:
    """Return what `features.contradictions` finds."""
    sets = records.concepts
    decisive = _bits(*DECISIVE)
    found = _any(sets["denied"][one] & sets["leading"][other] & decisive)
    found |= _any(sets["denied"][other] & sets["leading"][one] & decisive)
    for name in EXCLUSIVE:
        found |= _any(own[0] & _bits(name)) & _any(own[1] & _bits(name))
    ins, outs = (sets["inputs"][one], sets["inputs"][other]), (sets["outputs"][one], sets["outputs"][other])
    for ours, theirs in (ins, outs):
        media = _media(ours), _media(theirs)
        found |= (media[0] > 0) & (media[1] > 0) & (media[0] != media[1])
    found |= _any(outs[0]) & _any(outs[1]) & ~_any(outs[0] & outs[1])
    turned = (outs[0] & ins[1] & ~outs[1]) | (outs[1] & ins[0] & ~outs[0])
    found |= _any(turned & bits_of(MEDIA))
    made, used = (sets["made"][one], sets["made"][other]), (sets["used"][one], sets["used"][other])
    found |= _any((made[0] & used[1]) | (made[1] & used[0]))
    coded = records.coded[one], records.coded[other]
    found |= (records.keys[one] != records.keys[other]) & (coded[0] > 0) & (coded[1] > 0) & ((coded[0] | coded[1]) > 1)
    numbers = records.numbers[one], records.numbers[other]
    for at in np.flatnonzero((numbers[0] > 0) & (numbers[1] > 0) & (numbers[0] != numbers[1])):
        found[at] |= records.number_sets[numbers[0][at]].isdisjoint(records.number_sets[numbers[1][at]])
    return found


def _media(rows: Bits) -> NDArray[np.uint8]:
    """Return the media of each row, a bit each; speech is audio."""
    kinds = [{one} for one in sorted(MEDIA - {"audio", "speech"})] + [{"audio", "speech"}]
    found = np.zeros(len(rows), np.uint8)
    for place, kind in enumerate(kinds):
        found |= _any(rows & bits_of(kind)).astype(np.uint8) << place
    return found


def _bits(*facets: str) -> Bits:
    """Return the concepts of facets."""
    return bits_of(concept for name in facets for concept in concepts_of(name))


def _by_byte(weights: Floats) -> Floats:
    """Return for each byte of a set of concepts, and each value that it may have, what its concepts weigh together."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    return np.stack([(bits * some).sum(axis=1) for some in weights.reshape(-1, 8)])


def _any(rows: Bits) -> Truths:
    return np.asarray(rows.any(axis=1))


def _likely(total: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(total, -50.0, 50.0)))


def _summed(rows: Rows, values: Floats) -> Floats:
    """Return the sum of the values of each record."""
    count = len(rows.start) - 1
    return _added(np.repeat(np.arange(count), np.diff(rows.start)), values, count)


def _added(groups: Places, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each of `count` groups."""
    return np.bincount(groups, values, count).astype(np.float64)


def _picked(rows: Rows, chosen: Truths) -> tuple[Places, Places]:
    """Return the entries that are chosen, and for each record where its own begin among them."""
    counted = np.concatenate([[0], np.cumsum(chosen)])
    return np.flatnonzero(chosen), counted[rows.start]


def _entries_of(picked: tuple[Places, Places], places: Places) -> tuple[Places, Places]:
    """Return the picked entries of the records in `places`, each with the number of its record in there."""
    entries, start = picked
    counts = start[places + 1] - start[places]
    number = np.repeat(np.arange(len(places)), counts)
    within = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    return number, entries[np.repeat(start[places], counts) + within]
