"""Keep what a person says of records of two entries: that they are one capability, or that they are two."""

from decomposer import decide
from decomposer.decide import Stamp
from decomposer.ports import Acted, Held, Reviews
from decomposer.review.outcomes import Done, Refusal, done


def link(reviews: Reviews, one: str, other: str, stamp: Stamp, *, same: bool) -> Done:
    """Say that two records of different entries are one canonical capability (`same`), or two.

    Neither record changes: the registry heeds it. Refused where they are of one entry, and where it can't hold together
    with what was said before, which is then named. Raises CatalogError where the first of them by order has no entry.
    """
    first, last = sorted((one, other))
    if first.partition("/")[0] == last.partition("/")[0]:
        return done((), refused=[Refusal(one, _within(first, last, same=same))])

    def act(held: Held) -> Acted:
        return decide.link(held, first, last, stamp, same=same)

    try:
        acted = reviews.act(first.partition("/")[0], [first, last], act)
    except decide.Unfit as error:
        return done((), refused=[Refusal(one, str(error))])
    return done(acted.decisions)


def _within(first: str, last: str, *, same: bool) -> str:
    if first == last:
        return "it takes two records of different entries"
    if same:
        return f"it is of the same entry as the other: `decomposer merge {first} {last}` makes them one"
    return (
        "it is of the same entry as the other: records of one entry are apart unless they were merged, which "
        "`decomposer split` takes apart; `decomposer keep` keeps a text as it is"
    )
