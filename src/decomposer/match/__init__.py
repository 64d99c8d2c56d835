"""Find the capabilities that serve a need in plain words, and say why: by words, and by meaning where it is known."""

from decomposer.match.explaining import highlights, published, reasons
from decomposer.match.judging import Hit, attainable, judge, ranked, spread
from decomposer.match.needs import LONGEST, MOST_SAID, Need, understood

__all__ = [
    "LONGEST", "MOST_SAID", "Hit", "Need", "attainable", "highlights", "judge", "published", "ranked", "reasons",
    "spread", "understood",
]  # fmt: skip
