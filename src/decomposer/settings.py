"""Settle what holds: flags over environment over `decomposer.toml` over defaults, each value with its origin."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from decomposer.errors import ConfigurationError

Mode = Literal["tools", "json_schema", "json"]

FILE = "decomposer.toml"
FLOOR_MODEL = "extractive"
HOSTED_MODEL = "openai/gpt-5-mini"
BUNDLED, ACCEPTED = "bundled", "accepted"
SECRETS = ("api_key",)
VARIABLES = {"api_key": ("OPENAI_API_KEY",), "base_url": ("OPENAI_BASE_URL",)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for this run. `timeout` is in seconds, `segment_tokens` in estimated tokens; None leaves it open.

    `rpm` and `tpm` are requests and tokens a minute, `prices` is a file that replaces the bundled price table. `judge`
    is a model that is asked about pairs of records that may be one, `learned` a file of thresholds for such pairs.
    `examples` of the prompt are `bundled`, `accepted` (records of the catalog that people accepted), or a file.
    `embedder` makes the vectors of searches: `auto`, `none` or a name; with `log_queries` the words of these are kept.
    `reword` is a model that says a need in the words of a catalog before it is searched for.
    `registry_vectors` makes those by which the registry finds what to compare: `none` or a name.

    `origins` says of each value where it came from, such as "--model", "OPENAI_API_KEY" or "default".
    """

    model: str | None = None
    base_url: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    mode: Mode = "tools"
    db: str = field(default="decomposer.db", repr=False)
    prompt: str | None = None
    examples: str = BUNDLED
    language: str = "en"
    segment_tokens: int | None = None
    timeout: float = 120.0
    temperature: float | None = None
    max_output_tokens: int | None = None
    workers: int = 4
    rpm: int | None = None
    tpm: int | None = None
    prices: str | None = None
    judge: str | None = None
    learned: str | None = None
    actor: str = ""
    embedder: str = "auto"
    log_queries: bool = False
    registry_vectors: str = "none"
    reword: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def origin(self, name: str) -> str:
        """Return where a value came from."""
        return self.origins.get(name, "default")

    def shown(self, name: str) -> str:
        """Return a value fit to print: keys and passwords are masked, "" is what was left open."""
        value = getattr(self, name)
        if value is None or value == "":
            return ""
        return "********" if name in SECRETS else _without_password(str(value))

    def chosen_model(self) -> tuple[str, str]:
        """Return the model to use, and a line for the user where it was not chosen by name (else "")."""
        if self.model:
            return self.model, ""
        if self.api_key or self.base_url:
            given = self.origin("api_key" if self.api_key else "base_url")
            return HOSTED_MODEL, f"no model is named, {given} is set: using {HOSTED_MODEL} (choose with --model)"
        return FLOOR_MODEL, f"no model is configured: using {FLOOR_MODEL}, which needs none (choose with --model)"


def read_settings(flags: Mapping[str, object], *, environ: Mapping[str, str], folder: Path) -> Settings:
    """Return the settings that hold in `folder`; a flag that is None was not given, an empty variable is not set.

    Raises ConfigurationError that names where a bad value stands.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    file = _read_file(folder / FILE)
    for name, parse in _PARSERS.items():
        for origin, value in _given(name, flags, environ, file):
            values[name] = _parsed(parse, value, name, origin)
            origins[name] = origin
            break
    return Settings(**values, origins=origins)


def _given(
    name: str, flags: Mapping[str, object], environ: Mapping[str, str], file: Mapping[str, object]
) -> list[tuple[str, object]]:
    variables = (f"DECOMPOSER_{name.upper()}", *VARIABLES.get(name, ()))
    candidates: list[tuple[str, object]] = [("--" + name.replace("_", "-"), flags.get(name))]
    candidates += [(variable, environ.get(variable) or None) for variable in variables]
    candidates.append((f"{FILE}, key {name}", file.get(name)))
    return [(origin, value) for origin, value in candidates if value is not None]


def _parsed(parse: Callable[[object], object], value: object, name: str, origin: str) -> object:
    try:
        return parse(value)
    except ValueError as error:
        shown = "the value" if name in SECRETS else repr(_without_password(str(value))[:60])
        raise ConfigurationError(f"{origin}: {shown} is no valid {name}", hint=str(error)) from None


def _without_password(text: str) -> str:
    return re.sub(r"(?<=://)([^/@:]*):[^/]*@", r"\1:********@", text)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(f"{path}: can't be read ({reason})", hint="make it a readable UTF-8 file") from error
    try:
        values = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path}: not valid TOML ({error})", hint="fix the line, or move the file") from error
    for key in values:
        if key not in _PARSERS:
            raise ConfigurationError(f"{path}: unknown key {key[:60]!r}", hint=_nearest(key))
    return values


def _nearest(key: str) -> str:
    close = get_close_matches(key.lower().replace("-", "_"), _PARSERS, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(_PARSERS)}"


# --- one parser a kind of value: each returns the value or raises ValueError with what to write instead


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write a text that is not empty")
    if re.search(r"[\x00-\x1f\x7f-\x9f]", value):
        raise ValueError("write it without control characters")
    return value.strip()


def _language(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text):
        raise ValueError("write a language code such as en, de or zh-Hant")
    return text


def _key(value: object) -> str:
    text = _text(value)
    if not text.isascii() or " " in text:
        raise ValueError("write the key as the provider shows it: ASCII, without spaces")
    return text


def _url(value: object) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("write an address such as http://localhost:8000/v1")
    return text


def _choice(kind: Any) -> Callable[[object], str]:
    choices: tuple[str, ...] = get_args(kind)

    def parse(value: object) -> str:
        if value not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}")
        return str(value)

    return parse


def _flag(value: object) -> bool:
    known = {"true": True, "yes": True, "1": True, "on": True, "false": False, "no": False, "0": False, "off": False}
    if str(value).strip().lower() not in known:
        raise ValueError("write true or false")
    return known[str(value).strip().lower()]


def _number(low: float, high: float, *, whole: bool) -> Callable[[object], float | int]:
    wanted = f"write {'a whole number' if whole else 'a number'} from {low:g} to {high:g}"

    def parse(value: object) -> float | int:
        try:
            number = int(str(value)) if whole else float(str(value))
        except (ValueError, OverflowError):
            raise ValueError(wanted) from None
        if not (isfinite(number) and low <= number <= high):
            raise ValueError(wanted)
        return number

    return parse


_PARSERS: dict[str, Callable[[object], object]] = {
    "model": _text,
    "base_url": _url,
    "api_key": _key,
    "mode": _choice(Mode),
    "db": _text,
    "prompt": _text,
    "examples": _text,
    "language": _language,
    "segment_tokens": _number(200, 1_000_000, whole=True),
    "timeout": _number(1, 3600, whole=False),
    "temperature": _number(0, 2, whole=False),
    "max_output_tokens": _number(1, 1_000_000, whole=True),
    "workers": _number(1, 1024, whole=True),
    "rpm": _number(1, 10_000_000, whole=True),
    "tpm": _number(1, 10_000_000_000, whole=True),
    "prices": _text,
    "judge": _text,
    "learned": _text,
    "actor": _text,
    "embedder": _text,
    "log_queries": _flag,
    "registry_vectors": _text,
    "reword": _text,
}
