"""Find and run commands: names and one-line helps are known at once, a command is imported when it is called."""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

PROGRAM = "decomposer"
COLLECTING = 10_000, 20, 50
"""When cycles are looked for. There are many small values and few cycles: seldom saves up to a third of the time."""
COMMANDS = {
    "draft": "Draft catalog entries from model cards and READMEs.",
    "prompt": "Show exactly what would be sent to a model, and its size.",
    "import": "Take existing entries into the catalog.",
    "batch": "Draft many references: plan, run, resume, submit.",
    "ask": "Ask models by hand, through files.",
    "list": "List the entries of the catalog.",
    "show": "Show one entry with its evidence.",
    "why": "Explain why two capabilities or entries are one or not.",
    "review": "Decide on what waits, with one key each.",
    "serve": "Review in the browser, catalog pages, API.",
    "mcp": "Serve the catalog to agents (MCP, stdio).",
    "match": "Find what serves a need in plain words.",
    "compare": "Put two entries side by side: facts, capabilities, a verdict.",
    "rank": "Rank entries 0-100, and explain each part.",
    "set": "Say what is known of an artifact, with its source.",
    "diff": "Show what a newer draft changes.",
    "alike": "Find entries that may be one artifact.",
    "accept": "Accept records: they are published as reviewed.",
    "reject": "Reject records: they are not published and do not come back.",
    "flag": "Ask for another look at records.",
    "edit": "Edit a record; what you write is checked against its evidence.",
    "keep": "Keep a record's text; the newer draft that waits is put aside.",
    "merge": "Make records of one entry one.",
    "split": "Take a merged record apart; no draft joins it again.",
    "same": "Say that records of two entries are one capability.",
    "apart": "Say that records of two entries are two capabilities.",
    "undo": "Take back what you decided last.",
    "redo": "Put in place again what you took back.",
    "revert": "Take back decisions by number, batch, reviewer, run or time.",
    "history": "Show what was decided, by whom, when and why.",
    "events": "Move decisions between catalogs, as JSON lines.",
    "stats": "Count what was decided by model, or the catalog by day.",
    "agreement": "Say how far reviewers agree, and how each decides.",
    "retire": "Take an entry out of what is published.",
    "export": "Publish the catalog as files.",
    "validate": "Check manifests: what is missing, too short or wrong.",
    "audit": "Check catalog texts written elsewhere against a source.",
    "eval": "Measure models and prompts on a gold set.",
    "learn": "Learn thresholds from labelled pairs and from decisions.",
    "examples": "Write examples for the prompt from accepted records.",
    "ledger": "Look into the ledger of model requests.",
    "doctor": "Check the installation and say where each setting comes from.",
}
EXIT_FAILED = 1
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141


class Commands(click.Group):
    """The commands of COMMANDS. Each lives in a module of its name as `command`; what it returns is the exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the story."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"decomposer.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their one-line helps, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; in standalone mode tell every error in one line and exit as the user guide says."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode, **extra)
        try:
            code = super().main(args, prog_name or PROGRAM, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except Exception as error:  # noqa: BLE001 (the last place: an error of any kind becomes a line and a code)
            code = _told(error)
        sys.exit(code or 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command. A reader that went away is no error of ours, and click would call it a failed run."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno != errno.EPIPE:
                raise
            raise _ReaderGone from error


class _ReaderGone(Exception):
    """Whoever read our output stopped reading."""


@click.group(cls=Commands, name=PROGRAM, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=PROGRAM, message="%(prog)s %(version)s")
def cli() -> None:
    """Draft catalog entries for AI artifacts from their model card or README, with evidence for every sentence.

    \b
    Example:
      decomposer draft README.md
    """


def main() -> None:
    """Run the command line and exit."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    gc.set_threshold(*COLLECTING)
    cli()


def _told(error: Exception) -> int:
    """Tell an error on stderr and return the exit code."""
    if isinstance(error, _ReaderGone | BrokenPipeError):
        # What is still buffered for the closed pipe must not fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    if isinstance(error, click.Abort):
        _say("stopped; run the same command again to go on: finished answers are kept and not asked twice")
        return EXIT_INTERRUPTED
    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(file=shown)
        _say(shown.getvalue().rstrip(), label="")
        return error.exit_code
    from decomposer.errors import DecomposerError

    if isinstance(error, DecomposerError):
        _say(str(error))
        return error.exit_code
    if os.environ.get("DECOMPOSER_DEBUG"):
        raise error
    if isinstance(error, OSError):
        _say(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        return EXIT_FAILED
    _say(f"unexpected {type(error).__name__}: {error}; this is a bug: DECOMPOSER_DEBUG=1 shows where, please report it")
    return EXIT_BUG


def _say(text: str, *, label: str = "decomposer: ") -> None:
    from decomposer.display import display_safe

    click.echo(label + display_safe(text), err=True)
