"""Review with keys: what each key does to the catalog, by Textual's pilot on a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from decomposer.records import Capability
from decomposer.settings import Settings
from decomposer.tui.acts import ACTS
from decomposer.tui.app import Canvas, ReviewApp
from decomposer.tui.frame import Frame
from decomposer.tui.keys import BY_KEY, KEYS
from decomposer.tui.sitting import Sitting
from decomposer.wiring import Workspace
from tests.waiting import FINDS, clip, desk, record, said, states, stored
from tests.waiting import entry as entry_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a catalog with the records of `clip`, which come in the order of the entry."""
    path = tmp_path / "catalog.db"
    stored(path, clip()).dispose()
    return path


class Hands:
    """A reviewer at the keys of an application."""

    def __init__(self, pilot: Pilot[None], sitting: Sitting) -> None:
        self.pilot = pilot
        self.sitting = sitting

    async def press(self, *keys: str) -> None:
        """Press keys, each after what the one before has led to."""
        for key in keys:
            await self.pilot.press(key)
            await self.rest()

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        canvas = self.pilot.app.query(Canvas)
        for _ in range(500):
            await self.pilot.pause()
            if all(not one.under_way for one in canvas):
                return
            await asyncio.sleep(0.01)

    @property
    def name(self) -> str:
        """The name of the record that is looked at."""
        return "" if self.sitting.sheet is None else self.sitting.sheet.capability.name

    @property
    def screen(self) -> str:
        """What is on the screen of the record."""
        return "\n".join(strip.text for strip in self.pilot.app.screen_stack[0].query_one(Canvas).strips)


@asynccontextmanager
async def sitting_at(
    file: Path, *, query: str = "", size: tuple[int, int] = (120, 36), reviewer: str = "ann"
) -> AsyncIterator[Hands]:
    """Sit down at a catalog."""

    def open_desk(wanted: str) -> object:
        return desk(file, query=wanted, reviewer=reviewer)

    sitting = Sitting(desk(file, reviewer=reviewer), open_desk)  # type: ignore[arg-type]
    sitting.begin()
    app = ReviewApp(Frame(sitting))
    async with app.run_test(size=size) as pilot:
        hands = Hands(pilot, sitting)
        await hands.rest()
        yield hands
    sitting.desk.leave()


