"""How a record is seen when it is compared: without the names of its artifact, and quickly so."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from decomposer.same.views import cut, masked

PARTS = ["Lynx", "lynx", "lynx-2", "LYNX", "'s", "s", "_", "2", " ", ".", "-", "x", "Lynx Studio", "studio", "'"]
NAMES = ["Lynx", "lynx-2", "Lynx Studio", "s", ".", "-2", "x'", "Studio"]


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join), st.sets(st.sampled_from(NAMES), min_size=1))
@example("Lynx'sx Lynx's lynxLynx", {"Lynx"})
def test_names_are_cut_out_as_a_pattern_would_find_them(text: str, chosen: set[str]) -> None:
    names = sorted(chosen, key=lambda name: (-len(name), name))
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)" for name in names)
    assert cut(text, names) == re.sub(pattern, " ", text, flags=re.IGNORECASE)


def test_a_text_is_masked_alike_in_every_script_and_case() -> None:
    assert masked("lynx's tracker counts LYNX-2 and Lynxes", ["Lynx", "lynx-2"]) == "tracker counts and Lynxes"
    assert masked("Der Lüchs’s zählt LÜCHS", ["Lüchs"]) == "Der zählt"
    assert masked("Lynx", ["lynx", "", "  "]) == "Lynx"
