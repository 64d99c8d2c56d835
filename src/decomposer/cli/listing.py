"""Print the catalog: whole entries for programs, one line an entry for people; streaming, however many there are."""

import sys
from collections.abc import Iterator
from itertools import islice

import click

from decomposer.cli.entry import shown
from decomposer.cli.notes import note
from decomposer.cli.options import Form
from decomposer.cli.output import Output
from decomposer.cli.screen import Screen
from decomposer.display import display_safe
from decomposer.ports import Catalog, Listing
from decomposer.publish.markdown import escape

_WIDTHS = (28, 9, 11)
_HEADER = ("entry", "type", "source is", "capabilities")


def print_entries(catalog: Catalog, form: Form, *, limit: int | None) -> None:
    """Print whole entries as JSON."""
    with Output(form, many=True) as output:
        for entry in islice(catalog.entries(), limit):
            output.write(shown(entry, catalog.text))


def print_lines(catalog: Catalog, form: Form, *, limit: int | None) -> None:
    """Print one line an entry, as a table for a terminal or as a Markdown table."""
    listings = catalog.listings(limit=limit)
    count = _print_markdown(listings) if form == "md" else _print_table(listings)
    if not count:
        note("the catalog has no entries; draft one with: decomposer draft README.md")


def _print_table(listings: Iterator[Listing]) -> int:
    screen = Screen(sys.stdout)
    count = 0
    for count, listing in enumerate(listings, start=1):
        if count == 1:
            screen.cells(*_HEADER, widths=_WIDTHS, style="bold")
        screen.cells(listing.slug, listing.type, listing.kind, _states(listing), widths=_WIDTHS)
    return count


def _print_markdown(listings: Iterator[Listing]) -> int:
    count = 0
    for count, listing in enumerate(listings, start=1):
        if count == 1:
            click.echo("| entry | name | type | source is | capabilities |\n|---|---|---|---|---|")
        cells = (listing.slug, listing.name, listing.type, listing.kind, _states(listing))
        click.echo(display_safe("| " + " | ".join(map(escape, cells)) + " |"))
    return count


def _states(listing: Listing) -> str:
    counts = [f"{count} {state}" for state, count in listing.states.items() if count]
    return ", ".join(counts) or "none"
