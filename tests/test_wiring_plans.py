"""A plan says what a run would ask and cost; nothing is sent, and nothing is written."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from decomposer.batch.planning import ASSUMED
from decomposer.wiring.orders import Order
from decomposer.wiring.plans import planned_run
from decomposer.wiring.references import Naming
from tests.standin import Standin
from tests.test_wiring_batches import documents, held, priced, run

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin() as server:
        yield server


def test_nothing_is_sent_and_nothing_is_written(standin: Standin) -> None:
    plan = planned_run(held(standin), Order(documents(5)))
    assert (plan.documents, plan.exact, plan.requests.value, plan.cached.value) == (5, True, 5, 0)
    assert (plan.cost, plan.answer.tokens, plan.answer.answers) == (None, ASSUMED, 0)
    assert "the price of standin is unknown" in plan.price_note
    assert standin.requests == []
    assert not Path("catalog.db").exists()


def test_a_catalog_that_is_there_is_left_as_it_was(standin: Standin) -> None:
    run(held(standin), Order(documents(3)))
    before = Path("catalog.db").read_bytes()
    planned_run(held(standin, language="de"), Order(Naming(listed="refs.txt")))
    assert Path("catalog.db").read_bytes() == before


def test_prompt_tokens_are_about_those_that_are_charged_and_answers_as_long_as_before(standin: Standin) -> None:
    settings = held(standin, prices=priced())
    naming = documents(8)
    plan = planned_run(settings, Order(naming))
    _, _record = run(settings, Order(naming, max_cost=Decimal(1)))
    assert plan.prompt_tokens.value == pytest.approx(standin.prompt_tokens, rel=0.25)
    again = planned_run(held(standin, prices="prices.json", language="de"), Order(naming))
    assert again.answer.answers == 8
    assert again.completion_tokens.value == pytest.approx(standin.completion_tokens)
    assert again.cost is not None
    expected = again.prompt_tokens.value / 1e6 + 2 * again.completion_tokens.value / 1e6
    assert again.cost.value == pytest.approx(expected, rel=0.02)


def test_what_is_answered_unchanged_or_can_not_be_read_is_counted(standin: Standin) -> None:
    run(held(standin), Order(documents(4)))
    Path("heron1.md").write_text("# Heron 1\n\nHeron 1 counts geese.\n", encoding="utf-8")
    plan = planned_run(held(standin), Order(Naming(("heron0.md", "heron1.md", "missing.md", "heron0.md"))))
    assert {state: one.value for state, one in plan.standing.items()} == {
        "asks": 1, "answered": 0, "unchanged": 2, "failed": 1,
    }  # fmt: skip
    assert plan.repeated == 1
    assert [one.reason for one in plan.failures] == ["missing.md: no such file or folder; check the spelling"]
    assert planned_run(held(standin), Order(Naming(("heron2.md",)))).requests.value == 0


def test_a_sample_is_scaled_up_with_a_margin(standin: Standin) -> None:
    documents(40)
    for number in range(0, 40, 2):
        longer = "\n".join(f"Heron {number} knows {bird} birds." for bird in range(50))
        Path(f"heron{number}.md").write_text(f"# Heron\n\n{longer}\n", encoding="utf-8")
    naming = Naming(listed="refs.txt")
    whole = planned_run(held(standin), Order(naming), sample=None)
    sample = planned_run(held(standin), Order(naming), sample=20)
    assert (sample.documents, sample.looked_at, sample.exact, whole.exact) == (40, 20, False, True)
    assert sample.requests.value == 40
    assert sample.prompt_tokens.margin > 0
    assert abs(sample.prompt_tokens.value - whole.prompt_tokens.value) <= 2 * sample.prompt_tokens.margin
    assert planned_run(held(standin), Order(naming), sample=20).data() == sample.data()


def test_the_plan_is_data(standin: Standin) -> None:
    data = planned_run(held(standin, prices=priced()), Order(documents(2))).data()
    assert json.loads(json.dumps(data)) == data
    assert (data["documents"], data["requests"], data["margin"]["requests"]) == (2, 2, 0)
    assert Decimal(data["cost_usd"]) > 0
