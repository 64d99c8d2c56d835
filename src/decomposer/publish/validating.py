"""Validate manifests (`unfragile.yml` of version 1.0): what is missing, too short or no value of its list."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard, get_args

from decomposer.display import one_line
from decomposer.publish.unfragile import SHORTEST
from decomposer.records import ArtifactType, Finding, Validation

MOST = 100
"""How many errors, and how many warnings, are told one by one; of more than that only the number is."""

VERSION = "1.0"
PRICES = ("free", "freemium", "paid", "open-source", "open_source", "unknown")
PROTOCOLS = ("mcp", "http", "https", "stdio", "websocket", "grpc")
_FEW = 3
_NEEDED = ("name", "slug")
_KNOWN = ("maintainer", "repository", "homepage", "license")
_CONDITIONS = ("bestFor", "limitations", "requires")
_QUOTED = 60  # characters of a value that a message repeats
_READ = 10_000  # characters of a text that are looked at: enough to tell that it is not too short


def validate(manifest: object) -> Validation:
    """Return what is wrong with a manifest, given as the plain values of its YAML or JSON, whatever these are.

    Errors are fields that are missing or of the wrong kind, descriptions under `SHORTEST` characters, ids that stand
    twice, and values that are none of their list. Warnings are no declared failure modes, fewer than 3 capabilities, no
    execution block, and ids without a dot. Blocks that version 1.0 does not define are not looked at.
    """
    found = _Findings()
    if not isinstance(manifest, Mapping):
        found.error("", f"a manifest is a mapping, this is {_kind(manifest)}")
        return found.told()
    _version(manifest.get("unfragile_version"), found)
    _artifact(manifest.get("artifact"), found)
    _capabilities(manifest.get("capabilities"), found)
    _pricing(manifest.get("pricing"), found)
    _failure_modes(manifest.get("failure_modes"), found)
    _execution(manifest.get("execution"), found)
    return found.told()


class _Findings:
    """What was found so far: the first `MOST` of each kind, and how many there are."""

    def __init__(self) -> None:
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []
        self._counts = {"error": 0, "warning": 0}

    def error(self, path: str, message: str) -> None:
        self._counts["error"] += 1
        if len(self._errors) < MOST:
            self._errors.append(Finding(path=path, message=message))

    def warn(self, path: str, message: str) -> None:
        self._counts["warning"] += 1
        if len(self._warnings) < MOST:
            self._warnings.append(Finding(path=path, message=message))

    def told(self) -> Validation:
        more = {
            kind: (Finding(path="", message=f"and {self._counts[kind] - MOST:,} more of these"),)
            if self._counts[kind] > MOST
            else ()
            for kind in self._counts
        }
        errors, warnings = (*self._errors, *more["error"]), (*self._warnings, *more["warning"])
        return Validation(valid=not errors, errors=errors, warnings=warnings)


def _version(said: object, found: _Findings) -> None:
    # YAML reads 1.0 without quotes as a number.
    if said is None:
        found.error("unfragile_version", f'is missing: write "{VERSION}"')
    elif said != VERSION and not (isinstance(said, float) and said == 1.0):
        found.error("unfragile_version", f'is not "{VERSION}"{_shown(said)}')


def _artifact(said: object, found: _Findings) -> None:
    if not isinstance(said, Mapping):
        found.error("artifact", "is missing" if said is None else f"is {_kind(said)}, not a mapping")
        return
    for name in _NEEDED:
        _text(said.get(name), f"artifact.{name}", found, needed=True)
    _one_of(said.get("type"), get_args(ArtifactType), "artifact.type", found, needed=True)
    for name in _KNOWN:
        _text(said.get(name), f"artifact.{name}", found)


def _capabilities(said: object, found: _Findings) -> None:
    if not _listed(said):
        found.error("capabilities", "is missing" if said is None else f"is {_kind(said)}, not a list")
        return
    if not said:
        found.error("capabilities", "is empty: a manifest has at least one")
    elif len(said) < _FEW:
        found.warn("capabilities", f"only {len(said)}: a manifest is easier to find with {_FEW} or more")
    seen: dict[str, int] = {}
    for place, one in enumerate(said):
        path = f"capabilities[{place}]"
        if not isinstance(one, Mapping):
            found.error(path, f"is {_kind(one)}, not a mapping")
            continue
        _capability(one, path, found)
        identity = one.get("id")
        if isinstance(identity, str) and identity.strip():
            first = seen.setdefault(identity.strip(), place)
            if first != place:
                found.error(f"{path}.id", f"is that of capabilities[{first}] too{_shown(identity)}")


def _capability(said: Mapping[object, object], path: str, found: _Findings) -> None:
    identity = _text(said.get("id"), f"{path}.id", found, needed=True)
    if identity and "." not in identity.strip("."):
        found.warn(f"{path}.id", f"has no dot: ids read tool.capability{_shown(identity)}")
    _text(said.get("name"), f"{path}.name", found, needed=True)
    description = _text(said.get("description"), f"{path}.description", found, needed=True)
    if description and (length := len(" ".join(description[:_READ].split()))) < SHORTEST:
        found.error(f"{path}.description", f"has {length} characters, at least {SHORTEST} are needed: say how it works")
    _texts(said.get("intents_served"), f"{path}.intents_served", found)
    _text(said.get("unique_aspect"), f"{path}.unique_aspect", found)
    conditions = said.get("conditions")
    if isinstance(conditions, Mapping):
        for name in _CONDITIONS:
            _texts(conditions.get(name), f"{path}.conditions.{name}", found)
    elif conditions is not None:
        found.error(f"{path}.conditions", f"is {_kind(conditions)}, not a mapping")


def _pricing(said: object, found: _Findings) -> None:
    if isinstance(said, Mapping):
        _one_of(said.get("model"), PRICES, "pricing.model", found, needed=True)
    elif said is not None:
        found.error("pricing", f"is {_kind(said)}, not a mapping")


def _failure_modes(said: object, found: _Findings) -> None:
    if said is None or (_listed(said) and not said):
        found.warn("failure_modes", "none are declared: say how it fails, how often, and what helps")
    elif not _listed(said):
        found.error("failure_modes", f"is {_kind(said)}, not a list")
    else:
        for place, one in enumerate(said):
            path = f"failure_modes[{place}]"
            if not isinstance(one, Mapping):
                found.error(path, f"is {_kind(one)}, not a mapping")
                continue
            _text(one.get("mode"), f"{path}.mode", found, needed=True)
            _text(one.get("frequency"), f"{path}.frequency", found)
            _text(one.get("mitigation"), f"{path}.mitigation", found)


def _execution(said: object, found: _Findings) -> None:
    if said is None:
        found.warn("execution", "is missing: say by which protocol it is called")
    elif not isinstance(said, Mapping):
        found.error("execution", f"is {_kind(said)}, not a mapping")
    else:
        _one_of(said.get("protocol"), PROTOCOLS, "execution.protocol", found, needed=True)
        _text(said.get("auth_method"), "execution.auth_method", found)


def _text(said: object, path: str, found: _Findings, *, needed: bool = False) -> str | None:
    """Return a text that says something; what is none is told of, and what is not there where it is `needed`."""
    if isinstance(said, str):
        if said.strip():
            return said
        if needed:
            found.error(path, "is empty")
    elif said is not None:
        found.error(path, f"is {_kind(said)}, not text")
    elif needed:
        found.error(path, "is missing")
    return None


def _texts(said: object, path: str, found: _Findings) -> None:
    if said is None:
        return
    if not _listed(said):
        found.error(path, f"is {_kind(said)}, not a list of texts")
        return
    for place, one in enumerate(said):
        _text(one, f"{path}[{place}]", found, needed=True)


def _one_of(said: object, values: Sequence[str], path: str, found: _Findings, *, needed: bool) -> None:
    text = _text(said, path, found, needed=needed)
    if text is not None and text not in values:
        found.error(path, f"is none of {', '.join(values)}{_shown(text)}")


def _listed(said: object) -> TypeGuard[Sequence[object]]:
    return isinstance(said, list | tuple)


def _shown(said: object) -> str:
    """Return a text as a message repeats it: on one line, cut, and as every encoding holds it."""
    if not isinstance(said, str):
        return f": it is {_kind(said)}"
    return f": {one_line(said[: 2 * _QUOTED].encode('utf-8', 'replace').decode(), limit=_QUOTED)}"


def _kind(said: object) -> str:
    if said is None:
        return "nothing"
    if isinstance(said, bool):
        return "yes or no"
    if isinstance(said, int | float):
        return "a number"
    if isinstance(said, str):
        return "text"
    if isinstance(said, Mapping):
        return "a mapping"
    return "a list" if isinstance(said, list | tuple) else "something else"
