"""Open models: the one that the settings choose, tuned as they say, over the ledger."""

from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from decomposer import plugins, ports
from decomposer.settings import Settings

if TYPE_CHECKING:
    from decomposer.llm import Asking
    from decomposer.prices import Found

# Models that ask nobody: they have no request to remember, so no ledger is opened for them.
SILENT = ("extractive", "scripted")


def open_model(
    wanted: str, held: Settings, ledger: Callable[[], ports.Ledger], *, asking: "Asking | None" = None
) -> ports.LanguageModel:
    """Return the model called `wanted`, such as `openai/gpt-5`, over what `ledger` opens. Raises ConfigurationError.

    Models that are given one `asking` share its gate; without one, a model gets a gate of its own. The price is that of
    `asking`, or else what the price table says.
    """
    from decomposer.llm import ModelOptions

    kind, name = model_place(wanted, plugins.names("models"))
    asking = asking or default_asking(held)
    if asking.price is None:
        asking = replace(asking, price=price_of(wanted, held).price)
    options = ModelOptions(
        base_url=held.base_url,
        api_key=held.api_key,
        mode=held.mode,
        temperature=held.temperature,
        max_output_tokens=held.max_output_tokens,
        timeout=held.timeout,
        ledger=None if kind in SILENT else ledger(),
        offline=asking.on_miss is not None,
        asking=asking,
    )
    model: ports.LanguageModel = plugins.load("models", kind)(name, options)
    return model


def price_of(wanted: str, held: Settings) -> "Found":
    """Return what the price table says of the model called `wanted`. Raises ConfigurationError for a bad table.

    Models that ask nobody cost nothing. The price table is the bundled one, or the file that the settings name.
    """
    from decomposer.prices import Found, read_prices

    kind, name = model_place(wanted, plugins.names("models"))
    if kind in SILENT:
        return Found(ports.Price(Decimal(0), Decimal(0)), f"{wanted} costs nothing: it asks nobody")
    from decomposer.llm.endpoint import Endpoint

    return read_prices(held.prices).find(name, Endpoint(held.base_url).url)


def default_asking(held: Settings) -> "Asking":
    """Return how requests are sent outside a batch run: through one gate, as wide as the settings say."""
    from decomposer.llm import Asking
    from decomposer.llm.gate import Gate

    return Asking(gate=Gate(held.workers, rpm=held.rpm, tpm=held.tpm))


def model_place(name: str, kinds: Collection[str]) -> tuple[str, str]:
    """Return the kind of a model and its name there; a bare NAME, such as `gpt-5` or `meta/llama`, is openai/NAME."""
    kind, _, rest = name.partition("/")
    return (kind, rest) if kind in kinds else ("openai", name)
