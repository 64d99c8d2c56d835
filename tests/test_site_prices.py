"""Lists of a site show what artifacts cost where that is known: a line an artifact, kept as text between exports."""

from dataclasses import replace

from decomposer.publish.site import lines
from decomposer.publish.site.views import EntryView
from tests.ranking import entry, facts, record

BARE = entry("lynx", record("See", "Finds birds."), record("Hear", "Hears birds."))
PRICED = EntryView(BARE, facts(BARE, input_price="2.00/1M tokens", pricing="paid"))
OTHER = entry("puma", record("See", "Finds birds."))
OPEN = EntryView(OTHER, facts(OTHER, pricing="open-source"))


def test_prices_are_kept_with_the_lines_of_an_entry_and_of_its_records() -> None:
    made = lines.made(PRICED, "stamp")
    line = lines.kept(made.line).line
    assert (line.capabilities, line.price, line.free) == (2, "2.00/1M tokens", False)
    records = [lines.record(text) for _, _, text in made.records]
    assert [(one.price, one.free, one.beside) for one in records] == [("2.00/1M tokens", False, 2)] * 2
    unknown = lines.kept(lines.made(EntryView(BARE, facts(BARE)), "stamp").line).line
    assert (unknown.price, unknown.free) == ("", None)


def test_an_artifact_is_drawn_once_however_many_records_are_listed() -> None:
    records = [lines.record(text) for view in (PRICED, OPEN) for _, _, text in lines.made(view, "").records]
    drawn = lines.prices(records)
    assert drawn.count(">Lynx<") == 1
    assert "$2.00, 2 capabilities" in drawn
    assert "Puma free, 1 capability; Lynx $2.00 / 1M tokens, 2 capabilities" in drawn


def test_nothing_is_drawn_where_no_price_is_known() -> None:
    line = lines.kept(lines.made(OPEN, "").line).line
    assert lines.prices([line, replace(line, slug="other", free=None)]) == ""
    assert lines.prices([]) == ""
