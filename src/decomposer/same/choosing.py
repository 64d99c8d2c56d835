"""Choose which pairs of an entry a model is asked about, show them in two orders, and read what it selected."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from decomposer.draft import Selected, Selection
from decomposer.records import Capability, Judgement, Verdict
from decomposer.same.candidates import Candidate, candidates
from decomposer.same.features import differences
from decomposer.same.judging import Judging
from decomposer.text import locate
from decomposer.text.addressed import addressed
from decomposer.text.words import content

EACH = 4
"""Pairs that one record is asked about at most: its likeliest."""
NEAR = 1
"""Its nearest that are asked about though the rules call them different: one thing may be said in other words."""
MOST = 24
"""Options in one request: few enough for a model to weigh each, and for its answer to fit."""
LONGEST_REASON = 300
_MISLEADING = frozenset({"instruction_like", "hidden_source"})
_TURNED: dict[Verdict, Verdict] = {"broader": "narrower", "narrower": "broader"}


class Pair(NamedTuple):
    """Two records that may be one, as the rules judge them, with what they differ in: that forbids to join them."""

    a: Capability
    b: Capability
    judgement: Judgement
    forbidding: tuple[str, ...] = ()


class Option(NamedTuple):
    """A numbered option: how does `offered` relate to `record`? `turned` says that the first of the pair is offered."""

    number: int
    pair: Pair
    turned: bool

    @property
    def record(self) -> Capability:
        """The record that the option is compared with."""
        return self.pair.b if self.turned else self.pair.a

    @property
    def offered(self) -> Capability:
        """The record that is the option."""
        return self.pair.a if self.turned else self.pair.b


class Said(NamedTuple):
    """What a model said of a pair: how the first relates to the second, why, and words of each that show it."""

    relation: Verdict
    reason: str
    quotes: tuple[str, str]


class Ruling(NamedTuple):
    """What follows of what was said of a pair: `settled` where a model has decided, else it stays open."""

    judgement: Judgement
    settled: bool


def asked(records: Iterable[Capability], judge: Judging, *, settled: Iterable[Capability] = ()) -> list[Pair]:
    """Return the pairs of an entry to ask about, the likeliest first, whatever the order of `records`.

    These are those that the rules leave open, of one record the `EACH` likeliest, and its `NEAR` nearest of those that
    they call different: there are never more than a few for each record. One whose text addresses the model, or stands
    where no reader sees it, is in none: a person has to look. What a person has `settled` a model never joins.
    """
    found = candidates([record for record in records if not misleading(record)], judge)
    open_ = [one for one in found if one.judgement.verdict in ("same", "related")]
    open_.sort(key=lambda one: -one.judgement.score)
    near = [one for one in found if one.judgement.verdict == "different"]
    kept = set(settled)
    return [_pair(one, judge, kept) for one in (*_bounded(open_, EACH, max), *_bounded(near, NEAR, min))]


def differing(records: Sequence[Capability], judge: Judging) -> list[str]:
    """Return where any two records, or what these were made of, differ in substance: they are never joined unseen."""
    return sorted(
        {
            difference
            for one, other in combinations(records, 2)
            for ours in _leaves(one)
            for theirs in _leaves(other)
            for difference in differences(judge.view(ours), judge.view(theirs))
        }
    )


def misleading(record: Capability) -> bool:
    """Say whether a record, or what it rests on, addresses the model that reads it or is hidden from readers."""
    flags = (flag.kind for _, statement in record.statements() for flag in statement.flags)
    return addressed(_shown("", record)) or any(kind in _MISLEADING for kind in flags)


def arranged(pairs: Sequence[Pair], *, backwards: bool) -> list[Option]:
    """Return the options of one request, those of one record behind each other.

    Backwards the pairs come in the opposite order and each with its sides changed: whoever prefers the first, or takes
    broader for narrower, contradicts himself.
    """
    ordered = list(reversed(pairs)) if backwards else list(pairs)
    groups: dict[Capability, list[Pair]] = {}
    for pair in ordered:
        groups.setdefault(pair.b if backwards else pair.a, []).append(pair)
    flat = [pair for group in groups.values() for pair in group]
    return [Option(number, pair, backwards) for number, pair in enumerate(flat, start=1)]


def as_text(options: Sequence[Option], *, artifact: str) -> str:
    """Return options as a prompt shows them: a record, then the numbered ones to compare with it.

    Everything a record says is held on one line behind its label, so that no text can pass for another option.
    """
    groups = [f"Artifact: {_line(artifact)}"]
    before: Capability | None = None
    for option in options:
        lines = _shown(f"({option.number})", option.offered)
        if option.record is before:
            groups[-1] += "\n" + lines
        else:
            groups.append(_shown("Record:", option.record) + "\n" + lines)
        before = option.record
    return "\n\n".join(groups)


def read(selection: Selection, options: Sequence[Option]) -> list[Said | None]:
    """Return what a selection says of each option's pair, None where that is no answer.

    It is none where the option is not selected or selected as two things, or where its quotes are not in the records.
    """
    by_number: dict[int, list[Selected]] = {}
    for one in selection.selected:
        by_number.setdefault(one.option, []).append(one)
    return [_said(by_number.get(option.number, []), option) for option in options]


def fold(pair: Pair, said: Sequence[Said | None], *, name: str) -> Ruling:
    """Return what the model `name` decided of a pair that it was asked about in several orders; any order of `said`.

    It has decided where every answer says the same, with two of them at least. One that calls the same what differs in
    substance has not: such a pair is never joined without a person. What it decided is certain, 1 or 0, as far as it is
    about being the same; the score of the rules stays beside any other relation. What the rules call different stays so
    unless one answer at least calls it the same.
    """
    answers = [one for one in said if one is not None]
    relations = {one.relation for one in answers}
    if len(relations) == 1 and len(answers) >= max(2, len(said)):
        (relation,) = relations
        reasons = (f"the model {name} says {relation}", *_reasons(pair, answers))
        if relation == "same" and pair.forbidding:
            return left_open(pair, *reasons, *pair.forbidding)
        score = {"same": 1.0, "different": 0.0}.get(relation, pair.judgement.score)
        return Ruling(Judgement(relation, score, reasons, "model"), settled=True)
    if pair.judgement.verdict == "different" and "same" not in relations:
        return Ruling(pair.judgement, settled=False)
    if len(relations) > 1:
        told = f"the model {name} says {' and '.join(sorted(relations))}, as the order is: open to be decided"
    else:
        told = f"the model {name} was asked and did not show it by words of both: open to be decided"
    return left_open(pair, *pair.judgement.reasons, told)


def left_open(pair: Pair, *reasons: str) -> Ruling:
    """Return the ruling on a pair that a model was asked about and that a person has to decide."""
    return Ruling(Judgement("related", pair.judgement.score, reasons, "model"), settled=False)


def turned(judgement: Judgement) -> Judgement:
    """Return the judgement of a pair for its records the other way round."""
    verdict = _TURNED.get(judgement.verdict, judgement.verdict)
    return Judgement(verdict, judgement.score, judgement.reasons, judgement.decided_by)


def _bounded(pairs: Iterable[Candidate], most: int, both: Callable[[int, int], int]) -> Iterator[Candidate]:
    """Yield pairs while both records have fewer than `most` (`max`), or one of them has (`min`)."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        if both(counts[pair.a.id], counts[pair.b.id]) < most:
            counts.update((pair.a.id, pair.b.id))
            yield pair


