"""Draw pages: templates that show every value as text, with control and invisible characters made visible."""

from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from decomposer.display import display_safe
from decomposer.errors import ConfigurationError
from decomposer.web.addresses import LiveLinks

MOST_TEXT = 20_000
_HTMX = "static/django_htmx/htmx-2.min.js"
_OWN = ("style.css", "keys.js", "icon.svg")
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def draw(template: str, **values: Any) -> str:
    """Return a page."""
    return _environment().get_template(template).render(**values)


@cache
def static_files() -> dict[str, bytes]:
    """Return the files that pages load, by name. Raises ConfigurationError where the `web` extra is missing."""
    folder = resources.files("decomposer.web") / "static"
    files = {name: (folder / name).read_bytes() for name in _OWN}
    # Only the packaged file is read: Django itself is neither needed nor imported.
    spec = find_spec("django_htmx")
    carried = Path(spec.origin).parent / _HTMX if spec is not None and spec.origin else None
    if carried is None or not carried.is_file():
        raise ConfigurationError("htmx is not installed", hint="pip install 'decomposer[web]'")
    return {**files, "htmx.js": carried.read_bytes()}


@cache
def address(name: str) -> str:
    """Return where a static file is served; the address changes with the content, so it may be kept for ever."""
    return f"/static/{sha256(static_files()[name]).hexdigest()[:16]}/{name}"


def shown(text: str, most: int = MOST_TEXT) -> str:
    """Return as much of a text as a page shows of it."""
    left = len(text) - most
    return text if left <= 0 else f"{text[:most]}… ({left:,} more characters are not shown here)"


@cache
def _environment() -> Environment:
    loader = PackageLoader("decomposer.web", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_safe
    )
    made.globals["static"] = address
    made.globals["published"] = LiveLinks().entry
    made.filters["shown"] = shown
    made.filters["counted"] = counted
    return made


def counted(count: int, one: str, several: str = "") -> str:
    """Return a count with its noun, such as `1 record` or `1,200 records`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _safe(value: Any) -> Any:
    return display_safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
