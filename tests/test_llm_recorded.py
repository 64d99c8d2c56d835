import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest

from decomposer.errors import BudgetReached, EndpointRefused, Stopped, TransportError
from decomposer.llm.recorded import CEILING, Recorded, cost, most
from decomposer.llm.under_way import UnderWay
from decomposer.ports import Price, Reply, Request
from tests.asking import MemoryLedger

BODY = {"messages": [], "max_tokens": 10}
REQUEST = Request("http://127.0.0.1/v1", "lantern", "tools", BODY)
GOOD = json.dumps({"choices": [{"message": {"content": "yes"}}]})
REFUSED = json.dumps({"choices": [{"message": {"refusal": "no"}}]})
PRICE = Price(Decimal(1), Decimal(2), cached_input=Decimal("0.5"))  # a dollar a million prompt tokens
FREE = Decimal(0)
MOST = Decimal(REQUEST.size + 20) / 1_000_000


class Replying:
    """A completion that gives each raw reply in turn, or raises it. It looks at the ledger before it replies."""

    def __init__(self, ledger: MemoryLedger, *raws: str | Exception) -> None:
        self.ledger = ledger
        self.raws = list(raws)
        self.seen: list[list[str]] = []

    def complete(self, request: Request) -> Reply:
        self.seen.append(self.ledger.states)
        raw = self.raws.pop(0)
        if isinstance(raw, Exception):
            raise raw
        return Reply(request.key, raw, prompt_tokens=7, completion_tokens=2)


def test_the_intent_is_written_before_the_request_is_sent() -> None:
    ledger = MemoryLedger()
    completion = Replying(ledger, GOOD)
    assert Recorded(completion, ledger).complete(REQUEST).raw == GOOD
    assert completion.seen == [["sent"]]
    assert ledger.states == ["answered"]


def test_a_failed_attempt_is_closed_and_the_next_has_its_own_row() -> None:
    ledger = MemoryLedger()
    recorded = Recorded(Replying(ledger, TransportError("busy", status=429), GOOD), ledger)
    with pytest.raises(TransportError):
        recorded.complete(REQUEST)
    recorded.complete(REQUEST)
    assert [(row.attempt, row.state, row.error) for row in ledger.rows] == [
        (1, "failed", "busy"),
        (2, "answered", None),
    ]


def test_a_refusal_is_recorded_as_one() -> None:
    ledger = MemoryLedger()
    Recorded(Replying(ledger, REFUSED), ledger).complete(REQUEST)
    assert ledger.states == ["refused"]


# --- money


def test_the_most_that_a_request_may_cost_is_its_bytes_and_what_bounds_its_answer() -> None:
    free = Request(REQUEST.endpoint, "lantern", "tools", {"messages": []})
    under = Request(REQUEST.endpoint, "lantern", "tools", {"messages": []}, ceiling=500)
    assert most(REQUEST, PRICE) == MOST
    assert most(free, PRICE) == Decimal(free.size + 2 * CEILING) / 1_000_000
    assert most(under, PRICE) == Decimal(under.size + 1_000) / 1_000_000
    assert most(REQUEST, None) is None


@pytest.mark.parametrize(
    ("prompt", "completion", "cheap", "price", "expected"),
    [
        (1_000, 100, None, PRICE, Decimal("0.0012")),
        (1_000, 100, 400, PRICE, Decimal("0.001")),
        (1_000, 100, 9_999, PRICE, Decimal("0.0007")),
        (None, 100, None, PRICE, None),
        (1_000, None, None, PRICE, None),
        (1_000, 100, None, None, None),
        (1_000, 100, None, Price(Decimal(0), Decimal(0)), Decimal(0)),
    ],
)
def test_a_reply_costs_what_its_tokens_cost(
    prompt: int | None, completion: int | None, cheap: int | None, price: Price | None, expected: Decimal | None
) -> None:
    assert cost(Reply("k", GOOD, False, prompt, completion, cheap), price) == expected


def test_a_request_is_never_larger_than_its_size() -> None:
    body = {"messages": [{"role": "user", "content": "Grüße \U0001f41f"}]}
    sent = json.dumps({"model": "m", **body}, ensure_ascii=False).encode()
    assert 0 <= Request("http://x.example", "m", "json", body).size - len(sent) < 40


