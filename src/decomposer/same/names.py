"""Say what equal names have in common: the stems of their content words, and their numbers."""

import re

from decomposer.records import Capability
from decomposer.text.words import content

_NUMBERED = re.compile(r"[\w.+-]*\d[\w.+-]*")


def same_name(capability: Capability) -> tuple[str, ...]:
    """Return what names of one capability have in common: the stems of their content words, and their numbers."""
    return key_of(capability.name)


def key_of(name: str) -> tuple[str, ...]:
    """Return the key of a name; the name itself where it has no content words."""
    name = name.casefold()
    stems = {word.form for word in content(name)} | numbers(name)
    return tuple(sorted(stems)) or (name,)


def numbers(name: str) -> frozenset[str]:
    """Return the words of a name that hold a digit, in lower case."""
    return frozenset(_NUMBERED.findall(name.casefold()))
