"""Turn a need in plain words into what is searched by: weighted words, and the texts that vectors are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from decomposer.draft import Reworded
from decomposer.errors import UsageError
from decomposer.match.abroad import in_english
from decomposer.match.words import words
from decomposer.ports.search import Term
from decomposer.text.synonyms import WEAK

LONGEST = 500
"""How many characters a need has at most."""
LITTLE = 0.3
"""What a word counts that says little of what a need is about."""
TOLD = 0.5
"""What a word counts that stands in a sentence about what would serve the need, and nowhere else."""
MOST_SAID = 10
"""In so many other words a need may be said at most."""
MOST_TERMS = 200
"""So many words are looked for at most."""
FEW = 2
"""A need of so many words, or fewer, is a name that is looked up rather than a description."""

_ANYBODY = frozenset("my our i we me us you your it its he she they them their".split())


@dataclass(frozen=True, slots=True)
class Need:
    """A need: `text` as it was put, `english` the same in English words, and what it asks for.

    `own` are the forms of its words with their weights, in order. `also` is the same need in other words: capabilities
    that would serve it, as a catalog would list them.
    """

    text: str
    english: str
    own: dict[str, float]
    also: tuple[Reworded, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The need as it was put, and in English where that is something else."""
        return tuple(dict.fromkeys((self.text, self.english)))

    @property
    def few(self) -> bool:
        """Whether it is one or two words: then records that are called so come first."""
        return len(self.own) <= FEW

    @property
    def counting(self) -> frozenset[str]:
        """The words that say what it is about, or all where none does."""
        return frozenset(form for form, weight in self.own.items() if weight > LITTLE) or frozenset(self.own)

    @property
    def told(self) -> frozenset[str]:
        """The words of the names that it is also said by which it does not have itself, less those that say little."""
        return frozenset(
            form for one in self.also for form, weight in asked(one.name).items() if weight > LITTLE
        ) - frozenset(self.own)

    def terms(self) -> list[Term]:
        """Return what the full text is asked for: its words, then those of the other words that it is said in.

        At most 200, so that what a record could reach at most is of the words that are looked for.
        """
        weights = dict(self.own)
        for one in self.also:
            for text, share in ((one.name, 1.0), (one.description, TOLD)):
                for form, weight in asked(text).items():
                    weights[form] = max(weights.get(form, 0.0), share * weight)
        return [Term(form, weight) for form, weight in islice(weights.items(), MOST_TERMS)]


def understood(text: str, also: Sequence[Reworded] = ()) -> Need:
    """Return what a need asks for that is said in other words `also`.

    Raises UsageError where it has no word or more than 500 characters, or is said in more than ten other ways.
    """
    text = _bounded(text, "the need")
    if len(also) > MOST_SAID:
        raise UsageError(f"the need is said in {len(also)} other ways", hint=f"{MOST_SAID} are enough")
    other = "one of its other ways"
    said = (Reworded(name=_bounded(one.name, other), description=_bounded(one.description, other)) for one in also)
    english = in_english(text)
    own = asked(text) | asked(english)
    if not own:
        raise UsageError("the need has no words", hint='say what is needed, such as "undo what the bot changed"')
    return Need(text, english, own, tuple(one for one in dict.fromkeys(said) if words(one.text)))


def _bounded(text: str, called: str) -> str:
    """Return a text on one line. Raises UsageError, which names it as it is `called`, where it is too long."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise UsageError(
            f"{called} has {len(text):,} characters", hint=f"say it in {LONGEST} characters: a sentence or two"
        )
    return text


def asked(need: str) -> dict[str, float]:
    """Return the words of a need with what each counts, in order."""
    return {form: LITTLE if form in WEAK or form in _ANYBODY else 1.0 for form in words(need)}
