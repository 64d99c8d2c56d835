"""Replay recorded conversations; tests/cassettes/README.md says how to record them."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.draft import Draft
from decomposer.errors import Refused
from decomposer.llm import Mode, ModelOptions
from decomposer.llm.openai import OpenAIModel, open_model
from tests.asking import ANSWER, EXPECTED, MemoryLedger, prompt_about
from tests.conftest import KEY
from tests.standin import Standin

MODEL = "gpt-5-mini"
CASSETTES = Path(__file__).parent / "cassettes"
FAULTS = {"reask": ["schema"], "refusal": ["refusal", "refusal"]}


@pytest.fixture
def endpoint(request: pytest.FixtureRequest, record_mode: str) -> Iterator[str]:
    """Where the conversation takes place: nowhere in a replay, else at OPENAI_BASE_URL or the stand-in server."""
    if record_mode == "none":
        yield "http://127.0.0.1/v1"
    elif "OPENAI_API_KEY" in os.environ or "OPENAI_BASE_URL" in os.environ:
        yield os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
    else:
        faults = next((plan for name, plan in FAULTS.items() if name in request.node.name), [])
        with Standin(answer=ANSWER, faults=faults) as server:
            yield server.url


def opened(endpoint: str, ledger: MemoryLedger, mode: Mode = "tools") -> OpenAIModel:
    key = os.environ.get("OPENAI_API_KEY")
    return open_model(MODEL, ModelOptions(base_url=endpoint, api_key=key, mode=mode, ledger=ledger))


@pytest.mark.vcr
@pytest.mark.parametrize("mode", ["tools", "json_schema", "json"])
def test_a_model_card_becomes_a_draft(endpoint: str, mode: Mode) -> None:
    ledger = MemoryLedger()
    answer = opened(endpoint, ledger, mode).answer(prompt_about(), Draft)
    assert answer.value == EXPECTED
    assert (answer.requests, ledger.states) == (1, ["answered"])
    assert answer.prompt_tokens > answer.completion_tokens > 100


@pytest.mark.vcr
def test_a_reask_gets_the_draft_right(endpoint: str) -> None:
    ledger = MemoryLedger()
    answer = opened(endpoint, ledger).answer(prompt_about(), Draft)
    assert answer.value == EXPECTED
    assert (answer.requests, ledger.states) == (2, ["answered", "answered"])


@pytest.mark.vcr
def test_a_second_refusal_stands(endpoint: str) -> None:
    ledger = MemoryLedger()
    with pytest.raises(Refused, match="gpt-5-mini refused to answer: I can't help with that"):
        opened(endpoint, ledger).answer(prompt_about(), Draft)
    assert ledger.states == ["refused", "refused"]


def test_no_cassette_holds_anything_like_a_key() -> None:
    recorded = sorted(CASSETTES.rglob("*.yaml"))
    assert len(recorded) >= 5
    assert [path.name for path in recorded if KEY.search(path.read_text(encoding="utf-8"))] == []


def test_no_test_reaches_the_network_unless_it_says_so() -> None:
    with socket.socket() as unused, pytest.raises(RuntimeError, match="Network is disabled"):
        unused.connect(("127.0.0.1", 9))
