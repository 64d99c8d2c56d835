"""Who an artifact is, as two entries are compared, and what two entries have to do with each other."""

from typing import Literal, NamedTuple

from pydantic import Field

from decomposer.records.entry import Record, absent, empty

Relation = Literal["same", "older_version", "fork", "translation", "derived"]
"""What the first of two entries is of the second. All but `derived` are one artifact: a quantisation, a fine-tune or
a mirror in another format is another one."""

ONE_ARTIFACT: tuple[Relation, ...] = ("same", "older_version", "fork", "translation")


class Name(Record):
    """A name, taken apart: what it is at heart, and what sets the things of one name apart, all in lower case.

    `core` is without separators. `sizes` are such as 7b and small, `formats` such as gguf and lora, `variants` such as
    instruct; `language` is that of a translation.
    """

    core: str
    words: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    language: str = ""


class Sketch(Record):
    """A set of hashes by its smallest ones: `size` is how many there are in all."""

    size: int = 0
    smallest: tuple[int, ...] = ()


class Traits(Record):
    """What an entry is told by, bounded in size whatever the length of its texts.

    `own` are the addresses that metadata gives it, `said` those under which its text speaks of itself, `mentioned` the
    others it links to most, `parents` those of them that its own name begins with; `bases` are addresses of the models
    it was made from. `prose` sketches runs of words, `fixed` what no translation changes: links and lines of code.
    `newest` is the newest year in the text.
    """

    slug: str
    type: str = ""
    names: tuple[Name, ...] = ()
    own: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    language: str | None = Field(default=None, exclude_if=absent)
    chars: int = 0
    newest: int = 0
    prose: Sketch = Sketch()
    fixed: Sketch = Sketch()


class Likeness(Record):
    """That one entry is `relation` of another, by their slugs: how likely, 0-1, and why. A proposal, never a merge."""

    one: str
    other: str
    relation: Relation
    score: float
    reasons: tuple[str, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """The slugs in order of their letters: what is proposed and decided is about the pair."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


class Ruling(Record):
    """What a person decided about two entries: `confirm` that one is `relation` of the other, `refuse`, or `undo`.

    Append-only. `seq` is given by the store, `target` is that of the ruling that an undo takes back; `live` says that
    it holds. Times are ISO 8601 in UTC.
    """

    op: Literal["confirm", "refuse", "undo"]
    one: str
    other: str
    relation: Relation | None = None
    actor: str = ""
    reason: str = Field(default="", exclude_if=empty)
    decided_at: str = ""
    seq: int | None = None
    target: int | None = Field(default=None, exclude_if=absent)
    live: bool = True


class Address(NamedTuple):
    """Where something is found: `gh:owner/name`, `hf:owner/name`, `dist:name` or a web address without its scheme."""

    place: str
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.place}:{self.owner}/{self.name}" if self.owner else f"{self.place}:{self.name}"
