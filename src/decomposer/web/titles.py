"""Call fields, decisions and orders what people call them."""

from decomposer.ports import Order
from decomposer.records import Decision

_TITLES = {
    "vs_alternatives": "vs alternatives",
    "best_for": "best for",
    "input_types": "takes",
    "output_types": "gives",
}
ORDERS: tuple[tuple[Order, str], ...] = (
    ("risk", "riskiest first"), ("entry", "by entry"), ("oldest", "oldest first"), ("cluster", "alike together"),
)  # fmt: skip
ASKED = (
    ("name~TEXT", "part of the name; plain words mean this"),
    ("entry=GLOB id=GLOB", "of which entry, which record: * and ? stand for anything"),
    ("support=unsupported", "the worst verdict: supported, vendor_claim, partial or unsupported"),
    ("flag=negation", "a kind of flag: number, name, negation, comparison, superlative, contradiction, ..."),
    ("passing=yes flagged=yes", "every sentence is borne out; somebody wants another look"),
    ("waits=proposed", "why it waits: proposed, revision, disputed or second"),
    ("risk>300 age>30d", "how risky it is, 0 to 1000; how long it has been as it is"),
    ("category=audio.speech type=model kind=software", "what it is about"),
    ("model=NAME prompt<v2", "who wrote it"),
    ("flag!=number", "!= is the opposite of ="),
)
_ASPECTS = {
    "dropped": "which fields are left out",
    "disputed": "whether it is disputed",
    "flagged": "the flag",
    "second": "a second opinion",
    "apart": "what is held apart",
}
_DONE = {
    "accept": "accepted",
    "reject": "rejected",
    "retire": "retired",
    "flag": "flagged",
    "edit": "edited",
    "take": "took the newer text",
    "merge": "merged",
    "split": "split",
    "second": "second opinion",
    "undo": "took back",
    "redo": "did again",
    "revert": "reverted",
}


def title(field: str) -> str:
    """Return what a field is called on a page."""
    return _TITLES.get(field, field)


def done(decision: Decision) -> str:
    """Return what a decision did, in a few words."""
    if decision.field == "flagged" and not decision.target:
        return "flagged" if decision.after else "took the flag off"
    if decision.field in ("state", "record", "revision"):
        return _DONE[decision.op]
    about = _ASPECTS.get(decision.field, title(decision.field))
    return f"{_DONE[decision.op]}: {about}"