def run(work: Callable[[], object]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


def at(file: Path, identity: str) -> Capability:
    with Workspace(Settings(db=str(file))) as workspace:
        return next(one for one in workspace.entry("clip").capabilities if one.id == identity)


# --- deciding


def test_a_accepts_what_passes_and_shows_the_next_record(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("a")
            assert hands.name == "picture search"
            assert states(file)["image-search"] == "accepted"
            assert hands.sitting.message == "accepted image-search, without vs_alternatives"

    run(work)
    assert at(file, "clip/image-search").dropped == ("vs_alternatives",)


def test_a_field_that_is_switched_off_is_left_out_with_two_keys(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("2", "a")

    run(work)
    assert at(file, "clip/image-search").dropped == ("unique", "vs_alternatives")


def test_a_field_that_does_not_pass_can_be_insisted_on(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("3", "4", "a")

    run(work)
    assert at(file, "clip/image-search").dropped == ("intents",)


def test_a_record_whose_description_is_switched_off_stays_and_says_why(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("1", "a")
            assert hands.name == "image search"
            assert "description does not pass" in hands.sitting.message

    run(work)
    assert states(file)["image-search"] == "proposed"


def test_a_field_without_text_cannot_be_taken(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("j", "2")
            assert hands.sitting.message == "there is nothing to take: the source does not say"

    run(work)


def test_x_rejects_and_shows_the_next_record(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("x")
            assert hands.name == "picture search"

    run(work)
    assert states(file) == {"image-search": "rejected", "picture-search": "proposed", "maps": "proposed"}


@pytest.mark.parametrize(("keys", "reason"), [(["3"], "duplicate"), (["tab", *"no use", "enter"], "no use")])
def test_a_rejection_can_have_a_reason(file: Path, keys: list[str], reason: str) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("X", *("space" if key == " " else key for key in keys))
            (decision,) = hands.sitting.desk.history("clip/image-search")
            assert (decision.op, decision.reason) == ("reject", reason)

    run(work)


def test_escape_gives_up_a_rejection(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("X", "escape")
            assert hands.name == "image search"

    run(work)
    assert set(states(file).values()) == {"proposed"}


def test_space_leaves_a_record_for_later_and_shows_it_again_at_the_end(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("space", "a", "a")
            assert hands.name == ""
            assert "1 left for later: space shows them again." in hands.screen
            await hands.press("space")
            assert hands.name == "image search"

    run(work)


@pytest.mark.parametrize("key", ["u", "backspace"])
def test_undo_takes_back_what_was_decided_last_and_shows_it(file: Path, key: str) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("a", "x", key)
            assert hands.name == "picture search"
            await hands.press(key)
            assert hands.name == "image search"

    run(work)
    assert set(states(file).values()) == {"proposed"}


def test_redo_decides_again(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("a", "u", "U")
            assert hands.sitting.fates.get("clip/image-search", "") or hands.name

    run(work)
    assert states(file)["image-search"] == "accepted"


def test_undo_works_after_a_restart(file: Path) -> None:
    async def first() -> None:
        async with sitting_at(file) as hands:
            await hands.press("a")

    async def then() -> None:
        async with sitting_at(file) as hands:
            await hands.press("u")
            assert hands.name == "image search"

    run(first)
    run(then)
    assert set(states(file).values()) == {"proposed"}


def test_there_may_be_nothing_to_take_back_or_do_again(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("u")
            assert hands.sitting.message == "there is nothing of yours to take back"
            await hands.press("U")
            assert hands.sitting.message == "there is nothing to do again"

    run(work)


def test_one_key_merges_with_the_twin_and_shows_what_it_became(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            assert "may be one with “picture search”" in hands.screen
            await hands.press("m")
            assert "merged" in hands.sitting.message
            assert hands.sitting.sheet is not None
            assert hands.sitting.sheet.capability.id == "clip/image-search"

    run(work)
    assert set(states(file)) == {"image-search", "maps"}


def test_s_splits_what_was_merged(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("s")
            assert hands.sitting.message == "nothing was merged into this record"
            await hands.press("m", "s")

    run(work)
    assert set(states(file)) == {"image-search", "picture-search", "maps"}


def test_any_other_record_can_be_chosen_to_merge_with(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("M", "2")

    run(work)
    assert set(states(file)) == {"image-search", "picture-search"}


def test_f_asks_for_another_look_and_again_for_none(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("f")
            assert at(file, "clip/image-search").flagged
            assert "somebody asks for another look" in hands.screen
            await hands.press("f")

    run(work)
    assert not at(file, "clip/image-search").flagged


def test_a_text_is_edited_in_place_and_checked(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("e")
            box = hands.pilot.app.screen.query_one("#vs_alternatives", TextArea)
            assert box.has_focus  # the first that does not pass
            box.text = "It is faster than Brindle."
            await hands.press("ctrl+s")

    run(work)
    edited = at(file, "clip/image-search").vs_alternatives
    assert edited is not None
    assert (edited.text, edited.support != "unsupported") == ("It is faster than Brindle.", True)


def test_escape_gives_up_an_edit(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("e", "z", "escape")

    run(work)
    edited = at(file, "clip/image-search").vs_alternatives
    assert edited is not None
    assert edited.text == "It beats everybody."


def test_everything_that_passes_in_the_entry_is_accepted_at_once_and_taken_back_at_once(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("A")
            assert states(file) == {"image-search": "proposed", "picture-search": "accepted", "maps": "accepted"}
            await hands.press("u")

    run(work)
    assert set(states(file).values()) == {"proposed"}


def test_a_range_is_decided_at_once(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("j", "v", "j")
            assert "range of 2" in hands.screen
            await hands.press("x")

    run(work)
    assert states(file) == {"image-search": "proposed", "picture-search": "rejected", "maps": "rejected"}


def test_a_range_can_be_given_up(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("v", "j", "v", "x")

    run(work)
    assert states(file) == {"image-search": "proposed", "picture-search": "rejected", "maps": "proposed"}


# --- looking


def test_j_and_k_look_at_other_records_without_deciding(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("k")
            assert hands.sitting.message == "this is the first record"
            await hands.press("j", "j")
            assert hands.name == "maps"
            await hands.press("k")
            assert hands.name == "picture search"

    run(work)
    assert set(states(file).values()) == {"proposed"}


def test_a_record_that_was_decided_can_be_looked_at_and_decided_again(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("x", "k")
            assert "rejected" in hands.screen
            await hands.press("a")

    run(work)
    assert states(file)["image-search"] == "accepted"


def test_tab_goes_through_the_evidence_and_comes_round(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            assert "evidence 1 of 2: description" in hands.screen
            await hands.press("tab")
            assert "evidence 2 of 2: unique" in hands.screen
            assert "▶2  It is small." in hands.screen
            await hands.press("tab", "shift+tab")
            assert "evidence 2 of 2" in hands.screen

    run(work)


def test_the_source_is_shown_whole_and_scrolled(tmp_path: Path) -> None:
    text = "\n\n".join([FINDS, *(f"Paragraph {number}." for number in range(100))])
    file = tmp_path / "catalog.db"
    stored(
        file, entry_of("clip", record("clip", "one", description=said(FINDS, text=text)), text=text), text=text
    ).dispose()

    async def work() -> None:
        async with sitting_at(file, size=(80, 24)) as hands:
            await hands.press("o")
            assert "1 [x] description" not in hands.screen
            await hands.press("}", "}")
            assert "Paragraph 0." not in hands.screen.splitlines()[2]
            assert hands.screen.splitlines()[2].strip() == "Paragraph 1."
            await hands.press("{", "right", "right", "left", "pagedown")
            assert "line 22 of 201" in hands.screen
            await hands.press("pageup", "j", "k", "o")
            assert "1 [x] description" in hands.screen

    run(work)


def test_the_keys_the_history_and_the_neighbours_are_read_and_closed(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            for key in ("question_mark", "h", "g"):
                await hands.press(key)
                assert len(hands.pilot.app.screen_stack) == 2
                await hands.press("pagedown", "j", "k", "escape")
                assert len(hands.pilot.app.screen_stack) == 1

    run(work)


def test_a_filter_shows_only_what_it_means_and_says_what_is_wrong_with_it(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press("slash")
            hands.pilot.app.screen.query_one(Input).value = "name~maps"
            await hands.press("enter")
            assert hands.name == "maps"
            await hands.press("slash")
            hands.pilot.app.screen.query_one(Input).value = "colour=red"
            await hands.press("enter")
            assert hands.name == "maps"
            assert "colour=red" in hands.sitting.message

    run(work)


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
def test_leaving_ends_the_review(file: Path, key: str) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            await hands.press(key)
            assert not hands.pilot.app.is_running or hands.pilot.app._exit

    run(work)


def test_every_key_does_something_and_none_does_two_things() -> None:
    assert {one.does for one in KEYS} == set(ACTS)
    assert len(BY_KEY) == sum(len(one.keys) for one in KEYS)


# --- what may go wrong


def test_an_empty_queue_is_a_plain_sentence_and_no_key_harms(tmp_path: Path) -> None:
    file = tmp_path / "catalog.db"
    stored(file).dispose()

    async def work() -> None:
        async with sitting_at(file) as hands:
            assert "Nothing waits for a decision here." in hands.screen
            await hands.press(*(key for key in BY_KEY if key not in ("q", "ctrl+c", "/", "E", "?", "{", "}")))
            assert "Nothing waits for a decision here." in hands.screen

    run(work)


def test_records_that_others_hold_are_said_to_be_with_them(file: Path) -> None:
    desk(file, reviewer="bob").window()

    async def work() -> None:
        async with sitting_at(file) as hands:
            assert "3 records wait, all of them with other reviewers." in hands.screen
            desk(file, reviewer="bob").leave()
            await hands.press("space")
            assert hands.name == "image search"

    run(work)


def test_what_somebody_else_decided_meanwhile_is_passed_over(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            desk(file, reviewer="bob").reject(["clip/picture-search"])
            await hands.press("a")
            assert hands.name == "maps"

    run(work)


def test_two_who_decide_otherwise_about_one_record_are_both_kept(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file) as hands:
            desk(file, reviewer="bob").reject(["clip/image-search"])
            await hands.press("a")
            assert "disputed" in hands.sitting.message

    run(work)
    assert at(file, "clip/image-search").disputed


def test_a_locked_catalog_is_a_plain_sentence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from decomposer.errors import CatalogError
    from decomposer.review import Desk

    def locked(*_: object, **__: object) -> None:
        raise CatalogError("catalog.db: is in use by another process", hint="run again when that one is done")

    async def work() -> None:
        async with sitting_at(file) as hands:
            monkeypatch.setattr(Desk, "accept", locked)
            await hands.press("a")
            assert hands.name == "image search"
            assert "catalog.db: is in use by another process" in hands.screen

    run(work)


def test_a_fault_of_ours_ends_the_review_and_is_told_afterwards(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from decomposer.review import Desk

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("\x1b]52;c;aGk=\x07")

    async def work() -> None:
        async with sitting_at(file) as hands:
            monkeypatch.setattr(Desk, "accept", broken)
            await hands.pilot.press("a")
            await hands.pilot.pause()
            app = hands.pilot.app
            assert isinstance(app, ReviewApp)
            assert isinstance(app.failure, ZeroDivisionError)

    run(work)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (40, 12), (200, 60)])
def test_every_size_shows_the_record_and_the_evidence(file: Path, size: tuple[int, int]) -> None:
    async def work() -> None:
        async with sitting_at(file, size=size) as hands:
            assert "image search" in hands.screen
            assert "▶1" in hands.screen
            assert {len(line) for line in hands.screen.splitlines()} <= {size[0], size[0] - 1}

    run(work)


def test_a_small_terminal_is_said_to_be_too_small_until_it_grows(file: Path) -> None:
    async def work() -> None:
        async with sitting_at(file, size=(30, 8)) as hands:
            assert "too small" in hands.screen
            await hands.pilot.resize_terminal(90, 30)
            await hands.rest()
            assert "1 [x] description" in hands.screen

    run(work)
