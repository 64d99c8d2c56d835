"""What each tool may be given: the arguments as agents see them, with their limits."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from decomposer.draft import Reworded
from decomposer.match import MOST_SAID
from decomposer.records import ArtifactType, Filters, Told
from decomposer.records.facts import Pricing

Phrase = Annotated[str, Field(min_length=2, max_length=500)]
Also = Annotated[
    list[Phrase],
    Field(
        max_length=MOST_SAID,
        description="The need said again in the words of a README: one to five capabilities that would serve it, each "
        "a name of two to six words, or a name and a sentence, in English, the terms of the field rather than those of "
        "the person. For 'undo what the bot did to my files': 'Git integration. Commits every change, so that it can "
        "be reverted.' and 'Checkpoints and rollback'. This finds what goes by other names than those of the need.",
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Limit = Annotated[int, Field(ge=1, le=20, description="How many answers at most.")]
Risk = Literal["default", "production", "enterprise", "strict"]


class Asked(BaseModel):
    """The arguments of a tool; others than these are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def reworded(also: list[str]) -> tuple[Reworded, ...]:
    """Return other words for a need as searches take them."""
    return tuple(Reworded(name=text) for text in also)


class Search(Asked):
    """The arguments of `search`."""

    query: Annotated[
        Phrase, Field(description="The need in plain words, such as: find the parties named in a contract.")
    ]
    also: Also = Field(default_factory=list)
    limit: Limit = 5
    type: Annotated[ArtifactType | None, Field(description="Only artifacts of this type.")] = None
    price: Annotated[Pricing | None, Field(description="Only this pricing.")] = None
    license: Annotated[Name | None, Field(description="Only this licence, such as apache-2.0.")] = None
    language: Annotated[Name | None, Field(description="Only documented in this language, such as en.")] = None

    def filters(self) -> Filters:
        """Return what a hit has to be."""
        return Filters(type=self.type, price=self.price, license=self.license, language=self.language)


class ResolveCapability(Asked):
    """The arguments of `resolve_capability`."""

    capability: Annotated[Phrase, Field(description="A capability:// address, or a phrase that says what is needed.")]
    also: Also = Field(default_factory=list)
    limit: Limit = 5
    type: Annotated[ArtifactType | None, Field(description="Only artifacts of this type.")] = None
    risk: Annotated[Risk, Field(description="How well an answer has to be borne out: the stricter, the fewer.")] = (
        "default"
    )


class Compare(Asked):
    """The arguments of `compare`."""

    artifact_a: Annotated[Name, Field(description="An artifact, by its slug or name.")]
    artifact_b: Annotated[Name, Field(description="Another artifact, by its slug or name.")]


class TrustPassport(Asked):
    """The arguments of `trust_passport`."""

    slug: Annotated[Name, Field(description="The slug of an artifact, as answers name it.")]


class Feedback(Asked):
    """The arguments of `feedback`. Their names are those of the reference."""

    matchRecordId: Annotated[  # noqa: N815 (the name is a contract)
        str,
        Field(
            min_length=1, max_length=100, description="The `id` of one of the answers of search or resolve_capability."
        ),
    ]
    outcome: Annotated[Told, Field(description="Whether the answer served the need.")]
    comment: Annotated[str, Field(max_length=500, description="What was good or missing.")] = ""
