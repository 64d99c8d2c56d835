"""Explain why two capabilities, or two entries, are one or not."""

from typing import TYPE_CHECKING, Any

import click

from decomposer.cli.options import Form, db_option, format_option, settings

if TYPE_CHECKING:
    from decomposer.cli.output import Shown
    from decomposer.same import View
    from decomposer.wiring.explaining import Explained

_LABEL = 12  # columns


@click.command("why", short_help="Explain why two capabilities or entries are one or not.")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@db_option
@format_option
def command(a: str, b: str, *, form: Form, **flags: str | None) -> None:
    """Explain whether A and B are one capability: what is compared, each figure and its weight, and who decided.

    A and B are ids of the catalog, such as clip/search (the parts of a joined record have ids too), or texts: a name
    and what it does. Where A and B are both entries, it is said whether those are one artifact.

    \b
    Examples:
      decomposer why clip/image-search clip/search-by-text
      decomposer why clip/image-search "Finds pictures that fit a description." --format json
      decomposer why clip clip-2021
    """
    from decomposer.cli.output import Output
    from decomposer.cli.pairing import explained
    from decomposer.wiring import Workspace
    from decomposer.wiring.explaining import are_entries, explain
    from decomposer.wiring.identifying import explained as why_alike

    with Workspace(settings(flags)) as workspace, Output(form) as output:
        if are_entries(a, b, lambda slug: workspace.catalog.find(slug)):
            output.write(explained(why_alike(a, b, workspace)))
            return
        found = explain(
            a, b, lambda slug: workspace.catalog.find(slug), learned=workspace.learned,
            linked=lambda ids: workspace.reviews.linked(ids),
        )  # fmt: skip
        output.write(shown(found))


def shown(found: "Explained") -> "Shown":
    """Return an explanation ready to be written."""
    from decomposer.cli.output import Shown
    from decomposer.publish.markdown import escape

    def table(screen: Any) -> None:
        for line in found.why.lines():
            screen.line((line[:_LABEL], "bold"), line[_LABEL:], hang=_LABEL)

    def markdown() -> str:
        return "".join(f"* {escape(' '.join(line.split()))}\n" for line in found.why.lines())

    return Shown(value=lambda: value(found), table=table, md=markdown)


def value(found: "Explained") -> dict[str, Any]:
    """Return an explanation as plain data; `score` and figures are 0-1, weights are those of a logistic regression."""
    why, judgement = found.why, found.why.judgement
    weights = why.scorer.weights
    return {
        "verdict": judgement.verdict,
        "decided_by": judgement.decided_by,
        "score": judgement.score,
        "reasons": list(judgement.reasons),
        "a": _side(found.ids[0], why.a),
        "b": _side(found.ids[1], why.b),
        "features": {name: {"value": one, "weight": weights[name]} for name, one in why.features.items()},
        "constant": why.scorer.intercept,
        "thresholds": {"merge": why.scorer.merge, "propose": why.scorer.propose, "source": why.source},
    }


def _side(identity: str | None, view: "View") -> dict[str, Any]:
    said = view.speaking
    return {
        "id": identity,
        "name": view.name,
        "lead": view.lead,
        "key": list(view.key),
        "concepts": list(said.said),
        "without": sorted(said.denied),
        "inputs": sorted(said.inputs),
        "outputs": sorted(said.outputs),
    }
