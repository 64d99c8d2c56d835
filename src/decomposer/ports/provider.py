"""Hand whole files of requests to a provider's batch mode, and get the replies back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from decomposer.ports.asking import Request


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """One batch as the provider tells of it. `mark` is ours, empty where it has none.

    Nothing more comes of one that has `ended`; `trouble` says why it was turned down as a whole, else it is empty.
    `done` of `lines` have ended. `made` is in seconds since 1970. `source` is the file of its requests and `results`
    are those of its replies.
    """

    id: str
    status: str
    ended: bool
    mark: str = ""
    trouble: str = ""
    done: int = 0
    lines: int = 0
    made: int = 0
    source: str = ""
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What became of one request of a batch, by the `custom_id` it was sent with: a reply, `raw`, or an `error`.

    `custom_id` is empty where a line can't be read, and `error` says why. `refused` replies are those of a model or
    filter that declined. Token counts are None where the reply does not say.
    """

    custom_id: str
    raw: str | None = None
    refused: bool = False
    error: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cheap_tokens: int | None = None


class Provider(Protocol):
    """A provider's batch mode. Every method raises TransportError, or EndpointRefused, where it can't be reached."""

    @property
    def endpoint(self) -> str:
        """The address that requests are asked at, without secrets."""
        ...

    def line(self, request: Request, custom_id: str) -> bytes:
        """Return a request as a line of a file, its line feed included."""
        ...

    def submit(self, lines: BinaryIO, *, mark: str) -> RemoteBatch:
        """Upload a file of JSON lines, one request each, and begin a batch that carries `mark`."""
        ...

    def recent(self) -> Iterator[RemoteBatch]:
        """Yield the batches of the account, newest first, page by page."""
        ...

    def find(self, remote: str) -> RemoteBatch:
        """Return a batch as it is now."""
        ...

    def results(self, batch: RemoteBatch) -> Iterator[BatchLine]:
        """Yield what became of the requests of a batch that has ended, streaming, in any order."""
        ...

    def forget(self, batch: RemoteBatch) -> None:
        """Delete the files of a batch at the provider; those that are gone already are no error."""
        ...
