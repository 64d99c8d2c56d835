"""A line is a REF or an object; streams come in blocks; no line can fill the memory."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.batch.references import LONGEST, Reference, blocks_from, blocks_of, chained, label, reference
from decomposer.errors import SourceError


def lines(data: bytes) -> list[str]:
    return [line for block in blocks_of(io.BytesIO(data)) for line in block]


def test_a_line_is_a_reference_as_it_stands() -> None:
    assert reference("docs/a b.md") == Reference("ref", "docs/a b.md")


def test_an_object_says_more_about_a_reference() -> None:
    line = '{"ref": "hf:org/name", "slug": "mine", "name": "Mine", "type": "model"}'
    assert reference(line) == Reference("ref", "hf:org/name", slug="mine", name="Mine", type="model")


def test_an_object_can_hold_the_document_or_name_an_entry() -> None:
    assert reference('{"text": "# A", "uri": "a.md"}') == Reference("text", "# A", uri="a.md")
    assert reference('{"entry": "a", "only": "stale"}') == Reference("entry", "a", only="stale")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{bad", "not valid JSON"),
        ("{" + "[" * 100_000, "not valid JSON"),
        ("{}", "names no source"),
        ('{"ref": ""}', "names no source"),
        ('{"ref": "a", "text": "b"}', "names no source"),
        ('{"ref": 1}', "'ref' can't be used"),
        ('{"ref": "a", "max_cost": "9"}', "'max_cost' can't be used"),
        ('{"ref": "a", "type": "novel"}', "no artifact is a 'novel'"),
        ('{"ref": "a", "only": "new"}', "'only' is no 'new'"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        reference(line)


def test_lines_come_without_empty_ones_line_ends_and_a_byte_order_mark() -> None:
    assert lines(b"\xef\xbb\xbfa\r\n\n  \nb c\nlast") == ["a", "b c", "last"]


def test_a_name_that_is_not_utf8_comes_back_as_the_same_bytes() -> None:
    (found,) = lines(b"caf\xe9.md\n")
    assert found.encode("utf-8", "surrogateescape") == b"caf\xe9.md"


def test_a_line_that_never_ends_is_cut_and_fails() -> None:
    found = lines(b"a\n" + b"z" * (LONGEST + 1_000_000) + b"\nb\n")
    assert (found[0], found[-1]) == ("a", "b")
    assert len(found) == 3
    assert len(found[1]) < LONGEST + 1_000_000
    with pytest.raises(SourceError, match="more than 16 MB"):
        reference(found[1])


def test_a_slow_stream_gives_what_there_is() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(3)

    assert list(blocks_of(Slow(b"ab\ncd\nef"))) == [["ab"], ["cd"], ["ef"]]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff")))
)
def test_lines_are_what_was_written(written: list[str]) -> None:
    expected = [text for line in written if (text := line.strip())]
    assert lines("\n".join(written).encode()) == expected


@given(st.lists(st.text()), st.integers(0, 10))
def test_the_digest_of_all_is_that_of_the_rest_after_the_first(refs: list[str], cut: int) -> None:
    assert chained(chained("", refs[:cut]), refs[cut:]) == chained("", refs)


def test_the_digest_tells_lists_apart() -> None:
    assert len({chained("", refs) for refs in (["a", "b"], ["b", "a"], ["ab"], ["a"], ["a", "b", ""])}) == 5


def test_blocks_hold_a_thousand() -> None:
    assert [len(block) for block in blocks_from(str(n) for n in range(2500))] == [1000, 1000, 500]


def test_a_reference_is_called_by_what_it_names_and_never_by_a_whole_document() -> None:
    inline = json.dumps({"text": "x" * 5000, "name": "Heron"})
    assert label(inline) == "Heron"
    assert label('{"ref": "docs/heron.md", "slug": "heron", "type": "repo"}') == "docs/heron.md"
    assert len(label(json.dumps({"text": "x" * 5000}))) <= 120
    assert label("a\x1b]0;b") == "a\\x1b]0;b" or "\x1b" not in label("a\x1b]0;b")
