"""Explain a judgement: the views, the features with their weights, the thresholds, and who decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from decomposer.records import Judgement
from decomposer.same.learned import Scorer
from decomposer.same.views import View


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that led to a judgement. `features` are those that the scorer weighs."""

    a: View
    b: View
    features: Mapping[str, float]
    scorer: Scorer
    judgement: Judgement
    source: str

    def lines(self) -> list[str]:
        """Return the explanation for a person, a line each; texts of the records are in it as they are."""
        told = [f"verdict     {self.judgement.verdict}, decided by {_DECIDERS[self.judgement.decided_by]}"]
        for name, view in (("first", self.a), ("second", self.b)):
            told += [f"{name:<11} {view.lead}", f"            key: {' '.join(view.key) or '-'}"]
            told.append(f"            concepts: {', '.join(view.speaking.said) or '-'}")
            if view.speaking.denied:
                told.append(f"            does without: {', '.join(sorted(view.speaking.denied))}")
            if view.speaking.inputs or view.speaking.outputs:
                goes, comes = sorted(view.speaking.inputs), sorted(view.speaking.outputs)
                told.append(f"            in: {', '.join(goes) or '-'}; out: {', '.join(comes) or '-'}")
        told += [
            f"{name:<11} {value:.2f} × {self.scorer.weights[name]:+.2f}"
            for name, value in sorted(self.features.items())
        ]
        told.append(f"score       {self._score()} with a constant of {self.scorer.intercept:+.2f}")
        told.append(f"thresholds  merged from {self.scorer.merge:.3f}, proposed from {self.scorer.propose:.3f}")
        told.append(f"            {self.source}")
        return [*told, *(f"because     {reason}" for reason in self.judgement.reasons)]

    def _score(self) -> str:
        """Return the score, and beside one that was decided that of the figures above it."""
        decided = f"{self.judgement.score:.3f}"
        if self.judgement.decided_by not in ("model", "person"):
            return decided
        return f"{decided}, decided; the rules give {self.scorer.score(self.features):.3f}"


_DECIDERS = {
    "rule": "rules over words and concepts",
    "vectors": "rules over words, concepts and vectors",
    "model": "a model",
    "person": "a person",
}
