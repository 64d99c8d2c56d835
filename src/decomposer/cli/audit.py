"""Check catalog texts that were written elsewhere against a source."""

from pathlib import Path

import click

from decomposer.cli.options import Form, format_option, settings


@click.command("audit", short_help="Check catalog texts written elsewhere against a source.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", "ref", metavar="REF", required=True, help="What the texts are about, as for `draft`.")
@click.option("--artifact", metavar="NAME", help="Which artifact of FILE to audit [the one whose name fits REF].")
@format_option
def command(file: Path, *, ref: str, artifact: str | None, form: Form) -> None:
    """Find the best evidence in REF for every sentence of FILE, and say what the source supports and what it does not.

    FILE holds JSON lines of {"text": claim}, entries as JSON, an unfragile.yml, or the text of a compare page. No model
    is asked, nothing is saved, and the exit code is 0 whatever the verdicts.

    \b
    Examples:
      decomposer audit page.txt --source README.md --artifact papertrail
      decomposer audit claims.jsonl --source hf:org/name --format json
    """
    from decomposer.cli.auditing import chosen, rows, shown, summary
    from decomposer.cli.notes import note, working
    from decomposer.cli.output import Output, Shown
    from decomposer.sources.catalog_texts import read_catalog_texts
    from decomposer.wiring import Workspace

    texts = read_catalog_texts(file)
    with Workspace(settings({})) as workspace, working(f"reading {ref}"):
        source = workspace.load(ref)
        texts, choice = chosen(texts, source, artifact)
        found = list(rows(texts, workspace.auditor(source)))
    if choice:
        note(choice)
    with Output(form, many=True) as output:
        if form in ("json", "jsonl"):
            for row in found:
                output.write(Shown(value=row.value, table=lambda screen: None, md=str))
        else:
            for record in shown(found, source):
                output.write(record)
    note(summary(found))
