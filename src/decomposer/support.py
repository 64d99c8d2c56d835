"""Check claims against their evidence: every sentence gets a verdict by rules, with the reason."""

from collections.abc import Sequence

from decomposer.records import Capability, Document, Flag, Sentence, Statement, Unit
from decomposer.text import split
from decomposer.text.judging import judge, worst
from decomposer.text.reading import Reading, read
from decomposer.text.rules import Fault, contradictions

__all__ = ["check", "worst"]


def check(capability: Capability, document: Document, units: Sequence[Unit]) -> Capability:
    """Return the capability with a verdict and flags for every sentence of its description, unique and vs_alternatives.

    `units` are all units of the document that the evidence points into, in order. Deterministic; asks no model. The
    support of a field is that of its worst sentence.
    """
    reading = read(document, units)
    said = dict(capability.statements())
    checked = {name: _check(statement, said, reading) for name, statement in said.items()}
    return capability.model_copy(update=checked)


def _check(statement: Statement, fields: dict[str, Statement], reading: Reading) -> Statement:
    cited = [(span, reading.at(span.start)) for span in statement.evidence]
    said = reading.said([unit for _, unit in cited if unit], quotes=[span.quote for span, unit in cited if not unit])
    others = [(name, other.text) for name, other in fields.items() if other is not statement]
    sentences: list[Sentence] = []
    flags = [flag for flag in statement.flags if flag.kind == "citation"]
    for start, end in split(statement.text):
        text = statement.text[start:end]
        judged = judge(text, said, reading)
        sentences.append(
            Sentence(start=start, end=end, support=judged.support, reason=judged.reason, evidence=statement.evidence)
        )
        faults = [*judged.faults, *contradictions(text, others)]
        flags.extend(_flag(fault, text) for fault in faults if fault.kind)
    once = {(flag.kind, flag.text): flag for flag in reversed(flags)}
    return statement.model_copy(
        update={
            "support": worst(sentence.support for sentence in sentences),
            "sentences": tuple(sentences),
            "flags": tuple(reversed(once.values())),
        }
    )


def _flag(fault: Fault, text: str) -> Flag:
    return Flag(kind=fault.kind or "citation", text=text[fault.start : fault.end], note=fault.note)
