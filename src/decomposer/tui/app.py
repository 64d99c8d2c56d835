"""Review as a Textual application: one canvas that draws the frame, and the keys that act on the sitting."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.driver import Driver
from textual.strip import Strip
from textual.widget import Widget

from decomposer.errors import DecomposerError
from decomposer.tui.acts import ACTS
from decomposer.tui.frame import Frame
from decomposer.tui.keys import BY_KEY
from decomposer.tui.paragraphs import fitted
from decomposer.tui.signs import WARNING

PATIENCE = 0.2  # seconds after which an act says that it works
RENEWED = 60.0  # seconds between two renewals of the leases, as long as keys are pressed

_BUSY = "working ..."


class Canvas(Widget, can_focus=True):
    """The whole screen: it draws the rows of a frame, and does what keys ask for, one after the other.

    `strips` is what is drawn; `under_way` counts what has been asked for and is not done yet.
    """

    DEFAULT_CSS = "Canvas { width: 100%; height: 100%; background: ansi_default; color: ansi_default; }"

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.strips: list[Strip] = []
        self.under_way = 0
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._deciding = asyncio.Lock()
        self._pressed = False

    def on_mount(self) -> None:
        """Wait for keys; count what waits behind the first record, and keep the leases."""
        self.set_interval(RENEWED, self._renew)
        self.run_worker(self._follow())
        self.run_worker(self._count())

    def on_resize(self) -> None:
        """Lay out the screen anew."""
        self.look()

    def render_line(self, y: int) -> Strip:
        """Return a row of the screen."""
        return self.strips[y] if y < len(self.strips) else Strip.blank(self.size.width)

    def on_key(self, event: events.Key) -> None:
        """Take a key that stands for something. It is done in its turn: the screen goes on meanwhile."""
        printable = event.is_printable and event.character not in (None, " ")
        key = str(event.character) if printable else event.key
        if key in BY_KEY:
            event.stop()
            event.prevent_default()
            self.under_way += 1
            self._keys.put_nowait(key)

    async def _follow(self) -> None:
        while True:
            key = await self._keys.get()
            self._pressed = True
            try:
                await ACTS[BY_KEY[key]](self, key)
            finally:
                self.under_way -= 1

    def on_mouse_scroll_down(self) -> None:
        """Move the source on."""
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        """Move the source back."""
        self._scroll(-3)

    def _scroll(self, by: int) -> None:
        self.frame.scroll_source(by)
        self.look()

    async def do(self, work: Callable[[], object]) -> None:
        """Do what may touch the database, beside the screen; say what went wrong, and draw what came of it."""
        late = asyncio.get_running_loop().call_later(PATIENCE, self._say_busy)
        try:
            async with self._deciding:
                await asyncio.to_thread(work)
        except DecomposerError as error:
            self.frame.sitting.say(str(error), warning=True)
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not reach the screen raw: it is told at the end)
            self._fail(error)
            return
        finally:
            late.cancel()
        self.look()
        if self.frame.sitting.recount:
            self.run_worker(self._count())

    async def _count(self) -> None:
        """Count what waits, while keys go on; what can't be counted now is counted later."""
        self.under_way += 1
        with suppress(DecomposerError):
            await asyncio.to_thread(self.frame.sitting.count)
        self.under_way -= 1
        self.look()

    def look(self) -> None:
        """Lay out the screen and draw it, unless something is being decided: then it is drawn when that is done."""
        if self._deciding.locked():
            return
        width, height = self.size
        try:
            rows = self.frame.rows(width, height) if width and height else []
            self.strips = [Strip(row.render(self._console), width) for row in rows]
        except DecomposerError as error:
            self.frame.sitting.say(str(error), warning=True)
        except Exception as error:  # noqa: BLE001 (as above)
            self._fail(error)
        self.refresh()

    def _fail(self, error: Exception) -> None:
        if isinstance(self.app, ReviewApp):
            self.app.failure = error
        self.app.exit()

    def _say_busy(self) -> None:
        """Say on the row of messages that it takes a while."""
        if len(self.strips) > 1:
            width = self.size.width
            self.strips[-2] = Strip(fitted(Text(_BUSY, WARNING), width).render(self._console), width)
            self.refresh()

    async def _renew(self) -> None:
        if self._pressed:
            self._pressed = False
            await self.do(self.frame.sitting.touch)


class ReviewApp(App[None]):
    """The application; `failure` is what ended it, where something did. `endings` are signals that ask it to end."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("ctrl+c,ctrl+q", "leave", priority=True, show=False)]
    CSS = "Screen { background: ansi_default; color: ansi_default; }"

    def __init__(self, frame: Frame, driver: type[Driver] | None = None) -> None:
        super().__init__(ansi_color=True, driver_class=driver)
        self.frame = frame
        self.failure: Exception | None = None
        self.endings: Sequence[int] = ()

    def on_mount(self) -> None:
        """End as with `q` where the process is asked to, so that the terminal is given back."""
        for number in self.endings:
            asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def compose(self) -> ComposeResult:
        """Put the canvas on the screen."""
        yield Canvas(self.frame)

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Print no traceback: it would carry texts of the catalog to the terminal, as they are."""
        self._exit_renderables.clear()

    def action_leave(self) -> None:
        """End the review."""
        self.exit()
