"""Remember every request: written to the ledger before it is sent, its reply before it is read."""

from threading import Lock
from weakref import WeakValueDictionary

from decomposer.errors import DecomposerError, Unanswered
from decomposer.llm.wire import read
from decomposer.ports import Attempt, Completion, Ledger, Reply, Request

REFUSALS = 2


class Recorded:
    """A completion that answers from the ledger what was answered before, and records everything else.

    A refused request may be asked once more; from then on its refusal is the reply. An attempt in doubt (sent, and
    the process died) does not stand in the way of a new one.
    """

    def __init__(self, completion: Completion, ledger: Ledger, *, offline: bool = False) -> None:
        self._completion = completion
        self._ledger = ledger
        self._offline = offline
        self._guard = Lock()
        self._turns: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def complete(self, request: Request) -> Reply:
        """Return the recorded reply, or a new one. Raises Unanswered where there is none and asking is not allowed."""
        with self._turn(request.key):
            known = _settled(self._ledger.attempts(request.key))
            if known is not None:
                return Reply(request.key, known.raw or "", True, known.prompt_tokens, known.completion_tokens)
            if self._offline:
                raise Unanswered(
                    f"the ledger has no answer of {request.model} to request {request.key[:12]}",
                    hint="run again without asking to stay offline",
                    key=request.key,
                )
            return self._ask(request)

    def _turn(self, key: str) -> Lock:
        """Return the lock of a request: two threads with the same one must not both pay for it."""
        with self._guard:
            return self._turns.setdefault(key, Lock())

    def _ask(self, request: Request) -> Reply:
        attempt = self._ledger.begin(request)
        try:
            reply = self._completion.complete(request)
        except DecomposerError as error:
            self._ledger.fail(request.key, attempt, str(error))
            raise
        self._ledger.finish(request.key, attempt, reply, refused=bool(read(reply.raw).declined))
        return reply


def _settled(attempts: list[Attempt]) -> Attempt | None:
    """Return the attempt that stands for the request: an answer, or the last of enough refusals."""
    answered = [attempt for attempt in attempts if attempt.state == "answered"]
    refused = [attempt for attempt in attempts if attempt.state == "refused"]
    if answered:
        return answered[0]
    return refused[-1] if len(refused) >= REFUSALS else None
