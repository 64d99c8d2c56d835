"""The story of one artifact: from its documents to a catalog entry."""

from decomposer.pipeline.examples import load_examples
from decomposer.pipeline.grey import Second, settled
from decomposer.pipeline.opinions import verified
from decomposer.pipeline.rewording import reworded
from decomposer.pipeline.story import Call, Limits, decompose, here
from decomposer.pipeline.texts import with_judge

__all__ = [
    "Call", "Limits", "Second", "decompose", "here", "load_examples", "reworded", "settled", "verified", "with_judge",
]  # fmt: skip
