"""A quote is found where it stands, or not at all: never where another thing is said."""

import json
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.records import MediaType
from decomposer.text import locate, visible

FILE = Path(__file__).parent / "data" / "quotes.jsonl"
OUTCOMES = {None: "refuse", "exact": "find", "normalized": "find", "fuzzy": "person"}


class Case(NamedTuple):
    """A quote, where it is looked for, and what must come of it."""

    kind: str
    quote: str
    source: str
    want: str


def cases() -> list[Case]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [Case(*(json.loads(line)[key] for key in ("class", "quote", "source", "want"))) for line in lines]


CASES = cases()
NAMES = [f"{number}-{case.want}-{case.kind.replace(' ', '-')}" for number, case in enumerate(CASES, 1)]


def letters(text: str, media_type: MediaType = "text/markdown") -> str:
    """Return the letters and digits that a reader sees, in one form: an own, blunter way to compare."""
    seen = unicodedata.normalize("NFKC", visible(text, 0, len(text), media_type)).casefold().replace("×", "x")
    return "".join(one for one in seen if one.isalnum() and one != "\u0640")


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_quote_is_found_refused_or_shown_to_a_person(case: Case) -> None:
    found = locate(case.quote, case.source)
    assert OUTCOMES[found.how if found else None] == case.want
    assert found == locate(case.quote, case.source)
    if found:
        assert 0 <= found.start < found.end <= len(case.source)
    if found and case.want == "find":
        span = case.source[found.start : found.end]
        assert letters(case.quote) in (letters(span), letters(span, "text/x-rst"))


def test_the_suite_covers_every_outcome_widely() -> None:
    wanted = [case.want for case in CASES]
    assert len(CASES) == len({(case.quote, case.source) for case in CASES}) >= 180
    assert min(wanted.count(outcome) for outcome in ("find", "refuse", "person")) >= 50


@pytest.mark.parametrize(
    ("quote", "source", "span", "how", "score"),
    [
        ("reads files", "It reads files.", (3, 14), "exact", 1.0),
        ("reads files.", "It reads **files**.", (3, 16), "normalized", 0.95),
        ("Reads Files", "It reads files.", (3, 14), "normalized", 0.95),
        ("reads files", "It ~~reads files~~.", (5, 16), "fuzzy", 0.9),
        ("reads files", "<!-- Reads files -->", (5, 16), "fuzzy", 0.7),
        ("1000 files", "reads 1,000 files", (6, 17), "fuzzy", 0.9),
        ("reads files", "<!-- reads files --> reads files", (21, 32), "exact", 1.0),
        ("reads files", "[reads](x) [files](y)", (1, 17), "normalized", 0.95),
        ("a &amp; b", "x a & b", (2, 7), "normalized", 0.95),
        ("café", "a cafe\u0301 b", (2, 7), "normalized", 0.95),
    ],
)
def test_a_match_says_where_and_how_sure(
    quote: str, source: str, span: tuple[int, int], how: str, score: float
) -> None:
    assert locate(quote, source) == (*span, how, score)


@pytest.mark.parametrize(("source", "how"), [("It reads. " * 5, "exact"), ("It *reads*.\n" * 5, "normalized")])
def test_repeated_text_gets_successive_spans(source: str, how: str) -> None:
    starts, start = [], 0
    while found := locate("It reads", source, start=start):
        assert found.how == how
        starts.append(found.start)
        start = found.end
    assert starts == [at.start() for at in re.finditer("It", source)]


@pytest.mark.parametrize("start", [-5, 0, 3, 4, 100])
def test_nothing_is_found_before_start(start: int) -> None:
    found = locate("reads", "It reads", start=start)
    assert (found.start if found else None) == (3 if start <= 3 else None)


# --- laws

HOSTILE = st.text(
    alphabet=st.sampled_from(list("aA5. -\n\r|~`*_[]()<>&;!#=+%'\"/\\\x00\ud800\u200b\u0301é不ｱ🚀")), max_size=40
)
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=40) | HOSTILE
WORDS = st.sampled_from("reads writes sorts photos birds quickly heron stork maps storage tables daily offline".split())


@settings(max_examples=400)
@given(ANY, ANY, st.integers(min_value=-9, max_value=50))
def test_any_two_strings_give_a_span_or_nothing(quote: str, text: str, start: int) -> None:
    for source in (text, f"{text}{quote}", f"{text} {quote}\n{text}"):
        found = locate(quote, source, start=start)
        assert found is None or max(0, start) <= found.start < found.end <= len(source)


@pytest.mark.parametrize("text", ["[" * 100_000, "\x00" * 100_000, "a " * 50_000, "\ud800é" * 50_000, "<a " * 30_000])
def test_long_strings_do_no_harm(text: str) -> None:
    assert locate("zebra stripes", text) is None
    assert locate(text, "zebra stripes") is None
    found = locate(text, text)
    assert found is None or text[found.start : found.end] == text.strip()


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    """Return different sentences, each with a number and a name, some of which deny."""
    subjects = draw(st.lists(st.from_regex(r"[A-Z][a-z]{4,8}", fullmatch=True), min_size=3, max_size=6, unique=True))
    return [
        f"{subject} {draw(st.sampled_from(['does not', 'can', 'will never', 'must']))} {draw(WORDS)}"
        f" {draw(st.integers(min_value=2, max_value=99))} {draw(WORDS)}."
        for subject in subjects
    ]


MARKUPS = [
    "{}", "**{}**", "- {}", "> {}", "1. {}", "## {}", "| x | {} |", "<p>{}</p>", "[{}](https://example.org)",
    "- [x] {}",
]  # fmt: skip


@given(sentences(), st.data())
def test_a_sentence_of_a_marked_up_document_is_found_at_its_own_place(said: list[str], data: st.DataObject) -> None:
    document = ""
    places = []
    for sentence in said:
        before, after = data.draw(st.sampled_from(MARKUPS)).split("{}")
        words = sentence.split(" ")
        at = data.draw(st.integers(min_value=0, max_value=len(words) - 1))
        words[at] = data.draw(st.sampled_from(["{}", "**{}**", "<b>{}</b>", "\u200b{}"])).format(words[at])
        written = " ".join(words)
        places.append((len(document) + len(before), len(document) + len(before) + len(written)))
        document += f"{before}{written}{after}\n\n"
    for sentence, (start, end) in zip(said, places, strict=True):
        found = locate(sentence, document)
        assert found is not None
        assert found.how != "fuzzy"
        assert start <= found.start < found.end <= end
        assert letters(document[found.start : found.end]) == letters(sentence)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(sentences(), st.data())
def test_a_changed_number_negation_or_name_is_never_accepted(said: list[str], data: st.DataObject) -> None:
    document = "# Heron\n\n" + " ".join(said)
    sentence = data.draw(st.sampled_from(said))
    name, rest = sentence.split(" ", 1)
    number = re.search(r"\d+", sentence)
    assert number is not None
    other = data.draw(st.integers(min_value=0, max_value=999).filter(lambda one: str(one) != number.group()))
    denied = re.sub(r"\b(can|must)\b", r"\1 not", sentence)
    mutants = [
        sentence.replace(number.group(), str(other)),
        sentence.replace(number.group(), f"-{number.group()}"),
        sentence.replace(number.group(), f"{number.group()}%"),
        f"{name[:-1]}{'q' if name[-1] != 'q' else 'x'} {rest}",
        denied if denied != sentence else re.sub(r" (not|never)\b", "", sentence),
    ]
    for mutant in mutants:
        found = locate(mutant, document)
        assert found is None or found.how == "fuzzy"
