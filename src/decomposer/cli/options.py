"""Options that several commands share, and the settings that follow from them."""

import os
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import click

from decomposer.settings import ACCEPTED, Settings, read_settings

if TYPE_CHECKING:
    from decomposer.wiring.references import Naming

Form = Literal["table", "json", "jsonl", "md"]
State = Literal["proposed", "accepted", "rejected", "retired"]
F = TypeVar("F", bound=Callable[..., Any])

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "md"]), default="table", show_default=True,
    help="How records are printed.",
)  # fmt: skip
db_option = click.option("--db", metavar="DB", help="Catalog: a SQLite file or a SQLAlchemy URL [decomposer.db].")
verify_option = click.option(
    "--verify", metavar="MODEL", help="A second model that checks every claim; it can lower verdicts only."
)
judge_option = click.option(
    "--judge", metavar="MODEL", help="A model that decides which records are one where the rules leave it open."
)
reword_option = click.option(
    "--reword", metavar="MODEL", help="A model that says a need in the words of a catalog before it is searched for."
)
model_option = click.option("--model", metavar="M", help="extractive, NAME or openai/NAME, scripted/FILE.")
base_url_option = click.option("--base-url", metavar="URL", help="Endpoint of an OpenAI-compatible server.")
mode_option = click.option("--mode", metavar="MODE", help="How JSON is asked for: tools, json_schema or json [tools].")

_PROMPT = (
    click.option("--prompt", metavar="VERSION|FILE", help="Prompt to use: v1, v2, ... or a template file [newest]."),
    click.option(
        "--examples", metavar="WHICH|FILE", help="Examples to show: bundled, accepted (by people) or a file [bundled]."
    ),
    click.option("--language", metavar="CODE", help="Language to write the entry in [en]."),
    click.option("--segment-tokens", metavar="N", help="Most document tokens to put into one request."),
)
_ENDPOINT = (
    mode_option,
    base_url_option,
    click.option("--timeout", metavar="S", help="Seconds to wait for an answer [120]."),
    click.option("--temperature", metavar="T", help="Sampling temperature, 0 to 2."),
    click.option("--max-output-tokens", metavar="N", help="Most tokens a model may answer with."),
    click.option("--workers", metavar="N", help="Segments of one document to ask about at a time [4]."),
)
_LIMITS = (
    click.option("--workers", metavar="N", help="Requests in flight at most [4]."),
    click.option("--rpm", metavar="N", help="Requests a minute at most."),
    click.option("--tpm", metavar="N", help="Tokens a minute at most, those of the answers included."),
    click.option("--prices", metavar="FILE", help="Prices of models to use instead of those that come with it."),
)
_REFERENCES = (
    click.argument("refs", nargs=-1, metavar="[REF]..."),
    click.option("--from", "listed", metavar="FILE", help="References, one a line: REF or JSON object; - is stdin."),
    click.option("--entries", metavar="QUERY", help='Entries of the catalog, such as "type=model prompt<v2 age>30d".'),
)


def references_options(command: F) -> F:
    """Add what names many references."""
    return _with(_REFERENCES, command)


def batch_model_options(command: F) -> F:
    """Add the options that choose and tune a model, and limit how fast it is asked."""
    return _with((model_option, *_ENDPOINT[:-1], *_LIMITS), command)


def unhurried_model_options(command: F) -> F:
    """Add the options that choose and tune a model that is not asked at once: there is no rate to limit."""
    return _with((model_option, *_ENDPOINT[:-1], _LIMITS[-1]), command)


def naming(refs: tuple[str, ...], listed: str | None, entries: str | None, *, resumed: bool = False) -> "Naming":
    """Return what names the references; `-` among them is standard input, as is a pipe where nothing is named.

    Raises UsageError where nothing is named, or something is though a run is `resumed`.
    """
    from decomposer.errors import UsageError
    from decomposer.wiring.references import STDIN, Naming

    if STDIN in refs and listed is None:
        refs, listed = tuple(ref for ref in refs if ref != STDIN), STDIN
    nothing = not refs and listed is None and entries is None
    if resumed and not nothing:
        raise UsageError("a resumed run has its references", hint="name none, or leave --resume out")
    if nothing and not resumed:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("no references", hint="name some, or --from FILE (- is stdin), or --entries QUERY")
        listed = STDIN
    if listed not in (None, STDIN):
        listed = str(Path(str(listed)).absolute())
    return Naming(refs, listed, entries)


def gathering(kind: type, name: str) -> Callable[[F], F]:
    """Return what hands the options that are fields of the dataclass `kind` to a command as one argument, `name`."""

    def decorate(command: F) -> F:
        @wraps(command)
        def gathered(**given: Any) -> Any:
            mine = {field.name: given.pop(field.name) for field in fields(kind)}
            return command(**{name: kind(**mine)}, **given)

        return cast(F, gathered)

    return decorate


def prompt_options(command: F) -> F:
    """Add the options that shape a prompt."""
    return _with(_PROMPT, command)


def model_options(command: F) -> F:
    """Add the options that choose and tune a model."""
    return _with((model_option, *_ENDPOINT), command)


def endpoint_options(command: F) -> F:
    """Add the options that tune whichever model is asked."""
    return _with(_ENDPOINT, command)


def settings(flags: dict[str, str | None]) -> Settings:
    """Return the settings that hold here, given these flags; what it means to choose examples anew is told."""
    held = read_settings(flags, environ=os.environ, folder=Path.cwd())
    if "examples" in flags and held.examples == ACCEPTED:
        from decomposer.cli.notes import note

        note(
            "examples are chosen from what is accepted now; when that makes another choice, entries are drafted again, "
            "and paid for. To keep one choice: `decomposer examples --out FILE`, and --examples FILE"
        )
    return held


def _with(options: tuple[Callable[[F], F], ...], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command
