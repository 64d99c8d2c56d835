"""Find prompts and schemas: in the checkout when there is one, else inside the installed package."""

from functools import cache
from pathlib import Path

from decomposer.errors import ConfigurationError

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


@cache
def folder(name: str) -> Path:
    """Return the folder `prompts` or `schemas`. Raises ConfigurationError where the installation lacks it."""
    for candidate in (_CHECKOUT / name, _PACKAGE / "_resources" / name):
        if candidate.is_dir() and (candidate.parent != _CHECKOUT or (_CHECKOUT / "pyproject.toml").is_file()):
            return candidate
    raise ConfigurationError(f"the folder {name}/ is missing from this installation", hint="install decomposer again")


def prompt_versions(task: str) -> dict[str, Path]:
    """Return the released prompts of a task by version, oldest first: `{"v1": .../v1.jinja}`."""
    found = folder("prompts").joinpath(task).glob("v*.jinja")
    return {path.stem: path for path in sorted(found, key=lambda path: int(path.stem[1:]))}


def read(name: str, path: str) -> str:
    """Return the text of a resource, such as `read("prompts", "extract/examples.yaml")`."""
    return folder(name).joinpath(path).read_text(encoding="utf-8")
