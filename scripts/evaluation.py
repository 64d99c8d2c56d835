"""Write the tables of docs/evaluation.md: `python scripts/evaluation.py [--check] [--gold DIR --corpus DIR]`."""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from decomposer.cli.evaluating import evaluate
from decomposer.cli.figures import markdown
from decomposer.settings import Settings
from decomposer.sources.gold import read_gold
from decomposer.wiring import Workspace

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "evaluation.md"


def main() -> int:
    """Rewrite the tables, or with `--check` say whether they are out of date; return the exit code."""
    parser = ArgumentParser(description="Write what the extractive model does on a gold set.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where the page is out of date")
    parser.add_argument("--gold", type=Path, help="a gold set on public documents; without it its tables stay")
    parser.add_argument("--corpus", type=Path, help="the documents of that gold set")
    given = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    wanted = with_tables(text, "samples", tables(CHECKOUT / "samples" / "gold", CHECKOUT / "samples"))
    if given.gold:
        wanted = with_tables(wanted, "gold", tables(given.gold, given.corpus or given.gold.parent))
    if wanted == text:
        return 0
    state = "out of date; run python scripts/evaluation.py" if given.check else "written"
    sys.stderr.write(f"{PAGE.relative_to(CHECKOUT)}: {state}\n")
    if not given.check:
        PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    return 1 if given.check else 0


def tables(gold: Path, corpus: Path) -> str:
    """Return the figures of the extractive model; nothing in them depends on the machine."""
    with Workspace(Settings(model="extractive")) as workspace:
        return markdown([evaluate(read_gold(gold, corpus), workspace, name="extractive")], costs=False)


def with_tables(page: str, block: str, text: str) -> str:
    """Return the page with `text` between the two marks of a block."""
    begin, end = f"<!-- {block}: begin -->\n", f"<!-- {block}: end -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda found: f"{begin}\n{text}\n{end}", page, count=1)


if __name__ == "__main__":
    sys.exit(main())
