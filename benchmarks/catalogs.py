"""Make catalogs of capability records of which it is known which are the same and which only nearly so."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks import wordings
from benchmarks.wordings import DETAILS, DIRECTIONS, HEADS, METHODS, MODIFIERS, SECOND, SOURCES, TASKS

SIZES = (1, 1, 1, 2, 2, 3, 4, 5, 8)
"""Records of one capability, drawn at random."""
NEAR_MISSES = 0.3
"""The share of capabilities that come with another that differs in one thing."""
_CROSSINGS, _METHODS = 0.1, 0.4
"""Shares of capabilities that lead from one modality to another, and that are a technique applied to something."""


Thing = tuple[str, int, int, int, tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a capability does: a task or a technique on a thing, or the way from one modality to another.

    Numbers are places in the tables of wordings; `details` and `entity` say how and on what source it is done.
    """

    modifier: int
    details: tuple[int, int]
    task: str = ""
    method: int = -1
    head: int = -1
    entity: str = ""
    source: int = 0
    crossing: tuple[str, str] | None = None

    @property
    def thing(self) -> Thing:
        """What is done to what."""
        return self.task, self.method, self.modifier, self.head, self.crossing


@dataclass(frozen=True, slots=True)
class Planted:
    """A record: the name of its artifact, its own name and its description, and which capability it is.

    `thing` is what is done to what. Two capabilities of one thing that are done in other ways overlap: whether they
    should be one may be argued, so they count neither as right nor as wrong.
    """

    artifact: str
    name: str
    description: str
    capability: int
    thing: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """Records in an order that says nothing, worded as they are asked for, so that a large catalog takes little room.

    `meanings` are those of the records, `capabilities` and `things` their numbers. `near_misses` are pairs of
    capabilities that differ in one thing, and in which.
    """

    meanings: list[Meaning]
    capabilities: dict[Meaning, int]
    things: dict[Thing, int]
    near_misses: list[tuple[int, int, str]]
    seed: int

    def records(self) -> Iterator[Planted]:
        """Yield the records, the same every time: each worded anew, and up to ten after each other of one artifact."""
        rng = random.Random(self.seed)
        left, artifact = 0, ""
        for meaning in self.meanings:
            if not left:
                left, artifact = rng.randint(1, 10), _name(rng).title() + rng.choice(["", " Studio", "-2", " Kit", ""])
            left -= 1
            yield _worded(rng, meaning, artifact, (self.capabilities[meaning], self.things[meaning.thing]))


def catalog(count: int, *, seed: int = 1) -> Catalog:
    """Return a catalog of `count` records, the same every time; a capability has 1 to 8 of them.

    The names that are made up for formats and archives grow in number with the square root of the catalog, as new words
    do in any text.
    """
    rng = random.Random(seed)
    entities = [_name(rng) for _ in range(20 + int(count**0.5))]
    numbers: dict[Meaning, int] = {}
    misses: list[tuple[int, int, str]] = []
    listed: list[Meaning] = []
    while len(listed) < count:
        one = _meaning(rng, entities)
        if one in numbers:
            continue
        listed += [one] * rng.choice(SIZES)
        numbers[one] = len(numbers)
        if rng.random() < NEAR_MISSES:
            other, kind = _beside(rng, one)
            if other not in numbers:
                listed += [other] * rng.choice(SIZES)
                numbers[other] = len(numbers)
                misses.append((numbers[one], numbers[other], kind))
    del listed[count:]
    held = {numbers[one] for one in listed}
    rng.shuffle(listed)
    things: dict[Thing, int] = {}
    for one in listed:
        things.setdefault(one.thing, len(things))
    return Catalog(listed, numbers, things, [one for one in misses if one[0] in held and one[1] in held], seed)


