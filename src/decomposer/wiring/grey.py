"""Join the judge that the settings name: it decides the pairs of a drafted entry that the rules leave open."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.records import Document, Entry, Source
from decomposer.settings import Settings
from decomposer.wiring.prompts import prompt_text

if TYPE_CHECKING:
    from decomposer.pipeline import Second
    from decomposer.same import Decided, Learned

TASK = "same"


def open_judge(held: Settings, open_model: Callable[[str], ports.LanguageModel]) -> "Second | None":
    """Return the model that the settings name as judge, with its newest prompt; None where they name none."""
    from decomposer.pipeline import Second
    from decomposer.prompt import Template

    if not held.judge:
        return None
    version, text = prompt_text(None, task=TASK)
    return Second(open_model(held.judge), Template(text, version=version, task=TASK))


def decided(
    drafted: Entry, source: Source, judge: "Second | None", catalog: Callable[[], ports.Catalog], *,
    learned: "Learned | None" = None,
) -> "tuple[Entry, Decided]":  # fmt: skip
    """Return a drafted entry with its open pairs decided by the judge, if there is one, and what it decided.

    The catalog is read for what people decided about the entry before, and only where there is a judge.
    """
    from decomposer.pipeline import settled
    from decomposer.same import Decided, Judging

    rules = Judging.of(drafted.artifact, learned=learned)
    if judge is None or len(drafted.capabilities) < 2:
        return drafted, Decided(rules)
    held = catalog().standing(source)
    previous = catalog().find(held.slug) if held else None
    return settled(drafted, source.documents, judge, previous=previous, judge=rules)


def saved(
    previous: Entry | None, drafted: Entry, documents: tuple[Document, ...], judged: "Decided | None", *,
    learned: "Learned | None" = None,
) -> Entry:  # fmt: skip
    """Return what an entry is once a draft of it is saved: ids and decisions stay, what may be one is proposed."""
    from decomposer.revise import revise
    from decomposer.same import Decided, Judging, proposed

    rules = Judging.of(drafted.artifact, learned=learned)
    held = judged.over(rules) if judged else Decided(rules)
    return proposed(revise(previous, drafted, documents, judge=held).entry, held)
