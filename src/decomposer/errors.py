"""Every error of decomposer, in one tree.

DecomposerError
├── UsageError               the call itself is wrong                         exit 2
├── ConfigurationError       a setting, key, template or plugin is wrong      exit 3
├── SourceError              a document could not be read                     exit 1
│   └── AddressRefused       a URL points at an address we never ask
├── CatalogError             the catalog or ledger can't be read or written   exit 3
├── ModelError               the model gave no usable answer                  exit 1
│   ├── TransportError       no reply: status, timeout, connection
│   ├── Refused              the model or its filter declined, twice
│   ├── AnswerTooLong        the answer did not fit; ask about less text
│   ├── InvalidAnswer        the answer never took the asked form
│   └── Unanswered           the ledger has no answer and asking is not allowed
└── BudgetReached            the next request would go over the limit         exit 4
"""


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


class SourceError(DecomposerError):
    """A document could not be found, fetched or decoded."""


class AddressRefused(SourceError):
    """A URL resolves to an address that is never asked (private, loopback, link-local, multicast, translated)."""


class CatalogError(DecomposerError):
    """The catalog or ledger can't be opened, read or written."""

    exit_code = 3


class ModelError(DecomposerError):
    """The model gave no usable answer. `retryable` says whether the same request may succeed later."""

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable


class TransportError(ModelError):
    """No reply came back. `status` is the HTTP status, None where there was none; `retry_after` is in seconds."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, retryable=retryable)
        self.status = status
        self.retry_after = retry_after


class Refused(ModelError):
    """The model, or a content filter before it, declined to answer."""


class AnswerTooLong(ModelError):
    """The answer was cut off at the length limit (`finish_reason=length`)."""


class InvalidAnswer(ModelError):
    """The answer did not take the asked form, even after being told what was wrong. `raw` is the last answer."""

    def __init__(self, message: str, *, hint: str = "", raw: str = "") -> None:
        super().__init__(message, hint=hint)
        self.raw = raw


class Unanswered(ModelError):
    """The ledger holds no answer to this request and asking is not allowed. `key` is the request's key."""

    def __init__(self, message: str, *, hint: str = "", key: str = "") -> None:
        super().__init__(message, hint=hint)
        self.key = key


class BudgetReached(DecomposerError):
    """The next request would cost more than what is left of the budget."""

    exit_code = 4
