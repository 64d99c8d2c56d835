"""Show what a search found: each hit with why it matched, what the source says, who saw it, and the rank."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from decomposer.cli.entry import SUPPORT, Places, TextOf, title
from decomposer.cli.notes import counted, note, working
from decomposer.cli.options import Form
from decomposer.cli.output import Output, Shown
from decomposer.cli.screen import Piece, Screen
from decomposer.draft import Reworded
from decomposer.errors import EndpointRefused, ModelError
from decomposer.match import MOST_SAID, understood
from decomposer.publish.markdown import escape
from decomposer.publish.wording import UNREVIEWED, said, support_of
from decomposer.records import FIELDS, Entry, Evidence, Filters, Match, Matches, Run, SourceKind
from decomposer.wiring import Workspace
from decomposer.wiring.matching import Searching
from decomposer.wiring.rewording import open_rewording

if TYPE_CHECKING:
    from decomposer.cli.match_commands import Asked

_INDENT, _TEXT, _QUOTE = "   ", "     ", "     │ "
_QUOTES = 2  # shown of a field; json has all
_MANY = 200
_UP_TO_DATE = "`decomposer list --shared` brings the registry up to date"


def printed(need: str, workspace: Workspace, asked: "Asked", *, filters: Filters, form: Form) -> int:
    """Search, print what was found, and return the exit code: 1 where nothing was."""
    searching = Searching(workspace, log_queries=asked.log_queries, words_only=asked.words)
    _bring_in(searching)
    also = [Reworded(name=text) for text in asked.also]
    understood(need, also)  # what is wrong with them is told before a model is asked
    also += _reworded(need, workspace)
    found = searching.find(need, also=also[:MOST_SAID], filters=filters, limit=asked.limit, count=not asked.no_count)
    with Output(form) as output:
        output.write(shown(found, workspace.catalog.text, counts=not asked.no_count))
    if how := addressing(found):
        note(how)
    if not found.matches:
        note("nothing was found" + (": try without filters" if filters else ": say it in other words"))
    return 0 if found.matches else 1


def _reworded(need: str, workspace: Workspace) -> tuple[Reworded, ...]:
    """Return what a model says would serve a need; where it can't be asked, that is told and the search goes on."""
    rewording = open_rewording(workspace)
    if rewording is None:
        return ()
    try:
        with working(f"asking {rewording.name} for other words"):
            named = rewording.of(need)
    except (ModelError, EndpointRefused) as error:
        note(f"no model says it in other words: {error}")
        return ()
    if not named:
        note(f"{rewording.name} names nothing that would serve this need")
    return named


def _bring_in(searching: Searching) -> None:
    told = False
    with working("bringing the catalog into the index") as showing:

        def progress(done: int, total: int) -> None:
            nonlocal told
            if total > _MANY and not told:
                told = True
                note("bringing the catalog into the index; searches are quick after that")
            showing(done, total)

        searching.catch_up(progress)


def shown(found: Matches, text_of: TextOf, *, counts: bool = True) -> Shown:
    """Return what a search found ready to be written; `text_of` gives a document's text by its sha256, or None.

    Where a search `counts`, outcomes can be told of its hits, and it is said how.
    """
    return Shown(
        value=lambda: found.model_dump(mode="json") | ({"unaddressed": how} if (how := addressing(found)) else {}),
        table=lambda screen: _show(found, text_of, screen, counts=counts),
        md=lambda: _page(found, text_of),
    )


def addressing(found: Matches) -> str:
    """Return how hits get capability:// addresses that have none, "" where all have one."""
    bare = sum(one.uri is None for one in found.matches)
    return f"{counted(bare, 'hit')} without a capability:// address yet: {_UP_TO_DATE}" if bare else ""


def kept(at: str, search: str, need: str, *, first: bool) -> Shown:
    """Return a kept need ready to be written."""

    def table(screen: Screen) -> None:
        if first:
            screen.cells("when", "search", "need", widths=(25, 10), style="bold")
        screen.cells(at, search, need, widths=(25, 10))

    head = "| when | search | need |\n|---|---|---|\n" if first else ""
    return Shown(
        value=lambda: {"at": at, "search": search, "need": need},
        table=table,
        md=lambda: f"{head}| {at} | {search} | {escape(need)} |",
    )


