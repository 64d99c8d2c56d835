"""Ask a model about labelled pairs of texts that the rules leave open, to measure what it adds to them."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from decomposer.pipeline.grey import Second, ruled
from decomposer.records import Capability, Document, Judgement, Provenance
from decomposer.same import Learned
from decomposer.same.choosing import Pair, Ruling
from decomposer.same.features import differences
from decomposer.same.pairs import Pair as Labelled
from decomposer.same.pairs import views_of


def with_judge(
    pairs: Sequence[Labelled], judgements: Sequence[Judgement], second: Second, *, learned: Learned
) -> tuple[list[Judgement], int]:
    """Return the judgements of pairs with those that were open decided by a model, and how many it was asked about.

    It sees texts and no labels, every pair in both orders as in drafting. A pair that differs in substance stays open
    where the model calls it the same; what it calls related is two, and so different here. Raises ModelError.
    """
    views = views_of(pairs, learned)
    asked = {
        at: Pair(
            _record(f"{at}/a", pair.a_text), _record(f"{at}/b", pair.b_text), judgement, tuple(differences(*views[at]))
        )
        for at, (pair, judgement) in enumerate(zip(pairs, judgements, strict=True))
        if judgement.verdict == "related"
    }
    about = Document("pairs", "", "text/plain", sha256(b"").hexdigest())
    rulings, _ = ruled(list(asked.values()), second, artifact="(several)", about=about)
    found = [_told(rulings[asked[at]]) if at in asked else judgement for at, judgement in enumerate(judgements)]
    return found, len(asked)


def _told(ruling: Ruling) -> Judgement:
    two = ruling.settled and ruling.judgement.verdict == "related"
    return replace(ruling.judgement, verdict="different") if two else ruling.judgement


def _record(identity: str, text: str) -> Capability:
    return Capability(id=identity, name=text, category="other", provenance=Provenance(model="", prompt=""))
