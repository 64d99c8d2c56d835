"""What was learned: how rare words and concepts are, weights and thresholds of scorers, and where it came from."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from math import exp
from pathlib import Path

from decomposer.errors import ConfigurationError

FILE = Path(__file__).with_name("learned.json")
WORDS = "words"
"""The scorer that needs no vectors."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """A weight for each feature, and what the score must reach: `merge` to be the same, `propose` to be worth a look.

    Both thresholds are the lowest scores that held the stated precision and recall on pairs of clusters that the
    weights had not seen.
    """

    weights: Mapping[str, float]
    intercept: float
    merge: float
    propose: float

    def score(self, features: Mapping[str, float]) -> float:
        """Return how likely the pair is the same, 0-1."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + exp(-max(-50.0, min(50.0, total))))


@dataclass(frozen=True, slots=True)
class Learned:
    """The learned values with their date and data.

    `words` and `concepts` say how much one weighs: the logarithm of how rarely a paragraph of a README or model card
    has it. `scorers` are by the kind of vectors they use: "words" uses none. `target_precision` and `target_recall`
    are what the thresholds were learned for.
    """

    date: str
    data: str
    target_precision: float
    target_recall: float
    scorers: Mapping[str, Scorer]
    concepts: Mapping[str, float]
    words: Mapping[str, float]

    def scorer(self, vectors: str = WORDS) -> Scorer:
        """Return the scorer for a kind of vectors. Raises ConfigurationError where none was learned."""
        if vectors not in self.scorers:
            raise ConfigurationError(
                f"no thresholds are learned for the vectors {vectors!r}",
                hint="learn them with scripts/pairs.py, or use " + " or ".join(self.scorers),
            )
        return self.scorers[vectors]

    def word(self, stem: str) -> float:
        """Return the weight of a word by its stem; one that was never met weighs as much as the rarest."""
        return self.words.get(stem, self.words.get("", 1.0))

    def concept(self, concept: str) -> float:
        """Return the weight of a concept; one that was never met weighs as much as the rarest."""
        return self.concepts.get(concept, self.concepts.get("", 1.0))

    def source(self) -> str:
        """Return where the values came from, in one line."""
        return (
            f"learned {self.date} from {self.data} for precision {self.target_precision:g} of what is merged "
            f"and recall {self.target_recall:g} of what is proposed"
        )


@cache
def stored() -> Learned:
    """Return the values that were learned last."""
    return read(FILE)


def read(path: Path) -> Learned:
    """Return the values of a file. Raises ConfigurationError where it is not one of ours."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        scorers = {name: Scorer(**one) for name, one in content.pop("scorers").items()}
        return Learned(**content, scorers=scorers)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationError(
            f"{path}: no learned values ({error})", hint="write it with `decomposer learn`"
        ) from error


def write(values: Learned, path: Path) -> None:
    """Write learned values as JSON, a scorer and a table a line, so that a change can be read."""
    content = asdict(values)
    lines = [f"{json.dumps(key)}: {_one(value)}" for key, value in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _one(value: object) -> str:
    if not isinstance(value, dict) or not any(isinstance(one, dict) for one in value.values()):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    inner = ",\n ".join(f"{json.dumps(key)}: {json.dumps(one)}" for key, one in sorted(value.items()))
    return "{\n " + inner + "\n}"
