"""Serve as the stand-in does, in a process of its own, and write down what was seen: requests, window, in flight."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.standin import Body, Standin


class Watched(Standin):
    """A stand-in that remembers when the first request came and the last reply went, and forgets what they said."""

    began = ended = 0.0

    def take(self, body: Body, headers: dict[str, str], path: str) -> str:
        """Note a request and return its fault."""
        self.began = self.began or time.monotonic()
        fault = super().take(body, headers, path)
        for kept in (self.requests, self.headers):
            kept[-1] = {}  # ten thousand documents need not be held
        return fault

    def leave(self, reply: Body | None, body: Body) -> None:
        """Note that a request was answered."""
        super().leave(reply, body)
        self.ended = time.monotonic()

    def seen(self) -> dict[str, Any]:
        """Return what was seen; `window` is in seconds."""
        return {
            "requests": len(self.requests),
            "window": self.ended - self.began,
            "most_in_flight": self.max_in_flight,
            "tokens": self.prompt_tokens + self.completion_tokens,
        }


def main() -> None:
    """Serve until terminated; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--faults", default="", help="such as 429:1,ok,reset: one a request, in order")
    parser.add_argument("--figures", type=Path, required=True, help="where to write what was seen, twice a second")
    options = parser.parse_args()
    faults = [fault for fault in options.faults.split(",") if fault]
    standin = Watched(faults=faults, repeat=bool(faults), latency=options.latency)
    with standin:
        print(standin.url, flush=True)
        new = options.figures.with_suffix(".new")
        while True:
            new.write_text(json.dumps(standin.seen()), encoding="utf-8")
            new.replace(options.figures)
            time.sleep(0.25)


if __name__ == "__main__":
    main()
