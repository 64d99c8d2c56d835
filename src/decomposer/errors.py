"""Every error of decomposer, in one tree.

DecomposerError
├── UsageError               the call itself is wrong                         exit 2
├── ConfigurationError       a setting, key, template or plugin is wrong      exit 3
│   └── EndpointRefused      the endpoint wants another key, address or model, or the account is empty
├── SourceError              a document could not be read                     exit 1
│   └── AddressRefused       a URL points at an address we never ask
├── CatalogError             the catalog or ledger can't be read or written   exit 3
├── ModelError               the model gave no usable answer                  exit 1
│   ├── TransportError       no reply: status, timeout, connection
│   ├── Refused              the model or its filter declined, twice
│   ├── AnswerTooLong        the answer did not fit; ask about less text
│   ├── InvalidAnswer        the answer never took the asked form
│   ├── Unanswered           the ledger has no answer and asking is not allowed
│   └── InDoubt              it was asked before, and nobody knows what came of it
├── BudgetReached            the next request would go over the limit         exit 4
└── Stopped                  the run was asked to stop; nothing is lost       exit 130
"""

from decomposer.measures import Pace, Took


class DecomposerError(Exception):
    """An error a person can act on: what it is about, why, and what to do next (`hint`)."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}; {self.hint}" if self.hint else message


class UsageError(DecomposerError):
    """The call itself is wrong."""

    exit_code = 2


class ConfigurationError(DecomposerError):
    """A setting, key, template or plugin is missing or wrong."""

    exit_code = 3


class EndpointRefused(ConfigurationError):
    """The endpoint refuses every request: the key, the address, the model or the account is wrong.

    `status` is the HTTP status.
    """

    def __init__(self, message: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class SourceError(DecomposerError):
    """A document could not be found, fetched or decoded."""


class AddressRefused(SourceError):
    """A URL resolves to an address that is never asked (private, loopback, link-local, multicast, translated)."""


class CatalogError(DecomposerError):
    """The catalog or ledger can't be opened, read or written."""

    exit_code = 3


class ModelError(DecomposerError):
    """The model gave no usable answer. `retryable` says whether the same request may succeed later.

    `raw` is the last reply, empty where there was none; `took` is what was asked until then, None where that is not
    known.
    """

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False, raw: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable
        self.raw = raw
        self.took: Took | None = None


class TransportError(ModelError):
    """No reply came back. `status` is the HTTP status, None where there was none; `retry_after` is in seconds.

    `pace` is what the endpoint said of its limits. A request that `arrived` may have been answered and billed, though
    nothing of it came back.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
        pace: Pace | None = None,
        arrived: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, retryable=retryable)
        self.status = status
        self.retry_after = retry_after
        self.pace = pace
        self.arrived = arrived


class Refused(ModelError):
    """The model, or a content filter before it, declined to answer."""


class AnswerTooLong(ModelError):
    """The answer was cut off at the length limit (`finish_reason=length`)."""


class InvalidAnswer(ModelError):
    """The answer did not take the asked form, even after being told what was wrong."""


class Unanswered(ModelError):
    """The ledger holds no answer to this request and asking is not allowed. `key` is the request's key."""

    def __init__(self, message: str, *, hint: str = "", key: str = "") -> None:
        super().__init__(message, hint=hint)
        self.key = key


class InDoubt(ModelError):
    """The request was sent by a process that is gone, and may have been answered and paid. `key` is its key."""

    def __init__(self, message: str, *, hint: str = "", key: str = "") -> None:
        super().__init__(message, hint=hint)
        self.key = key


class BudgetReached(DecomposerError):
    """The next request would cost more than what is left of the budget."""

    exit_code = 4


class Stopped(DecomposerError):
    """The run was asked to stop: what was under way is finished, nothing new is begun."""

    exit_code = 130
