"""The commands of `match`: find, outcome, log."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import click

from decomposer.cli.options import (
    Form,
    base_url_option,
    db_option,
    format_option,
    gathering,
    reword_option,
    settings,
)

if TYPE_CHECKING:
    from decomposer.records import Filters


@dataclass(frozen=True, slots=True)
class Asked:
    """What a hit has to be, and how it is searched for."""

    type: str | None
    price: str | None
    license: str | None
    language: str | None
    limit: int
    words: bool
    also: tuple[str, ...]
    log_queries: bool
    no_count: bool


@click.command("find", short_help="Search by need.")
@click.argument("need")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="How many hits at most.")
@click.option("--type", metavar="T", help="Artifacts of this type alone, such as model or mcp.")
@click.option("--price", metavar="P", help="With this pricing: free, freemium, paid or open-source.")
@click.option("--license", metavar="L", help="With this license, such as apache-2.0.")
@click.option("--language", metavar="CODE", help="With a document in this language, such as en.")
@click.option("--words", is_flag=True, help="Search by words alone, though vectors could be used.")
@click.option(
    "--embedder", metavar="E", help="mpnet, minilm, wordllama, bert/FOLDER, openai/NAME, none [the best installed]."
)
@reword_option
@base_url_option
@click.option("--also", metavar="TEXT", multiple=True, help="The need in other words; may be given several times.")
@click.option("--log-queries", is_flag=True, help="Keep the words of this search; else only what it found is counted.")
@click.option("--no-count", is_flag=True, help="Count nothing: a look that is no use of the catalog.")
@db_option
@format_option
@gathering(Asked, "asked")
def find(need: str, *, asked: Asked, form: Form, **flags: str | None) -> int:
    """Find the capabilities that serve NEED, said in plain words, the best first.

    Each hit says why it matched, shows what the source says with its place, and has an id by which an outcome can be
    told. The exit code is 1 where nothing was found. What is searched for is not kept unless --log-queries or the
    setting `log_queries` says so.

    With --reword a model first says what would serve NEED, in the words of a catalog and in English, and that is
    searched for too; the same need is asked about once. --also says it by hand.

    \b
    Examples:
      decomposer match "undo what the bot did to my files"
      decomposer match "undo what the bot did to my files" --also "Git integration" --reword openai/gpt-5-mini
      decomposer match find log --words --format json
    """
    from decomposer.cli.matching import printed
    from decomposer.wiring import Workspace

    filters = _filters(asked)
    with Workspace(settings(flags)) as workspace:
        return printed(need, workspace, asked, filters=filters, form=form)


def _filters(asked: Asked) -> "Filters":
    """Return what a hit has to be. Raises UsageError for a type or a pricing that there is not."""
    from decomposer.errors import UsageError
    from decomposer.records import ArtifactType, Filters
    from decomposer.records.facts import PRICING

    def plain(value: str | None) -> str | None:
        return value.strip().casefold() or None if value is not None else None

    filters = Filters(
        type=plain(asked.type), price=plain(asked.price), license=plain(asked.license), language=plain(asked.language)
    )
    for name, value, choices in (("--type", filters.type, get_args(ArtifactType)), ("--price", filters.price, PRICING)):
        if value is not None and value not in choices:
            raise UsageError(f"no artifact can have {name} {value[:100]!r}", hint=f"choose one of {', '.join(choices)}")
    return filters


@click.command("outcome", short_help="Tell what came of a hit.")
@click.argument("hit", metavar="ID")
@click.argument("outcome", type=click.Choice(["success", "failure"]))
@click.option("--comment", metavar="TEXT", default="", help="Why, for whoever looks after the catalog.")
@db_option
def outcome(hit: str, *, outcome: Literal["success", "failure"], comment: str, **flags: str | None) -> None:
    """Tell what came of the hit ID, as a search printed it: it is a part of the artifact's rank. The last word holds.

    \b
    Example:
      decomposer match outcome mzq4wcx7ae.1 failure --comment "it can't read scans"
    """
    from decomposer.cli.notes import note
    from decomposer.wiring import Workspace
    from decomposer.wiring.ranking import match_log

    with Workspace(settings(flags)) as workspace:
        match_log(workspace).tell(hit, outcome, comment=comment)
    note(f"{hit}: {outcome} kept")


@click.command("log", short_help="Show the needs that were kept.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@db_option
@format_option
def log(*, limit: int, form: Form, **flags: str | None) -> None:
    """Show the needs that were kept, the newest first: those that were searched for with --log-queries.

    \b
    Example:
      decomposer match log --format jsonl
    """
    from decomposer.cli.matching import kept
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.wiring import Workspace
    from decomposer.wiring.ranking import match_log

    count = 0
    with Workspace(settings(flags)) as workspace, Output(form, many=True) as output:
        for count, (at, search, need) in enumerate(match_log(workspace).needs(limit=limit), start=1):
            output.write(kept(at, search, need, first=count == 1))
    if not count:
        note("no need was kept: `match --log-queries` keeps them")