def _show(found: Matches, text_of: TextOf, screen: Screen, *, counts: bool) -> None:
    screen.rule()
    screen.line((found.need, "bold"))
    for other in found.also:
        screen.line((f"also searched for: {other}", "dim"), hang=2)
    screen.line((f"searched by {found.by}; {counted(len(found.matches), 'hit')}, on {found.as_of}", "dim"))
    for number, one in enumerate(found.matches, start=1):
        screen.line()
        _hit(number, one, _places(one, text_of), screen)
        if counts:
            told = f"tell what came of it: decomposer match outcome {one.id} success|failure"
            screen.line((told, "dim"), indent=_INDENT)
    screen.line()


def _hit(number: int, one: Match, places: Places, screen: Screen) -> None:
    screen.line(*_marked(number, one), hang=3)
    state = ("reviewed", "green") if one.capability.state == "accepted" else (UNREVIEWED, "yellow")
    screen.line((_facts(one), "dim"), state, indent=_INDENT)
    for why in one.why:
        screen.line("* ", (why, "cyan"), indent=_INDENT, hang=2)
    for field in FIELDS:
        text = said(getattr(one.capability, field), one.capability)
        support = support_of(getattr(one.capability, field), one.capability)
        if text is None or support is None:
            continue
        glyph, label, style = SUPPORT[support]
        screen.line((title(field), "bold"), f"  {text}", (f"  {glyph} {label}", style), indent=_TEXT)
        for span in _quotes(one, field):
            screen.line((f"{places.of(span)}  ", "cyan"), f"“{span.quote}”", indent=_QUOTE)


def _marked(number: int, one: Match) -> Iterator[Piece]:
    """Yield the name of a hit, with the words that match underlined."""
    name = one.capability.name
    marks = next((each.marks for each in one.highlights if each.field == "name"), ())
    yield (f"{number}. ", "bold")
    at = 0
    for start, end in marks:
        yield (name[at:start], "bold")
        yield (name[start:end], "bold underline")
        at = end
    yield (name[at:], "bold")
    yield f"  {one.artifact.name}"


def _facts(one: Match) -> str:
    rank = f"rank {one.rank.points}/100 ({one.rank.low}-{one.rank.high})" if one.rank else "not ranked"
    times = f"matched {counted(one.times_matched, 'time')}"
    facts = [one.artifact.type, rank, times, *([one.uri] if one.uri else []), one.capability.id]
    return " · ".join(facts) + " · "


def _quotes(one: Match, field: str) -> tuple[Evidence, ...]:
    statement = getattr(one.capability, field)
    return tuple(statement.evidence[:_QUOTES]) if statement else ()


def _page(found: Matches, text_of: TextOf) -> str:
    blocks = [f"# {escape(found.need)}", f"searched by {escape(found.by)}, on {found.as_of}"]
    if found.also:
        blocks.append("also searched for:\n\n" + "\n".join(f"* {escape(other)}" for other in found.also))
    for number, one in enumerate(found.matches, start=1):
        places = _places(one, text_of)
        blocks.append(f"## {number}. {escape(one.capability.name)}: {escape(one.artifact.name)}")
        state = "reviewed" if one.capability.state == "accepted" else UNREVIEWED
        blocks.append(escape(_facts(one)) + escape(state))
        blocks.append("\n".join(f"* {escape(why)}" for why in one.why))
        for field in FIELDS:
            text = said(getattr(one.capability, field), one.capability)
            support = support_of(getattr(one.capability, field), one.capability)
            if text is not None and support is not None:
                blocks.append(f"**{title(field)}** ({SUPPORT[support][1]}): {escape(text)}")
                spans = [f"> {escape(places.of(span))}: “{escape(span.quote)}”" for span in _quotes(one, field)]
                blocks.append("\n>\n".join(spans))
        blocks.append(f"`{one.id}`")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _places(one: Match, text_of: TextOf) -> Places:
    held = Entry(
        artifact=one.artifact, documents=one.documents, source_kind=SourceKind(kind="other", reason=""),
        capabilities=(), run=Run(model="", prompt=""),
    )  # fmt: skip
    return Places(held, text_of)
