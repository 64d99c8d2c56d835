"""Tell what a text really is, by its shape and words: a placeholder, a list, tutorials, a dataset, a model, software."""

import re
from collections.abc import Iterable, Sequence

from decomposer.records import Capability, Document, Kind, SourceKind, Unit
from decomposer.text import seen

OPENING = 6  # units that say what a text is about
FEW = 60  # words: a text this short that has the marks of a template or a pointer is nothing else


def kind_of(document: Document, units: Iterable[Unit]) -> SourceKind:
    """Return what the shown units of a document are by rules, with the reason; linear in their length."""
    shown = [(unit, seen(unit, document)) for unit in units if unit.shown]
    body = [(unit, text) for unit, text in shown if unit.kind != "heading"]
    whole = "\n".join(text for _, text in shown)
    opening = "\n".join(text for _, text in shown[:OPENING])
    return _placeholder(body, whole) or _index(body, document) or _subject(whole, opening)


def settle(ruled: SourceKind, answered: Sequence[tuple[Kind, str, int]]) -> SourceKind:
    """Return what a text is held to be: by rules where they see a placeholder or an index, else as most of it was answered.

    `answered` holds (kind, reason, size) for each part that a model was asked about.
    """
    agreed = next((reason for kind, reason, _ in answered if kind == ruled.kind), None)
    if ruled.kind in ("placeholder", "list", "tutorial") or not answered:
        return ruled if agreed is None else SourceKind(kind=ruled.kind, reason=_clean(agreed))
    sizes: dict[Kind, int] = {}
    for kind, _, size in answered:
        sizes[kind] = sizes.get(kind, 0) + size
    best = max(sizes, key=lambda kind: sizes[kind])
    reason = next(reason for kind, reason, _ in answered if kind == best)
    return SourceKind(kind=best, reason=_clean(reason))


def _clean(reason: str) -> str:
    return " ".join(reason.split())[:400]


def fits(capability: Capability, kind: Kind) -> bool:
    """Return whether a text of this kind can have the capability: a placeholder has none, an index only its own."""
    if kind == "placeholder":
        return False
    if kind not in ("list", "tutorial"):
        return True
    said = " ".join([capability.name, *(statement.text for _, statement in capability.statements())])
    return not said.isascii() or bool(_OF_AN_INDEX.search(said))


# --- rules, each gives a verdict or passes on


def _placeholder(body: Sequence[tuple[Unit, str]], whole: str) -> SourceKind | None:
    words = sum(len(text.split()) if text.isascii() else len(text) // 2 for _, text in body)
    if not words:
        return SourceKind(kind="placeholder", reason="there is no text beside headings")
    if _UNFILLED.search(whole):
        return SourceKind(kind="placeholder", reason="a template that was never filled in")
    if words < FEW and (_TEMPLATE.search(whole) or _POINTER.search(whole)):
        return SourceKind(kind="placeholder", reason=f"a template or a pointer to another page: {words} words of text")
    return None


def _index(body: Sequence[tuple[Unit, str]], document: Document) -> SourceKind | None:
    raws = [document.text[unit.start : unit.end] for unit, _ in body if unit.kind in ("item", "row")]
    linked = [raw for raw in raws if _is_linked(raw)]
    if len(raws) < 10 or len(linked) < 0.6 * len(body):
        return None
    if sum(bool(_TUTORIAL.search(raw)) for raw in linked) >= 0.3 * len(linked):
        return SourceKind(kind="tutorial", reason=f"{len(linked)} of {len(body)} lines are links to tutorials")
    return SourceKind(kind="list", reason=f"{len(linked)} of {len(body)} lines are links to other things")


def _is_linked(raw: str) -> bool:
    return bool(_LINKED.search(raw)) or raw.count("](http") + raw.count("<a ") >= 2


def _subject(whole: str, opening: str) -> SourceKind:
    data = len(_ABOUT_DATA.findall(whole)) + 2 * len(_A_DATASET.findall(opening))
    model = len(_ABOUT_MODEL.findall(whole)) + 2 * len(_A_MODEL.findall(opening))
    software = len(_ABOUT_SOFTWARE.findall(whole))
    if data >= 2 and data > model:
        return SourceKind(kind="dataset", reason=f"{data} phrases speak of a dataset")
    if model and 3 * model >= software:
        return SourceKind(kind="model", reason=f"{model} phrases speak of a model, {software} of software")
    if not software:
        return SourceKind(kind="software", reason="nothing in it speaks of a model or a dataset")
    return SourceKind(kind="software", reason=f"{software} phrases speak of software, {model} of a model")


# --- the words that rules go by


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_LINKED = re.compile(r"^\W{0,6}(?:\[|<a\s|https?://)")
_OF_AN_INDEX = _any(
    r"\b(?:tutorials?|guides?|videos?|courses?|lessons?|lists?|index|collections?|catalog(?:ue)?s?|links?|curated|resources?"
    r"|director(?:y|ies)|awesome|playlists?|entr(?:y|ies)|walkthroughs?|chapters?|subtitles?|examples?|cookbooks?|notebooks?)\b"
)
_TEMPLATE = _any(
    r"more information needed|check out the configuration reference|\[more info|add your (?:description|content)|this is (?:just )?a (?:template|placeholder)"
    r"|coming soon|under construction|lorem ipsum|work in progress\W*$|todo: (?:write|add)",
)
_UNFILLED = _any(
    r"display title for the space|\[your (?:model|project|dataset) name\]|(?:\[more information needed\].*\n?.*){3}"
)
_POINTER = _any(
    r"\b(?:moved to|has moved|see the (?:main |root )?readme|please see|source (?:is|has been|was)? ?(?:located|moved)|refer to)\b"
)
_TUTORIAL = _any(
    r"\btutorials?\b|\bcourses?\b|\blessons?\b|youtu\.?be|how[ -]to (?:install|use|train|do)|\bguides?\b|教程|チュートリアル"
)
_ABOUT_DATA = _any(
    r"\bdataset (?:card|summary|description|structure|creation)\b|\bdata (?:instances|fields|splits)\b|\b(?:this|the) (?:dataset|corpus|data set)\b|\bdatasheet\b|数据集(?:介绍|概述)"
)
_ABOUT_MODEL = _any(
    r"\bmodel (?:card|details|description|type|date|summary|architecture|sources|overview)\b|\bthis (?:language |diffusion )?model (?:is|was|can|has)\b|\bintended us(?:e|es|ers)\b"
    r"|\btraining (?:data|procedure|hyperparameters)\b|\b(?:pre-?trained|fine-?tuned) (?:on|from|using|version)\b|\bout-of-scope\b|\bbase_model\b|模型(?:介绍|简介|结构)|モデルカード"
)
_A_DATASET = _any(r"\b(?:an?|the|this) (?:[\w-]+ ){0,3}(?:dataset|corpus|data set|benchmark)\b|数据集|датасет")
_A_MODEL = _any(
    r"\b(?:is|are|introduces?|present) (?:an?|the|our|one of(?: the)?) (?:[\w/.-]+ ){0,6}models?\b(?! context)|\b(?:pretrained|pre-trained|fine-?tuned) (?:[\w/()-]+ ){0,6}model\b"
    r"|是.{0,20}模型|大模型|это .{0,30}модель|نموذج لغ"
)
_ABOUT_SOFTWARE = _any(
    r"\b(?:npm|npx|docker|git clone|git|install(?:ation|ing)|command[- ]line|cli|servers?|clients?|librar(?:y|ies)|plugins?|extensions?|sdk|configur\w+|toolkit|features?|mcp|app|workflows?)\b"
)
