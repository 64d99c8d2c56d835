"""Measure models and prompts on a gold set."""

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import Form, db_option, endpoint_options, reword_option, settings
from decomposer.cli.pairs import asked, measure, pairs_options
from decomposer.errors import UsageError

if TYPE_CHECKING:
    from decomposer.cli.evaluating import Result
    from decomposer.evaluate import Gold


@click.command("eval", short_help="Measure models and prompts on a gold set.")
@click.argument("gold", metavar="[GOLD_DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--corpus",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the documents lie [the folder over GOLD_DIR].",
)
@click.option(
    "--needs", metavar="FILE", type=click.Path(path_type=Path),
    help="Measure searches instead: needs of FILE, over the gold entries.",
)  # fmt: skip
@click.option("--embedder", metavar="E", help="With --needs: what makes vectors [the best installed].")
@reword_option
@click.option("--model", "models", metavar="M", multiple=True, help="Model to measure; may be given several times.")
@click.option("--prompt", "prompts", metavar="V", multiple=True, help="Prompt to measure; may be given several times.")
@pairs_options
@endpoint_options
@db_option
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the result to FILE as JSON, too.")
@click.option(
    "--baseline", metavar="FILE", type=click.Path(path_type=Path), help="Compare with a result that --out wrote."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "md"]), default="table", show_default=True,
    help="How the figures are printed.",
)  # fmt: skip
def command(
    gold: Path | None,
    *,
    corpus: Path | None,
    models: tuple[str, ...],
    prompts: tuple[str, ...],
    out: Path | None,
    baseline: Path | None,
    form: Form,
    **flags: Any,
) -> int:
    """Draft every document of GOLD_DIR and measure coverage, precision, duplicates, grounding and the audit of claims.

    GOLD_DIR holds one JSON file a document, named in it as `slug`; the document is the file or folder of that name.
    Several models or prompts are shown side by side, with 95 % intervals of the differences. With --baseline the exit
    code is 1 where a figure is worse beyond its interval.

    With --pairs the judgement whether two records are one is measured on lines of a_text, b_text, label and hard;
    --cross-validate needs cluster_a and cluster_b. The labels are same, overlap, related and unrelated.
    With --needs the entries are made of the gold files themselves, and each need of FILE (JSON lines of need, relevant,
    kind and hard) is searched for by words alone, then by words and vectors; with --reword in a model's words, too.
    With --own it is measured on what people decided; with --judge a model decides the pairs that rules leave open.

    \b
    Examples:
      decomposer eval samples/gold --model extractive
      decomposer eval gold --corpus docs --model openai/a --model openai/b --out new.json --baseline old.json
      decomposer eval gold --corpus docs --needs needs.jsonl
      decomposer eval --pairs pairs.jsonl --cross-validate --format json
    """
    pairs = asked(flags)
    if (gold is None) == (pairs.path is None and not pairs.own):
        raise UsageError("eval measures one thing", hint="name a GOLD_DIR, or --pairs FILE, or --own")
    if gold is None:
        return measure(pairs, flags, form=form, out=out)
    corpus = corpus or gold.resolve().parent
    if (needs := flags.pop("needs")) is not None:
        from decomposer.cli.needing import measure_needs

        measure_needs(gold, corpus, needs, settings(flags), form=form, out=out)
        return 0
    from decomposer.cli.evaluating import against, compared, read_baseline
    from decomposer.cli.figures import shown
    from decomposer.cli.notes import note
    from decomposer.cli.output import Output
    from decomposer.sources.gold import read_gold

    items = read_gold(gold, corpus)
    before = read_baseline(baseline, [one.slug for one, _ in items]) if baseline else None
    results = compared(_drafted(items, models, prompts, flags))
    if before is not None:
        results = [against(one, "baseline", before) for one in results]
    if out:
        with Output("json", out=out) as file:
            file.write(shown(results))
    with Output(form) as output:
        output.write(shown(results))
    if worse := [f"{one.name}: {metric}" for one in results for metric in one.regressions("baseline")]:
        note(f"worse than {baseline}: {', '.join(worse)}")
    return 1 if worse else 0


def _drafted(
    items: "list[tuple[Gold, Path]]", models: tuple[str, ...], prompts: tuple[str, ...], flags: dict[str, Any]
) -> "list[Result]":
    """Draft the documents with each model and each prompt."""
    from decomposer.cli.evaluating import evaluate
    from decomposer.cli.notes import note
    from decomposer.wiring import Workspace

    results = []
    for model, prompt in product(models or (None,), prompts or (None,)):
        with Workspace(settings({**flags, "model": model, "prompt": prompt})) as workspace:
            chosen, unchosen = workspace.settings.chosen_model()
            if unchosen:
                note(unchosen)
            several = [one for one, all_of in ((model, models), (prompt, prompts)) if one and len(all_of) > 1]
            results.append(evaluate(items, workspace, name=" ".join(several) or chosen))
    return results
