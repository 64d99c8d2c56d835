"""Facts of an artifact, each with its source and date: from metadata, from price files, or by hand."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Literal, cast, get_args

from pydantic import Field

from decomposer.records.entry import Artifact, ArtifactType, Record, empty

FactKey = Literal[
    "type", "maintainer", "license", "homepage", "repository", "pricing", "input_price", "output_price",
    "starting_price", "downloads", "stars", "likes", "dependents", "updated", "read",
]  # fmt: skip
Count = Literal["downloads", "stars", "likes", "dependents"]
By = Literal["metadata", "prices", "person"]
Pricing = Literal["free", "freemium", "paid", "open-source"]

KEYS: tuple[FactKey, ...] = get_args(FactKey)
COUNTS: tuple[Count, ...] = get_args(Count)
PRICES: tuple[FactKey, ...] = ("input_price", "output_price", "starting_price")
PRICING: tuple[Pricing, ...] = get_args(Pricing)
SETTABLE: tuple[FactKey, ...] = tuple(key for key in KEYS if key != "read")
UNKNOWN = "unknown"
"""What is set where a person says that nobody knows; setting nothing takes back what was set by hand."""

_TOKENS = "1M tokens"
_PER: Mapping[str, tuple[str, Decimal]] = {  # how a unit is written, and how many of it are in the one that is kept
    **dict.fromkeys(("", "1m tokens", "1m", "mtok", "million tokens", "1m token"), (_TOKENS, Decimal(1))),
    **dict.fromkeys(("1k tokens", "1k", "1k token"), (_TOKENS, Decimal(1_000))),
    **dict.fromkeys(("token", "tokens", "prompt token", "completion token"), (_TOKENS, Decimal(1_000_000))),
    **{unit: (unit, Decimal(1)) for unit in ("image", "request", "minute", "hour", "month", "year", "seat month")},
}
UNITS = tuple(dict.fromkeys(unit for unit, _ in _PER.values()))
_DIGITS, _DEAREST = 24, Decimal(10) ** 9
_LONGEST, _LONGEST_LINK = 200, 2000
_MOST_COUNTED = 2**53


class Fact(Record):
    """One thing that was said of an artifact: an event that is never changed, as the next about the key replaces it.

    `value` is as `canonical` gives it; `unknown` says that nobody knows, and nothing takes back what `by` said before.
    `as_of` is the day for which it holds, `said_at` when it was written down.
    """

    entry: str
    key: FactKey
    value: str
    source: str = ""
    as_of: str = ""
    by: By
    actor: str = Field(default="", exclude_if=empty)
    said_at: str = ""
    seq: int = 0


class Known(Record):
    """What holds of one key: the value, where it is from, the day for which it holds, and who said so."""

    value: str
    source: str = ""
    as_of: str = ""
    by: By = "metadata"


class Price(Record):
    """An amount of US dollars for one unit: `1M tokens`, `image`, `month` and others of `UNITS`."""

    amount: Decimal
    unit: str = _TOKENS

    @classmethod
    def read(cls, text: str) -> "Price":
        """Return the price that a text such as `0.10`, `$1e-7 per token`, `0.04/image` names.

        Raises ValueError with what to write.
        """
        amount, per = _halves(text)
        unit = _PER.get(per)
        try:
            number = Decimal(amount)
        except InvalidOperation:
            unit = None
            number = Decimal(0)
        fits = number.is_finite() and 0 <= number <= _DEAREST and len(number.as_tuple().digits) <= _DIGITS
        if unit is None or not fits or (number and number.adjusted() < -_DIGITS):
            raise ValueError(f"write dollars and a unit, such as 0.10 or 0.04/image; units: {', '.join(UNITS)}")
        return cls(amount=number * unit[1], unit=unit[0])

    @property
    def written(self) -> str:
        """How it is kept and read back."""
        return f"{_plain(self.amount)}/{self.unit}"

    def shown(self, kind: str = "") -> str:
        """Return it for people, such as `$0.10 / 1M input tokens`; `kind` is input or output."""
        unit = f"1M {kind} tokens" if kind and self.unit == _TOKENS else self.unit
        return f"${_plain(self.amount, ',')} / {unit}"


class Facts(Record):
    """What is known of an artifact, by key; None is unknown, which is neither zero nor no."""

    entry: str
    known: dict[FactKey, Known | None]

    @classmethod
    def of(cls, artifact: Artifact, said: Iterable[Fact] = ()) -> "Facts":
        """Return what holds: what a person said, else metadata, else price files; for prices these go before metadata.

        `said` are facts in the order in which they were said.
        """
        latest: dict[tuple[FactKey, By], Fact] = {(fact.key, fact.by): fact for fact in said}
        held = {key: _metadata(key, value, artifact, latest) for key, value in of_artifact(artifact)}
        if read := latest.get(("read", "metadata")):
            held["read"] = Known(value=read.value, source=read.source, as_of=read.as_of)
        known: dict[FactKey, Known | None] = {}
        for key in KEYS:
            prices = _known(latest.get((key, "prices")))
            rest = (prices, held.get(key)) if key in PRICES else (held.get(key), prices)
            person = latest.get((key, "person"))
            first = _known(person) if person and person.value else next((one for one in rest if one), None)
            known[key] = None if first is None or first.value == UNKNOWN else first
        return cls(entry=artifact.slug, known=known)

    def text(self, key: FactKey) -> str | None:
        """Return a value as it is kept, or None where it is not known."""
        found = self.known.get(key)
        return found.value if found else None

    def count(self, key: Count) -> int | None:
        """Return an adoption figure, or None where it is not known."""
        found = self.known.get(key)
        return int(found.value) if found else None

    def price(self, key: FactKey) -> Price | None:
        """Return a price, or None where it is not known."""
        found = self.known.get(key)
        return Price.read(found.value) if found else None

    @property
    def free(self) -> bool | None:
        """Whether it can be used without paying, None where that is not known."""
        pricing = self.text("pricing")
        return None if pricing is None else pricing != "paid"

    def shown(self, key: FactKey) -> str | None:
        """Return a value for people, or None where it is not known."""
        if key in PRICES:
            price = self.price(key)
            return price.shown({"input_price": "input", "output_price": "output"}.get(key, "")) if price else None
        if key in COUNTS:
            number = self.count(key)
            return None if number is None else f"{number:,}"
        return self.text(key)


def of_artifact(artifact: Artifact) -> Iterator[tuple[FactKey, str]]:
    """Yield what the metadata of an artifact says, by key; likes are what the Hugging Face hub has for stars."""
    pricing = artifact.pricing
    prices = ("input_price", pricing.input_per_mtok), ("output_price", pricing.output_per_mtok)
    hub = artifact.source.startswith("hf:")
    values: Mapping[str, object] = {
        "type": artifact.type,
        "maintainer": artifact.maintainer,
        "license": artifact.license,
        "homepage": artifact.homepage,
        "repository": artifact.repository,
        "pricing": None if pricing.model == UNKNOWN else pricing.model,
        **{key: None if amount is None else Price(amount=amount).written for key, amount in prices},
        "downloads": artifact.downloads,
        "likes" if hub else "stars": artifact.stars,
        "updated": artifact.updated,
    }
    for name, value in values.items():
        key = cast(FactKey, name)
        with suppress(ValueError):  # what can't be is not known, whoever wrote it into the metadata
            if value is not None and (kept := canonical(key, str(value))) not in ("", UNKNOWN):
                yield key, kept


def canonical(key: FactKey, text: str) -> str:
    """Return a value as it is kept; `unknown` and nothing stay as they are. Raises ValueError with what to write."""
    plain = " ".join(text.split())
    if plain.casefold() in ("", UNKNOWN):
        return plain.casefold()
    if key in PRICES:
        return Price.read(plain).written
    if key in COUNTS:
        digits = re.sub(r"(?<=\d)[,_ ](?=\d{3})", "", plain)
        if not re.fullmatch(r"[0-9]{1,16}", digits) or int(digits) >= _MOST_COUNTED:
            raise ValueError("write a whole number, such as 12000")
        return str(int(digits))
    if key in ("homepage", "repository"):
        if len(plain) > _LONGEST_LINK or not re.fullmatch(r"(?i)https?://[\w.:\[\]-]+([/?#]\S*)?", plain):
            raise ValueError("write an address that begins with https://")
        return plain
    if key in ("updated", "read"):
        return day(plain)
    if key in ("type", "pricing"):
        choices = get_args(ArtifactType) if key == "type" else PRICING
        word = plain.casefold().replace("_", "-").replace("open source", "open-source")
        if word not in choices:
            raise ValueError(f"choose one of {', '.join((*choices, UNKNOWN))}")
        return word
    if len(plain) > _LONGEST or not plain.isprintable():
        raise ValueError(f"write one line of at most {_LONGEST} characters")
    return plain


def day(text: str) -> str:
    """Return the day that a date or time in ISO 8601 begins with. Raises ValueError for none."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*)?", text.strip())
    if found is None or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= _days(int(found[1]), int(found[2]))):
        raise ValueError("write a day such as 2026-11-21")
    return text.strip()[:10]


