"""Review: what one person at a desk sees of the queue, and what that person decides."""

from decomposer.review.desk import Desk
from decomposer.review.outcomes import Conflict, Done, Refusal, Selector
from decomposer.review.sheet import Differing, Field, Paired, Phrase, Sheet, Shown, Span

__all__ = [
    "Conflict",
    "Desk",
    "Differing",
    "Done",
    "Field",
    "Paired",
    "Phrase",
    "Refusal",
    "Selector",
    "Sheet",
    "Shown",
    "Span",
]
