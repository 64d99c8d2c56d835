"""Write the bundled price table: `python scripts/prices.py --from FILE --as-of DATE --source TEXT`.

FILE is the `model_prices_and_context_window.json` of LiteLLM. Kept are chat models of providers with an
OpenAI-compatible endpoint, less what is not for texts and what costs the same as its name without the date.
"""

import json
import re
from argparse import ArgumentParser
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from decomposer.ports import Price
from decomposer.prices import BUNDLED, PriceTable
from decomposer.prices.formats import parse_prices

PROVIDERS = ("openai", "anthropic", "cerebras", "deepseek", "gemini", "groq", "mistral", "xai")
LEFT_OUT = re.compile(
    r"^ft:|audio|search|research|computer|robotics|guard|learnlm|gemma|exp-|experimental|beta|vision|tts|image|voxtral"
    r"|ocr|transcribe|realtime|customtools|cyber|daybreak|rosalind|-law$|codex|container|multi-agent|live|omni|embed"
)
DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")
MOST = 180


def main() -> None:
    """Write the table."""
    parser = ArgumentParser(description="Write the bundled price table from LiteLLM's.")
    parser.add_argument("--from", dest="file", type=Path, required=True, help="model_prices_and_context_window.json")
    parser.add_argument("--as-of", required=True, help="the date of that file, YYYY-MM-DD")
    parser.add_argument("--source", required=True, help="where it comes from, with its version")
    given = parser.parse_args()
    text = given.file.read_text(encoding="utf-8")
    table = parse_prices(text, as_of=given.as_of, source=given.source)
    names = chosen(table, json.loads(text))[:MOST]
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(figures(table.prices[name]))}" for name in names)
    head = {"as_of": given.as_of, "source": given.source, "unit": "US dollars per million tokens"}
    opening = json.dumps(head, indent=2).removesuffix("\n}")
    BUNDLED.write_text(f'{opening},\n  "models": {{\n{lines}\n  }}\n}}\n', encoding="utf-8")


def chosen(table: PriceTable, models: Mapping[str, Any]) -> list[str]:
    """Return the names to keep, by provider."""
    asked = {_full(name, model) for name, model in models.items() if model.get("mode") == "chat"}
    kept = []
    for name, price in table.prices.items():
        provider, _, model = name.partition("/")
        plain = DATED.sub("", name)
        same = plain != name and table.prices.get(plain) == price
        if provider in PROVIDERS and name in asked and price.input and not same and not LEFT_OUT.search(model):
            kept.append(name)
    return sorted(kept, key=lambda name: (PROVIDERS.index(name.partition("/")[0]), name))


def figures(price: Price) -> dict[str, str]:
    """Return a price as it is written: decimals as text, what is not known left out."""
    named = {name: getattr(price, name) for name in ("input", "output", "cached_input", "batch_input", "batch_output")}
    return {name: f"{_plain(value)}" for name, value in named.items() if value is not None}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _full(name: str, model: Mapping[str, Any]) -> str:
    provider = str(model.get("litellm_provider", ""))
    return name if name.startswith(f"{provider}/") else f"{provider}/{name}"


if __name__ == "__main__":
    main()
