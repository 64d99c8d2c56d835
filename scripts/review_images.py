"""Draw the screens of the review that the docs show: samples are drafted, keys are pressed, SVG files are written."""

import argparse
import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __package__ in (None, ""):  # started as a file
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from decomposer.review import Desk
from decomposer.settings import Settings
from decomposer.tui.app import Canvas, ReviewApp
from decomposer.tui.frame import Frame
from decomposer.tui.sitting import Sitting
from decomposer.wiring import Workspace
from decomposer.wiring.reviewing import desk

CHECKOUT = Path(__file__).resolve().parent.parent
IMAGES = CHECKOUT / "docs" / "images"
# What each picture shows: the entry, the keys pressed before it is taken, and the size of the terminal.
PICTURES: dict[str, tuple[Sequence[str], tuple[int, int]]] = {
    "review": ((), (120, 32)),
    "review-80x24": ((), (80, 24)),
    "review-decided": (("a",), (120, 26)),
    "review-edit": (("e",), (100, 26)),
    "review-range": (("v", "j", "j"), (120, 20)),
    "review-keys": (("question_mark",), (120, 40)),
}
ENTRY = "marlpit-field-notes"
# A sentence that somebody has written into the first record, and that the source does not bear out.
WRITTEN = "It is the largest collection of field notes in the world."


def main() -> None:
    """Draw every picture into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=IMAGES)
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalog.db"
        with Workspace(Settings(db=str(file), actor="you")) as workspace:
            workspace.draft(workspace.load(str(CHECKOUT / "samples" / ENTRY)), save=True)
            first = desk(workspace, entry=ENTRY, order="entry").page()[0]
            desk(workspace, reviewer="somebody").edit(first.id, "unique", WRITTEN)
            for name, (keys, size) in PICTURES.items():
                drawn = asyncio.run(_drawn(workspace, keys, size))
                (into / f"{name}.svg").write_text(drawn, encoding="utf-8")
                desk(workspace).undo()


async def _drawn(workspace: Workspace, keys: Sequence[str], size: tuple[int, int]) -> str:
    def opened(query: str) -> Desk:
        return desk(workspace, entry=ENTRY, query=query, order="entry")

    sitting = Sitting(opened(""), opened)
    sitting.begin()
    app = ReviewApp(Frame(sitting))
    async with app.run_test(size=size) as pilot:
        for key in ("", *keys):
            if key:
                await pilot.press(key)
            await pilot.pause(0.2)
            while app.screen_stack[0].query_one(Canvas).under_way:
                await pilot.pause(0.05)
        drawn = app.export_screenshot(title="decomposer review")
    sitting.desk.leave()
    # the fonts that it names lie on a host that a reader's machine need not ask
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


if __name__ == "__main__":
    main()
