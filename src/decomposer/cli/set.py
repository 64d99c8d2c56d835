"""Say what is known of an artifact, with its source."""

from dataclasses import dataclass

import click

from decomposer.cli.options import Form, db_option, format_option, gathering, settings


@dataclass(frozen=True, slots=True)
class Given:
    """Where what is said comes from."""

    source: str
    as_of: str
    prices: str | None
    model: str | None


@click.command("set", short_help="Say what is known of an artifact, with its source.")
@click.argument("entry", metavar="ENTRY")
@click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--source", metavar="URL", default="", help="Where it says so; figures and prices need it.")
@click.option("--as-of", metavar="DAY", default="", help="The day for which it holds [today].")
@click.option("--prices", metavar="FILE|URL", help="Take the price from a file of models.dev, OpenRouter or LiteLLM.")
@click.option("--model", metavar="NAME", help="What --prices calls it, where that is not its name.")
@click.option("--history", is_flag=True, help="Show everything that was said, and by whom.")
@click.option("--actor", metavar="NAME", help="Who says so [the setting `actor`, or the login].")
@db_option
@format_option
@gathering(Given, "given")
def command(
    entry: str, pairs: tuple[str, ...], *, given: Given, history: bool, form: Form, **flags: str | None
) -> None:
    """Say what is known of the artifact of ENTRY, or show it where nothing is said. A redraft changes none of it.

    KEY is type, maintainer, license, homepage, repository, pricing (free, freemium, paid, open-source), input_price,
    output_price, starting_price (dollars for 1M tokens, or 0.04/image, 20/month), downloads, stars, likes, dependents,
    or updated (the day on which its source last changed). VALUE unknown says that nobody knows; an empty one takes
    back what was set by hand. Nothing is lost: setting again is how it is undone.

    \b
    Examples:
      decomposer set clip input_price=0.10 output_price=0.40 --source https://example.org/pricing
      decomposer set clip license=unknown
      decomposer set clip --prices openrouter.json --model google/clip
      decomposer set clip --history
    """
    from decomposer.cli.notes import counted, note
    from decomposer.cli.output import Output
    from decomposer.cli.setting import event, fact
    from decomposer.errors import UsageError
    from decomposer.records.facts import KEYS
    from decomposer.wiring import Workspace
    from decomposer.wiring.ranking import fact_log, facts_of, price_table, priced, said

    if given.model and not given.prices:
        raise UsageError("--model names an artifact in a price file", hint="pass --prices too")
    with Workspace(settings(flags)) as workspace:
        held = workspace.entry(entry)
        new = said(pairs, held, workspace, source=given.source, as_of=given.as_of) if pairs else []
        if given.prices:
            found = priced(held, price_table(given.prices, workspace), workspace, model=given.model)
            new = [*new, *found.facts]
            note(f"{held.artifact.name}: {found.note}")
        with Output(form, many=True) as output:
            if history:
                for one in fact_log(workspace).said(held.artifact.slug):
                    output.write(event(one))
            else:
                facts = facts_of(held, workspace)
                for key in KEYS:
                    output.write(fact(key, facts))
        if pairs or given.prices:
            note(f"{counted(len(new), 'fact')} kept")
