"""The house holds: imports go one way, files stay small, releases stay as they were, and nothing unfinished is left."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from decomposer.cli.group import COMMANDS
from decomposer.settings import VARIABLES, Settings

CHECKOUT = Path(__file__).parents[1]
SOURCE = CHECKOUT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))
CODE = sorted(
    path for top in ("src", "tests", "benchmarks", "scripts") for path in CHECKOUT.joinpath(top).rglob("*.py")
)
LOCKS = ("requirements.lock", "requirements-dev.lock")
OWN_FOLDERS = (".ci", "benchmarks", "docs", "prompts", "samples", "schemas", "scripts", "src", "tests")
MOST_LINES = 320
MOST_FUNCTION_LINES = 60
ADDRESS = re.compile(r"\w+://|\bfile:|--(?:extra-)?index-url|--find-links|--trusted-host| @ ")
REGISTRIES = re.compile(
    r"\b(?:py" + r"pi|test\.py" + r"pi|pythonhos" + r"ted|npm" + r"js|crat" + r"es)\.(?:org|com|io)\b"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
THIS_MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/\w")


def own_files() -> Iterator[Path]:
    """Yield every text file that belongs to the project, whatever else lies in the checkout."""
    yield from (path for path in CHECKOUT.iterdir() if path.is_file() and path.suffix in ("", ".md", ".lock", ".toml"))
    for folder in OWN_FOLDERS:
        for path in CHECKOUT.joinpath(folder).rglob("*"):
            if path.is_file() and path.suffix != ".png" and not {"__pycache__", "results"} & set(path.parts):
                yield path


def lines_with(pattern: re.Pattern[str], *, but: tuple[str, ...] = ()) -> list[str]:
    """Return where the files of the project, less the folders in `but`, say something, as `path:line: text`."""
    found = []
    for path in sorted(own_files()):
        place = path.relative_to(CHECKOUT).as_posix()
        if not place.startswith(but):
            text = path.read_bytes().decode("utf-8", "replace")
            found += [f"{place}:{n}: {line}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# --- how the code is cut


def test_imports_go_one_way() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_says_first_what_it_is_for_in_one_line(path: Path) -> None:
    first, *rest = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")
    assert re.fullmatch(r"[A-Z].*[.]", first), f"{first!r} {rest!r}"


def test_files_fit_a_sitting() -> None:
    # A suite of one port or one page of cases is read from top to bottom like a list, and is not cut by length.
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CODE if "tests" not in path.parts}
    assert {str(path.relative_to(CHECKOUT)): n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_functions_fit_a_screen() -> None:
    long = {}
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    long[f"{path.relative_to(CHECKOUT)}:{node.name}"] = length
    assert long == {}


@pytest.mark.parametrize("path", [path for path in MODULES if "__all__ = " in path.read_text()], ids=module_name)
def test_all_names_what_a_module_defines_and_what_others_take_from_it(path: Path) -> None:
    module = import_module(module_name(path))
    named = set(module.__all__)
    assert len(named) == len(module.__all__)
    assert {name for name in named if not hasattr(module, name)} == set()
    assert (defined(path) | taken(module_name(path))) - named == set()


def defined(path: Path) -> set[str]:
    """Return the public functions and classes that a module defines."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return {name for name in found if not name.startswith("_")}


def taken(name: str) -> set[str]:
    """Return what our other modules import from a module, less its submodules."""
    found: set[str] = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == name:
                found |= {alias.name for alias in node.names}
    return found - {module_name(path).removeprefix(f"{name}.") for path in MODULES}


# --- what is released and what it rests on


def test_a_released_prompt_is_never_edited() -> None:
    prompts = CHECKOUT / "prompts"
    lines = (prompts / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split("  ") for line in lines)}
    released = [*prompts.glob("*/v*.jinja"), *prompts.glob("*/examples*.yaml")]
    held = {path.relative_to(prompts).as_posix(): sha256(path.read_bytes()).hexdigest() for path in released}
    assert held == listed, "a release stays as it is: add a new version, and its line (CONTRIBUTING.md says how)"


def test_what_is_required_is_named_by_version_alone() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    named = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    named += [one for group in groups for one in group if isinstance(one, str)]
    assert [one for one in named if ADDRESS.search(one)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_versions_and_digests_and_no_address(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if ADDRESS.search(line)] == []
    assert len(locked(name)) > 20
    assert all(rest.count("--hash=sha256:") for rest in re.split(r"^[\w.-]+==", text, flags=re.MULTILINE)[1:])


def test_both_locks_agree() -> None:
    runtime, everything = map(locked, LOCKS)
    assert {name for name in runtime if everything.get(name, runtime[name]) != runtime[name]} == set()


def test_the_lock_covers_every_direct_requirement() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    direct = {re.split(r"[<>=!~ ;\[]", one)[0].lower() for one in project["project"]["dependencies"]}
    assert direct - set(locked(LOCKS[0])) == set()


def locked(name: str) -> dict[str, str]:
    """Return the versions that a lock file holds, by package."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (CHECKOUT / name).read_text(encoding="utf-8"), re.MULTILINE))


# --- what is said


def test_no_package_registry_is_named() -> None:
    assert lines_with(REGISTRIES) == []


def test_nothing_is_left_unfinished() -> None:
    # Samples show what unfinished model cards look like.
    assert lines_with(UNFINISHED, but=("samples/",)) == []


def test_no_path_of_one_machine_is_named() -> None:
    assert lines_with(THIS_MACHINE, but=("samples/",)) == []


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings) if field.name != "origins"])
def test_every_setting_is_documented_with_its_variable(setting: str) -> None:
    page = (CHECKOUT / "docs/configuration.md").read_text(encoding="utf-8")
    row = next((line for line in page.splitlines() if line.startswith(f"| `{setting}` |")), "")
    variables = [f"DECOMPOSER_{setting.upper()}", *VARIABLES.get(setting, ())]
    assert [variable for variable in variables if f"`{variable}`" not in row] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"\n## decomposer {command}\n" in (CHECKOUT / "docs/cli.md").read_text(encoding="utf-8")
