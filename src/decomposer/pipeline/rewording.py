"""Have a model say a need in the words of a catalog: what would serve it, so that a search finds what is called so."""

from hashlib import sha256

from decomposer.draft import Reworded, Rewording
from decomposer.ports import LanguageModel
from decomposer.prompt import Template
from decomposer.records import Document, Segment
from decomposer.segment import units_of

MOST = 5
"""What is taken of an answer."""
_NAME, _DESCRIPTION = 100, 300  # characters


def reworded(need: str, *, model: LanguageModel, template: Template) -> tuple[Reworded, ...]:
    """Return what would serve a need as `model` says, the likeliest first: at most five, none where nothing would.

    `template` is that of the task `reword`. Whatever the answer holds is only searched for: it is no claim about
    anything in the catalog. Raises ModelError.
    """
    document = Document("need:", need, "text/plain", sha256(need.encode("utf-8", "surrogatepass")).hexdigest())
    segment = Segment(document, tuple(unit for unit in units_of(document) if unit.shown))
    said = model.answer(template.render_need(need, segment), Rewording).value.capabilities
    bounded = (
        Reworded(name=_cut(one.name, _NAME), description=_cut(one.description, _DESCRIPTION)) for one in said[:MOST]
    )
    return tuple(one for one in bounded if one.name)


def _cut(text: str, most: int) -> str:
    return " ".join(text.split())[:most].rstrip()
