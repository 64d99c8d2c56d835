"""Compare our estimate of tokens with a real tokenizer, language by language; `tokenizer()` serves other benchmarks."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import corpus
from benchmarks.measuring import RESULTS, Measure, report
from benchmarks.visible import visible_text
from decomposer.errors import SourceError
from decomposer.text import tokens

VOCABULARIES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
MISSING = "no tokenizer: see benchmarks/README.md for tiktoken and its vocabulary, then set TIKTOKEN_CACHE_DIR"
Counter = Callable[[str], int]


def tokenizer(name: str = "") -> tuple[str, Counter] | None:
    """Return a tokenizer by name, without one the first that is there, and its counter; None where there is none.

    Nothing is fetched: the vocabulary must lie in TIKTOKEN_CACHE_DIR.
    """
    folder = Path(os.environ.get("TIKTOKEN_CACHE_DIR", ""))
    there = [known for known, file in VOCABULARIES.items() if (folder / file).is_file() and name in ("", known)]
    if not there:
        return None
    try:
        import tiktoken
    except ImportError:
        return None
    encoding = tiktoken.get_encoding(there[0])
    return there[0], lambda text: len(encoding.encode(text, disallowed_special=()))


def estimates(paths: Sequence[Path], count: Counter) -> list[dict[str, Any]]:
    """Return one row a document: its language, tokens of its visible text, our estimate, and the error in percent."""
    from decomposer.sources.path import load

    rows: list[dict[str, Any]] = []
    for path in paths:
        try:
            document = load(str(path), _no_network).documents[0]
        except SourceError:
            continue
        text = visible_text(document)
        real = count(text)
        if real >= 50:  # a few words say nothing about a rate
            row = {
                "document": path.name,
                "language": document.language or "?",
                "tokens": real,
                "estimate": tokens(text),
            }
            rows.append(row | {"error": 100 * (tokens(text) / real - 1)})
    return rows


def by_language(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the errors of `estimates` by language: the median, and the range; negative is too low."""
    found = []
    for language in sorted({row["language"] for row in rows}):
        errors = sorted(row["error"] for row in rows if row["language"] == language)
        found.append(
            {
                "language": language,
                "documents": len(errors),
                "median error %": median(errors),
                "lowest": errors[0],
                "highest": errors[-1],
            }
        )
    return found


def measured(paths: Sequence[Path], name: str, count: Counter) -> list[Measure]:
    """Return the error of the estimate over all documents, by language, and where it is too low."""
    rows = estimates(paths, count)
    errors = [abs(row["error"]) for row in rows]
    low = sorted((row for row in rows if row["error"] < -10), key=lambda row: row["error"])
    return [
        Measure(f"estimate against {name}, median error", median(errors), "%", 15, rows=by_language(rows)),
        Measure(f"estimate against {name}, more than 10 % too low", len(low), "documents", len(rows) // 10, rows=low),
    ]


def main() -> int:
    """Measure every tokenizer that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of documents")
    parser.add_argument("--json", type=Path, default=RESULTS / "tokens.json", help="where the figures go")
    options = parser.parse_args()
    there = [found for name in VOCABULARIES if (found := tokenizer(name))]
    if not there:
        print(MISSING, file=sys.stderr)
    paths = corpus(options.corpus)
    report([measure for name, count in there for measure in measured(paths, name, count)], file=options.json)
    return 0


def _no_network(url: str, *, accept: str = "", missing_ok: bool = False) -> None:
    raise SourceError(f"{url}: benchmarks stay offline")


if __name__ == "__main__":
    sys.exit(main())
