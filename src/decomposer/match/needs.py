"""Turn a need in plain words into what is searched by: weighted words, and the texts that vectors are made of."""

from dataclasses import dataclass

from decomposer.errors import UsageError
from decomposer.match.abroad import in_english
from decomposer.match.words import words
from decomposer.ports.search import Term
from decomposer.text.synonyms import WEAK

LONGEST = 500
"""How many characters a need has at most."""
LITTLE = 0.3
"""What a word counts that says little of what a need is about."""
FEW = 2
"""A need of so many words, or fewer, is a name that is looked up rather than a description."""

_ANYBODY = frozenset("my our i we me us you your it its he she they them their".split())


@dataclass(frozen=True, slots=True)
class Need:
    """A need: `text` as it was put, `english` the same in English words, and what it asks for.

    `own` are the forms of its words with their weights, in order.
    """

    text: str
    english: str
    own: dict[str, float]

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

    def terms(self) -> list[Term]:
        """Return what the full text is asked for."""
        return [Term(form, weight) for form, weight in self.own.items()]


def understood(text: str) -> Need:
    """Return what a need asks for. Raises UsageError where it has no word, or more than 500 characters."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise UsageError(
            f"the need has {len(text):,} characters", hint=f"say it in {LONGEST} characters: a sentence or two"
        )
    english = in_english(text)
    own = asked(text) | asked(english)
    if not own:
        raise UsageError("the need has no words", hint='say what is needed, such as "undo what the bot changed"')
    return Need(text, english, own)


def asked(need: str) -> dict[str, float]:
    """Return the words of a need with what each counts, in order."""
    return {form: LITTLE if form in WEAK or form in _ANYBODY else 1.0 for form in words(need)}