def _days(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1] if year else 0


def _metadata(key: FactKey, value: str, artifact: Artifact, latest: Mapping[tuple[FactKey, By], Fact]) -> Known:
    """Return what the metadata says, with the day on which the catalog first saw that value, where it did."""
    seen = latest.get((key, "metadata"))
    as_of = seen.as_of if seen and seen.value == value else ""
    source = artifact.source
    if key in ("pricing", *PRICES) and artifact.pricing.source:
        source, as_of = artifact.pricing.source, artifact.pricing.as_of or ""
    return Known(value=value, source=source, as_of=as_of)


def _known(fact: Fact | None) -> Known | None:
    if fact is None or not fact.value:
        return None
    return Known(value=fact.value, source=fact.source, as_of=fact.as_of, by=fact.by)


def _halves(text: str) -> tuple[str, str]:
    """Return the amount of a price, and what it is for in lower case, of a text."""
    found = re.fullmatch(r"\s*(?:US)?\$?\s*([0-9.,]+(?:[eE][+-]?[0-9]{1,3})?)\s*(?:(?:/|\bper\b)(.*))?", text)
    if found is None:
        return "", "?"
    per = re.sub(r"\b(?:input|output)\s+", "", (found[2] or "").casefold()).strip()
    return found[1].replace(",", ""), per


def _plain(amount: Decimal, grouping: str = "") -> str:
    """Return dollars without an exponent, with two decimals or as many as there are."""
    shown = format(amount.normalize(), f"{grouping}f")
    whole, _, rest = shown.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"