def test_the_most_is_reserved_before_sending_and_the_cost_settled_after() -> None:
    ledger = MemoryLedger(budget=Decimal(1))
    reserved: list[Decimal] = []

    class Looking(Replying):
        def complete(self, request: Request) -> Reply:
            reserved.append(ledger.reserved)
            return super().complete(request)

    reply = Recorded(Looking(ledger, GOOD), ledger, run=1, price=PRICE).complete(REQUEST)
    (row,) = ledger.rows
    assert (reserved, ledger.reserved, ledger.spent) == ([MOST], FREE, Decimal("0.000011"))
    assert (row.run, row.estimated_usd, row.cost_usd, reply.cost_usd) == (1, MOST, ledger.spent, ledger.spent)


@pytest.mark.parametrize(
    ("error", "spent"),
    [
        (TransportError("busy", status=429), Decimal(0)),
        (TransportError("no server"), Decimal(0)),
        (EndpointRefused("wrong key", status=401), Decimal(0)),
        (TransportError("timeout", arrived=True), MOST),
    ],
)
def test_only_a_request_that_arrived_may_have_been_billed(error: Exception, spent: Decimal) -> None:
    ledger = MemoryLedger(budget=Decimal(1))
    with pytest.raises(type(error)):
        Recorded(Replying(ledger, error), ledger, run=1, price=PRICE).complete(REQUEST)
    assert (ledger.spent, ledger.reserved, ledger.states) == (spent, FREE, ["failed"])


def test_a_reply_that_counts_nothing_costs_what_was_reserved() -> None:
    ledger = MemoryLedger(budget=Decimal(1))

    class Silent:
        def complete(self, request: Request) -> Reply:
            return Reply(request.key, GOOD)

    reply = Recorded(Silent(), ledger, run=1, price=PRICE).complete(REQUEST)
    assert (reply.cost_usd, ledger.spent) == (None, MOST)


def test_what_the_budget_has_no_room_for_is_not_sent() -> None:
    ledger = MemoryLedger(budget=MOST / 2)
    completion = Replying(ledger, GOOD)
    with pytest.raises(BudgetReached):
        Recorded(completion, ledger, run=1, price=PRICE).complete(REQUEST)
    assert (completion.seen, ledger.rows) == ([], [])


class Held:
    """A completion whose replies wait until they are let go."""

    def __init__(self) -> None:
        self.sent = Event()
        self.go = Event()

    def complete(self, request: Request) -> Reply:
        self.sent.set()
        assert self.go.wait(30)
        return Reply(request.key, GOOD, prompt_tokens=7, completion_tokens=2)


def test_while_others_are_under_way_a_request_waits_for_room_in_the_budget() -> None:
    ledger = MemoryLedger(budget=MOST * Decimal("1.5"))
    held, under_way, waits = Held(), UnderWay(), Event()
    other = Request(REQUEST.endpoint, "lantern", "tools", BODY, sample=1)

    class Watched(UnderWay):
        def wait(self, seen: int) -> bool:
            waits.set()
            return super().wait(seen)

    under_way = Watched()
    recorded = Recorded(held, ledger, run=1, price=PRICE, under_way=under_way)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(recorded.complete, REQUEST)
        assert held.sent.wait(30)
        second = pool.submit(recorded.complete, other)
        assert waits.wait(30)
        assert ledger.states == ["sent"]
        held.go.set()
        assert (first.result(30).cost_usd, second.result(30).cost_usd) == (Decimal("0.000011"),) * 2
    assert ledger.spent == Decimal("0.000022")


def test_many_threads_never_spend_more_than_the_budget_and_all_come_to_an_end() -> None:
    ledger = MemoryLedger(budget=MOST * 3)

    class Dear:
        def complete(self, request: Request) -> Reply:
            return Reply(request.key, GOOD)

    recorded = Recorded(Dear(), ledger, run=1, price=PRICE)

    def one(sample: int) -> bool:
        try:
            recorded.complete(Request(REQUEST.endpoint, "lantern", "tools", BODY, sample=sample))
        except BudgetReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(one, range(40)))
    assert (done.count(True), ledger.spent, ledger.reserved) == (3, MOST * 3, FREE)


def test_who_waits_for_room_stops_when_told() -> None:
    ledger = MemoryLedger()

    def check() -> None:
        raise Stopped("stopped")

    with pytest.raises(Stopped):
        Recorded(Replying(ledger, GOOD), ledger, check=check).complete(REQUEST)
    assert ledger.rows == []
