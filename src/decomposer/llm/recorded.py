"""Record every request: in the ledger before it is sent, with the most it may cost, its reply before it is read."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from decomposer.errors import BudgetReached, DecomposerError, TransportError
from decomposer.llm.under_way import UnderWay
from decomposer.llm.wire import answer_bound, read
from decomposer.ports import Completion, Ledger, Price, Reply, Request, Sending

CEILING = 8_192  # tokens that an answer is expected to have at most, where nothing bounds it


class Recorded:
    """A completion that keeps the books: nothing is sent that is not in the ledger, nothing is lost that came back.

    Requests belong to the batch run `run` and are priced at `price`. Where the run's budget has no room for one while
    others are `under_way`, it waits for them to cost less than was reserved. `check` is called before each attempt at
    room in the budget and raises what is to end the waiting.
    """

    def __init__(
        self,
        completion: Completion,
        ledger: Ledger,
        *,
        run: int | None = None,
        price: Price | None = None,
        under_way: UnderWay | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._completion = completion
        self._ledger = ledger
        self._run = run
        self._price = price
        self._under_way = under_way or UnderWay()
        self._check = check

    def complete(self, request: Request) -> Reply:
        """Return the reply. Raises BudgetReached, and sends nothing, where the run can't pay for it."""
        attempt = self._begin(request)
        try:
            return self._sent(request, attempt)
        finally:
            self._under_way.leave(sent=True)

    def _begin(self, request: Request) -> int:
        sending = Sending(self._run, estimated_usd=most(request, self._price))
        while True:
            seen = self._under_way.enter()
            try:
                self._check()
                return self._ledger.begin(request, sending)
            except BudgetReached:
                self._under_way.leave(sent=False)
                if not self._under_way.wait(seen):
                    raise
            except BaseException:
                self._under_way.leave(sent=False)
                raise

    def _sent(self, request: Request, attempt: int) -> Reply:
        try:
            reply = self._completion.complete(request)
        except DecomposerError as error:
            billed = isinstance(error, TransportError) and error.arrived
            self._ledger.fail(request.key, attempt, str(error), billed=billed)
            raise
        reply = replace(reply, cost_usd=cost(reply, self._price))
        self._ledger.finish(request.key, attempt, reply, refused=bool(read(reply.raw).declined))
        return reply


def most(request: Request, price: Price | None) -> Decimal | None:
    """Return the most that a request may cost in US dollars, None where no price is known.

    No token is shorter than a byte, so the prompt has no more tokens than bytes. An answer that nothing bounds is
    expected to have at most 8,192 tokens.
    """
    if price is None:
        return None
    return price.of(request.size, answer_bound(request) or CEILING)


def cost(reply: Reply, price: Price | None) -> Decimal | None:
    """Return what a reply did cost in US dollars; None where no price is known, or the endpoint counts no tokens."""
    if price is None or reply.prompt_tokens is None or reply.completion_tokens is None:
        return None
    return price.of(reply.prompt_tokens, reply.completion_tokens, cheap=reply.cheap_tokens or 0)
