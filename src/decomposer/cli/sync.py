"""Write what is generated, `schemas/*.schema.json` and `docs/cli.md`: `python -m decomposer.cli.sync [--check]`."""

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel

from decomposer.cli import cli
from decomposer.draft import Draft, Opinions, Rewording, Selection
from decomposer.publish.passport import Passport
from decomposer.publish.site.shapes import SHAPES, schema
from decomposer.publish.unfragile import Manifest
from decomposer.records import Entry

_SCHEMAS: dict[str, type[BaseModel]] = {
    "entry": Entry,
    "draft": Draft,
    "opinions": Opinions,
    "rewording": Rewording,
    "selection": Selection,
    "unfragile": Manifest,
    "passport": Passport,
    **SHAPES,
}
_WIDTH = 80


def generated() -> dict[str, str]:
    """Return the text of every generated file by its path in the checkout."""
    files = {f"schemas/{name}.schema.json": schema(shape) for name, shape in _SCHEMAS.items()}
    return {**files, "docs/cli.md": _reference()}


def stale(checkout: Path) -> dict[str, str]:
    """Return the generated files that are missing or differ from what would be written, with the text they lack."""
    return {path: text for path, text in generated().items() if _read(checkout / path) != text}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _reference() -> str:
    intro = "Generated from `--help` by `python -m decomposer.cli.sync`; edit the commands, not this page."
    return "\n\n".join(["# Command line", intro, *_sections(cli, "decomposer")]) + "\n"


def _sections(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, terminal_width=_WIDTH, max_content_width=_WIDTH)
    context.help_option_names = ["-h", "--help"]
    yield f"## {path}\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _sections(found, f"{path} {name}")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where a file is out of date.")
def main(*, check: bool) -> None:
    """Bring the generated files of the checkout in the working folder up to date."""
    checkout = Path.cwd()
    out_of_date = stale(checkout)
    for path, text in out_of_date.items():
        click.echo(f"{path}: {'out of date; run python -m decomposer.cli.sync' if check else 'written'}", err=True)
        if not check:
            (checkout / path).parent.mkdir(parents=True, exist_ok=True)
            (checkout / path).write_text(text, encoding="utf-8", newline="\n")
    if check and out_of_date:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
