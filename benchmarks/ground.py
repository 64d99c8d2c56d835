"""Measure grounding: time to find quotes in a long document, beside the sliding window that peers use."""

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import made
from benchmarks.measuring import RESULTS, Measure, report, seconds, spread
from decomposer.text import locate, split, visible
from decomposer.text.tokenized import tokenized

TOKENS = 20_000
QUOTES = 1_000
THRESHOLD = 0.75  # of its tokens, what a window must share with the quote to be called the quote


def document(tokens: int) -> str:
    """Return a made README of about so many words and numbers."""
    text = made("prose", tokens * 5)
    while len(tokenized(text).seen.forms) < tokens:
        text += made("prose", tokens)
    return text


def quotes(text: str, count: int) -> dict[str, list[str]]:
    """Return `count` quotes of each kind: as written, as seen, in capitals, with one word changed."""
    raw = [text[start:end] for start, end in split(text) if 20 < end - start < 300]
    written = list(islice((one for _ in range(count) for one in raw), count))
    seen = [visible(one, 0, len(one), "text/markdown") for one in written]
    changed = [re.sub(r"\w+(?=\W*$)", "heron", one) for one in seen]
    return {"as written": written, "as seen": seen, "in capitals": [one.upper() for one in seen], "changed": changed}


def windowed(quote: str, tokens: Sequence[str]) -> float:
    """Return the best ratio of a window over the tokens, as peers find it: SequenceMatcher from every start."""
    wanted = quote.lower().split()
    matcher = difflib.SequenceMatcher(autojunk=False, b=wanted)
    best = 0.0
    for at in range(max(1, len(tokens) - len(wanted) + 1)):
        matcher.set_seq1(tokens[at : at + len(wanted)])
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    return best


def aligner(text: str, kinds: dict[str, list[str]], *, runs: int) -> Measure:
    """Return the time to find a mix of all kinds of quotes in a document that has not been seen before."""
    rows: list[dict[str, Any]] = []
    for kind, asked in kinds.items():
        took = spread(seconds(partial(_all, asked, text)) for _ in range(runs))
        found = [locate(quote, text) for quote in asked]
        ways = {
            how: sum(one is not None and one.how == how for one in found) for how in ("exact", "normalized", "fuzzy")
        }
        rows.append({"quotes": kind, "number": len(asked), "seconds": took.median, **ways, "none": found.count(None)})
    mixed = [quote for number, row in enumerate(zip(*kinds.values(), strict=True)) for quote in row[number % 4 :][:1]]
    took = spread(seconds(partial(_all, mixed, text)) for _ in range(runs))
    size = f"{len(mixed):,} quotes, {len(tokenized(text).seen.forms):,} tokens"
    return Measure(
        f"finding {size}", took.median, "s", 2, str(took), rows, ["reading the document is part of the time"]
    )


def peers(text: str, asked: Sequence[str]) -> Measure:
    """Return the time of a sliding window with difflib for one quote, and what it accepts."""
    tokens = text.lower().split()
    rows: list[dict[str, Any]] = []
    for quote in asked:
        ratios: list[float] = []
        took = seconds(lambda quote=quote, ratios=ratios: ratios.append(windowed(quote, tokens)))  # type: ignore[misc]
        ours = seconds(partial(locate, quote, text))
        row = {"quote": quote[:40], "window, s": took, "ratio": ratios[0], "accepted": ratios[0] >= THRESHOLD}
        rows.append(row | {"ours, s": ours, "found": getattr(locate(quote, text), "how", None)})
    ratio = spread(row["ours, s"] / row["window, s"] for row in rows)
    return Measure("time for a quote, as part of a sliding window's", ratio.median, "", 0.1, str(ratio), rows)


def _all(asked: Sequence[str], text: str) -> None:
    tokenized.cache_clear()
    for quote in asked:
        locate(quote, text)


def main() -> int:
    """Print and store the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS / "ground.json", help="where the figures go")
    parser.add_argument("--tiny", action="store_true", help="only see that it runs: the figures mean nothing")
    options = parser.parse_args()
    text = document(500 if options.tiny else TOKENS)
    kinds = quotes(text, 20 if options.tiny else QUOTES)
    few = [quote for asked in (kinds["as seen"], kinds["changed"]) for quote in asked[: 1 if options.tiny else 3]]
    report([aligner(text, kinds, runs=2 if options.tiny else 5), peers(text, few)], file=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
