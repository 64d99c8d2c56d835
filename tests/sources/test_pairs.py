"""Labelled pairs are read line by line, and a line that is none is named."""

from pathlib import Path

import pytest

from decomposer.errors import SourceError
from decomposer.same.pairs import Pair
from decomposer.sources.pairs import digest, read_pairs


def test_lines_become_pairs_in_order(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        '{"a_text": "x", "b_text": "y", "label": "same", "hard": false, "cluster_a": "1", '
        '"cluster_b": "2", "more": 1}\n'
        "\n"
        '{"a_text": "", "b_text": "z\\u2028", "label": "overlap", "hard": true}\n',
        encoding="utf-8",
    )
    assert read_pairs(path) == [Pair("x", "y", True, False, ("1", "2")), Pair("", "z\u2028", False, True, None)]
    assert len(digest(path)) == 12


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no pairs"),
        (b"{}", r":1: not a pair \(a_text: Field required\)"),
        (b"\n[", r":2: not a pair \(Invalid JSON"),
        (b'{"a_text": "x", "b_text": "y", "label": "equal"}', r":1: not a pair \(label: Input should be 'same'"),
        (b"\xff", "not UTF-8"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "pairs.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_pairs(path)
