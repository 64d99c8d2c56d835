"""Write a record as a text that a person edits, and read out of it what was changed."""

from typing import cast

from decomposer.display import one_line
from decomposer.errors import UsageError
from decomposer.records import FIELDS, LISTS, Aspect, Capability

_MARK = "=== "
_NAMES = ("name", "category", *FIELDS, *LISTS)
_HELP = (
    "# Change what stands under a line with three equals signs, and save. An empty text removes the field.\n"
    "# Of the lists each line is one item. Lines like this one are not read.\n"
)


def written(capability: Capability) -> str:
    """Return a record as a text: a line that names each field, and what it says under it."""
    return _HELP + "".join(
        f"{_MARK}{name}\n{''.join(line + chr(10) for line in _lines(capability, name))}" for name in _NAMES
    )


def changed(before: str, after: str) -> dict[Aspect, str]:
    """Return the fields that say something else in `after`, with what they say there.

    Raises UsageError for a text whose lines with equals signs name no field, or one twice.
    """
    old, new = _read(before), _read(after)
    return {cast(Aspect, name): text for name, text in new.items() if text != old.get(name, "")}


def _lines(capability: Capability, name: str) -> list[str]:
    said = getattr(capability, name)
    if said is None:
        return []
    if name in LISTS:
        return [one_line(note.text) for note in said]
    return [one_line(said.text if name in FIELDS else said)]


def _read(text: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith(_MARK):
            name = line.removeprefix(_MARK).strip()
            if name not in _NAMES or name in found:
                raise UsageError(f"{line!r} names no field, or one twice", hint=f"fields are {', '.join(_NAMES)}")
            found[name] = []
        elif name and line.strip() and not line.startswith("# "):
            found[name].append(" ".join(line.split()))
    return {name: ("\n" if name in LISTS else " ").join(lines) for name, lines in found.items()}
