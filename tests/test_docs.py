"""The documentation is true: its commands run and print what it shows, its links lead somewhere, its fields exist."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from decomposer.cli import cli

CHECKOUT = Path(__file__).parents[1]
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"), *CHECKOUT.glob("*/README.md")])
RUN = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# What make would do in an environment of its own is done here in this one.
MAKE = {"make demo": "cd samples && decomposer draft tallowick --model extractive --no-save"}


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in one language."""
    return [text for found, text in FENCE.findall(page.read_text(encoding="utf-8")) if found == language]


def steps(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block, each with the lines that it prints."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *printed = part.rstrip("\n").split("\n")
        yield command, printed


def pattern(printed: list[str]) -> str:
    """Return what the output has to look like: `...` alone stands for lines, at the end of a line for its rest."""
    return "".join("(?:.*\n)*?" if line == "..." else _line(line) for line in printed)


def _line(line: str) -> str:
    start = line.removesuffix("...")
    return re.escape(start.rstrip()) + ("[ ]*" if start == line else ".*") + "\n"


def run(command: str, folder: Path) -> str:
    """Run a command as a reader would, with nothing configured, and return all it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DECOMPOSER_", "OPENAI_"))}
    kept |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}"
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder with the samples in it."""
    shutil.copytree(CHECKOUT / "samples", tmp_path / "samples")
    return tmp_path


def place(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=place)
def test_commands_print_what_the_page_shows(page: Path, folder: Path) -> None:
    for command, printed in (step for block in blocks(page, "console") for step in steps(block)):
        output = run(MAKE.get(command, command), folder)
        expected = "\n".join(printed)
        assert re.fullmatch(pattern(printed), output), f"$ {command}\nshown:\n{expected}\n\nprinted:\n{output}"


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=place)
def test_examples_in_python_run(page: Path, folder: Path) -> None:
    for code in blocks(page, "python"):
        (folder / "example.py").write_text(code, encoding="utf-8")
        run("python example.py", folder)


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_commands_that_are_not_run_have_the_right_names_and_options(page: Path) -> None:
    for line in "\n".join(blocks(page, "sh")).splitlines():
        for words in re.split(r"\||&&", line):
            after = shlex.split(words, comments=True)
            if "decomposer" in after:
                parse(cli, after[after.index("decomposer") + 1 :])


def parse(command: click.Command, words: list[str]) -> None:
    """Parse a command line without running it. Raises click.UsageError."""
    if isinstance(command, click.Group) and words:
        name, found, rest = command.resolve_command(click.Context(command), words)
        assert found is not None, name
        parse(found, rest)
    else:
        command.make_context(command.name, words, help_option_names=["-h", "--help"])


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(FENCE, "", page.read_text(encoding="utf-8"))
    missing = []
    for link in LINK.findall(text):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append(link)
    assert missing == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as Markdown sites make them."""
    headings = HEADING.findall(re.sub(FENCE, "", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_page_is_found_from_the_index() -> None:
    docs = CHECKOUT / "docs"
    linked = {(docs / link.partition("#")[0]).resolve() for link in LINK.findall((docs / "index.md").read_text())}
    assert [place(page) for page in docs.rglob("*.md") if page.name != "index.md" and page not in linked] == []


def test_every_field_of_an_entry_and_every_value_it_can_take_is_described() -> None:
    schema = json.loads((CHECKOUT / "schemas/entry.schema.json").read_text(encoding="utf-8"))
    page = (CHECKOUT / "docs/data-model.md").read_text(encoding="utf-8")
    shapes = {"Entry": schema, **schema["$defs"]}
    assert [name for name in shapes if f"`{name}`" not in page] == []
    for name, shape in shapes.items():
        section = page.split(f" `{name}`\n", 1)[1].split("\n## ", 1)[0]
        assert [field for field in shape["properties"] if f"| `{field}` |" not in section] == [], name
    assert [value for value in values(schema) if f"`{value}`" not in page] == []


def values(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("enum", ())
        for part in schema.values():
            yield from values(part)
    if isinstance(schema, list):
        for part in schema:
            yield from values(part)
