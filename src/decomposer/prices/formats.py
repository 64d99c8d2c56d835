"""Read price files: our own, and those of models.dev, OpenRouter and LiteLLM; a figure that can't be one is unknown."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from decomposer.ports import Price
from decomposer.prices import PriceTable

_MILLION = Decimal(1_000_000)
_DEAREST = Decimal(1_000_000)  # US dollars per million tokens; who asks for more made a mistake in the unit
_DIGITS = 24  # more are an attack, and would make every sum slow

Read = Iterator[tuple[str, Price | None]]


def parse_prices(text: str, *, as_of: str, source: str) -> PriceTable:
    """Return the table in a text; `as_of` and `source` hold where it does not say. Raises ValueError for no price file.

    A model without a valid price for prompt and answer is left out: it is unknown, never free.
    """
    try:
        content = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"it is not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - bad data, not a bad call
    if isinstance(content.get("models"), dict) and "as_of" in content:
        as_of, source = _said(content, "as_of", as_of), _said(content, "source", source)
        found = _ours(content["models"])
    elif isinstance(content.get("data"), list):
        source, found = f"OpenRouter, {source}", _open_router(content["data"])
    elif any(_is_litellm(model) for model in content.values()):
        source, found = f"LiteLLM, {source}", _litellm(content)
    elif any(isinstance(_object(provider).get("models"), dict) for provider in content.values()):
        source, found = f"models.dev, {source}", _models_dev(content)
    else:
        raise ValueError("it has the form of no price file")
    return PriceTable(as_of, source, {name: price for name, price in found if price is not None})


def _ours(models: Mapping[str, Any]) -> Read:
    for name, model in models.items():
        figures = {key: _figure(value) for key, value in _object(model).items()}
        yield name, _price(figures)


def _models_dev(providers: Mapping[str, Any]) -> Read:
    for provider, told in providers.items():
        for name, model in _object(_object(told).get("models")).items():
            cost = {key: _figure(value) for key, value in _object(_object(model).get("cost")).items()}
            output = _dearer(cost.get("output"), cost.get("reasoning"))
            yield (
                f"{provider}/{name}",
                _price({"input": cost.get("input"), "output": output, "cached_input": cost.get("cache_read")}),
            )


def _open_router(models: list[Any]) -> Read:
    for model in models:
        name = _object(model).get("id")
        if not isinstance(name, str):
            continue
        stated = _object(_object(model).get("pricing"))
        cost = {key: _figure(value, per=_MILLION) for key, value in stated.items()}
        output = _dearer(cost.get("completion"), cost.get("internal_reasoning"))
        by_request = stated.get("request") is not None and cost.get("request") != 0
        figures = {"input": cost.get("prompt"), "output": output, "cached_input": cost.get("input_cache_read")}
        yield f"openrouter/{name}", None if by_request else _price(figures)


def _litellm(models: Mapping[str, Any]) -> Read:
    for name, model in models.items():
        if not _is_litellm(model):
            continue
        cost = {key: _figure(value, per=_MILLION) for key, value in model.items() if "cost" in key}
        output = _dearer(cost.get("output_cost_per_token"), cost.get("output_cost_per_reasoning_token"))
        figures = {
            "input": cost.get("input_cost_per_token"),
            "output": output,
            "cached_input": cost.get("cache_read_input_token_cost"),
            "batch_input": cost.get("input_cost_per_token_batches"),
            "batch_output": cost.get("output_cost_per_token_batches"),
        }
        by_request = "input_cost_per_request" in model and cost.get("input_cost_per_request") != 0
        provider = str(model.get("litellm_provider", ""))
        full = name if not provider or name.startswith(f"{provider}/") else f"{provider}/{name}"
        yield full, None if by_request else _price(figures)


def _price(figures: Mapping[str, Decimal | None]) -> Price | None:
    asked, answered = figures.get("input"), figures.get("output")
    if asked is None or answered is None:
        return None
    return Price(asked, answered, figures.get("cached_input"), figures.get("batch_input"), figures.get("batch_output"))


def _figure(value: Any, *, per: Decimal = Decimal(1)) -> Decimal | None:
    """Return dollars per million tokens, None for what can be no price."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except InvalidOperation:
            return None
    if not isinstance(value, Decimal) or not value.is_finite() or len(value.as_tuple().digits) > _DIGITS:
        return None
    if value < 0 or value > _DEAREST / per or (value and value.adjusted() < -_DIGITS):
        return None
    return value * per


def _dearer(output: Decimal | None, reasoning: Decimal | None) -> Decimal | None:
    """Return the price of answer tokens, of which any number may be reasoning."""
    return output if output is None or reasoning is None else max(output, reasoning)


def _is_litellm(model: Any) -> bool:
    return isinstance(model, dict) and ("litellm_provider" in model or "input_cost_per_token" in model)


def _said(content: Mapping[str, Any], name: str, otherwise: str) -> str:
    value = content.get(name)
    return " ".join(value.split())[:200] if isinstance(value, str) and value.strip() else otherwise


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
