"""Judge whether two records are one capability: by key, by difference words, by learned weights over few features."""

from decomposer.same.candidates import Candidate, candidates
from decomposer.same.judging import Judging, Nearness, explained, same
from decomposer.same.learned import Learned, Scorer, stored
from decomposer.same.names import same_name
from decomposer.same.views import View, view, view_of_text
from decomposer.same.why import Why

__all__ = [
    "Candidate",
    "Judging",
    "Learned",
    "Nearness",
    "Scorer",
    "View",
    "Why",
    "candidates",
    "explained",
    "same",
    "same_name",
    "stored",
    "view",
    "view_of_text",
]
