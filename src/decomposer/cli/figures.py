"""Show the figures of an evaluation: one table for all documents, one a document, one by kind of claim."""

from collections.abc import Iterator, Sequence
from typing import Any

from decomposer.cli.evaluating import Result, by_kind, rates, totals, value
from decomposer.cli.output import Shown
from decomposer.cli.screen import Screen
from decomposer.evaluate import Difference, Measured, Metric, Share, pooled
from decomposer.publish.markdown import escape

_LABELS: dict[Metric, str] = {
    "coverage_must": "coverage of must",
    "coverage_all": "coverage of all",
    "precision": "precision",
    "duplicates": "duplicates",
    "grounded_share": "grounded sentences",
    "invented_supported_rate": "invented called supported",
    "invented_unsupported_rate": "invented called unsupported",
    "true_unsupported_rate": "true called unsupported",
    "true_supported_rate": "true called supported",
    "zero_ok": "placeholders with zero",
}
_PER_DOCUMENT: dict[Metric, str] = {
    "coverage_must": "must",
    "coverage_all": "all",
    "precision": "right",
    "duplicates": "doubled",
    "grounded_share": "grounded",
    "invented_supported_rate": "inv. sup.",
    "true_unsupported_rate": "true unsup.",
}
_KIND_COLUMNS = (
    "invented", "invented_supported_rate", "invented_unsupported_rate", "true", "true_unsupported_rate",
    "true_supported_rate", "auc",
)  # fmt: skip
_KIND_HEADER = ("kind of claim", "invented", "supported", "unsup.", "true", "unsup.", "supported", "AUC")

_FIRST = 28  # columns of the first cell

Table = list[tuple[str, ...]]


def shown(results: Sequence[Result]) -> Shown:
    """Return the results ready to be written."""
    return Shown(
        value=lambda: value(results),
        table=lambda screen: _print(results, screen),
        md=lambda: markdown(results),
    )


def markdown(results: Sequence[Result], *, costs: bool = True) -> str:
    """Return the tables as Markdown; without `costs` nothing in them depends on the machine."""
    tables = [_together(results, costs=costs), *(table for one in results for table in _details(one))]
    return "\n\n".join(_markdown(table) for table in tables) + "\n"


def _print(results: Sequence[Result], screen: Screen) -> None:
    together, *details = [_together(results, costs=True), *(table for one in results for table in _details(one))]
    _print_table(
        together, (_FIRST, *(max(map(len, column)) for column in list(zip(*together, strict=True))[1:])), screen
    )
    for table in details:
        screen.line()
        _print_table(table, (_FIRST, *(max(9, len(cell)) for cell in table[0][1:])), screen)


def _print_table(table: Table, widths: tuple[int, ...], screen: Screen) -> None:
    for number, cells in enumerate(table):
        screen.cells(*cells, widths=widths, style="" if number else "bold")


def _markdown(table: Table) -> str:
    head, *rows = table
    lines = [[escape(cell) for cell in head], ["---"] * len(head), *([escape(name), *cells] for name, *cells in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


# --- the tables: the first row is the header


def _together(results: Sequence[Result], *, costs: bool) -> Table:
    """Return the figures of all documents, the results side by side, each with its differences to the others."""
    columns = [(one, pooled(one.documents.values())) for one in results]
    against = [(one, name) for one in results for name in one.against]
    head = ("all documents", *(one.name for one in results), *(_versus(one, name, results) for one, name in against))
    rows = [
        (
            label,
            *(_share(shares[metric]) for _, shares in columns),
            *(_difference(metric, one.against[name].get(metric)) for one, name in against),
        )
        for metric, label in _LABELS.items()
    ]
    aucs = ("AUC of the score", *(_number(rates(one.claims())["auc"]) for one in results), *("" for _ in against))
    spent = [totals(one.documents.values()) for one in results]
    took = [(name, *(_spent(one[name]) for one in spent), *("" for _ in against)) for name in spent[0]] if costs else []
    return [head, *rows, aucs, *took]


def _details(result: Result) -> Iterator[Table]:
    head = (result.name, *_PER_DOCUMENT.values())
    yield [head, *(_document(slug, one) for slug, one in result.documents.items())]
    kinds = by_kind(result.claims())
    if kinds:
        yield [_KIND_HEADER, *(_kind(kind, rates(these)) for kind, these in kinds.items())]


def _document(slug: str, one: Measured) -> tuple[str, ...]:
    return (slug, *(f"{one.shares[metric].n}/{one.shares[metric].of}" for metric in _PER_DOCUMENT))


def _kind(kind: str, found: dict[str, Any]) -> tuple[str, ...]:
    cells = (found[column] for column in _KIND_COLUMNS)
    return (kind, *(str(cell) if isinstance(cell, int) else _number(cell) for cell in cells))


def _versus(one: Result, name: str, results: Sequence[Result]) -> str:
    return f"less {name} [95 %]" if len(results) <= 2 else f"{one.name} less {name} [95 %]"


def _share(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.3f} ({share.n}/{share.of})"


def _difference(metric: Metric, one: Difference | None) -> str:
    if one is None:
        return "-"
    better = Difference(-one.value, -one.high, -one.low).worse(metric)
    mark = " worse" if one.worse(metric) else " better" if better else ""
    return f"{one.value:+.3f} [{one.low:+.3f}, {one.high:+.3f}]{mark}"


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"


def _spent(amount: object) -> str:
    return "unknown" if amount is None else str(amount)
