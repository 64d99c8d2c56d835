"""Queries say which entries are meant; a wrong term is named with what to write instead."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import UsageError
from decomposer.ports import CONDITIONS, Listing
from decomposer.query import Query, Term, conditions, parse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LISTING = Listing(
    slug="org-lanternfish",
    name="Lanternfish 0.6B",
    type="model",
    kind="model",
    source="hf:org/lanternfish",
    states={"proposed": 3, "accepted": 1, "rejected": 0, "retired": 0},
    updated="2026-11-01T12:00:00+00:00",
    model="openai/gpt-5-mini",
    prompt="v2",
    recipe="aa",
)


def holds(text: str, listing: Listing = LISTING, *, recipe: str = "bb") -> bool:
    return parse(text).holds(listing, NOW, recipe=recipe)


@pytest.mark.parametrize(
    "text",
    [
        "all",
        "type=model",
        "type!=dataset",
        "kind=model",
        "slug=org-*",
        "slug!=other-*",
        "source=hf:*",
        "name~LANTERN",
        "name~'fish 0.6b'",
        "model=openai/gpt-5-mini",
        "model=gpt-5-mini",
        "model=openai/*",
        "model!=extractive",
        "prompt=v2",
        "prompt!=v1",
        "prompt<v3",
        "prompt<v10",
        "recipe!=current",
        "recipe=aa",
        "age>19d",
        "age<3w",
        "age>2h",
        "state=proposed",
        "state!=rejected",
        "stale",
        "type=model prompt<v3 age>19d state=accepted",
    ],
)
def test_terms_that_hold(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "type=dataset",
        "kind!=model",
        "slug=other-*",
        "source=gh:*",
        "name~bulletin",
        "model=extractive",
        "model!=gpt-5-mini",
        "prompt=v1",
        "prompt<v2",
        "recipe=current",
        "age>20d",
        "age<20d",
        "state=rejected",
        "state!=proposed",
        "type=model prompt<v2",
    ],
)
def test_terms_that_do_not_hold(text: str) -> None:
    assert not holds(text)


def test_the_current_recipe_is_the_one_that_is_given() -> None:
    assert holds("recipe=current", recipe="aa")
    assert not holds("recipe!=current", recipe="aa")


@pytest.mark.parametrize("prompt", ["", "own.jinja@185f8db32271", "unfragile"])
def test_only_a_released_prompt_is_older_than_another(prompt: str) -> None:
    assert not holds("prompt<v9", replace(LISTING, prompt=prompt))
    assert holds("prompt!=v9", replace(LISTING, prompt=prompt))


def test_what_is_retired_altogether_is_meant_only_where_that_is_said() -> None:
    retired = replace(LISTING, states={"retired": 2, "proposed": 0})
    assert not holds("all", retired)
    assert not holds("type=model", retired)
    assert holds("state=retired", retired)
    assert holds("all", replace(LISTING, states={"retired": 2, "accepted": 1}))
    assert holds("all", replace(LISTING, states={}))


def test_whether_a_source_reads_otherwise_is_left_to_who_loads_it() -> None:
    assert parse("stale type=model") == Query("stale type=model", (Term("type", "=", "model"),), stale=True)
    assert parse("all").stale is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the query is empty; write `all` for every entry"),
        ("  ", "the query is empty; write `all` for every entry"),
        ("name~'fish", "a quote is not closed; close it"),
        ("kind", "query: 'kind' is no term; terms: type=model"),
        ("colour=red", "query: 'colour=red' is no term; terms: type=model"),
        ("type=", "query: 'type=' is no term; terms: type=model"),
        ("type=modle", "query: 'type=modle': 'modle' is no type; choose one of agent, api"),
        ("kind=model state=open", "query: 'state=open': 'open' is no state; choose one of proposed, accepted"),
        ("type~model", "query: 'type~model': type has no '~'; write type=..., type!=..."),
        ("prompt>v1", "query: 'prompt>v1': prompt has no '>'; write prompt=..., prompt!=..., prompt<..."),
        ("prompt<mine", "query: 'prompt<mine': 'mine' is no prompt; only released prompts are older"),
        ("age>month", "query: 'age>month': 'month' is no age; write a number of minutes, hours, days or weeks"),
        ("age>1000000000d", "is no age; write a number"),
    ],
)
def test_a_wrong_term_is_named_with_what_to_write(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert message in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_a_usage_error(text: str) -> None:
    try:
        query = parse(text)
    except UsageError:
        return
    assert query.holds(LISTING, NOW) in (True, False)


def test_conditions_on_records_are_read_term_by_term() -> None:
    text = 'category=image.visual model!="a b" risk>300 passing=yes name~lynx age<30d prompt<v2 all'
    assert [(one.key, one.operator, one.value) for one in conditions(text)] == [
        ("category", "=", "image.visual"),
        ("model", "!=", "a b"),
        ("risk", ">", "300"),
        ("passing", "=", "yes"),
        ("name", "~", "lynx"),
        ("age", "<", "30d"),
        ("prompt", "<", "v2"),
    ]
    assert conditions("") == conditions("  ") == conditions("all") == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("colour=red", "no term about records"),
        ("category=cats", "choose one of tool.use.integration"),
        ("risk>high", "write a number from 0 to 1000"),
        ("risk=3", "no term about records"),
        ("age>old", "90m, 12h, 30d, 8w"),
        ("prompt<own", "only released prompts"),
        ("passing=maybe", "choose one of yes, no"),
        ("waits=never", "choose one of proposed"),
        ('name~"x', "a quote is not closed"),
    ],
)
def test_a_wrong_condition_on_records_is_named_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        conditions(text)


@given(st.text(max_size=60))
def test_any_text_is_conditions_or_a_usage_error(text: str) -> None:
    try:
        found = conditions(text)
    except UsageError:
        return
    assert all(one.operator in CONDITIONS[one.key] for one in found)
