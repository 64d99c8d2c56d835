"""Judge whether two records are one capability: by key, by difference words, by learned weights over few features."""

from decomposer.same.candidates import Candidate, candidates
from decomposer.same.choosing import turned
from decomposer.same.decided import Asked, Decided, proposed
from decomposer.same.judging import Judging, Nearness, explained, same
from decomposer.same.learned import Learned, Scorer, stored
from decomposer.same.names import same_name
from decomposer.same.views import View, view, view_of_text
from decomposer.same.why import Why

__all__ = [
    "Asked",
    "Candidate",
    "Decided",
    "Judging",
    "Learned",
    "Nearness",
    "Scorer",
    "View",
    "Why",
    "candidates",
    "explained",
    "proposed",
    "same",
    "same_name",
    "stored",
    "turned",
    "view",
    "view_of_text",
]
