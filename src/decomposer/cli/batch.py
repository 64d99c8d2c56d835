"""Draft many references: the commands of a batch, each imported when it is called."""

from importlib import import_module

import click

# name: its module, and the help in one line
_COMMANDS = {
    "run": ("batch_run", "Draft many references, and go on where it stopped."),
    "plan": ("batch_plan", "Say what a run would ask and cost, before anything is sent."),
    "submit": ("batch_jobs", "Send what is missing as jobs of a provider's batch mode."),
    "collect": ("batch_jobs", "Fetch finished jobs, and draft what they answer."),
    "status": ("batch_status", "Say how runs stand, while they run or later."),
}


class _Commands(click.Group):
    """The commands of _COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the story."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"decomposer.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their one-line helps, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in _COMMANDS.items()])


@click.group("batch", cls=_Commands, short_help="Draft many references: plan, run, resume, submit.")
def command() -> None:
    """Draft many references: plan what it costs, run it within limits, and resume it after any interruption.

    \b
    Examples:
      decomposer batch plan --from refs.txt --model openai/gpt-5-mini
      decomposer batch run --from refs.txt --model openai/gpt-5-mini --workers 32 --max-cost 20
      decomposer batch status
    """
