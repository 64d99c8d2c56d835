"""Reach a verdict on two records, with its reasons: same, broader, narrower, related or different."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from decomposer.ports import Embedder
from decomposer.records import Artifact, Capability, DecidedBy, Judgement, Verdict
from decomposer.same.features import contradictions, differences, features, further, shared_evidence, unmentioned
from decomposer.same.learned import WORDS, Learned, Scorer, stored
from decomposer.same.near import Leads, shared_letters
from decomposer.same.views import View, view
from decomposer.same.why import Why

Nearness = Callable[[View, View], float]

_HALF = 0.5  # the same share that evaluation asks for, to say that two records stand on the same lines

MORE_TASKS = 2  # beside all that the other has: not another wording, but a wider capability


def same(
    a: View, b: View, *, learned: Learned | None = None, vectors: str = WORDS, nearness: Nearness | None = None
) -> Judgement:
    """Return whether two records are one capability. `same(b, a)` is the same, with broader and narrower changed over.

    `nearness` gives the cosine of their vectors and `vectors` names what kind these are; it is not called for records
    that share nothing, not even near words. Raises ConfigurationError where no thresholds are learned for that kind.
    """
    values = learned or stored()
    scorer = values.scorer(vectors)
    apart = differences(a, b)
    if a.key and a.key == b.key and not apart:
        return Judgement("same", 1.0, ("their names have the same words",), "rule")
    by_both, by_one = unmentioned(a, b)
    apart += by_both
    found = features(a, b, learned=values, apart=apart)
    decided_by: DecidedBy = "rule"
    if nearness is not None and (found["subject"] or found["near_words"]):
        found["vectors"] = nearness(a, b)
        decided_by = "vectors"
    score = scorer.score(found)
    verdict, why = _verdict(a, b, score, scorer.score({**found, "difference": 0.0}), scorer, apart=apart + by_one)
    if verdict == "different":
        return Judgement(verdict, score, (*apart, why), decided_by)
    return Judgement(verdict, score, (*_shared(a, b, found), *apart, *by_one, why), decided_by)


_Key = tuple[object, ...]


def _key(capability: Capability) -> _Key:
    """Return all of a record that its view shows, so that it is known again with another id or state."""
    spans = tuple(
        (span.document, span.start, span.end) for _, said in capability.statements() for span in said.evidence
    )
    types = tuple(tuple(note.text for note in notes) for notes in (capability.input_types, capability.output_types))
    return capability.name, capability.description and capability.description.text, types, spans


class Judging:
    """A judge of the records of one artifact, whose names are `own`; it prepares and judges what they say once.

    With an embedder the leads of `among` are embedded in one call when the first cosine is needed, others one by one.
    """

    def __init__(
        self, own: Iterable[str] = (), *, learned: Learned | None = None, embedder: Embedder | None = None,
        among: Sequence[Capability] = (),
    ) -> None:  # fmt: skip
        self._own = tuple(own)
        self._learned = learned or stored()
        self._views: dict[_Key, View] = {}
        self._cited: dict[_Key, View] = {}
        self._judged: dict[tuple[_Key, _Key], Judgement] = {}
        self._vectors = embedder.name if embedder else WORDS
        leads = Leads(embedder, lambda: [self.view(one).lead for one in among]) if embedder else None
        self._near: Nearness | None = leads.near if leads else None

    @classmethod
    def of(cls, *artifacts: Artifact, learned: Learned | None = None) -> "Judging":
        """Return the judge, by words alone, of the records of one artifact or several."""
        return cls((name for artifact in artifacts for name in (artifact.name, artifact.slug)), learned=learned)

    def __call__(self, a: Capability, b: Capability) -> Judgement:
        """Return whether two records are one capability."""
        pair = _key(a), _key(b)
        if pair not in self._judged:
            one, other = self.view(a), self.view(b)
            judgement = same(one, other, learned=self._learned, vectors=self._vectors, nearness=self._near)
            self._judged[pair] = judgement
        return self._judged[pair]

    def view(self, capability: Capability) -> View:
        """Return a record as it is compared."""
        key = _key(capability)
        if key not in self._views:
            self._views[key] = view(capability, self._own, learned=self._learned)
        return self._views[key]

    def closeness(self, a: Capability, b: Capability) -> tuple[float, float]:
        """Return how near two records stand, whether or not a difference parts them: the score, then shared letters.

        Scored is the mean of what they say alone and together with the lines they cite: short names for one thing may
        have no word in common, but what they cite has.
        """
        one, other = self.view(a), self.view(b)
        near = self._near(one, other) if self._near else 0.0
        found = features(one, other, learned=self._learned, nearness=near, apart=[])
        read = features(self._read(a), self._read(b), learned=self._learned, nearness=near, apart=[])
        mean = {name: (found[name] + read[name]) / 2 for name in found}
        return self._learned.scorer(self._vectors).score(mean), shared_letters(one.text, other.text)

    @property
    def nearby(self) -> float:
        """The score of `closeness` from which two records are worth a look."""
        return self._learned.scorer(self._vectors).propose

    def _read(self, capability: Capability) -> View:
        """Return a record as it is compared together with the lines that it cites."""
        key = _key(capability)
        if key not in self._cited:
            self._cited[key] = view(capability, self._own, learned=self._learned, cited=True)
        return self._cited[key]

    def why(self, a: Capability, b: Capability, judgement: Judgement | None = None) -> Why:
        """Return why two records are one or not; `judgement` is what holds, where a person or a model has decided."""
        one, other = self.view(a), self.view(b)
        near = self._near(one, other) if self._near else 0.0
        why = explained(one, other, learned=self._learned, vectors=self._vectors, nearness=near)
        return replace(why, judgement=judgement or self(a, b))


def explained(a: View, b: View, *, learned: Learned, vectors: str = WORDS, nearness: float = 0.0) -> Why:
    """Return why two views are one capability or not; `nearness` is the cosine of their vectors."""
    scorer, found = learned.scorer(vectors), features(a, b, learned=learned, nearness=nearness)
    given = None if vectors == WORDS else lambda one, other: nearness
    return Why(
        a=a,
        b=b,
        features={name: found[name] for name in scorer.weights},
        scorer=scorer,
        judgement=same(a, b, learned=learned, vectors=vectors, nearness=given),
        source=learned.source(),
    )


def _verdict(a: View, b: View, score: float, bare: float, scorer: Scorer, *, apart: list[str]) -> tuple[Verdict, str]:
    """Return the verdict and its reason; `bare` is the score but for the differences."""
    wider = _wider(a, b) if bare >= scorer.merge else None
    if wider:
        return wider, f"score {bare:.2f} would merge, but the {'first' if wider == 'broader' else 'second'} covers more"
    if score >= scorer.merge and not apart and a.leading and b.leading:
        return "same", f"score {score:.2f} reaches {scorer.merge:.2f}, which is enough to merge"
    if score >= scorer.merge and apart:
        return "related", f"score {score:.2f} would merge, the difference forbids it: open to be decided"
    if score >= scorer.merge:
        return "related", f"score {score:.2f} would merge, but no word says what one does: open to be decided"
    if score >= scorer.propose:
        span = f"between {scorer.propose:.2f} and {scorer.merge:.2f}"
        return "related", f"score {score:.2f} is {span}: open to be decided"
    if shared_evidence(a, b) >= _HALF:
        return "related", f"they cite the same lines, with a score of {score:.2f}: open to be decided"
    return "different", f"score {score:.2f} stays under {scorer.propose:.2f}"


def _wider(a: View, b: View) -> Verdict | None:
    """Return which of two records that are alike covers more: the one with more tasks, or the one without a technique.

    None where each has something of its own, where they contradict each other, and for one task more in passing.
    """
    ours, theirs = further(a, b), further(b, a)
    if bool(ours) == bool(theirs) or contradictions(a, b):
        return None
    more = ours or theirs
    if set(more) == {"technique"}:
        return "narrower" if ours else "broader"
    if more["task"] >= MORE_TASKS:
        return "broader" if ours else "narrower"
    return None


def _shared(a: View, b: View, found: dict[str, float]) -> list[str]:
    common = sorted(a.leading.keys() & b.speaking.said.keys() | b.leading.keys() & a.speaking.said.keys())
    reasons = [f"both are about {', '.join(common)}"] if common else []
    ours, theirs = a.words.tfidf, b.words.tfidf
    words = sorted(ours.keys() & theirs.keys(), key=lambda stem: (-ours[stem] * theirs[stem], stem))
    if words:
        reasons.append(f"they share words ({found['words']:.2f}): {', '.join(words[:5])}")
    if found["vectors"]:
        reasons.append(f"their vectors are {found['vectors']:.2f} alike")
    cited = shared_evidence(a, b)
    return [*reasons, f"they share {cited:.0%} of the shorter evidence"] if cited else reasons
