"""Say whether two entries are one artifact, and in what relation: by names, addresses, texts and capabilities."""

from decomposer.likeness.comparing import PROPOSED, likeness
from decomposer.likeness.keys import keys
from decomposer.likeness.traits import traits

__all__ = ["PROPOSED", "keys", "likeness", "traits"]
