"""What became of the work of each prompt and model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.review.figures import figures
from tests.reviewing import DRY_RUN, FINDS, INVENTED, JOURNAL, READS, SORTS, Bench, a_record, bench, joined


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as opened:
        other = a_record("Other", SORTS)
        newer = other.provenance.model_copy(update={"prompt": "v2"})
        opened.add(
            a_record("Good", FINDS), a_record("Half", READS, unique=INVENTED), a_record("Bad", INVENTED),
            other.model_copy(update={"provenance": newer}),
            joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN)),
        )  # fmt: skip
        yield opened


def test_rejections_are_counted_with_their_reasons_by_prompt_and_model(held: Bench) -> None:
    desk = held.desk()
    desk.accept(["lynx/good", "lynx/half"])
    desk.reject(["lynx/bad"], reason="invented")
    desk.reject(["lynx/other"], reason="  trivial \n thing ")
    desk.reject(["lynx/journal"])
    desk.undo()
    desk.edit("lynx/good", "description", READS)
    desk.split("lynx/journal")
    desk.merge(["lynx/journal", "lynx/dry-run"])
    one, two = figures(held.reviews.history())
    assert (one.prompt, one.model, one.accepted, one.rejected, one.edited) == ("v1", "m", 2, 1, 1)
    assert (one.left_out, one.merged, one.split) == (1, 1, 1)
    assert one.acceptance == pytest.approx(2 / 3)
    assert (one.reasons, two.reasons) == ((("invented", 1),), (("trivial thing", 1),))
    assert (two.prompt, two.decided, two.acceptance) == ("v2", 1, 0.0)


def test_a_rejection_without_a_reason_is_counted_as_that(held: Bench) -> None:
    held.desk().reject(["lynx/bad", "lynx/good"])
    assert [one.reasons for one in figures(held.reviews.history())] == [(("no reason given", 2),)]


def test_nothing_decided_is_no_line() -> None:
    assert figures([]) == []
