"""Judge with what a model has decided: the rules hold for every other pair, and what stays open is proposed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decomposer.records import Capability, Entry, Judge, Judged, Judgement, Twin
from decomposer.same.candidates import likely
from decomposer.same.choosing import Pair, Ruling, misleading, turned
from decomposer.same.judging import Judging

MOST_TWINS = 2
"""Proposals that one record is in at most: the one nearest to it, and the likeliest."""
_DIGITS = 4  # of a score that is kept

_Says = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a pair was asked about: of which model, with which prompt, by which requests."""

    model: str
    prompt: str
    request_keys: tuple[str, ...] = ()


class Decided:
    """A judge that knows what a model decided, by what the records say: their ids may change.

    A record that was merged is judged as what it was merged into when the model was asked.
    """

    def __init__(
        self, judge: Judge, rulings: Iterable[tuple[Pair, Ruling]] = (), *, asked: Asked | None = None
    ) -> None:
        self._judge = judge
        self._asked = asked
        self._rulings: dict[tuple[_Says, _Says], Ruling] = {}
        self._within: dict[_Says, _Says] = {}
        for pair, ruling in rulings:
            one, other = _says(pair.a), _says(pair.b)
            self._rulings[one, other] = ruling
            self._within |= {_says(part): _says(record) for record in pair[:2] for part in record.parts()}

    def __call__(self, a: Capability, b: Capability) -> Judgement:
        """Return whether two records are one capability."""
        ruling = self._ruling(a, b)
        return ruling.judgement if ruling else self._judge(a, b)

    def over(self, judge: Judge) -> "Decided":
        """Return the same decisions over another judge of all other pairs."""
        other = Decided(judge, asked=self._asked)
        other._rulings, other._within = self._rulings, self._within
        return other

    def open(self, a: Capability, b: Capability) -> Judgement | None:
        """Return what is known of a pair that may be one and that nobody could decide, else None."""
        ruling = self._ruling(a, b)
        judgement = ruling.judgement if ruling else self._judge(a, b)
        settled = ruling is not None and ruling.settled and judgement.verdict != "same"
        return judgement if judgement.verdict in ("same", "related") and not settled else None

    def nearest(self, pairs: Sequence[tuple[Capability, Capability]]) -> list[tuple[Capability, Capability]]:
        """Return which pairs are each other's nearest of all pairs and near enough to be worth a look.

        Left out is what the rules link as broader or narrower, and what a model decided. None where the judge does not
        say how near two records are.
        """
        judge = self._judge
        if not isinstance(judge, Judging):
            return []
        near = sorted(((judge.closeness(*pair), pair) for pair in pairs), key=lambda one: one[0], reverse=True)
        first: dict[int, tuple[Capability, Capability]] = {}
        for _, pair in near:
            for record in pair:
                first.setdefault(id(record), pair)
        return [
            pair
            for (score, _), pair in near
            if score >= judge.nearby
            and first[id(pair[0])] is first[id(pair[1])] is pair
            and self._ruling(*pair) is None
            and judge(*pair).verdict not in ("broader", "narrower")
        ]

    def told(self, entry: Entry) -> tuple[Judged, ...]:
        """Return what the model decided of the records of an entry and their parts, by their ids."""
        if self._asked is None:
            return ()
        ids: dict[_Says, str] = {}
        for one in entry.capabilities:
            for part in one.parts():
                ids.setdefault(_says(part), part.id)
        how = self._asked
        found = [
            Judged(
                a=ids[one],
                b=ids[other],
                verdict=ruling.judgement.verdict,
                score=round(ruling.judgement.score, _DIGITS),
                reasons=ruling.judgement.reasons,
                model=how.model,
                prompt=how.prompt,
                request_keys=how.request_keys,
            )
            for (one, other), ruling in self._rulings.items()
            if ruling.settled and ids.get(one, "") != ids.get(other, "") and one in ids and other in ids
        ]
        return tuple(sorted(found, key=lambda judged: (judged.a, judged.b)))

    def _ruling(self, a: Capability, b: Capability) -> Ruling | None:
        if not self._rulings:
            return None
        one, other = (self._within.get(says, says) for says in (_says(a), _says(b)))
        if (one, other) in self._rulings:
            return self._rulings[one, other]
        found = self._rulings.get((other, one))
        return Ruling(turned(found.judgement), found.settled) if found else None


def proposed(entry: Entry, judge: Decided) -> Entry:
    """Return an entry with the pairs of its records that may be one, the likeliest first, and what a model decided.

    These are pairs that the rules or a model leave open, and such that are each other's nearest. Each record is in
    `MOST_TWINS` pairs at most. What a person rejected, retired or holds apart is in none.
    """
    live = [one for one in entry.capabilities if one.state in ("proposed", "accepted")]
    apart = {frozenset(pair) for pair in entry.apart}
    pairs = [
        (one, other)
        for one, other in likely(sorted(live, key=lambda record: record.id))
        if frozenset((one.id, other.id)) not in apart
    ]
    nearest = {frozenset((one.id, other.id)) for one, other in judge.nearest(pairs)}
    found = []
    for one, other in pairs:
        near, judgement = frozenset((one.id, other.id)) in nearest, judge.open(one, other)
        if near or judgement:
            found.append((near, judgement or judge(one, other), one, other))
    found.sort(key=lambda pair: (not pair[0], -pair[1].score, pair[2].id, pair[3].id))
    counts: Counter[str] = Counter()
    twins = []
    for near, judgement, one, other in found:
        if max(counts[one.id], counts[other.id]) < MOST_TWINS:
            counts.update((one.id, other.id))
            twins.append(_twin(judgement, one, other, near=near))
    twins.sort(key=lambda twin: (-twin.score, twin.a, twin.b))
    return entry.model_copy(update={"twins": tuple(twins), "judged": judge.told(entry)})


def _twin(judgement: Judgement, one: Capability, other: Capability, *, near: bool) -> Twin:
    reasons = judgement.reasons
    if near and judgement.verdict == "different":
        reasons += ("of all records of the entry each is the other's nearest: a person may know better",)
    if judgement.verdict == "same" and one.provenance == other.provenance:
        reasons += ("one answer names both, and so tells them apart",)
    if misleading(one) or misleading(other):
        reasons += ("a text addresses the model that reads it or is hidden: a person has to look",)
    by = "rule" if judgement.decided_by == "person" else judgement.decided_by
    return Twin(a=one.id, b=other.id, score=round(judgement.score, _DIGITS), reasons=reasons, decided_by=by)


def _says(record: Capability) -> _Says:
    """Return what a model is shown of a record, by which it is known again with another id, state or evidence."""
    types = tuple(tuple(note.text for note in notes) for notes in (record.input_types, record.output_types))
    return record.name, record.description and record.description.text, types
