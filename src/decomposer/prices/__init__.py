"""Know what models cost: a dated table of prices, bundled or a file of the user's, and how a model is found in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from decomposer.errors import ConfigurationError
from decomposer.ports import Price

BUNDLED = Path(__file__).with_name("prices.json")

_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")
_HOSTS: Mapping[str, tuple[str, ...]] = {  # what price tables call the provider behind a host
    "api.openai.com": ("openai",),
    "api.anthropic.com": ("anthropic",),
    "api.cerebras.ai": ("cerebras",),
    "api.deepseek.com": ("deepseek",),
    "api.fireworks.ai": ("fireworks_ai", "fireworks-ai"),
    "api.groq.com": ("groq",),
    "api.mistral.ai": ("mistral",),
    "api.together.xyz": ("together_ai", "togetherai"),
    "api.x.ai": ("xai",),
    "generativelanguage.googleapis.com": ("gemini", "google"),
    "openrouter.ai": ("openrouter",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a table says of a model: `price` is None where it is not known, and `note` says how it was found or not."""

    price: Price | None
    note: str


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by `provider/model`. `as_of` is the date they held, `source` where they come from."""

    as_of: str
    source: str
    prices: Mapping[str, Price]

    def find(self, model: str, endpoint: str) -> Found:
        """Return the price of a model as it is named to `endpoint`, a URL.

        A price of the endpoint's own provider goes first, then the exact name, then `openai/NAME`, then any provider's
        where all agree. A name that ends in a date and is not listed counts as the one without the date.
        """
        undated = _DATED.sub("", model)
        for name in dict.fromkeys((model, undated)):
            key = self._key(name, endpoint)
            if key is not None:
                told = f"price of {key}" + (f" for {model}" if name != model else "")
                own = key.partition("/")[0] in _providers(endpoint)
                elsewhere = "" if own else f"; {_host(endpoint)} may charge otherwise"
                return Found(self.prices[key], f"{told}, as of {self.as_of} ({self.source}){elsewhere}")
        return Found(
            None, f"the price of {model} is unknown: it is not in the table as of {self.as_of} ({self.source})"
        )

    def _key(self, name: str, endpoint: str) -> str | None:
        """Return the key of a model, None where there is none or several that differ."""
        wanted = [*(f"{provider}/{name}" for provider in _providers(endpoint)), name, f"openai/{name}"]
        for key in wanted:
            if key in self.prices:
                return key
        same = [key for key in self.prices if key.partition("/")[2] == name]
        return same[0] if same and len({self.prices[key] for key in same}) == 1 else None


def read_prices(path: str | Path | None = None) -> PriceTable:
    """Return the table in a file, or the bundled one.

    The file has our own format, or is a price file of models.dev, OpenRouter or LiteLLM; those have no date, so that of
    the file counts. Raises ConfigurationError where it can't be read or is none of these.
    """
    from decomposer.prices.formats import parse_prices

    place = BUNDLED if path is None else Path(path)
    try:
        text = place.read_text(encoding="utf-8-sig")
        changed = datetime.fromtimestamp(place.stat().st_mtime, UTC).date().isoformat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(f"prices {place}: can't be read ({reason})", hint="name a JSON file") from error
    try:
        return parse_prices(text, as_of=changed, source=place.name)
    except ValueError as error:
        raise ConfigurationError(
            f"prices {place}: {error}",
            hint="give our own format or a file of models.dev, OpenRouter or LiteLLM; see docs/configuration.md",
        ) from None


def _host(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or endpoint


def _providers(endpoint: str) -> tuple[str, ...]:
    host = _host(endpoint)
    return ("azure",) if host.endswith(".azure.com") else _HOSTS.get(host, ())
