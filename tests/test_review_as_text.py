"""A record that is edited as a text comes back as it was, or with what was changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import UsageError
from decomposer.records import Capability, Note, Provenance, Statement
from decomposer.review.as_text import changed, written


def capability(name: str) -> Capability:
    said = Statement(text="Finds a file by its words.")
    made = Provenance(model="m", prompt="v1")
    return Capability(id="a/b", name=name, category="other", description=said, provenance=made)


def test_only_what_was_changed_is_read() -> None:
    record = capability("Search").model_copy(update={"intents": (Note(text="find a file"), Note(text="find a line"))})
    text = written(record)
    assert changed(text, text) == {}
    after = text.replace("find a line", "find a line\nfind a word").replace("=== name\nSearch", "=== name\nFull search")
    assert changed(text, after) == {"name": "Full search", "intents": "find a file\nfind a line\nfind a word"}


def test_an_emptied_field_is_removed() -> None:
    text = written(capability("Search"))
    body = text.partition("=== description\n")[2].partition("\n")[0]
    assert changed(text, text.replace(body, "")) == {"description": ""}


@pytest.mark.parametrize("line", ["=== nonsense", "=== name\n=== name"])
def test_a_line_that_names_no_field_is_refused(line: str) -> None:
    text = written(capability("Search"))
    with pytest.raises(UsageError, match="names no field, or one twice"):
        changed(text, f"{text}{line}\nx\n")


@given(st.text())
def test_whatever_a_record_says_an_untouched_text_changes_nothing(name: str) -> None:
    text = written(capability("Search").model_copy(update={"name": name}))
    assert changed(text, text) == {}
