"""Tests of front matter: what counts as one, what it says, and what hostile YAML can't do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.sources.front_matter import FrontMatter, find

PIECES = st.lists(
    st.sampled_from(
        [
            "---",
            "...",
            "\n",
            "\r\n",
            "\r",
            "a: 1",
            "- b",
            "[",
            "{",
            "&x ",
            "*x",
            "#",
            " ",
            "'",
            '"',
            "? ",
            "| ",
            "!!t ",
            "\x00",
            "é",
        ]
    ),
    max_size=25,
).map("".join)


@given(PIECES | st.text(max_size=80))
def test_any_text_has_a_body_within_it(text: str) -> None:
    found = find(text)
    assert 0 <= found.body <= len(text)
    assert find(text) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nlicense: mit\n---\nText", FrontMatter(21, {"license": "mit"})),
        ("---\r\nlicense: mit\r\n---\r\nText", FrontMatter(24, {"license": "mit"})),
        ("---\rlicense: mit\r---\rText", FrontMatter(21, {"license": "mit"})),
        ("\n \n--- \nlicense: mit\n---", FrontMatter(24, {"license": "mit"})),
        ("---\nlicense: mit\n...\nText", FrontMatter(21, {"license": "mit"})),
        ("---\n---\nText", FrontMatter(8)),
        ("---\nl: no\nd: 2024-01-01\ne:\n---\n", FrontMatter(31, {"l": "no", "d": "2024-01-01", "e": ""})),
        ("---\nt: |\n  ---\n  x\n---\n", FrontMatter(23, {"t": "---\nx\n"})),
        ("---\nw:\n- t: a\n  b: [c, {d: e}]\n---\n", FrontMatter(35, {"w": [{"t": "a", "b": ["c", {"d": "e"}]}]})),
        ("---\n? [a, b]\n: c\nd: e\n---\n", FrontMatter(26, {"d": "e"})),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", FrontMatter(47, {"a": ["x"]})),
    ],
)  # fmt: skip
def test_front_matter_is_a_mapping_of_plain_strings(text: str, expected: FrontMatter) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n",
        "Text\n---\na: 1\n---\n",
        "--- start of the file ---\n\n# Title\n\n---\n",
        "---\n# Title\n\n## Details\n**Bold** text\n",
        "---\n# Title\n\nSome prose.\n\n---\nMore.",
        "---\n# Title\n---\n",
        "---\n- a\n- b\n---\n",
        "---\njust words\n---\n",
        "    ---\na: 1\n---\n",
        "----\na: 1\n----\n",
    ],
)
def test_dashes_around_something_else_are_text(text: str) -> None:
    assert find(text) == FrontMatter()


def test_broken_yaml_is_left_out_with_a_warning() -> None:
    note = "front matter is not valid YAML (line 3: mapping values are not allowed in this context); it is left out"
    assert find("---\nlicense: mit\ntitle: a: b\n---\nText") == FrontMatter(33, {}, (note,))


def test_aliases_are_not_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    found = find(f"---\n{bomb}---\n")
    assert found.values == {"a": ["x", "x"], **{chr(98 + i): [None, None] for i in range(20)}}
    assert found.warnings == ("front matter uses YAML aliases; they are not expanded",)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_without_recursion(opening: str) -> None:
    block = f"a: b\nc:\n  {opening * 8000}"
    note = "front matter is not valid YAML (nested deeper than 20 levels); it is left out"
    assert find(f"---\n{block}\n---\n") == FrontMatter(len(block) + 9, {}, (note,))


def test_twenty_levels_are_read() -> None:
    assert find("---\na: " + "[" * 19 + "]" * 19 + "\n---\n").warnings == ()
    assert find("---\na: " + "[" * 20 + "]" * 20 + "\n---\n").warnings != ()


def test_front_matter_over_the_limit_is_kept_as_text() -> None:
    block = "license: mit\ntags:\n" + "- é\n" * 16_000
    assert find(f"---\n{block}---\nText") == FrontMatter(0, {}, ("front matter is over 64 KB; it is kept as text",))


def test_a_long_text_between_two_rules_is_no_front_matter() -> None:
    assert find("---\n" + "Some words.\n" * 10_000 + "---\n") == FrontMatter()
