"""Learn what the judgement of pairs rests on, and write it: `python scripts/pairs.py PAIRS.jsonl --corpus DIR`."""

import re
import sys
from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from math import log
from pathlib import Path

from decomposer.embed import default_embedder
from decomposer.errors import DecomposerError
from decomposer.same.concepts import concepts
from decomposer.same.learned import FILE, Learned, write
from decomposer.same.learning import Target
from decomposer.same.pairs import Pair, relearned
from decomposer.sources.pairs import digest, read_pairs
from decomposer.text.words import content

PRECISION, RECALL = 0.95, 0.95
SMOOTHING = 20  # paragraphs added to each document, so that a short one does not outweigh the others
RAREST = 2e-4  # share of paragraphs under which a word is not kept: it weighs as much as one never met
NO_PROSE = re.compile(r"```.*?```|https?://\S+|<[^>]+>", re.DOTALL)
PARAGRAPH = re.compile(r"\n\s*\n|\n[-*|#]")
LONGEST = 1500  # characters of a paragraph that are counted


def main() -> int:
    """Learn from the pairs and the corpus and write the values; return the exit code."""
    parser = ArgumentParser(description="Learn weights and thresholds of the judgement from labelled pairs.")
    parser.add_argument("pairs", type=Path, help="JSON lines: a_text, b_text, label, hard, cluster_a, cluster_b")
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents, for how rare a word is")
    parser.add_argument("--precision", type=float, default=PRECISION, help="wanted of what is merged")
    parser.add_argument("--recall", type=float, default=RECALL, help="wanted of what is proposed")
    parser.add_argument("--out", type=Path, default=FILE, help="where the values are written")
    given = parser.parse_args()
    try:
        pairs = read_pairs(given.pairs)
        values = learned_from(pairs, given.pairs, given.corpus, Target(given.precision, given.recall))
    except DecomposerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    write(values, given.out)
    for name, scorer in values.scorers.items():
        print(f"{name}: merged from {scorer.merge:.3f}, proposed from {scorer.propose:.3f}, {dict(scorer.weights)}")
    return 0


def learned_from(pairs: list[Pair], file: Path, corpus: Path, target: Target) -> Learned:
    """Return the values for these pairs: with no vectors, and with WordLlama where it is installed."""
    words, rare_concepts, documents = frequencies(corpus)
    data = (
        f"{len(pairs)} pairs of {file.parent.name}/{file.name} (sha256 {digest(file)}), "
        f"{sum(one.same for one in pairs)} of them the same; frequencies from {documents} documents"
    )
    today = datetime.now(UTC).date().isoformat()
    values = Learned(today, data, target.precision, target.recall, {}, rare_concepts, words)
    return relearned(pairs, values, target, embedders=[None, default_embedder()], date=today, data=data)


def frequencies(corpus: Path) -> tuple[dict[str, float], dict[str, float], int]:
    """Return how much words and concepts weigh, by the mean share of a document's paragraphs; and the documents read.

    The key "" is what one weighs that was never met.
    """
    words: Counter[str] = Counter()
    found: Counter[str] = Counter()
    documents = 0
    for path in sorted(corpus.rglob("*")):
        if not path.is_file():
            continue
        text = NO_PROSE.sub("", path.read_bytes().decode("utf-8", "replace"))
        paragraphs = [part[:LONGEST] for part in PARAGRAPH.split(text) if len(part.split()) > 4]
        documents += 1
        for part in paragraphs:
            share = 1 / (len(paragraphs) + SMOOTHING)
            words.update(dict.fromkeys((word.form for word in content(part)), share))
            found.update(dict.fromkeys(concepts(part).said, share))
    return _weights(words, documents), _weights(found, documents), documents


def _weights(shares: "Counter[str]", documents: int) -> dict[str, float]:
    kept = {key: share / documents for key, share in shares.items() if share / documents >= RAREST}
    return {"": round(-log(RAREST), 2)} | {key: round(-log(share), 2) for key, share in sorted(kept.items())}


if __name__ == "__main__":
    sys.exit(main())
