"""The tools that agents may call: what each is for, what it takes, and what it asks of the catalog."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from decomposer.errors import UsageError
from decomposer.mcp.asked import Asked, Compare, Feedback, ResolveCapability, Search, TrustPassport, reworded
from decomposer.publish.passport import Passport
from decomposer.records import Comparison, Matches, Record, Resolved, Told

if TYPE_CHECKING:
    from decomposer.wiring.answering import Answering

_TOLD = 5  # wrong arguments that an error names


class Noted(Record):
    """What `feedback` answers: the answer that an outcome was kept of."""

    id: str
    outcome: Told


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it `takes`, what it `gives`, and `ask`, which answers; `reads` says that it changes nothing."""

    name: str
    title: str
    text: str
    takes: type[Asked]
    gives: type[BaseModel]
    ask: "Callable[[Answering, Any], BaseModel]"
    reads: bool = True

    def answer(self, answering: "Answering", arguments: Mapping[str, Any]) -> BaseModel:
        """Return what the catalog says. Raises UsageError for wrong arguments and for what can't be answered."""
        try:
            asked = self.takes.model_validate(dict(arguments))
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}" for one in error.errors()]
            told = "; ".join(wrong[:_TOLD])
            raise UsageError(
                f"{self.name} can't be called so ({told})", hint="look at the tool's input schema and call it again"
            ) from error
        return self.ask(answering, asked)


def _search(answering: "Answering", asked: Search) -> Matches:
    return answering.search(asked.query, also=reworded(asked.also), filters=asked.filters(), limit=asked.limit)


def _resolve(answering: "Answering", asked: ResolveCapability) -> Resolved:
    filters = Search(query=asked.capability, type=asked.type).filters()
    also = reworded(asked.also)
    return answering.resolve(asked.capability, also=also, filters=filters, limit=asked.limit, risk=asked.risk)


def _compare(answering: "Answering", asked: Compare) -> Comparison:
    return answering.compare(asked.artifact_a, asked.artifact_b)


def _passport(answering: "Answering", asked: TrustPassport) -> Passport:
    return answering.passport(asked.slug)


def _feedback(answering: "Answering", asked: Feedback) -> Noted:
    answering.feedback(asked.matchRecordId, asked.outcome, comment=asked.comment)
    return Noted(id=asked.matchRecordId, outcome=asked.outcome)


TOOLS = (
    Tool(
        "search",
        "Search by need",
        "Find capabilities of AI artifacts (models, agents, tools, datasets) that serve a need in plain words. Say "
        "the need in the words of a README, too (`also`): that finds what goes by other names. Each answer has the "
        "capability, why it matched, its evidence from the source, its support, and the rank of its artifact; its id "
        "is what feedback takes.",
        Search,
        Matches,
        _search,
    ),
    Tool(
        "resolve_capability",
        "Resolve a capability",
        "Say which artifacts to use for a capability, given as a capability:// address or a phrase: the best borne out "
        "first, with what each requires, its limits, and alternatives. A stricter risk leaves out what is less sure, "
        "and says what and why.",
        ResolveCapability,
        Resolved,
        _resolve,
    ),
    Tool(
        "compare",
        "Compare two artifacts",
        "Put two artifacts side by side: facts, rank, the capabilities that they share or not, and a verdict by rules. "
        "What is not known is said to be unknown, never no.",
        Compare,
        Comparison,
        _compare,
    ),
    Tool(
        "trust_passport",
        "Trust passport",
        "Return all that is known of one artifact: its capabilities with their support and evidence, facts with their "
        "sources, permissions, failure modes and observed outcomes.",
        TrustPassport,
        Passport,
        _passport,
    ),
    Tool(
        "feedback",
        "Report an outcome",
        "Tell whether an answer of search or resolve_capability served its need. It is counted, and shown with the "
        "artifact.",
        Feedback,
        Noted,
        _feedback,
        reads=False,
    ),
)
