"""Read references: files and folders, standard input, web pages, hubs and installed distributions."""

import re

from decomposer import plugins

_PREFIX = re.compile(r"(?i)([a-z][a-z0-9+-]+):")
_BUILT_IN = ("https", "http", "hf", "gh", "dist")


def scheme(ref: str) -> str:
    """Return the loader that reads `ref`: `stdin` for `-`, a registered prefix such as `hf`, else `path`."""
    if ref == "-":
        return "stdin"
    prefix = _PREFIX.match(ref)
    name = prefix[1].lower() if prefix else "path"
    if name in _BUILT_IN or (name not in ("path", "stdin") and name in plugins.names("loaders")):
        return name
    return "path"
