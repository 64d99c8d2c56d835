"""Say how much a record needs a person's eye: which of its fields pass, and its risk on a scale of 1000."""

from collections.abc import Mapping

from decomposer.records import Capability, Flag, FlagKind, Statement, Support

HIGHEST = 1000
WORST: tuple[Support, ...] = ("unsupported", "partial", "vendor_claim", "supported")
"""The verdicts, the worst first."""
BARRED: frozenset[FlagKind] = frozenset({"instruction_like", "hidden_source", "contradiction"})
"""A field with one of these flags does not pass, however well the source supports it."""

_FLAGS: Mapping[FlagKind, int] = {
    "instruction_like": 400, "hidden_source": 400, "contradiction": 300, "number": 150, "name": 150, "negation": 150,
    "comparison": 100, "citation": 50, "superlative": 50,
}  # fmt: skip
_VERDICTS: Mapping[Support, int] = {"unsupported": 200, "partial": 80, "vendor_claim": 20, "supported": 0}
_UNDESCRIBED = 150
_DISPUTED, _FLAGGED, _REVISED = 300, 200, 100


def passes(statement: Statement) -> bool:
    """Say whether a field may be accepted as it is: it is not unsupported, and nothing in it bars it."""
    return statement.support != "unsupported" and not any(flag.kind in BARRED for flag in statement.flags)


def failing(capability: Capability) -> tuple[str, ...]:
    """Return the fields that do not pass, in the order of the record: a description that is missing is one of them."""
    missing = ("description",) if capability.description is None else ()
    return missing + tuple(field for field, said in capability.statements() if not passes(said))


def passing(capability: Capability) -> bool:
    """Say whether a record may be accepted unseen: it is described, and the source bears out its every sentence."""
    return capability.description is not None and all(
        passes(said) and all(support in ("supported", "vendor_claim") for support in _supports(said))
        for _, said in capability.statements()
    )


def support_of(capability: Capability) -> Support | None:
    """Return the verdict on the worst field, or None where nothing is said."""
    return min((said.support for _, said in capability.statements()), key=WORST.index, default=None)


def kinds(capability: Capability) -> tuple[FlagKind, ...]:
    """Return the kinds of flags that the fields have, each once, by name."""
    return tuple(sorted({flag.kind for flag in _flags(capability)}))


def text_risk(capability: Capability) -> int:
    """Return how risky what a record says is, 0-1000.

    Each kind of flag counts once (from 400 for what reads like an instruction or is hidden in the source to 50 for a
    superlative), each field by its verdict (200 unsupported, 80 partial, 20 a vendor's claim), a missing description
    150; the sum is cut at 1000.
    """
    total = sum(_FLAGS[kind] for kind in kinds(capability))
    total += sum(_VERDICTS[said.support] for _, said in capability.statements())
    return min(HIGHEST, total + (_UNDESCRIBED if capability.description is None else 0))


def risk(text: int, *, disputed: bool = False, flagged: bool = False, revised: bool = False) -> int:
    """Return the risk of a record, 0-1000, of the risk of its text and what is known beside it.

    300 more where people decided differently, 200 where somebody asks for another look, 100 where a revision waits.
    """
    return min(HIGHEST, text + disputed * _DISPUTED + flagged * _FLAGGED + revised * _REVISED)


def _supports(statement: Statement) -> list[Support]:
    return [statement.support, *(sentence.support for sentence in statement.sentences)]


def _flags(capability: Capability) -> list[Flag]:
    return [flag for _, said in capability.statements() for flag in said.flags]
