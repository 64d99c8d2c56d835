"""Text that is shown acts on no terminal, hides nothing, and stays what it was."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.display import display_safe, json_safe, one_line

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2064\u206f\u3164\ufeff\uffa0\U000e0041"
NASTY = (
    "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])) + BIDI + INVISIBLE + "\u200c\u200d\ufe0f\u2028\u2029\ud800"
)

anything = st.text(st.one_of(st.characters(), st.characters(categories=["Cs", "Cf", "Cc"]), st.sampled_from(NASTY)))


@given(anything)
def test_no_control_bidi_or_surrogate_character_is_ever_shown(text: str) -> None:
    shown = display_safe(text)
    acting = [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in BIDI]
    assert set(acting) <= {"\n", "\t"}
    assert not set(shown) & set(INVISIBLE)
    shown.encode("utf-8")


@given(anything)
def test_showing_twice_changes_nothing_more(text: str) -> None:
    assert display_safe(display_safe(text)) == display_safe(text)


@given(anything, st.integers(1, 20))
def test_a_limit_holds_and_leaves_no_half_escape(text: str, limit: int) -> None:
    shown = display_safe(text, limit=limit)
    assert len(shown) <= limit
    assert shown == display_safe(text) or shown.endswith("…")


@given(anything)
def test_one_line_is_one_line(text: str) -> None:
    assert not re.search(r"[\n\r\t\v\f]", one_line(text))


@given(
    st.recursive(st.none() | st.booleans() | anything, lambda inner: st.lists(inner) | st.dictionaries(anything, inner))
)
def test_safe_json_is_the_same_value_without_acting_characters(value: object) -> None:
    shown = json_safe(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(shown) == json.loads(json.dumps(value))
    acting = {char for char in shown if unicodedata.category(char) in ("Cc", "Cf", "Cs") and not _prints(char)}
    assert acting <= {"\n"}


def _prints(char: str) -> bool:
    """Say whether a format character is one that prints: signs over numbers, and hieroglyph and shorthand joins."""
    return (
        0x600 <= ord(char) <= 0x605
        or ord(char) in (0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
        or 0x13430 <= ord(char) <= 0x1343F
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 日本語, العربية, ½", "plain text, 日本語, العربية, ½"),
        ("\x1b]52;c;ZXZpbA==\x07", "\\u001b]52;c;ZXZpbA==\\u0007"),
        ("\x9b31m", "\\u009b31m"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("a\u200bb", "a\\u200bb"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("one\r\ntwo\rthree", "one\ntwo\\u000dthree"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩🏽\u200d💻 ⚡\ufe0f 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥", "👩🏽\u200d💻 ⚡\ufe0f 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥"),
        ("a\u200dmin", "a\\u200dmin"),
    ],
)
def test_what_acts_is_escaped_and_what_belongs_to_a_script_stays(text: str, shown: str) -> None:
    assert display_safe(text) == shown


def test_a_cut_text_ends_with_an_ellipsis() -> None:
    assert display_safe("capability", limit=5) == "capa…"


def test_characters_beyond_the_basic_plane_become_pairs_in_json() -> None:
    assert json_safe('"\U000e0041\x7f\u2028"') == '"\\udb40\\udc41\\u007f\\u2028"'
