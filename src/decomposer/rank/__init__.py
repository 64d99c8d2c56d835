"""Rank an entry 0-100 by figures alone, and explain it: the parts, their inputs, and what could change them."""

from decomposer.rank.measuring import complete_facts, quality_of
from decomposer.rank.parts import inputs_of, prior_of
from decomposer.rank.points import SCALE, apportioned, estimate
from decomposer.rank.weights import FORMULAS, WEIGHTS
from decomposer.rank.wording import raised_by, reason
from decomposer.records import Artifact, Measured, Norms, Part, Rank

__all__ = ["WEIGHTS", "complete_facts", "quality_of", "rank"]


def rank(artifact: Artifact, facts: Measured, norms: Norms) -> Rank:
    """Return the rank of an artifact on the day of `norms`: the same for the same arguments, wherever it is computed.

    The parts are whole points that add up exactly: fractions are given to the parts with the largest remainders. What
    is unknown counts as what is known of the part, or as a prior, and widens the range of the part and of the rank.
    """
    kind = facts.facts.text("type") or artifact.type
    made = {name: inputs_of(name, kind, facts, norms) for name in WEIGHTS}
    scores = {name: estimate(inputs, prior=prior_of(name, kind, norms)) for name, inputs in made.items()}
    points = apportioned({name: WEIGHTS[name] * scores[name].best for name in WEIGHTS})
    parts = tuple(
        Part(
            name=name,
            points=points[name],
            most=WEIGHTS[name],
            low=WEIGHTS[name] * scores[name].low // SCALE,
            high=-(-WEIGHTS[name] * scores[name].high // SCALE),
            known=scores[name].known,
            formula=FORMULAS[name],
            reason=reason(made[name]),
            raised_by=raised_by(made[name], artifact.slug),
            inputs=made[name],
        )
        for name in WEIGHTS
    )
    return Rank(
        entry=artifact.slug,
        type=kind,
        points=sum(part.points for part in parts),
        low=sum(WEIGHTS[name] * scores[name].low for name in WEIGHTS) // SCALE,
        high=-(-sum(WEIGHTS[name] * scores[name].high for name in WEIGHTS) // SCALE),
        as_of=norms.as_of,
        parts=parts,
    )
