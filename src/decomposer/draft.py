"""What a model may say. Only constraints that JSON Schema can express: everything else is settled by code later."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from decomposer.records import Category, Kind


def _without_titles(schema: dict[str, Any]) -> None:
    schema.pop("title", None)
    for value in schema.get("properties", {}).values():
        value.pop("title", None)


class Shape(BaseModel):
    """A form that a model fills in. Titles are left out of its schema: they cost tokens and say nothing."""

    model_config = ConfigDict(frozen=True, json_schema_extra=_without_titles)


class Claim(Shape):
    """A text and the numbers of the units that say so."""

    text: str
    units: list[int]


class DraftKind(Shape):
    """What the text really is."""

    kind: Kind
    reason: str


class DraftCapability(Shape):
    """One capability as a model words it. A field is null where the text does not say."""

    name: str
    category: Category
    description: Claim | None
    unique: Claim | None = None
    vs_alternatives: Claim | None = None
    intents: list[Claim] = []
    best_for: list[Claim] = []
    limitations: list[Claim] = []
    requires: list[Claim] = []
    input_types: list[Claim] = []
    output_types: list[Claim] = []


class Draft(Shape):
    """The answer to one request: what the text is, and what the artifact can do."""

    source_kind: DraftKind
    capabilities: list[DraftCapability]


class Opinion(Shape):
    """What a second model says of the claim with this number."""

    claim: int
    verdict: Literal["supported", "partial", "unsupported"]
    reason: str


class Opinions(Shape):
    """The answer to one request for a second opinion."""

    opinions: list[Opinion]


class Selected(Shape):
    """How the option with this number relates to the record above it, with words of both that show it.

    The option is `broader` where it covers the record and more.
    """

    option: int
    record_quote: str
    option_quote: str
    reason: str
    relation: Literal["same", "broader", "narrower", "related", "different"]


class Selection(Shape):
    """The answer to one request about records that may be one."""

    selected: list[Selected]


class Reworded(Shape):
    """A capability that would serve a need, as a catalog would list it: its name, and a sentence about it."""

    name: str
    description: str = ""

    @property
    def text(self) -> str:
        """Both, as what a record says is put for vectors."""
        return f"{self.name}. {self.description}" if self.description else self.name


class Rewording(Shape):
    """The answer to one request about a need: what would serve it, the likeliest first; none where nothing would."""

    capabilities: list[Reworded]
