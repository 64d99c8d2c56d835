"""Read what was decided, a page at a time, as one reviewer may see it."""

from itertools import islice

from decomposer.ports import Reviews
from decomposer.records import Decision
from decomposer.review.marks import blind


def decided(
    reviews: Reviews, reviewer: str, *, entry: str | None = None, before: int = 0, count: int = 100
) -> list[Decision]:
    """Return the newest decisions, of one entry or of all; only those with a lower seq than `before`, unless it is 0.

    Decisions about a record that waits for this reviewer's second opinion are left out: that opinion is to be blind.
    """
    found = list(islice(reviews.history(entry=entry, backwards=True, after=before), count))
    ids = list(dict.fromkeys(one.capability for one in found if one.capability))
    unseen = {one.id for one in reviews.find(ids) if blind(one, reviewer)}
    return [one for one in found if one.capability not in unseen]
