"""Check manifests that somebody wrote."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import Form, format_option

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.cli.screen import Screen
    from decomposer.records import Validation


@click.command("validate", short_help="Check manifests: what is missing, too short or wrong.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@format_option
def command(files: tuple[Path, ...], *, form: Form) -> int:
    """Check each FILE, an `unfragile.yml` of version 1.0 as YAML or JSON; the exit code is 1 where one is not valid.

    Errors are missing fields, descriptions under 100 characters, and values that are none of their list. Warnings are
    what makes a manifest harder to find or to trust: no failure modes, fewer than 3 capabilities, no execution block.

    \b
    Examples:
      decomposer validate unfragile.yml
      decomposer validate site/*.unfragile.yml --format json
    """
    from decomposer.cli.notes import counted, failed, note
    from decomposer.cli.output import Output
    from decomposer.errors import SourceError
    from decomposer.publish.validating import validate

    wrong = 0
    with Output(form, many=len(files) > 1) as output:
        for file in files:
            try:
                held = _manifest(file)
            except SourceError as error:
                failed(str(file), error)
                wrong += 1
                continue
            found = validate(held)
            wrong += not found.valid
            output.write(_shown(file, found))
    note(f"{counted(len(files), 'manifest')} checked, {wrong} not valid")
    return 1 if wrong else 0


def _manifest(file: Path) -> object:
    """Return the value that a file of YAML or JSON holds. Raises SourceError where it holds none, or several."""
    from decomposer.errors import SourceError
    from decomposer.sources.catalog_files import read_catalog_file

    held = read_catalog_file(file)
    if held.form == "page" or list(held.values) != ["it"]:
        raise SourceError(f"{file}: not one manifest", hint="pass one manifest a file, as YAML or JSON")
    return held.values["it"]


def _shown(file: Path, found: "Validation") -> "Shown":
    from decomposer.cli.output import Shown
    from decomposer.publish.markdown import escape

    verdict = "valid" if found.valid else "not valid"
    lines = [("error", "red", one) for one in found.errors] + [("warning", "yellow", one) for one in found.warnings]

    def value() -> dict[str, Any]:
        return {"file": str(file), **found.model_dump(mode="json")}

    def table(screen: "Screen") -> None:
        screen.line((str(file), "bold"), f"  {verdict}")
        for kind, style, one in lines:
            screen.line(
                (f"{kind} ", style), (f"{one.path} ", "bold") if one.path else "", one.message, hang=2, indent="  "
            )

    def markdown() -> str:
        told = (f"* {kind}: {escape(f'{one.path} {one.message}'.strip())}\n" for kind, _, one in lines)
        return f"**{escape(str(file))}**: {verdict}\n\n{''.join(told)}\n"

    return Shown(value=value, table=table, md=markdown)
