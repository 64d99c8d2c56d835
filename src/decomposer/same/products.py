"""Tell who does a task from who works on what comes of it: transcribing from searching transcripts."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from decomposer.same.concepts import inflections, phrases_of, pieces
from decomposer.same.vocabulary import MADE, PRODUCE

PRODUCTS = {
    "transcribe": "transcript, transcripts, transcriptions",
    "recognize text": "recognized text, recognised text",
    "summarize": "summary, summaries, digest, digests",
    "translate": "translations, translated text, translated texts",
    "embed": "embedding, embeddings, vector representation, vector representations",
    "caption": "caption, captions, image descriptions",
    "detect": "bounding box, bounding boxes, detections",
    "segment": "segmentation mask, segmentation masks",
    "separate speakers": "speaker label, speaker labels",
    "recommend": "recommendations",
    "visualize": "chart, charts, plot, plots, diagram, diagrams",
    "log": "log, logs",
}
"""Tasks with the words for what comes of them, which by themselves do not say that it is done."""
_RESULTS = frozenset("output outputs result results error errors mistake mistakes text texts".split())
"""What behind the name of a task stands for what comes of it: "OCR output"."""
_CARE = frozenset(
    "correction corrections corrector review quality editing editor evaluation cleanup proofreading".split()
)
"""What behind the name of a task is done to what comes of it: "translation review"."""
_NAMES_TASK = re.compile(r"(?:ion|^ocr|^asr|^stt|^tts)$")  # a noun: what stands behind a verb is its object
_WORK = (
    "summarize translate correct edit clean classify analyze analyse compare rerank deduplicate redact anonymize "
    "annotate highlight evaluate assess verify validate proofread ingest convert transform retrieve explain"
)
"""Verbs whose object has to be there already."""
_WORK_OR_THING = "search query review index store archive rank check process read turn take cluster save"
"""Verbs of the same kind that are nouns, too: right before a product their bare form is no verb."""
_WORKING = frozenset(
    "summarization summary summaries translation retrieval indexing storage correction editing cleanup analysis "
    "classification comparison ranking clustering deduplication visualization redaction anonymization annotation "
    "evaluation verification validation proofreading lookup use usage".split()
)
"""Nouns of what is done to something that has to be there already."""
_WITHIN = frozenset("about over from in on within across".split())
_STOPS = frozenset([*".!?;:(),", "and", "or", "to", "for", "by", "using", "with", "via", "through", "based", "without"])
_INTO = frozenset(["into", "as"])
_MAKE = PRODUCE + " make provide deliver extract detect recognize predict localize compute calculate estimate"
_MAKING = MADE | {"creation", "extraction", "recognition", "detection", "computation"}
_REACH = 5  # words from a verb or preposition to the product that it is about


class Products(NamedTuple):
    """The tasks that a lead says it does, and those whose product it works on without doing them anywhere."""

    made: frozenset[str]
    used: frozenset[str]


NONE = Products(frozenset(), frozenset())


def products(lead: Sequence[str], rest: Sequence[str] = (), *, without: frozenset[str] = frozenset()) -> Products:
    """Return what a lead makes and works on; `rest` is the text behind it, both as `concepts.pieces` gives them."""
    done: set[str] = set()
    out: set[str] = set()
    into: set[str] = set()
    for at, end, task, is_product in _met(lead, without):
        role = _role(lead, at, end) if is_product else ""
        if role or not is_product:
            (done if not is_product else out if role == "out" else into).add(task)
    if into:  # what the text does somewhere it does not only work on, and what is said to go both ways tells nothing
        into, both = into - done, into & out
        out -= both
        into -= both | {task for at, end, task, is_product in _met(rest, without) if _done(rest, at, end, is_product)}
    return Products(frozenset(done | out), frozenset(into)) if done or out or into else NONE


def _done(read: Sequence[str], at: int, end: int, is_product: bool) -> bool:
    return not is_product or _role(read, at, end) == "out"


def _met(read: Sequence[str], without: frozenset[str]) -> Iterator[tuple[int, int, str, bool]]:
    """Yield where products and names of tasks begin and end, the task, and whether it is its product that is named."""
    known, done = _known(), 0
    for at in [at for at, piece in enumerate(read) if piece in known]:
        if at < done:
            continue
        for phrase, task, is_product in known[read[at]]:
            end = at + len(phrase)
            if task in without or tuple(read[at:end]) != phrase:
                continue
            after = read[end] if end < len(read) else ""
            if not is_product and after in _RESULTS and _NAMES_TASK.search(phrase[-1]):
                is_product, end = True, end + 1
            elif not is_product and after in _CARE and _NAMES_TASK.search(phrase[-1]):
                is_product = True
            yield at, end, task, is_product
            done = end
            break


def _role(read: Sequence[str], at: int, end: int) -> str:
    """Return what is said of a product: "in" where it is worked on, "out" where it is made, "" for neither."""
    after = read[end] if end < len(read) else ""
    if after in _CARE or after in _works() or after in _WORKING:
        return "in"
    if after in _MAKING:
        return "out"
    of = False
    for back in range(at - 1, max(at - 1 - _REACH, -1), -1):
        piece = read[back]
        if piece in _INTO or piece in _makes() or piece in _MAKING:
            return "out" if not of or read[back + 1] == "of" else ""
        if piece in _WITHIN:
            return "in"
        if piece in _STOPS:
            return ""
        if piece in _works() and (back < at - 1 or piece not in _things()):
            return "in"
        if piece in _WORKING and back < at - 1:
            return "in"
        of = of or piece == "of"
    return ""


@cache
def _known() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    """Return the phrases by their first word, the longest first: of a product, or else of its task."""
    found: dict[tuple[str, ...], tuple[str, bool]] = {}
    for task in PRODUCTS:
        found |= dict.fromkeys(phrases_of(task), (task, False))
    for task, named in PRODUCTS.items():
        found |= {tuple(pieces(phrase)): (task, True) for phrase in named.split(",")}
    by_first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for phrase, (task, is_product) in sorted(found.items(), key=lambda one: (-len(one[0]), one[0])):
        by_first.setdefault(phrase[0], []).append((phrase, task, is_product))
    return by_first


@cache
def _works() -> frozenset[str]:
    return frozenset(form for word in f"{_WORK} {_WORK_OR_THING}".split() for form in inflections(word))


@cache
def _things() -> frozenset[str]:
    return frozenset(_WORK_OR_THING.split())


@cache
def _makes() -> frozenset[str]:
    return frozenset(form for word in _MAKE.split() for form in inflections(word))
