"""What is done elsewhere is what would be done here, and it goes on here when elsewhere is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.batch.elsewhere import Elsewhere
from decomposer.segment import units_of
from tests.making import document

LONG = document("# Heron\n\n" + "It counts birds in photos, and it writes a table. \n\n" * 60)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere(1)
    yield made
    made.close()


def test_a_long_document_is_cut_elsewhere_as_it_is_here(elsewhere: Elsewhere) -> None:
    assert elsewhere(units_of, LONG) == units_of(LONG)
    assert len(elsewhere.children()) == 1


def test_errors_come_back(elsewhere: Elsewhere) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        elsewhere(int, "seven")


def test_without_processes_everything_is_cut_here() -> None:
    alone = Elsewhere(0)
    assert alone(units_of, LONG) == units_of(LONG)
    assert alone.children() == ()


def test_when_the_processes_are_gone_it_goes_on_here(elsewhere: Elsewhere) -> None:
    elsewhere(units_of, LONG)
    for child in elsewhere.children():
        os.kill(child, signal.SIGKILL)
    assert [elsewhere(units_of, LONG) for _ in range(3)] == [units_of(LONG)] * 3


def test_after_closing_it_goes_on_here(elsewhere: Elsewhere) -> None:
    elsewhere.close()
    assert elsewhere(units_of, LONG) == units_of(LONG)


@pytest.mark.slow
def test_the_processes_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "cut.py"
    script.write_text(
        "import time\n"
        "from decomposer.batch.elsewhere import Elsewhere\n"
        "if __name__ == '__main__':\n"
        "    elsewhere = Elsewhere(1)\n"
        "    elsewhere(len, 'abc')\n"
        "    print(*elsewhere.children(), flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists():
            return
        time.sleep(0.05)
    pytest.fail(f"process {child} has outlived its parent")
