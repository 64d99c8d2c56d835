"""Ask a model about the pairs of an entry that the rules leave open: what it calls the same, both times, is joined."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decomposer.draft import Selection
from decomposer.errors import AnswerTooLong
from decomposer.merge import link, merge
from decomposer.pipeline.asking import each, spent
from decomposer.ports import Answer, LanguageModel
from decomposer.prompt import Template
from decomposer.records import Capability, Document, Entry, Segment
from decomposer.revise import revise
from decomposer.same import Asked, Decided, Judging, proposed
from decomposer.same.choosing import (
    MOST,
    Option,
    Pair,
    Ruling,
    Said,
    arranged,
    as_text,
    asked,
    differing,
    fold,
    left_open,
    read,
)

_DISMISSED = ("rejected", "retired")
Apart = tuple[Capability, Capability]


@dataclass(frozen=True, slots=True)
class Second:
    """Who is asked a second question, and how: a model and the template of the task."""

    model: LanguageModel
    template: Template


def settled(
    entry: Entry,
    documents: Sequence[Document],
    second: Second,
    *,
    previous: Entry | None = None,
    judge: Judging | None = None,
) -> tuple[Entry, Decided]:
    """Return a drafted entry whose open pairs a model has decided, and the judge that knows what it decided.

    Every pair is asked about twice, the second time in the opposite order and with its sides changed; up to `MOST` are
    in one request. What both answers call the same is joined, what they call broader or narrower is linked, and what
    stays open is proposed (`Entry.twins`). Nothing is joined that differs in substance, nor what a person has decided
    about in `previous`, the entry as the catalog holds it; what a person holds apart or has dismissed is not even asked
    about. Raises ModelError.
    """
    judge = judge or Judging.of(entry.artifact)
    known = _Known.of(previous, entry, documents, judge)
    pairs = _open(entry, known, judge)
    if not pairs:
        return entry, Decided(judge)
    rulings, answers = ruled(pairs, second, artifact=entry.artifact.name, about=documents[0])
    keys = tuple(dict.fromkeys(key for answer in answers for key in answer.request_keys))
    how = Asked(second.model.name, f"{second.template.task}/{second.template.version}", keys)
    joined, decided = _joined(entry, rulings, how, judge=judge, apart=known.pairs)
    update = {"capabilities": link(joined.capabilities, judge=decided), "run": spent(entry.run, answers)}
    return proposed(joined.model_copy(update=update), decided), decided


def ruled(
    pairs: Sequence[Pair], second: Second, *, artifact: str, about: Document
) -> tuple[dict[Pair, Ruling], list[Answer[Selection]]]:
    """Return what a model decided of each pair, asked in both orders, and its answers. Raises ModelError.

    `artifact` names what the records are about, as the model is told; `about` is a document of it.
    """
    sheets = [
        arranged(pairs[at : at + MOST], backwards=backwards)
        for at in range(0, len(pairs), MOST)
        for backwards in (False, True)
    ]
    segment = Segment(about, ())
    answers = each(sheets, lambda sheet: _ask(sheet, artifact, second, segment))
    said: dict[Pair, list[Said | None]] = {pair: [] for pair in pairs}
    for options, answer in answers:
        for option, one in zip(options, read(answer.value, options), strict=True):
            said[option.pair].append(one)
    name = second.model.name
    return {pair: fold(pair, found, name=name) for pair, found in said.items()}, [answer for _, answer in answers]


def _open(entry: Entry, known: "_Known", judge: Judging) -> list[Pair]:
    """Return the pairs to ask about."""
    live = [one for one in entry.capabilities if one.id not in known.dismissed]
    held = [one for one in live if one.id in known.held]
    return [pair for pair in asked(live, judge, settled=held) if not known.apart_of(pair)]


def _ask(
    options: Sequence[Option], artifact: str, second: Second, segment: Segment
) -> list[tuple[Sequence[Option], Answer[Selection]]]:
    """Ask about the options of a request; where the answer does not fit, about each half of their pairs."""
    prompt = second.template.render_claims(as_text(options, artifact=artifact), segment)
    try:
        return [(options, second.model.answer(prompt, Selection))]
    except AnswerTooLong:
        if len(options) == 1:
            raise
        middle = len(options) // 2
        halves = (options[:middle], options[middle:])
        return each(halves, lambda half: _ask(_renumbered(half), artifact, second, segment))


def _renumbered(options: Sequence[Option]) -> list[Option]:
    return [option._replace(number=number) for number, option in enumerate(options, start=1)]


def _joined(
    entry: Entry, rulings: dict[Pair, Ruling], how: Asked, *, judge: Judging, apart: Sequence[Apart]
) -> tuple[Entry, Decided]:
    """Return the entry with what is the same joined; what would join records that must not be is left open instead."""
    while True:
        decided = Decided(judge, rulings.items(), asked=how)
        records = [one.model_copy(update={"broader_than": ()}) for one in entry.capabilities]
        merged = merge(records, judge=decided, apart=apart)
        wrong = _wrongly_joined(merged, records, rulings, judge)
        if not wrong:
            return entry.model_copy(update={"capabilities": tuple(merged)}), decided
        for pair, reason in wrong.items():
            rulings = {**rulings, pair: left_open(pair, *rulings[pair].judgement.reasons, reason)}


def _wrongly_joined(
    merged: Iterable[Capability], records: Sequence[Capability], rulings: dict[Pair, Ruling], judge: Judging
) -> dict[Pair, str]:
    """Return the pairs that a model called the same and that, over others, join records that differ in substance."""
    wrong: dict[Pair, str] = {}
    for record in merged:
        ids = {part.id for part in record.parts()}
        together = [
            pair
            for pair, ruling in rulings.items()
            if ruling.judgement.verdict == "same" and ruling.settled and {pair.a.id, pair.b.id} <= ids
        ]
        found = differing([one for one in records if one.id in ids], judge) if together else []
        if found:
            wrong |= dict.fromkeys(together, f"joining all that is like them would join what differs: {found[0]}")
    return wrong


@dataclass(frozen=True, slots=True)
class _Known:
    """What people have decided, by the ids of the drafted records that it is about: see `settled`."""

    held: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    ids: dict[str, str] | None = None
    apart: frozenset[frozenset[str]] = frozenset()
    pairs: tuple[Apart, ...] = ()

    @classmethod
    def of(cls, previous: Entry | None, drafted: Entry, documents: Sequence[Document], judge: Judging) -> "_Known":
        """Return what is known of the records of a draft from the entry as it was."""
        if previous is None:
            return cls()
        changes = revise(previous, drafted, documents, judge=judge)
        was = {_text(change.after): change for change in (*changes.each, *changes.left_out) if change.after}
        found = {one.id: was[_text(one)] for one in drafted.capabilities if _text(one) in was}
        before = {one.id: one for one in previous.capabilities}
        return cls(
            frozenset(one for one, change in found.items() if change.before and change.before.held),
            frozenset(one for one, change in found.items() if change.before and change.before.state in _DISMISSED),
            {one: change.id for one, change in found.items()},
            frozenset(map(frozenset, previous.apart)),
            tuple((before[one], before[other]) for one, other in previous.apart if {one, other} <= before.keys()),
        )

    def apart_of(self, pair: Pair) -> bool:
        """Say whether a person holds the records of a pair apart."""
        ids = self.ids or {}
        return frozenset(ids.get(one.id, one.id) for one in pair[:2]) in self.apart


def _text(record: Capability) -> tuple[str, str]:
    return record.name, record.description.text if record.description else ""
