"""Check claims against their evidence: every sentence gets a verdict by rules, with the reason."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from decomposer.records import Capability, Document, Evidence, Flag, FlagKind, Sentence, Statement, Support, Unit
from decomposer.text import seen, split
from decomposer.text.words import Word, comparisons, content, names, negations, numbers, stem, superlatives

_ORDER: tuple[Support, ...] = ("supported", "vendor_claim", "partial", "unsupported")
ENOUGH = 0.5  # share of a claim's content words that its evidence must hold
TOO_FEW = 0.2
_INSTRUCTION = re.compile(
    r"(?:ignore|disregard|forget|override) (?:all |any |the |of |your |everything )*(?:previous|prior|above|earlier|preceding|other)\b"
    r"|\byou are (?:now )?(?:an? )?(?:ai\b|assistant\b|llm\b|large language model|language model|chatgpt)"
    r"|\b(?:dear|attention,?|note to(?: the| any)?|instructions? (?:to|for)(?: the| any)?) (?:ai|llm|language model|assistant|chatbot)s?\b"
    r"|\bas an? (?:ai|large language model|language model)\b[^.]{0,40}\byou\b"
    r"|\bif you are an? (?:ai|llm|assistant|(?:large )?language model)\b"
    r"|\b(?:when|while) (?:you )?(?:summari[sz]ing|describing|reviewing|rating|extracting|summari[sz]e|describe|review|rate) (?:this|the) (?:document|readme|page|text|card)"
    r"|\byour (?:answer|output|response|summary) (?:must|should|shall)\b",
    re.IGNORECASE,
)


def check(capability: Capability, document: Document, units: Sequence[Unit]) -> Capability:
    """Return the capability with a verdict and flags for every sentence of its description, unique and vs_alternatives.

    `units` are all units of the document that the evidence points into, in order. Deterministic; asks no model. A field's
    support is that of its worst sentence.
    """
    source = _Source(document, units)
    checked = {name: _check(statement, source) for name, statement in capability.statements()}
    return capability.model_copy(update=checked)


def worst(verdicts: Iterable[Support]) -> Support:
    """Return the weakest of some verdicts; `unsupported` where there are none."""
    return max(verdicts, key=_ORDER.index, default="unsupported")


# --- what the evidence says


@dataclass(slots=True)
class _Said:
    """The evidence of a claim as text: what it says itself, and what stands around it (headings, table header, lead-in)."""

    units: list[str] = field(default_factory=list)
    around: str = ""
    refused: list[tuple[FlagKind, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.units)


class _Source:
    def __init__(self, document: Document, units: Sequence[Unit]) -> None:
        self.document = document
        self.units = units

    def said(self, evidence: Iterable[Evidence]) -> _Said:
        """Return what the spans say. Hidden text, and text that addresses the model, says nothing."""
        said = _Said()
        around: dict[int, None] = {}
        for span in evidence:
            unit = self._at(span.start)
            text = seen(unit, self.document) if unit else span.quote
            if unit is not None and not unit.shown:
                said.refused.append(("hidden_source", "a reader does not see the cited text"))
            elif _INSTRUCTION.search(text):
                said.refused.append(("instruction_like", "the cited text addresses the model that reads it"))
            else:
                said.units.append(text)
                around.update(dict.fromkeys(self._context(unit)))
        said.around = " ".join(seen(unit, self.document) for unit in map(self._numbered, sorted(around)) if unit)
        return said

    def _at(self, start: int) -> Unit | None:
        found = bisect_left(self.units, start, key=lambda unit: unit.start)
        return self.units[found] if found < len(self.units) and self.units[found].start == start else None

    def _numbered(self, number: int | None) -> Unit | None:
        found = bisect_left(self.units, number or 0, key=lambda unit: unit.number)
        return self.units[found] if found < len(self.units) and self.units[found].number == number else None

    def _context(self, unit: Unit | None) -> Iterator[int]:
        while unit is not None:
            yield from unit.path
            if unit.header is not None:
                yield unit.header
            unit = self._numbered(unit.parent)
            if unit is not None:
                yield unit.number


# --- the rules: each yields what it finds wrong


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: FlagKind | None
    support: Support
    start: int
    end: int
    note: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """One sentence of a statement, and what its evidence says."""

    text: str
    said: _Said

    @property
    def everything(self) -> str:
        return f"{self.said.around} {self.said.text}"


def _numbers(claim: _Claim) -> Iterator[_Fault]:
    known = {word.form for word in numbers(claim.everything)}
    bare = {form.split(" ")[0]: form for form in known}
    inside_names = claim.everything.casefold()
    for word in numbers(claim.text):
        number, _, unit = word.form.partition(" ")
        if word.form in known or (not unit and number in bare):
            continue
        written = claim.text[word.start : word.end]
        if unit and number in known:
            continue  # the source gives the number without a unit
        if written.casefold() in inside_names.split() or re.search(
            rf"(?<!\d){re.escape(written.casefold())}(?!\d)", inside_names
        ):
            continue
        why = f"the source has {bare[number]}" if number in bare else "not in the cited text"
        yield _Fault("number", "unsupported", word.start, word.end, f"{written}: {why}")


def _names(claim: _Claim) -> Iterator[_Fault]:
    text = claim.everything.casefold()
    squeezed = re.sub(r"[\s_-]+", "", text)
    stems = {word.form for word in content(claim.everything)}
    for word in names(claim.text):
        parts = [part for part in re.split(r"[/&-]", word.form) if part]
        known = word.form in text or re.sub(r"[_-]+", "", word.form) in squeezed or stem(word.form) in stems
        if not known and not (len(parts) > 1 and all(part in text for part in parts)):
            written = claim.text[word.start : word.end]
            yield _Fault("name", "unsupported", word.start, word.end, f"{written}: not in the cited text")


def _negations(claim: _Claim) -> Iterator[_Fault]:
    mine, theirs = negations(claim.text), negations(claim.everything)
    if mine and not theirs:
        word = mine[0]
        yield _Fault("negation", "unsupported", word.start, word.end, "the cited text does not deny this")
    if theirs and not mine:
        denied = _denied(claim.said.text)
        shared = [word for word in content(claim.text) if word.form in denied]
        others = _asserted(claim.said.text, denied)
        if shared and not all(word.form in others for word in shared):
            word = shared[0]
            yield _Fault("negation", "unsupported", word.start, word.end, "the cited text denies this")


def _denied(text: str) -> set[str]:
    """Return the stems of the few words after each negation."""
    return {word.form for found in negations(text) for word in content(text[found.end : found.end + 60])[:3]}


def _asserted(text: str, denied: set[str]) -> set[str]:
    counts: dict[str, int] = {}
    for word in content(text):
        counts[word.form] = counts.get(word.form, 0) + 1
    return {form for form, count in counts.items() if count > 1 or form not in denied}


def _praise(kind: FlagKind, find: Callable[[str], list[Word]], what: str) -> Callable[[_Claim], Iterator[_Fault]]:
    def rule(claim: _Claim) -> Iterator[_Fault]:
        mine = find(claim.text)
        if not mine:
            return
        word, written = mine[0], claim.text[mine[0].start : mine[0].end]
        if find(claim.everything):
            yield _Fault(
                None, "vendor_claim", word.start, word.end, f"{what} that the source makes of itself: {written}"
            )
        else:
            yield _Fault(kind, "unsupported", word.start, word.end, f"{written}: the cited text makes no {what}")

    return rule


def _content(claim: _Claim) -> Iterator[_Fault]:
    mine = content(claim.text)
    known = {word.form for word in content(claim.everything)}
    missing = [word for word in mine if word.form not in known]
    if not mine or len(missing) <= (1 - ENOUGH) * len(mine):
        return
    share = 1 - len(missing) / len(mine)
    listed = ", ".join(dict.fromkeys(claim.text[word.start : word.end] for word in missing[:6]))
    yield _Fault(None, "unsupported" if share < TOO_FEW else "partial", 0, 0, f"not in the cited text: {listed}")


_ENGLISH_RULES = (
    _negations,
    _praise("comparison", comparisons, "comparison"),
    _praise("superlative", superlatives, "praise"),
    _content,
)


# --- statements and sentences


def _check(statement: Statement, source: _Source) -> Statement:
    sentences: list[Sentence] = []
    flags = [flag for flag in statement.flags if flag.kind == "citation"]
    for start, end in split(statement.text):
        text = statement.text[start:end]
        faults, evidence = _judge(text, statement.evidence, source)
        verdict = worst(fault.support for fault in faults) if faults else "supported"
        reason = "; ".join(dict.fromkeys(fault.note for fault in faults if fault.support == verdict))
        reason = reason or "its numbers, names and words stand in the cited text"
        sentences.append(Sentence(start=start, end=end, support=verdict, reason=reason, evidence=evidence))
        flags.extend(_flag(fault, text) for fault in faults if fault.kind)
    support = worst(sentence.support for sentence in sentences)
    once = {(flag.kind, flag.text): flag for flag in reversed(flags)}
    return statement.model_copy(
        update={"support": support, "sentences": tuple(sentences), "flags": tuple(reversed(once.values()))}
    )


def _judge(text: str, evidence: tuple[Evidence, ...], source: _Source) -> tuple[list[_Fault], tuple[Evidence, ...]]:
    said = source.said(evidence)
    if not said.units:
        refused = [_Fault(kind, "unsupported", 0, len(text), note) for kind, note in dict.fromkeys(said.refused)]
        nothing = _Fault("citation", "unsupported", 0, len(text), "no text of the source is cited for this")
        return refused or [nothing], evidence
    claim = _Claim(text, said)
    if _verbatim(claim):
        faults = [fault for rule in _ENGLISH_RULES[1:3] for fault in rule(claim)]
        return faults, evidence
    faults = [*_numbers(claim), *_names(claim)]
    if _other_script(text, said.text):
        if not faults:
            faults = [
                _Fault(
                    None, "partial", 0, 0, "in another language than the source: only numbers and names were checked"
                )
            ]
        return faults, evidence
    return [*faults, *(fault for rule in _ENGLISH_RULES for fault in rule(claim))], evidence


def _verbatim(claim: _Claim) -> bool:
    return any(_bare(claim.text) in _bare(unit) for unit in claim.said.units)


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:;,!?。！？：")


def _other_script(claim: str, said: str) -> bool:
    def latin(text: str) -> float:
        letters = [character for character in text if character.isalpha()]
        return sum(character < "ɐ" for character in letters) / len(letters) if letters else 1.0

    return abs(latin(claim) - latin(said)) > 0.4


def _flag(fault: _Fault, text: str) -> Flag:
    return Flag(kind=fault.kind or "citation", text=text[fault.start : fault.end], note=fault.note)
