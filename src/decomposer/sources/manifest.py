"""Read the YAML of an unfragile.yml: a mapping of texts, without aliases, of a bounded depth and size."""

from typing import Any

from decomposer.errors import SourceError

LARGEST = 1024 * 1024
DEEPEST = 20

_NOTHING = ("", "~", "null", "Null", "NULL")


def read(text: str, place: str) -> dict[str, Any]:
    """Return the mapping that `text` holds. Every scalar is a text, or None where it is empty or `null`.

    Raises SourceError for what is not valid YAML, not one mapping, uses aliases, or is too large or nested too deeply.
    """
    if len(text) > LARGEST:
        raise SourceError(f"{place}: larger than {LARGEST // 1024**2} MB", hint="pass one manifest a file")
    import yaml

    within: list[list[Any]] = [[]]
    try:
        # Built from the parser's events: nothing recurses, nothing is constructed, nothing can expand.
        for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            _take(event, within)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise SourceError(f"{place}: not a manifest that can be read ({line}{problem})", hint="correct it") from error
    if len(within[0]) != 1 or not isinstance(within[0][0], dict):
        raise SourceError(f"{place}: not one YAML mapping", hint="a manifest has `artifact:` and `capabilities:`")
    mapping: dict[str, Any] = within[0][0]
    return mapping


def _take(event: Any, within: list[list[Any]]) -> None:
    """Put one event into the innermost of the collections that are open."""
    import yaml

    match event:
        case yaml.AliasEvent():
            raise ValueError("YAML aliases are not accepted")
        case yaml.ScalarEvent():
            plain = event.style is None or event.style == ""
            within[-1].append(None if plain and event.value in _NOTHING else event.value)
        case yaml.CollectionStartEvent():
            if len(within) > DEEPEST:
                raise ValueError(f"nested deeper than {DEEPEST} levels")
            within.append([])
        case yaml.SequenceEndEvent():
            within[-2].append(within.pop())
        case yaml.MappingEndEvent():
            items = within.pop()
            pairs = zip(items[::2], items[1::2], strict=True)
            within[-1].append({key: value for key, value in pairs if isinstance(key, str)})
