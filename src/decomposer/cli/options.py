"""Options that several commands share, and the settings that follow from them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from decomposer.settings import Settings, read_settings

Form = Literal["table", "json", "jsonl", "md"]
State = Literal["proposed", "accepted", "rejected", "retired"]
F = TypeVar("F", bound=Callable[..., Any])

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "md"]), default="table", show_default=True,
    help="How records are printed.",
)  # fmt: skip
db_option = click.option("--db", metavar="DB", help="Catalog: a SQLite file or a SQLAlchemy URL [decomposer.db].")
model_option = click.option("--model", metavar="M", help="extractive, NAME or openai/NAME, scripted/FILE.")
mode_option = click.option("--mode", metavar="MODE", help="How JSON is asked for: tools, json_schema or json [tools].")

_PROMPT = (
    click.option("--prompt", metavar="VERSION|FILE", help="Prompt to use: v1, v2, ... or a template file [newest]."),
    click.option("--language", metavar="CODE", help="Language to write the entry in [en]."),
    click.option("--segment-tokens", metavar="N", help="Most document tokens to put into one request."),
)
_ENDPOINT = (
    mode_option,
    click.option("--base-url", metavar="URL", help="Endpoint of an OpenAI-compatible server."),
    click.option("--timeout", metavar="S", help="Seconds to wait for an answer [120]."),
    click.option("--temperature", metavar="T", help="Sampling temperature, 0 to 2."),
    click.option("--max-output-tokens", metavar="N", help="Most tokens a model may answer with."),
    click.option("--workers", metavar="N", help="Segments of one document to ask about at a time [4]."),
)


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
    """Return the settings that hold here, given these flags."""
    return read_settings(flags, environ=os.environ, folder=Path.cwd())


def _with(options: tuple[Callable[[F], F], ...], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command
