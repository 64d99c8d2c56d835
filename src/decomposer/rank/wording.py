"""Say why a part of a rank is as it is, and what would raise it: in sentences, from its inputs alone."""

from collections.abc import Mapping, Sequence

from decomposer.records import Input

_LABELS: Mapping[str, str] = {
    "supported": "supported sentences", "evidenced": "texts with evidence", "complete": "completeness",
    "present": "evidence that still holds", "reviewed": "reviewed records", "derived": "entries made from it",
    "times": "times matched", "outcomes": "good outcomes", "updated": "last change", "read": "text read",
}  # fmt: skip
_RAISE: Mapping[str, str] = {
    "downloads": "more downloads", "stars": "more stars", "likes": "more likes", "dependents": "more dependents",
    "derived": "more entries that are made from it", "supported": "rejecting or rewriting what its source does not say",
    "evidenced": "evidence for what cites nothing: draft it again from its source",
    "complete": "limits, needs and formats in its source; maintainer, license, repository and pricing as facts",
    "present": "a new draft: its source has changed since", "reviewed": "a review of what is proposed",
    "times": "being found by searches", "outcomes": "good outcomes of searches",
    "updated": "a newer version of its source", "read": "a newer text of its source, drafted here",
}  # fmt: skip
_TELL: Mapping[str, str] = {
    "supported": "a draft from its source", "present": "a draft from its source",
    "evidenced": "a draft from its source", "complete": "a draft from its source", "reviewed": "a record to review",
    "read": "a draft from its source", "derived": "an address on a hub",
}  # fmt: skip


def reason(inputs: Sequence[Input]) -> str:
    """Return the figures of a part in a sentence, and what of it is unknown."""
    known = [f"{label(one.name)} {one.value} ({one.score:.2f})" for one in inputs if one.score is not None]
    unknown = [label(one.name) for one in inputs if one.score is None]
    if not known:
        return f"nothing is known, a prior stands for it: {'; '.join(_whys(inputs))}"
    return "; ".join(known) + (f"; unknown: {', '.join(unknown)}" if unknown else "")


def raised_by(inputs: Sequence[Input], slug: str) -> str:
    """Return what would raise a part the most: telling what is unknown, or improving what costs most."""
    unknown = max((one for one in inputs if one.score is None), key=lambda one: one.weight, default=None)
    known = max((one for one in inputs if one.score is not None), key=_lost, default=None)
    said = []
    if known is not None and _lost(known) > 0:
        said.append(_RAISE[known.name])
    if unknown is not None:
        said.append(_told(unknown.name, slug))
    return "; ".join(said) or "nothing: it has full marks"


def label(name: str) -> str:
    """Return what an input is called for people."""
    return _LABELS.get(name, name)


def _told(name: str, slug: str) -> str:
    if name in _TELL:
        return f"{_TELL[name]}, which is missing"
    if name in ("times", "outcomes"):
        return _RAISE[name]
    value = "YYYY-MM-DD" if name == "updated" else "NUMBER"
    return f"telling the {label(name)}: decomposer set {slug} {name}={value} --source URL"


def _lost(one: Input) -> float:
    return one.weight * (1 - (one.score or 0.0))


def _whys(inputs: Sequence[Input]) -> list[str]:
    return list(dict.fromkeys(one.why for one in inputs))
