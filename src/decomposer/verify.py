"""Take a second opinion: what a model is asked about the claims of an entry, and what its verdicts change."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from decomposer.draft import Opinion
from decomposer.records import Capability, Entry, Evidence, Sentence, Statement, Support
from decomposer.text.judging import worst

LONGEST_REASON = 300
_RANK: dict[Support, int] = {"supported": 0, "vendor_claim": 0, "partial": 1, "unsupported": 2}


@dataclass(frozen=True, slots=True)
class Question:
    """One sentence to judge. `number` is its place among those of the entry, 1 and up, whatever else is asked."""

    number: int
    capability: str
    field: str
    text: str
    evidence: tuple[Evidence, ...]


def questions(entry: Entry) -> list[Question]:
    """Return every sentence of an entry that was checked by rules; those a person decided about are left alone."""
    numbers = count(1)
    return [
        Question(
            next(numbers), capability.name, field, statement.text[sentence.start : sentence.end], sentence.evidence
        )
        for capability in entry.capabilities
        if capability.state == "proposed"
        for field, statement in capability.statements()
        for sentence in statement.sentences
    ]


def as_text(asked: Sequence[Question], *, artifact: str, shown: Callable[[Evidence], str]) -> str:
    """Return questions as a prompt shows them: the cited lines, then the claims that rest on them.

    Lines of the source begin with `| ` and everything else is held on one line, so that no text can pass for another
    claim. `shown` gives what a reader sees of a span, and where it stands.
    """
    groups = [f"Artifact: {_line(artifact)}"]
    for (capability, evidence), claims in groupby(asked, key=lambda one: (one.capability, one.evidence)):
        quotes = [f"| {line}" for span in evidence for line in shown(span).splitlines()]
        lines = [f"Capability: {_line(capability)}", *(quotes or ["(nothing is cited)"])]
        lines += [f"({one.number}) {one.field}: {_line(one.text)}" for one in claims]
        groups.append("\n".join(lines))
    return "\n\n".join(groups)


def fold(entry: Entry, opinions: Iterable[Opinion], *, name: str) -> Entry:
    """Return the entry with the opinions of the model `name` on its `questions`: they lower verdicts, and raise none.

    A verdict above that of the rules is only told in the reason, as is a question without an opinion. Numbers that no
    question has are ignored; of several opinions on one question the lowest counts.
    """
    lowest: dict[int, Opinion] = {}
    for opinion in opinions:
        held = lowest.setdefault(opinion.claim, opinion)
        if _RANK[opinion.verdict] > _RANK[held.verdict]:
            lowest[opinion.claim] = opinion
    following = (lowest.get(number) for number in count(1))
    capabilities = tuple(
        _capability(capability, following, name) if capability.state == "proposed" else capability
        for capability in entry.capabilities
    )
    return entry.model_copy(update={"capabilities": capabilities})


def _capability(capability: Capability, following: Iterator[Opinion | None], name: str) -> Capability:
    folded = {field: _statement(statement, following, name) for field, statement in capability.statements()}
    return capability.model_copy(update=folded)


def _statement(statement: Statement, following: Iterator[Opinion | None], name: str) -> Statement:
    sentences = tuple(_sentence(sentence, next(following), name) for sentence in statement.sentences)
    support = worst([statement.support, *(sentence.support for sentence in sentences)])
    return statement.model_copy(update={"sentences": sentences, "support": support})


def _sentence(sentence: Sentence, opinion: Opinion | None, name: str) -> Sentence:
    ruled = sentence.support
    if opinion is None:
        return _with_reason(sentence, f"a second model ({name}) was asked and did not look at it")
    difference = _RANK[opinion.verdict] - _RANK[ruled]
    if difference == 0:
        return sentence
    reason = _line(opinion.reason)[:LONGEST_REASON].rstrip() or "no reason given"
    if difference < 0:
        return _with_reason(sentence, f"a second model ({name}) said {opinion.verdict}: {reason}")
    rules = f"the rules said {ruled.replace('_', ' ')}"
    if ruled == "partial" and sentence.reason:
        rules += f": {sentence.reason}"
    lowered = {"support": opinion.verdict, "reason": f"a second model ({name}): {reason}; {rules}"}
    return sentence.model_copy(update=lowered)


def _with_reason(sentence: Sentence, further: str) -> Sentence:
    reason = f"{sentence.reason}; {further}" if sentence.reason else further
    return sentence.model_copy(update={"reason": reason})


def _line(text: str) -> str:
    return " ".join(text.split())
