"""The extractive model: the source's own sentences, no LLM."""

from decimal import Decimal

import pytest

from decomposer.draft import Claim, Draft
from decomposer.errors import ConfigurationError
from decomposer.llm.extractive import ExtractiveModel, extract
from decomposer.records import Message, Prompt
from decomposer.segment import segment
from decomposer.text import seen
from tests.making import document, only_segment

README = """# sorter

[![CI](https://ci.example/a.svg)](https://ci.example)

sorter is a command line tool for sorting photos by what they show.

Unlike PhotoMaid it works offline.

## Features

- **Face search**: finds every picture of a person
- **Duplicates** - finds pictures that were saved twice
- Supports JPEG, PNG and HEIC files

## Installation

- Supports pip and conda

## License

Supports MIT
"""


def names(text: str) -> list[str]:
    return [capability.name for capability in extract(only_segment(text)).capabilities]


def test_features_and_the_defining_sentence_are_found_and_installation_is_not() -> None:
    assert names(README) == [
        "command line tool for sorting photos",
        "Face search",
        "Duplicates",
        "JPEG, PNG and HEIC files",
    ]


def test_descriptions_are_the_units_own_words() -> None:
    segment = only_segment(README)
    by_number = {unit.number: unit for unit in segment.units}
    for capability in extract(segment).capabilities:
        assert capability.description is not None
        (number,) = capability.description.units
        assert capability.description.text == seen(by_number[number], segment.document)


def test_a_comparison_is_given_only_where_a_sentence_makes_one() -> None:
    capabilities = extract(only_segment(README)).capabilities
    assert [one.vs_alternatives for one in capabilities] == [
        Claim(text="Unlike PhotoMaid it works offline.", units=[4]),
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("# my-model\n\nMore information needed.\n", "placeholder", 0),
        ("See the [main README](../README.md).\n", "placeholder", 0),
        (
            "# Awesome things\n\nA list of things that people made.\n\n## Tools\n\n"
            + "".join(f"- [thing {n}](https://x.org/{n}) supports sorting\n" for n in range(12)),
            "list",
            2,
        ),
        (
            "# Lessons\n\nVideo tutorials on making pictures.\n\n## Training tutorials\n\n"
            + "".join(f"- [tutorial {n}: how to train](https://youtu.be/{n})\n" for n in range(12)),
            "tutorial",
            2,
        ),
    ],
)
def test_what_a_text_really_is_bounds_what_is_listed(text: str, kind: str, count: int) -> None:
    found = extract(only_segment(text))
    assert (found.source_kind.kind, len(found.capabilities)) == (kind, count)
    assert found.source_kind.reason


@pytest.mark.parametrize(
    "text",
    [
        "# 工具\n\n## 功能\n\n- 支持图像分类和目标检测\n- 可以导出模型\n",
        "# Инструмент\n\n## Возможности\n\n- поддерживает поиск по тексту\n- позволяет переводить статьи\n",
        "# أداة\n\n## المميزات\n\n- وصف الصور باستخدام نموذج\n- يدعم عرض عدة أوصاف للصورة\n",
    ],
)
def test_feature_lists_are_found_in_other_languages(text: str) -> None:
    assert len(names(text + "\n" + "word " * 10)) >= 2


SAID_TWICE = """# Talkback

Talkback is a voice model.

## Features

- Clone voices into different languages from a six-second audio clip
- Voice cloning with a short audio clip
- Transcription of meetings into text
"""


def test_what_is_said_twice_is_one_capability_that_cites_both_lines() -> None:
    segment = only_segment(SAID_TWICE)
    found = {one.name: one.description for one in extract(segment).capabilities}
    cloning = found["Clone voices into different languages from a six-second"]
    assert cloning is not None
    cited = [seen(unit, segment.document) for number, unit in segment.numbered() if number in cloning.units]
    assert cited == [cloning.text, "Voice cloning with a short audio clip"]
    assert "Transcription of meetings into text" in found
    assert len(found) == 3


def test_it_does_drafts_and_nothing_else() -> None:
    segment = only_segment(README)
    prompt = Prompt("extract", "v1", (Message("user", ""),), segment)
    answer = ExtractiveModel().answer(prompt, Draft)
    assert (answer.model, answer.requests, answer.cost_usd) == ("extractive", 0, Decimal(0))
    with pytest.raises(ConfigurationError, match="can't do the task"):
        ExtractiveModel().answer(prompt, Claim)


def test_every_part_of_a_long_text_is_cited_by_the_numbers_that_its_prompt_shows() -> None:
    items = "".join(f"- **Thing {n}**: sorts pictures of kind {n} by date and place\n" for n in range(60))
    made = document(f"# Sorter\n\nIt sorts.\n\n## Features\n\n{items}")
    parts = segment(made, budget=300)
    assert len(parts) > 2
    for part in parts:
        shown = {number: seen(unit, made) for number, unit in part.numbered()}
        found = extract(part).capabilities
        assert found
        assert all(one.description and shown[one.description.units[0]] == one.description.text for one in found)
