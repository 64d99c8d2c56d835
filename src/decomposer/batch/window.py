"""Work on many references at once: a bounded window over one pool of threads, whatever their number."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from queue import Empty, SimpleQueue

from decomposer.errors import BudgetReached, CatalogError, ConfigurationError, DecomposerError, ModelError, Stopped
from decomposer.measures import Took
from decomposer.ports import Item, Outcome

# What is not about one document: nothing that comes after it would fare better.
ENDS_THE_RUN = (BudgetReached, CatalogError, ConfigurationError, Stopped)
_PATIENCE = 0.1  # seconds between two looks for new references while none are there, and for the wish to stop

Work = Callable[[Item], Outcome]


def run(
    items: Iterable[Item | None],
    work: Work,
    *,
    threads: int,
    stopping: Callable[[], bool] = lambda: False,
    close: Callable[[], None] = lambda: None,
) -> Generator[Outcome]:
    """Yield how each reference ended, as they end; at most `threads` are taken before one has ended.

    `items` may go on for ever; None says that there is nothing just now. Whatever goes wrong with one reference is its
    outcome. Only BudgetReached, CatalogError, ConfigurationError and Stopped end the run, as does `stopping`: `close`
    is called, what is under way ends and is yielded, and the error is raised, Stopped for `stopping`.
    """
    ended: SimpleQueue[Outcome | DecomposerError] = SimpleQueue()
    source = iter(items)
    under_way, exhausted = 0, False
    error: DecomposerError | None = None
    with ThreadPoolExecutor(threads, thread_name_prefix="document") as pool:
        while under_way or not (exhausted or error):
            if error is None and stopping():
                error = Stopped("stopped", hint="run the same command again to go on")
                close()
            idle = False
            while under_way < threads and not (idle or exhausted or error or stopping()):
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                except ENDS_THE_RUN as found:
                    error = found
                    close()
                else:
                    idle = item is None
                    if item is not None:
                        pool.submit(_one, work, item, ended)
                        under_way += 1
            for one in _ended(ended, wait=bool(under_way) or idle):
                under_way -= 1
                if isinstance(one, Outcome):
                    yield one
                elif error is None:
                    error = one
                    close()
    if error is not None:
        raise error


def _one(work: Work, item: Item, ended: "SimpleQueue[Outcome | DecomposerError]") -> None:
    try:
        ended.put(work(item))
    except ENDS_THE_RUN as error:
        ended.put(error)
    except BaseException as error:  # noqa: BLE001 (one document must not end the run, whatever is wrong with it)
        ended.put(failure(item, error))


def failure(item: Item, error: BaseException) -> Outcome:
    """Return the outcome of a reference that failed: the reason, the last reply, and what was spent on it."""
    told = isinstance(error, DecomposerError)
    reason = str(error) if told else f"unexpected {type(error).__name__}: {error}; this is a bug, please report it"
    raw, took = "", Took()
    if isinstance(error, ModelError):
        raw, took = error.raw, error.took or Took(cost_usd=None)
    return Outcome(
        item.position,
        item.ref,
        "failed",
        reason=reason,
        raw=raw,
        requests=took.requests,
        cached=took.cached,
        prompt_tokens=took.prompt_tokens,
        completion_tokens=took.completion_tokens,
        cost_usd=took.cost_usd,
    )


def _ended(ended: "SimpleQueue[Outcome | DecomposerError]", *, wait: bool) -> Iterator[Outcome | DecomposerError]:
    """Yield what has ended; where nothing has, wait a moment for it."""
    try:
        yield ended.get(timeout=_PATIENCE) if wait else ended.get_nowait()
        for _ in repeat(None):
            yield ended.get_nowait()
    except Empty:
        return
