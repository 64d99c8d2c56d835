"""Adopt entries that come from elsewhere: keep what holds of them, and say what was left out."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from decomposer.records import LISTS, Capability, Entry, Evidence, Flag, Note, Sentence, SourceDocument, Statement
from decomposer.text.judging import worst

TextOf = Callable[[str], str | None]
T = TypeVar("T", Flag, Sentence, Evidence)

_LOST = "the evidence that it came with does not hold"


@dataclass(frozen=True, slots=True)
class Adopted:
    """An entry with nothing in it that contradicts itself. `notes` say what was left out of it."""

    entry: Entry
    notes: tuple[str, ...] = ()


def adopt(entry: Entry, text_of: TextOf) -> Adopted:
    """Return what holds of an entry that somebody else wrote; `text_of` gives a known document's text by its sha256.

    Evidence has to lie in its document, to be as long as its quote, and to be its text where that is known. Sentences
    and flags have to lie in their text. What is called supported and has no evidence left is unsupported. Ids, states
    and provenance stay; the recipe does not: here the entry was never drafted.
    """
    adopting = _Adopting(entry.documents, [text_of(document.sha256) for document in entry.documents])
    capabilities = tuple(adopting.capability(capability) for capability in entry.capabilities)
    run = entry.run.model_copy(update={"recipe": ""})
    notes = (f"{count} {what} left out: not true of the text" for what, count in sorted(adopting.lost.items()))
    return Adopted(entry.model_copy(update={"capabilities": capabilities, "run": run}), tuple(notes))


@dataclass(slots=True)
class _Adopting:
    documents: Sequence[SourceDocument]
    texts: Sequence[str | None]
    lost: Counter[str] = field(default_factory=Counter)

    def capability(self, capability: Capability) -> Capability:
        update: dict[str, object] = {name: self._statement(one) for name, one in capability.statements()}
        update |= {name: tuple(self._note(note) for note in getattr(capability, name)) for name in LISTS}
        return capability.model_copy(update=update)

    def _note(self, note: Note) -> Note:
        return note.model_copy(update={"evidence": self._spans(note.evidence)})

    def _statement(self, said: Statement) -> Statement:
        evidence = self._spans(said.evidence)
        inside = self._kept("sentences", said.sentences, lambda one: 0 <= one.start < one.end <= len(said.text))
        sentences = tuple(self._sentence(one) for one in inside)
        flags = self._kept("flags", said.flags, lambda flag: flag.text in said.text)
        bare = not evidence and said.support in ("supported", "vendor_claim")
        support = worst(["unsupported" if bare else said.support, *(one.support for one in sentences)])
        update = {"evidence": evidence, "sentences": sentences, "flags": flags, "support": support}
        return said.model_copy(update=update)

    def _sentence(self, sentence: Sentence) -> Sentence:
        evidence = self._spans(sentence.evidence)
        if sentence.evidence and not evidence and sentence.support in ("supported", "vendor_claim"):
            return sentence.model_copy(update={"evidence": (), "support": "unsupported", "reason": _LOST})
        return sentence.model_copy(update={"evidence": evidence})

    def _spans(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return self._kept("pieces of evidence", evidence, self._holds)

    def _holds(self, span: Evidence) -> bool:
        if not 0 <= span.document < len(self.documents) or not 0 <= span.score <= 1:
            return False
        inside = 0 <= span.start < span.end <= self.documents[span.document].chars
        text = self.texts[span.document]
        return inside and (len(span.quote) == span.end - span.start if text is None else _slice(text, span))

    def _kept(self, what: str, found: tuple[T, ...], holds: Callable[[T], bool]) -> tuple[T, ...]:
        kept = tuple(one for one in found if holds(one))
        if len(kept) < len(found):
            self.lost[what] += len(found) - len(kept)
        return kept


def _slice(text: str, span: Evidence) -> bool:
    return text[span.start : span.end] == span.quote
