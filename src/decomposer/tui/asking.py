"""Ask over the screen: read something, choose one, write a line, edit the texts of a record."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from decomposer.display import display_safe, one_line

_STYLE = """
{name} {{ align: center middle; }}
{name} > #sheet {{
    width: 90%; max-width: 110; height: auto; max-height: 90%; padding: 0 1;
    background: ansi_default; color: ansi_default; border: round ansi_blue;
}}
{name} Label {{ width: 100%; }}
{name} Input, {name} TextArea {{
    background: ansi_default; color: ansi_default; border: round ansi_bright_black; padding: 0;
}}
{name} Input:focus, {name} TextArea:focus {{ border: round ansi_green; }}
{name} OptionList {{ background: ansi_default; color: ansi_default; border: none; height: auto; max-height: 16; }}
{name} .text-area--cursor, {name} .input--cursor, {name} .option-list--option-highlighted {{
    background: ansi_default; color: ansi_default; text-style: reverse;
}}
"""
_BOXES = "Editing TextArea { height: 1fr; min-height: 3; } Editing > #sheet { height: 90%; }"
_ESCAPE = Binding("escape", "give_up", show=False)


class Reading(ModalScreen[None]):
    """Something to read, such as the keys or a history; the title is ours, and every line is safe to show."""

    CSS = _STYLE.format(name="Reading")
    BINDINGS: ClassVar = [
        Binding("escape,q,enter,space,question_mark,g,h", "give_up", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[Text]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Put the lines into what can be scrolled."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "esc closes"
            yield Static(Text("\n").join(self._lines), markup=False)

    def action_give_up(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Scroll by some lines."""
        self.query_one("#sheet").scroll_relative(y=by, animate=False)


class Choosing(ModalScreen[str | None]):
    """Choose one of several by its digit, or with the arrows and Enter; `free` lets it be written instead."""

    CSS = _STYLE.format(name="Choosing")
    BINDINGS: ClassVar = [_ESCAPE]

    def __init__(self, title: str, options: Sequence[tuple[str, str]], *, free: str = "") -> None:
        super().__init__()
        self._title = title
        self._options = options
        self._free = free

    def compose(self) -> ComposeResult:
        """Show the options with their digits."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "a digit or enter chooses, esc gives up"
            options = [
                Option(Text(one_line(f"{n}  {label}", limit=200))) for n, (_, label) in enumerate(self._options, 1)
            ]
            yield OptionList(*options, markup=False, compact=True)
            if self._free:
                yield Line(placeholder=self._free)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give back what was chosen."""
        self.dismiss(self._options[event.option_index][0])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give back what was written."""
        self.dismiss(event.value.strip() or None)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses, as long as nothing is being written."""
        digit = event.character or ""
        if isinstance(self.focused, OptionList) and digit.isdecimal() and 0 < int(digit) <= len(self._options):
            event.stop()
            self.dismiss(self._options[int(digit) - 1][0])

    def action_give_up(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


class Writing(ModalScreen[str | None]):
    """Write one line; an empty one counts, Escape gives None."""

    CSS = _STYLE.format(name="Writing")
    BINDINGS: ClassVar = [_ESCAPE]

    def __init__(self, title: str, *, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Show the line with what it holds now."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "enter takes it, esc gives up"
            yield Line(value=one_line(self._value))
            yield Label(Text(self._hint), markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give back the line."""
        self.dismiss(event.value.strip())

    def action_give_up(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)


class Editing(ModalScreen[dict[str, str] | None]):
    """Edit texts, each under its name; gives back those that were changed."""

    CSS = (
        _STYLE.format(name="Editing")
        + "Editing TextArea { height: 1fr; min-height: 3; } Editing > #sheet { height: 90%; }"
    )
    BINDINGS: ClassVar = [_ESCAPE, Binding("ctrl+s", "save", priority=True, show=False)]

    def __init__(self, texts: Sequence[tuple[str, str, str]], *, first: str) -> None:
        super().__init__()
        self._shown = {name: display_safe(text) for name, _, text in texts}
        self._titles = {name: title for name, title, _ in texts}
        self._first = first

    def compose(self) -> ComposeResult:
        """Show a box for each text."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "edit"
            sheet.border_subtitle = "ctrl+s saves, tab next text, esc gives up"
            yield from self._boxes()

    def _boxes(self) -> Iterator[TextArea]:
        for name, text in self._shown.items():
            box = Box(text, id=name, tab_behavior="focus", soft_wrap=True, highlight_cursor_line=False)
            box.border_title = self._titles[name]
            yield box

    def on_mount(self) -> None:
        """Begin where there is something to do."""
        self.query_one(f"#{self._first}", Box).focus()

    def action_save(self) -> None:
        """Give back what was changed."""
        now = {name: self.query_one(f"#{name}", Box).text for name in self._shown}
        self.dismiss({name: text.strip() for name, text in now.items() if text != self._shown[name]})

    def action_give_up(self) -> None:
        """Leave the texts as they are."""
        self.dismiss(None)


class Box(TextArea):
    """Several lines to edit; what is pasted is made safe to show first."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(display_safe(event.text), *self.selection, maintain_selection_offset=False)


class Line(Input):
    """One line to edit; what is pasted is made safe to show first."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(one_line(event.text))
