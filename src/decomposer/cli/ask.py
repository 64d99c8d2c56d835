"""Ask models by hand: write the requests as files, and take the answers back."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from decomposer.cli.options import (
    db_option,
    judge_option,
    naming,
    prompt_options,
    references_options,
    settings,
    unhurried_model_options,
)

if TYPE_CHECKING:
    from decomposer.ports import Request
    from decomposer.wiring.references import Naming
    from decomposer.wiring.rounds import Inquiry

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("ask", short_help="Ask models by hand, through files.")
def command() -> None:
    """Ask models by hand: any chat will do, and no key or network is needed.

    \b
    Example:
      decomposer ask export asked README.md --model openai/gpt-5
    """


@command.command("export", short_help="Write each missing request as a file to paste into a chat.")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@references_options
@click.option(
    "--needs", metavar="FILE", type=click.Path(path_type=Path), help="Needs that are searched for, one a line."
)
@click.option("--verify", metavar="MODEL", help="Also ask for second opinions, once the drafts are answered.")
@judge_option
@unhurried_model_options
@prompt_options
@db_option
def export(
    folder: Path,
    *,
    refs: tuple[str, ...],
    listed: str | None,
    entries: str | None,
    needs: Path | None,
    verify: str | None,
    **flags: str | None,
) -> int:
    """Write into DIR each request that drafting the references needs and the ledger can't answer; nothing is sent.

    Each becomes a page that says what to do with it, and all together requests.jsonl. Pages that are there are left
    as they are. References are named as for `batch run`. With the answers in, `decomposer draft` with the same options
    drafts the entries, and exporting again writes what is then still missing. With --needs the requests are those that
    `match --reword` makes: needs as lines of text, or as JSON lines with a `need` each.

    \b
    Examples:
      decomposer ask export asked README.md --model openai/gpt-5
      decomposer ask export asked --needs needs.txt --model openai/gpt-5
      decomposer ask export asked docs/*.md --model openai/gpt-5 --verify openai/gpt-5-mini
    """
    from decomposer.batch.references import label
    from decomposer.cli.asking import Desk
    from decomposer.cli.notes import counted, failed, note
    from decomposer.errors import BudgetReached, CatalogError, ConfigurationError
    from decomposer.sources.needs import plain_needs
    from decomposer.wiring.rounds import Inquiry

    searched = plain_needs(needs) if needs else []
    names = None if needs and not (refs or listed or entries) else naming(refs, listed, entries)
    failures = complete = seen = 0
    with Inquiry(settings(flags), verify=verify) as inquiry:
        desk = Desk(folder)
        for line, missing_of in _questions(names, searched, inquiry):
            seen += 1
            try:
                slug, about, missing = missing_of(line)
            except (BudgetReached, CatalogError, ConfigurationError):
                raise
            except Exception as error:  # noqa: BLE001 (one document must not end the run, whatever is wrong with it)
                failures += 1
                failed(label(line), error)
                continue
            for request in missing:
                desk.put(request, slug=slug, about=about)
            complete += not missing
    kept = f", {desk.kept} were there" if desk.kept else ""
    note(f"{counted(desk.written, 'request')} written to {folder}{kept}; {complete} of {seen} need no answer")
    return 1 if failures else 0


def _questions(
    names: "Naming | None", needs: "Iterable[str]", inquiry: "Inquiry"
) -> "Iterator[tuple[str, Callable[[str], tuple[str, str, list[Request]]]]]":
    """Yield references and needs, each with what returns a name, what it is about, and which requests are missing."""
    from decomposer.wiring.references import named

    def of_source(line: str) -> "tuple[str, str, list[Request]]":
        source, missing = inquiry.missing(line)
        return source.artifact.slug, source.artifact.source, missing

    for line in chain.from_iterable(named(names, inquiry.workspace)) if names else ():
        yield line, of_source
    for need in needs:
        yield need, lambda said: (said, f"the need: {said}", inquiry.missing_for(said))


@command.command("import", short_help="Take the answers that were pasted or saved there.")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@db_option
def import_(folder: Path, **flags: str | None) -> int:
    """Take the answers in DIR into the ledger: pasted into the pages, saved beside them, or as answers.jsonl.

    Each is checked against the form that was asked for. What is wrong with a bad one is told, and the others are
    kept; importing again changes nothing. Ends with 1 where some are bad.

    \b
    Example:
      decomposer ask import asked
    """
    from decomposer.cli.answering import take_answers
    from decomposer.cli.notes import counted, note
    from decomposer.wiring import Workspace

    with Workspace(settings(flags)) as workspace:
        done = take_answers(folder, workspace.ledger)
        where = workspace.settings.shown("db")
    for line in done.bad:
        note(f"bad: {line}")
    told = [
        f"{counted(done.new, 'answer')} kept in {where}",
        f"{done.known} known before",
        f"{done.open} still missing",
    ]
    note("; ".join([*told, f"{len(done.bad)} bad"] if done.bad else told))
    return 1 if done.bad else 0
