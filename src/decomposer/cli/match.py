"""Search by need, tell what came of it, and look at what was searched for: each imported when it is called."""

from importlib import import_module

import click

_COMMANDS = {
    "find": "Search by need: what `match NEED` does.",
    "outcome": "Tell what came of a hit: success or failure.",
    "log": "Show the needs that were kept.",
}
_DEFAULT = "find"


class _Commands(click.Group):
    """The commands of _COMMANDS. What is no command is a need: `find` is put before it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the story."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module("decomposer.cli.match_commands"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their one-line helps, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, and what is left for it."""
        return super().resolve_command(ctx, self._completed(ctx, args))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what starts with a need, or with an option of a search, as a search."""
        return super().parse_args(ctx, self._completed(ctx, args))

    def _completed(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = not args or args[0] in _COMMANDS or args[0] in ctx.help_option_names
        return args if known else [_DEFAULT, *args]


@click.group("match", cls=_Commands, short_help="Find what serves a need in plain words.")
def command() -> None:
    """Find the capabilities that serve a need, said in plain words: `match NEED` is short for `match find NEED`.

    `decomposer match find --help` shows its options. A need that is called like a command, such as the word "log", is
    searched for with `match find log`.

    \b
    Examples:
      decomposer match "undo what the bot did to my files"
      decomposer match "read invoices" --type model --license apache-2.0 --limit 3
      decomposer match outcome mzq4wcx7ae.1 success
    """
