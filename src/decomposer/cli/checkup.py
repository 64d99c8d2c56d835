"""Examine an installation: settings and their origins, versions, plugins, prompts, the model and the database."""

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from decomposer import plugins
from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.errors import DecomposerError
from decomposer.settings import FILE, Settings
from decomposer.wiring import Workspace

PACKAGES = ("decomposer", "openai", "instructor", "pydantic", "sqlalchemy")
GROUPS = ("models", "loaders", "exporters")
_MARKS = {"ok": ("✓ ", "green"), "note": ("! ", "yellow"), "problem": ("✗ ", "red")}
_VARIABLES = {f"DECOMPOSER_{field.name.upper()}" for field in fields(Settings)} | {"DECOMPOSER_DEBUG"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it may be printed, and where it came from."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and found. A problem must be put right, a note is worth knowing."""

    name: str
    found: str
    level: Literal["ok", "note", "problem"] = "ok"


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that doctor says."""

    settings: tuple[Setting, ...]
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing must be put right."""
        return all(check.level != "problem" for check in self.checks)


def examine(workspace: Workspace) -> Checkup:
    """Return the findings. Opens the model, and the database where there is one; sends nothing."""
    return Checkup(tuple(_settings(workspace.settings)), tuple(_checks(workspace)))


def shown(checkup: Checkup) -> Shown:
    """Return the findings ready to be written."""
    return Shown(
        value=lambda: {"healthy": checkup.healthy, **asdict(checkup)},
        table=lambda screen: _show(checkup, screen),
        md=lambda: _markdown(checkup),
    )


def _settings(settings: Settings) -> Iterator[Setting]:
    for field in fields(Settings):
        if field.name != "origins":
            value = settings.shown(field.name)
            yield Setting(field.name, value or "not set", settings.origin(field.name))


def _checks(workspace: Workspace) -> Iterator[Check]:
    yield Check("python", platform.python_version())
    for package in PACKAGES:
        yield _tried(package, partial(version, package))
    for group in GROUPS:
        yield _tried(group, partial(_plugins, group))
    yield _tried("prompt", lambda: workspace.template.version)
    yield _tried("model", lambda: _model(workspace))
    yield _tried("database", workspace.database_state)
    yield from _unknown_variables()


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, look())
    except DecomposerError as error:
        return Check(name, str(error), "problem")
    except PackageNotFoundError:
        return Check(name, "not installed; install decomposer again, with what it needs", "problem")
    except Exception as error:  # noqa: BLE001 (whatever a part of the installation does, doctor tells it)
        return Check(name, f"fails with {type(error).__name__}: {error}", "problem")


def _plugins(group: str) -> str:
    names = plugins.names(group)
    for name in names:
        plugins.load(group, name)
    if not names:
        raise PackageNotFoundError(group)
    return ", ".join(names)


def _model(workspace: Workspace) -> str:
    reason = workspace.settings.chosen_model()[1]
    return workspace.model.name + (f" ({reason})" if reason else "")


def _unknown_variables() -> Iterator[Check]:
    for variable in sorted(os.environ):
        if variable.startswith("DECOMPOSER_") and variable not in _VARIABLES:
            close = get_close_matches(variable, _VARIABLES, n=1)
            hint = f"did you mean {close[0]}?" if close else "unset it"
            yield Check(variable, f"no such setting; {hint}", "note")


def _show(checkup: Checkup, screen: Screen) -> None:
    widths = (18, 36)
    screen.cells("setting", "value", "from", widths=widths, style="bold")
    for setting in checkup.settings:
        screen.cells(setting.name, setting.value, setting.origin, widths=widths)
    screen.line((f"flags go before the environment, the environment before {FILE}", "dim"))
    screen.line()
    for check in checkup.checks:
        screen.line(_MARKS[check.level], (f"{check.name:<14} ", "bold"), check.found, hang=17)
    screen.line()
    problems = sum(check.level == "problem" for check in checkup.checks)
    screen.line(f"{problems} to put right" if problems else "all is well")


def _markdown(checkup: Checkup) -> str:
    from decomposer.publish.markdown import escape

    rows = ["| setting | value | from |", "|---|---|---|"]
    rows += [f"| {one.name} | {escape(one.value)} | {escape(one.origin)} |" for one in checkup.settings]
    found = [f"* {escape(one.name)}: {escape(one.found)}" for one in checkup.checks]
    return "\n".join([*rows, "", *found, ""])