def _meaning(rng: random.Random, entities: list[str]) -> Meaning:
    one = Meaning(
        modifier=rng.randrange(len(MODIFIERS)),
        details=(rng.randrange(len(DETAILS)), rng.randrange(len(DETAILS))),
        source=rng.randrange(len(SOURCES)),
    )
    kind = rng.random()
    if kind < _CROSSINGS:
        return replace(one, crossing=rng.choice(DIRECTIONS), entity=rng.choice(entities))
    rank = min(int(rng.paretovariate(0.6)) - 1, len(entities) - 1)  # few names are common, most are rare
    one = replace(one, head=rng.randrange(len(HEADS)), entity=entities[rank] if rng.random() < 0.6 else "")
    if kind < _CROSSINGS + _METHODS:
        suited = [at for at, (_, kinds) in enumerate(METHODS) if HEADS[one.head][2] in kinds.split()]
        return replace(one, method=rng.choice(suited))
    return replace(one, task=rng.choice(list(TASKS)))


def _beside(rng: random.Random, one: Meaning) -> tuple[Meaning, str]:
    """Return a capability that differs in one thing from `one`, and in which."""
    if one.crossing:
        return replace(one, crossing=one.crossing[::-1]), "direction"
    kind = rng.choice(("action", "object", "modality"))
    if kind == "action" and one.task:
        return replace(one, task=rng.choice([task for task in TASKS if task != one.task])), "task"
    if kind == "action":
        return replace(one, method=rng.choice([at for at in range(len(METHODS)) if at != one.method])), "technique"
    if kind == "object":
        return replace(one, modifier=rng.choice([at for at in range(len(MODIFIERS)) if at != one.modifier])), kind
    others = [at for at, head in enumerate(HEADS) if head[2] != HEADS[one.head][2]]
    return replace(one, head=rng.choice(others)), kind


def _worded(rng: random.Random, meaning: Meaning, artifact: str, numbers: tuple[int, int]) -> Planted:
    name, said, objects = _crossing(rng, meaning) if meaning.crossing else _applied(rng, meaning)
    details = [rng.choice(DETAILS[at]) for at in meaning.details]
    rng.shuffle(details)
    if rng.random() < 0.3:
        first = f"{_capital(details[0])}, it {said[0].lower()}{said[1:]} {details[1]}"
    else:
        first = f"{said} {details[0]}, {details[1]}"
        first = first if rng.random() < 0.7 else f"{artifact} {first[0].lower()}{first[1:]}"
    further = [one.format(o=objects) for one in rng.sample(SECOND, rng.choice((0, 1, 1, 2)))]
    return Planted(artifact, _capital(name), " ".join([f"{first}.", *further]), *numbers)


def _applied(rng: random.Random, meaning: Meaning) -> tuple[str, str, str]:
    """Return a name, what is said of a task or technique on a thing, and the thing, in wordings drawn at random."""
    singular, plural, _ = HEADS[meaning.head]
    about, about_in_name = (rng.choice(MODIFIERS[meaning.modifier]) for _ in range(2))
    objects = f"{about} {plural}"
    said = objects
    if meaning.entity:
        said = f"{objects} {rng.choice(SOURCES[meaning.source]).format(e=meaning.entity.title())}"
    named = {"o": f"{about_in_name} {plural}", "O": f"{about_in_name} {singular}"}
    if meaning.task:
        names, sentences = TASKS[meaning.task]
        return rng.choice(names).format(**named), rng.choice(sentences).format(o=said), objects
    method = rng.choice(METHODS[meaning.method][0])
    name = rng.choice(wordings.METHOD_NAMES).format(**named, x=method, X=_capital(method))
    return name, rng.choice(wordings.METHOD_SENTENCES).format(o=said, x=rng.choice(METHODS[meaning.method][0])), objects


def _crossing(rng: random.Random, meaning: Meaning) -> tuple[str, str, str]:
    one, other = meaning.crossing or ("", "")
    about = rng.choice(MODIFIERS[meaning.modifier])
    name = rng.choice(wordings.CROSSING_NAMES).format(a=one, b=other, m=about)
    sentence = rng.choice(wordings.CROSSING_SENTENCES).format(a=one, b=other, m=about)
    return name, f"{sentence} with {meaning.entity.title()} profiles", f"{about} {one}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(wordings.SYLLABLES, k=rng.choice((2, 2, 3)))) + rng.choice(wordings.ENDINGS)
