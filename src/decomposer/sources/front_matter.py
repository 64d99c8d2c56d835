"""Find and read the YAML front matter of a Markdown document, and tell it from a line of dashes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST = 64 * 1024
DEEPEST = 20

_OPENING = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_KEY = re.compile(r"""["']?\w[\w ./-]{0,60}["']?[ \t]*:(?:[ \t]|$)""")
_ITEM = re.compile(r"-(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the text: `body` is the offset where the text begins, 0 where there is no front matter.

    `values` holds strings, lists and mappings only: no scalar is interpreted.
    """

    body: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def find(text: str) -> FrontMatter:
    """Return the front matter of `text`: a YAML mapping between `---` and `---` or `...` at the very top.

    A block that looks like one and is not valid YAML counts, with a warning; one over 64 KB, or prose between two
    lines of dashes, is text.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return FrontMatter()
    block, body = text[opening.end() : closing.start()], closing.end()
    if not block.strip():
        return FrontMatter(body)
    if len(block) > LARGEST or len(block.encode("utf-8", "replace")) > LARGEST:
        note = (f"front matter is over {LARGEST // 1024} KB; it is kept as text",) if _looks_like_yaml(block) else ()
        return FrontMatter(warnings=note)
    try:
        values, notes = _mapping(block)
    except (ValueError, RecursionError) as error:
        if not _looks_like_yaml(block):
            return FrontMatter()
        first = text.count("\n", 0, opening.end())
        return FrontMatter(body, {}, (f"front matter is not valid YAML ({_where(error, first)}); it is left out",))
    return FrontMatter() if values is None else FrontMatter(body, values, notes)


def _mapping(block: str) -> tuple[Mapping[str, object] | None, tuple[str, ...]]:
    """Return the mapping that the block holds, or None where it holds something else. Raises ValueError.

    Built from the parser's events: nothing recurses, nothing is constructed, aliases stay unexpanded.
    """
    import yaml

    notes: dict[str, None] = {}
    within: list[list[object]] = [[]]
    try:
        for event in yaml.parse(block, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            match event:
                case yaml.ScalarEvent():
                    within[-1].append(event.value)
                case yaml.AliasEvent():
                    notes["front matter uses YAML aliases; they are not expanded"] = None
                    within[-1].append(None)
                case yaml.CollectionStartEvent():
                    within.append([])
                case yaml.SequenceEndEvent():
                    within[-2].append(within.pop())
                case yaml.MappingEndEvent():
                    within[-2].append(_pairs(within.pop()))
            if len(within) > DEEPEST + 1:
                raise ValueError(f"nested deeper than {DEEPEST} levels")
    except yaml.YAMLError as error:
        raise ValueError(error) from error
    value = within[0][0] if len(within[0]) == 1 else None
    return (value, tuple(notes)) if isinstance(value, dict) else (None, ())


def _pairs(items: list[object]) -> dict[str, object]:
    pairs = zip(items[::2], items[1::2], strict=False)
    return {key: value for key, value in pairs if isinstance(key, str)}


def _looks_like_yaml(block: str) -> bool:
    """Say whether the first line is `key: value` and at least half of those at the margin are keys or list items."""
    margin = [line for line in block[:LARGEST].splitlines() if line.strip() and line[0] not in " \t#]}"]
    fitting = sum(1 for line in margin if _KEY.match(line) or _ITEM.match(line))
    return bool(margin) and _KEY.match(margin[0]) is not None and fitting * 2 >= len(margin)


def _where(error: Exception, first: int) -> str:
    cause = error.__cause__
    mark = getattr(cause, "problem_mark", None)
    problem = getattr(cause, "problem", None)
    if mark is None or not problem:
        return "nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
    return f"line {mark.line + first + 1}: {problem}"
