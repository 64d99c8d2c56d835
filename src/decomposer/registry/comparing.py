"""Prepare records for comparing across artifacts, so that they are kept and judged later without being read again."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Protocol

from pydantic import TypeAdapter

from decomposer.records import Capability, Judgement
from decomposer.same import Learned, View, same, stored, view

_LONGEST = 64  # characters of a word that is asked for; databases limit what they index
_REMEMBERED = 4_000  # views held unpacked: those of the canonical capabilities that records join again and again
_PLAIN_ASCII = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")
_FORMAT = 2  # of what is kept, besides the fields of a view


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record as it is looked for and compared. `name` is its own, without its artifact's, `key` what makes it exact.

    `words` are those of its lead, and its concepts: sorted, of letters, digits and underscores. `data` is what the same
    `Comparing` judges it by.
    """

    name: str
    key: str
    words: tuple[str, ...]
    data: str


class Comparing(Protocol):
    """Prepares records and judges what was prepared."""

    @property
    def recipe(self) -> str:
        """What changes when records have to be prepared and judged again."""
        ...

    def prepare(self, capability: Capability, own: Iterable[str]) -> Prepared:
        """Return a record prepared; `own` are the names of its artifact."""
        ...

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return how much each of `Prepared.words` weighs."""
        ...

    def judge(self, one: str, other: str) -> Judgement:
        """Return whether two records are one, by their `data`."""
        ...

    def lead(self, data: str) -> str:
        """Return the name and the first sentence of what was prepared, as vectors are made of them."""
        ...


class Views:
    """Compares records as they are within an entry, by rules and learned weights, but for the lines that they cite."""

    def __init__(self, learned: Learned | None = None) -> None:
        self._learned = learned or stored()
        self._adapter = TypeAdapter(View)
        self._unknown = self._learned.word("")
        self._weights = {word(stem): weight for stem, weight in self._learned.words.items()}
        self._weights |= {_concept(one): weight for one, weight in self._learned.concepts.items()}
        self._unpacked = lru_cache(_REMEMBERED)(self._adapter.validate_json)

    @cached_property
    def recipe(self) -> str:
        """A digest of the learned values and of what a view holds."""
        held = [field.name for field in fields(View)]
        return digest([str(_FORMAT), *held, json.dumps(asdict(self._learned), sort_keys=True)])

    def prepare(self, capability: Capability, own: Iterable[str]) -> Prepared:
        """Return a record prepared; `own` are the names of its artifact."""
        # Lines are of one artifact's documents: what two artifacts cite has places in common by chance alone.
        seen = replace(view(_sound(capability), own, learned=self._learned), spans=())
        words = {word(stem) for stem in seen.words.weights} | {_concept(one) for one in seen.leading}
        return Prepared(
            name=seen.name or capability.name,
            key=" ".join(seen.key),
            words=tuple(sorted(words)),
            data=self._adapter.dump_json(seen).decode(),
        )

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return how much each of `Prepared.words` weighs: what was learned, a new one as much as the rarest."""
        return {one: self._weights.get(one, self._unknown) for one in words}

    def judge(self, one: str, other: str) -> Judgement:
        """Return whether two records are one, by their `data`."""
        return same(self._unpacked(one), self._unpacked(other), learned=self._learned)

    def lead(self, data: str) -> str:
        """Return the name and the first sentence of what was prepared, as vectors are made of them."""
        return self._unpacked(data).lead


def word(text: str) -> str:
    """Return a stem or concept as every full-text index takes it: one word, spelled with letters and digits alone."""
    return _PLAIN_ASCII.sub(lambda odd: f"_{ord(odd.group()):x}_", _utf8(text))[:_LONGEST] or "_"


def _concept(name: str) -> str:
    return f"_{word(name)}"


def _sound(capability: Capability) -> Capability:
    """Return the record with what no encoding holds replaced where it is compared."""
    said = capability.description
    update: dict[str, object] = {"name": _utf8(capability.name)}
    update["description"] = said and said.model_copy(update={"text": _utf8(said.text)})
    for name in ("input_types", "output_types"):
        notes = getattr(capability, name)
        update[name] = tuple(note.model_copy(update={"text": _utf8(note.text)}) for note in notes)
    return capability.model_copy(update=update)


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def digest(values: Collection[str]) -> str:
    """Return a short digest of texts in this order."""
    return sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:24]