def _pair(one: Candidate, judge: Judging, settled: set[Capability]) -> Pair:
    """Return a candidate with what forbids to join it."""
    reasons = differing((one.a, one.b), judge)
    if settled & {one.a, one.b}:
        reasons.append("a person has decided about one of them")
    return Pair(one.a, one.b, one.judgement, tuple(reasons))


def _leaves(record: Capability) -> list[Capability]:
    return [part for part in record.parts() if not part.merged]


def _shown(label: str, record: Capability) -> str:
    described = [("does", record.description.text)] if record.description else []
    described += [("takes", "; ".join(note.text for note in record.input_types))] if record.input_types else []
    described += [("gives", "; ".join(note.text for note in record.output_types))] if record.output_types else []
    return "\n".join([f"{label} {_line(record.name)}", *(f"    {name}: {_line(text)}" for name, text in described)])


def _said(selected: Sequence[Selected], option: Option) -> Said | None:
    if len({one.relation for one in selected}) != 1:
        return None
    for one in selected:
        ours, theirs = _quoted(one.record_quote, option.record), _quoted(one.option_quote, option.offered)
        if ours and theirs:
            # An option that is broader is the second of the pair, unless the sides were changed.
            first = one.relation if option.turned else _TURNED.get(one.relation, one.relation)
            reason = _line(one.reason)[:LONGEST_REASON].rstrip()
            return Said(first, reason, (theirs, ours) if option.turned else (ours, theirs))
    return None


def _quoted(quote: str, record: Capability) -> str:
    """Return a quote in one line where the record says just that with a word that carries meaning, else nothing."""
    quote = _line(quote)
    notes = (*record.input_types, *record.output_types)
    described = [record.description.text] if record.description else []
    for text in (record.name, *described, *(note.text for note in notes)):
        found = locate(quote, _line(text)) if len(quote) <= 2 * len(text) else None
        if found and found.how != "fuzzy" and content(quote):
            return quote
    return ""


def _reasons(pair: Pair, answers: Sequence[Said]) -> list[str]:
    """Return the reasons and the quotes of all answers, each once, in the same order whoever was asked first."""
    reasons = sorted({one.reason for one in answers if one.reason})
    names = _line(pair.a.name), _line(pair.b.name)
    quotes = sorted({one.quotes for one in answers})
    return [*reasons, *(f"{names[0]}: “{ours}”; {names[1]}: “{theirs}”" for ours, theirs in quotes)]


def _line(text: str) -> str:
    return " ".join(text.split())
