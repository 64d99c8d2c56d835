"""Weights are read from a safetensors file as they were written, and a file that is none is told."""

import json
from pathlib import Path

import numpy as np
import pytest

from decomposer.embed.weights import Weights


def written(file: Path, header: object, numbers: bytes = b"") -> Path:
    told = json.dumps(header).encode()
    file.write_bytes(len(told).to_bytes(8, "little") + told + numbers)
    return file


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.float64])
def test_arrays_are_those_that_were_saved(tmp_path: Path, kind: type[np.floating]) -> None:
    save = pytest.importorskip("safetensors.numpy").save_file
    arrays = {"x.a": np.arange(6).reshape(2, 3).astype(kind), "b": np.array([0.5, -2.0], dtype=kind)}
    save(arrays, tmp_path / "w")
    read = Weights(tmp_path / "w", prefix="x.")
    assert read["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert read["b"].tolist() == [0.5, -2.0]
    assert {read["a"].dtype, read["b"].dtype} == {np.dtype(np.float32)}


def test_an_array_lies_in_the_file_and_can_not_be_changed(tmp_path: Path) -> None:
    told = {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
    array = Weights(written(tmp_path / "w", told, np.ones(2, dtype="<f4").tobytes()), prefix="")["a"]
    assert not array.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 2


@pytest.mark.parametrize(
    ("array", "why"),
    [
        ({"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}, "a is of type BF16; F32, F16 and F64 are read"),
        ({"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}, "reshape"),
        ({"dtype": "F32", "shape": [40], "data_offsets": [0, 160]}, "reshape"),
        ({"dtype": "F32", "shape": [1], "data_offsets": [0, 3]}, "must be divisible|size"),
    ],
)
def test_an_array_that_is_none_is_told(tmp_path: Path, array: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Weights(written(tmp_path / "w", {"a": array}, bytes(8)), prefix="")["a"]


def test_an_array_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"it has no c\.d"):
        Weights(written(tmp_path / "w", {}, bytes(8)), prefix="x.")["c.d"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 20, (2).to_bytes(8, "little") + b"[]123"])
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)
    with pytest.raises(ValueError):
        Weights(tmp_path / "w", prefix="")
