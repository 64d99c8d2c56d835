"""Figures count on from the catalog, and say what is left, how fast, and at what cost."""

from decimal import Decimal

import pytest

from decomposer.batch.figures import Figures, Flow, Meter, added, dollars
from decomposer.ports import Outcome, RunPlan, RunRecord, Tally

NONE = {"ok": 0, "empty": 0, "unchanged": 0, "failed": 0}
RECORD = RunRecord(3, RunPlan("f", "refs.txt", "m", "v1"), "open", 10, "", True, "", "")


def tally(cost: str = "0", unpriced: int = 0, **ended: int) -> Tally:
    return Tally({**NONE, **ended}, 0, 0, cost_usd=Decimal(cost), unpriced=unpriced)  # type: ignore[dict-item]


def test_an_outcome_is_added_to_every_sum() -> None:
    outcome = Outcome(0, "r", "ok", "s", "", "", 3, 2, 1, 100, 20, Decimal("0.5"), 1.0)
    once = added(tally(cost="0.25", ok=1), outcome)
    assert once == Tally({**NONE, "ok": 2}, 0, 0, 2, 1, 100, 20, Decimal("0.75"), 0, 3)  # type: ignore[dict-item]
    unknown = added(once, Outcome(1, "r", "failed", cost_usd=None))
    assert (unknown.unpriced, unknown.cost_usd, unknown.ended["failed"]) == (1, Decimal("0.75"), 1)


def test_a_meter_counts_on_from_what_the_catalog_held() -> None:
    meter = Meter(RECORD, tally(ok=4, cost="4"), now=100.0)
    for second in range(1, 4):
        meter.add(Outcome(second, "r", "ok", cost_usd=Decimal(1)), now=100.0 + second)
    figures = meter.figures(10, complete=True, holding=2, flow=Flow(), now=103.0)
    assert (figures.ended, figures.tally.held, figures.tally.waiting) == (7, 2, 1)
    assert (figures.rate, figures.eta_seconds, figures.seconds) == (1.0, 3.0, 3.0)
    assert (figures.cost_usd, figures.projected_usd) == (Decimal(7), Decimal(10))


def test_the_rate_is_that_of_the_last_minute() -> None:
    meter = Meter(RECORD, tally(), now=0.0)
    for second in range(1, 101):
        meter.add(Outcome(second, "r", "ok"), now=float(second))
    for tenth in range(1, 1001):
        meter.add(Outcome(tenth, "r", "ok"), now=100.0 + tenth / 10)
    assert meter.figures(5000, complete=True, holding=0, flow=Flow(), now=200.0).rate == pytest.approx(10, rel=0.05)


def test_nothing_is_projected_where_nobody_can_know() -> None:
    begun = Figures(1, 10, True, tally())
    assert (begun.eta_seconds, begun.projected_usd, begun.cost_usd) == (None, None, Decimal(0))
    still_fed = Figures(1, 10, False, tally(ok=5, cost="1"), rate=1.0)
    assert (still_fed.eta_seconds, still_fed.projected_usd) == (None, None)
    unpriced = Figures(1, 10, True, tally(ok=5, unpriced=5), rate=1.0)
    assert (unpriced.cost_usd, unpriced.projected_usd) == (None, None)
    partly = Figures(1, 10, True, tally(ok=5, unpriced=1, cost="2"), rate=1.0)
    assert (partly.cost_usd, partly.projected_usd) == (Decimal(2), None)


def test_a_run_that_is_over_has_nothing_left() -> None:
    assert Figures(1, 5, True, tally(ok=5)).eta_seconds == 0.0


def test_figures_are_data_with_money_as_text() -> None:
    data = Figures(1, 5, True, tally(ok=5, cost="1.50")).data()
    assert (data["ok"], data["cost_usd"], data["projected_usd"], data["documents"]) == (5, "1.5", "1.5", 5)
    assert [dollars(Decimal(text)) for text in ("10", "0.000001", "0")] == ["10", "0.000001", "0"]
    assert dollars(None) is None


def test_flows_elsewhere_are_counted_and_flows_before_are_not() -> None:
    flow = Flow(in_flight=3, sent=10, retried=2, throttled=1)
    assert flow.since(Flow(sent=4, retried=1)) == Flow(in_flight=3, sent=6, retried=1, throttled=1)
    assert flow.after(Flow(sent=5, throttled=2)) == Flow(in_flight=3, sent=15, retried=2, throttled=3)
