"""Find entries that may be one artifact, and keep what a person says of them."""

from typing import TYPE_CHECKING

import click

from decomposer.cli.options import Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.records.likeness import Relation

RELATIONS = ("same", "older_version", "fork", "translation", "derived")

_pair = (click.argument("a", metavar="A"), click.argument("b", metavar="B"))
_reason = click.option("--reason", default="", metavar="TEXT", help="Why, kept with the decision.")


@click.group("alike", short_help="Find entries that may be one artifact.")
def command() -> None:
    """Find entries that may be one artifact under two names or sources: proposed with the reasons, never merged.

    \b
    Examples:
      decomposer alike list
      decomposer alike confirm clip-2021 clip --as older_version
      decomposer alike refuse clip open-clip --reason "another code base"
    """


@command.command("list", short_help="List pairs that may be one artifact.")
@click.argument("entry", required=False)
@click.option("--relation", "--as", type=click.Choice(RELATIONS), help="Only pairs in this relation [all].")
@click.option("--decided", is_flag=True, help="What people have decided, instead of what is proposed.")
@db_option
@format_option
def listed(entry: str | None, *, relation: "Relation | None", decided: bool, form: Form, **flags: str | None) -> None:
    """List pairs of entries that may be one artifact, the likeliest first; of ENTRY alone if named.

    Entries that are new or changed are looked at first, each under a few keys: names, addresses, lines. A pair that a
    person has confirmed or refused is not proposed again. `derived` is another artifact: a quantisation, a fine-tune.

    \b
    Examples:
      decomposer alike list --relation translation
      decomposer alike list clip --format json
      decomposer alike list --decided
    """
    from decomposer.cli.notes import counted, note
    from decomposer.cli.output import Output
    from decomposer.cli.pairing import proposal, ruled
    from decomposer.wiring import Workspace
    from decomposer.wiring.identifying import brought_up_to_date, identities

    with Workspace(settings(flags)) as workspace:
        if entry is not None:
            workspace.entry(entry)
        held, count = identities(workspace), 0
        if not decided:
            brought_up_to_date(workspace)
        found = (
            (ruled(one) for one in held.rulings(entry=entry, live=True) if relation in (None, one.relation))
            if decided
            else (proposal(one) for one in held.proposals(entry=entry, relation=relation))
        )
        with Output(form, many=True) as output:
            for one in found:
                output.write(one)
                count += 1
        next_step = "; settle one with `decomposer alike confirm A B` or `refuse A B`" if count and not decided else ""
        note(f"{counted(count, 'pair', 'pairs')} {'decided' if decided else 'proposed'}{next_step}")


@command.command("confirm", short_help="Say that two entries are one artifact.")
@_pair[0]
@_pair[1]
@click.option("--as", "relation", type=click.Choice(RELATIONS), help="What A is of B [what is proposed, else same].")
@_reason
@db_option
def confirm(a: str, b: str, *, relation: "Relation | None", reason: str, **flags: str | None) -> None:
    """Keep that A is the same as B, or an older version, a fork, a translation of it, or derived from it.

    Nothing is merged, and the decision can be taken back with `decomposer alike undo A B`.

    \b
    Example:
      decomposer alike confirm clip-2021 clip --as older_version
    """
    from decomposer.cli.notes import note
    from decomposer.cli.pairing import said
    from decomposer.wiring import Workspace
    from decomposer.wiring.identifying import confirm, identities

    with Workspace(settings(flags)) as workspace:
        if relation is None and (found := identities(workspace).proposed(a, b)):
            a, b, relation = found.one, found.other, found.relation
        note(said(confirm(a, b, relation or "same", workspace, reason=reason)))


@command.command("refuse", short_help="Say that two entries are two artifacts.")
@_pair[0]
@_pair[1]
@_reason
@db_option
def refuse(a: str, b: str, *, reason: str, **flags: str | None) -> None:
    """Keep that A and B are two artifacts: the pair is not proposed again, whatever is drafted of either.

    \b
    Example:
      decomposer alike refuse clip open-clip --reason "another code base"
    """
    from decomposer.cli.notes import note
    from decomposer.cli.pairing import said
    from decomposer.wiring import Workspace
    from decomposer.wiring.identifying import refuse

    with Workspace(settings(flags)) as workspace:
        note(said(refuse(a, b, workspace, reason=reason)))


@command.command("undo", short_help="Take a decision about two entries back.")
@click.argument("pair", nargs=-1, metavar="[A B]")
@_reason
@db_option
def undo(pair: tuple[str, ...], *, reason: str, **flags: str | None) -> None:
    """Take back what was decided about A and B, or without them what you decided last. The pair is open again.

    \b
    Example:
      decomposer alike undo clip-2021 clip
    """
    from decomposer.cli.notes import note
    from decomposer.cli.pairing import said
    from decomposer.wiring import Workspace
    from decomposer.wiring.identifying import take_back

    if len(pair) not in (0, 2):
        raise click.UsageError("name two entries, or none for the last decision.")
    with Workspace(settings(flags)) as workspace:
        one, other = pair or ("", "")
        note(said(take_back(one, other, workspace, reason=reason)))
