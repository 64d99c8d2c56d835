"""Judge whether two records of one entry are the same capability: by the words of their names."""

import re

from decomposer.records import Capability
from decomposer.text.words import content

_NUMBERED = re.compile(r"[\w.+-]*\d[\w.+-]*")


def same_name(capability: Capability) -> tuple[str, ...]:
    """Return what names of one capability have in common: the stems of their content words, and their numbers."""
    name = capability.name.casefold()
    stems = {word.form for word in content(name)} | set(_NUMBERED.findall(name))
    return tuple(sorted(stems)) or (name,)
