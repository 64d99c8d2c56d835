"""Read the weights of a safetensors file: mapped from the disk, so that processes share them and none is copied."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_HEADER = 100_000_000  # bytes: the limit of the format
_TYPES = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


class Weights:
    """The arrays of a file by their names, which may begin with `prefix` there, as 32 bit numbers.

    https://huggingface.co/docs/safetensors: the length of the header in 8 bytes, the header as JSON, the numbers.
    Raises ValueError for what is no such file, and OSError for one that can't be read.
    """

    def __init__(self, file: Path, *, prefix: str) -> None:
        import numpy as np

        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(length)) if length <= _HEADER else None
        if not isinstance(header, dict):
            raise ValueError(f"{file.name} is no safetensors file")  # noqa: TRY004 - it is the file that is wrong
        self._header = header
        self._bytes = np.memmap(file, dtype=np.uint8, mode="r", offset=8 + length)
        self._prefix = prefix

    def __getitem__(self, name: str) -> "Floats":
        """Return an array. Raises ValueError for one that is not there, or of a type that isn't read."""
        import numpy as np

        told = self._header.get(name) or self._header.get(self._prefix + name)
        if told is None:
            raise ValueError(f"it has no {name}")
        kind = _TYPES.get(told["dtype"])
        if kind is None:
            raise ValueError(f"{name} is of type {told['dtype']}; F32, F16 and F64 are read")
        start, end = told["data_offsets"]
        array = np.asarray(self._bytes)[start:end].view(kind).reshape(told["shape"])
        return array.astype(np.float32, copy=False)
