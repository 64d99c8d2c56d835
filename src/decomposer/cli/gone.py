"""Show evidence that the present text of its source no longer holds."""

from decomposer.anchor import Stale
from decomposer.cli.output import Shown
from decomposer.publish.markdown import escape


def gone(one: Stale) -> Shown:
    """Return a piece of stale evidence ready to be written."""
    value = {"capability": one.capability, "field": one.field, "evidence": one.evidence.model_dump(mode="json")}
    return Shown(
        value=lambda: value,
        table=lambda screen: screen.line(
            one.capability, f"  {one.field}  ", ("gone: ", "red"), f"“{one.evidence.quote}”", hang=2
        ),
        md=lambda: f"* {escape(one.capability)}, {escape(one.field)}: {escape(one.evidence.quote)}\n",
    )
