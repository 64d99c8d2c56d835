"""Limit requests: each takes a place at the gate of its endpoint before it is recorded and sent."""

from decomposer.llm.gate import Gate
from decomposer.llm.wire import answer_bound
from decomposer.ports import Completion, Reply, Request

EXPECTED = 1_000  # tokens of an answer, before it is known
_BYTES = 4  # a token


class Limited:
    """A completion that passes a gate. Tokens are reserved by the size of the request and settled by its reply."""

    def __init__(self, completion: Completion, gate: Gate) -> None:
        self._completion = completion
        self._gate = gate

    def complete(self, request: Request) -> Reply:
        """Return the reply. Raises Stopped where the gate is closed, and EndpointRefused after too long a pause."""
        with self._gate.passing(expected(request)) as passage:
            reply = self._completion.complete(request)
            known = reply.prompt_tokens is not None and reply.completion_tokens is not None
            took = (reply.prompt_tokens or 0) + (reply.completion_tokens or 0)
            passage.settle(took if known else None, reply.pace)
            return reply


def expected(request: Request) -> int:
    """Return how many tokens a request is expected to take, its answer included."""
    bound = answer_bound(request)
    return request.size // _BYTES + (EXPECTED if bound is None else min(bound, EXPECTED))
