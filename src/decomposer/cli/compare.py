"""Put two entries side by side."""

from pathlib import Path
from typing import cast

import click

from decomposer.cli.options import Form, db_option, settings


@click.command("compare", short_help="Put two entries side by side: facts, capabilities, a verdict.")
@click.argument("a")
@click.argument("b")
@click.option("--need", metavar="TEXT", help="What is needed, in plain words: the nearest capabilities go first.")
@click.option("--only-differences", is_flag=True, help="Leave out what is equal on both sides.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to FILE.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "md", "html"]), default="table", show_default=True,
    help="How the comparison is printed.",
)  # fmt: skip
@db_option
def command(
    a: str, b: str, *, need: str | None, only_differences: bool, out: Path | None, form: str, **flags: str | None
) -> None:
    """Put the entries A and B side by side: real numbers, capabilities in rows, and a verdict that shows its figures.

    What both have stands beside each other with its evidence, then all that only one has. What is unknown is said to be
    unknown, never "no"; ties are ties. What was rejected or left out is not compared, and what nobody has reviewed is
    labelled.

    \b
    Examples:
      decomposer compare clip blip
      decomposer compare clip blip --need "find pictures by a description"
      decomposer compare clip blip --format html --out clip-vs-blip.html
    """
    from decomposer.cli.comparing import shown
    from decomposer.cli.output import Output, opened
    from decomposer.publish.compare_html import page
    from decomposer.wiring import Workspace
    from decomposer.wiring.comparing import compared

    with Workspace(settings(flags)) as workspace:
        found = compared(a, b, workspace, need=need)
        if only_differences:
            found = found.differences()
        if form != "html":
            with Output(cast(Form, form), out=out) as output:
                output.write(shown(found, workspace.catalog.text))
        elif out is None:
            click.echo(page(found), nl=False)
        else:
            with opened(out) as file:
                file.write(page(found))
