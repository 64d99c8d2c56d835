"""Generated files are up to date, and every command is documented with an example."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from decomposer.cli import cli, sync
from decomposer.cli.group import COMMANDS

CHECKOUT = Path(__file__).parents[1]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_schemas_and_the_command_reference_are_in_sync() -> None:
    assert list(sync.stale(CHECKOUT)) == [], "run: python -m decomposer.cli.sync"


def test_the_table_of_commands_says_what_each_command_says_of_itself() -> None:
    assert {path[0]: command.short_help for path, command in commands(cli) if len(path) == 1} == COMMANDS


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in commands(cli)])
def test_every_command_has_help_with_an_example(path: str) -> None:
    done = CliRunner().invoke(cli, [*path.split(), "--help"])
    assert done.exit_code == 0
    assert "  Example" in done.stdout
    assert f"    decomposer {path}" in done.stdout


def test_every_option_has_a_help() -> None:
    options = [
        (path, option)
        for path, command in commands(cli)
        for option in command.params
        if isinstance(option, click.Option)
    ]
    assert [(path, option.name) for path, option in options if not option.help] == []


def test_what_is_out_of_date_is_written_or_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(sync.main, ["--check"])
    assert (told.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert CliRunner().invoke(sync.main, []).exit_code == 0
    assert CliRunner().invoke(sync.main, ["--check"]).exit_code == 0
    assert (tmp_path / "docs" / "cli.md").read_text() == (CHECKOUT / "docs" / "cli.md").read_text()
