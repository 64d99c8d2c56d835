"""What the source tests share: a fetch that answers from recorded bodies."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer.errors import SourceError
from decomposer.ports import Fetch, Fetched

DATA = Path(__file__).parent.parent / "data" / "sources"

Answers = Mapping[str, bytes | SourceError | None]


class Recorded:
    """A `Fetch` over recorded bodies: an address without one is missing, an error is raised. `asked` lists them."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
        self.asked.append(url)
        answer = self.answers.get(url)
        if isinstance(answer, SourceError):
            raise answer
        if answer is not None:
            return Fetched(url, answer, "text/plain" if "/raw/" in url or "raw." in url else "application/json")
        if missing_ok:
            return None
        raise SourceError(f"{url}: there is nothing at this address (404)")


@pytest.fixture
def recorded() -> Callable[[Answers], Recorded]:
    return Recorded


@pytest.fixture
def body() -> Callable[[str], bytes]:
    """Return the recorded body of a name in tests/data/sources."""
    return lambda name: (DATA / name).read_bytes()


@pytest.fixture
def no_fetch() -> Fetch:
    """Return a fetch that fails the test when it is used."""
    return Recorded({})
