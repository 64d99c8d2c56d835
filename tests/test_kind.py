"""What a text really is."""

import pytest

from decomposer.kind import fits, kind_of, settle
from decomposer.records import Capability, Kind, Provenance, SourceKind, Statement
from decomposer.segment import units_of
from tests.making import document

LINKS = "".join(f"- [thing {n}](https://x.org/{n}) sorts\n" for n in range(12))
LESSONS = "".join(f"- [tutorial {n}: how to train](https://youtu.be/{n})\n" for n in range(12))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "placeholder"),
        ("# Title\n\n## Part\n", "placeholder"),
        ("# my-model\n\nMore information needed.\n", "placeholder"),
        ("See the [main README](../README.md).\n", "placeholder"),
        ("*title*: _string_\nDisplay title for the Space\n", "placeholder"),
        (f"# Awesome\n\n{LINKS}", "list"),
        (f"# Lessons\n\n{LESSONS}", "tutorial"),
        ("# Dataset Card for Notes\n\n## Dataset Summary\n\nThe dataset holds notes.\n", "dataset"),
        (
            "# Model Card\n\nTiny is a small language model for chat.\n\n## Intended use\n\nThis model is for chat.\n",
            "model",
        ),
        ("# sorter\n\nA command line tool.\n\n## Installation\n\nInstall the CLI with npm.\n", "software"),
        ("It sorts files.\n", "software"),
    ],
)
def test_rules_tell_the_kind_with_a_reason(text: str, kind: Kind) -> None:
    made = document(text)
    found = kind_of(made, units_of(made))
    assert found.kind == kind
    assert found.reason


def test_a_model_context_protocol_is_no_model() -> None:
    made = document("# server\n\nA Model Context Protocol (MCP) server for files. The server has tools.\n")
    assert kind_of(made, units_of(made)).kind == "software"


def ruled(kind: Kind) -> SourceKind:
    return SourceKind(kind=kind, reason="by rule")


def test_what_most_of_the_text_was_answered_to_be_wins_over_rules_on_subjects() -> None:
    answered: list[tuple[Kind, str, int]] = [("dataset", "small", 10), ("model", "it  is\na model", 90)]
    assert settle(ruled("software"), answered) == SourceKind(kind="model", reason="it is a model")


@pytest.mark.parametrize("kind", ["placeholder", "list", "tutorial"])
def test_rules_win_where_they_see_a_placeholder_or_an_index(kind: Kind) -> None:
    assert settle(ruled(kind), [("software", "a tool", 10)]) == ruled(kind)
    assert settle(ruled(kind), [(kind, "as the model puts it", 10)]).reason == "as the model puts it"


def test_without_an_answer_the_rules_stand() -> None:
    assert settle(ruled("software"), []) == ruled("software")


@pytest.mark.parametrize(
    ("name", "kind", "fit"),
    [
        ("Model training", "software", True),
        ("Model training", "tutorial", False),
        ("Tutorials on model training", "tutorial", True),
        ("Collection: training", "list", True),
        ("模型训练教程", "tutorial", True),
        ("Model training", "placeholder", False),
    ],
)
def test_an_index_has_only_capabilities_of_the_index(name: str, kind: Kind, fit: bool) -> None:
    by = Provenance(model="m", prompt="p")
    made = Capability(id="", name=name, category="other", description=Statement(text="Trains."), provenance=by)
    assert fits(made, kind) is fit
