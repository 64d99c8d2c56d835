"""The story of one artifact: from its documents to a catalog entry."""

from decomposer.pipeline.examples import load_examples
from decomposer.pipeline.opinions import verified
from decomposer.pipeline.story import Call, Limits, decompose, here

__all__ = ["Call", "Limits", "decompose", "here", "load_examples", "verified"]
