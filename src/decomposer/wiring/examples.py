"""Find the worked examples of the prompt: those that come with it, a file, or records that people accepted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer import ports, resources
from decomposer.errors import ConfigurationError
from decomposer.settings import ACCEPTED, BUNDLED, Settings
from decomposer.wiring.prompts import TASK, prompt_text

if TYPE_CHECKING:
    from decomposer.pipeline.choosing import Accepted
    from decomposer.prompt import Example, Template
    from decomposer.records import Document, Entry, Source
    from decomposer.wiring.workspace import Workspace

POOL = 300  # entries among which is chosen, those accepted first: what is accepted later changes nothing


def examples_text(workspace: "Workspace") -> str:
    """Return the examples that the settings choose, as the text of a file. Raises ConfigurationError."""
    wanted = workspace.settings.examples
    if wanted == BUNDLED:
        return bundled()
    if wanted == ACCEPTED:
        return accepted_text(workspace)
    if "\n" in wanted:  # chosen already, as `pinned` says
        return wanted
    try:
        return Path(wanted).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = f"write it with `decomposer examples --out FILE`, or use {BUNDLED} or {ACCEPTED}"
        raise ConfigurationError(f"examples {wanted}: can't be read ({reason})", hint=hint) from error


def bundled() -> str:
    """Return the examples that come with the prompt."""
    return resources.read("prompts", f"{TASK}/examples.yaml")


def pinned(held: Settings, workspace: "Workspace") -> Settings:
    """Return the settings with the examples themselves in the place of where they come from.

    Whatever is accepted or edited meanwhile, and wherever a worker runs, a run then asks with the same examples.
    """
    return held if held.examples == BUNDLED else replace(held, examples=workspace.examples)


def accepted_text(workspace: "Workspace") -> str:
    """Return examples of what people accepted in the catalog, as the text of a file.

    One of the bundled examples is among them: that of a text with nothing in it, which no accepted record can show.
    Raises ConfigurationError where nothing was accepted that can be one.
    """
    import yaml

    from decomposer.pipeline.choosing import as_yaml, choose

    db = workspace.settings.db
    there = "://" in db or Path(db).exists()
    pool = list(_pool(workspace.catalog, workspace.reviews)) if there else []
    spoken = workspace.settings.language
    found = choose(pool, lambda entry, index: _document(workspace.catalog, entry, index), spoken=spoken)
    if not found:
        none = f"none of the accepted records can be an example in the language {spoken}"
        why = none if pool else "no record has been accepted one by one"
        raise ConfigurationError(
            f"{workspace.settings.shown('db')}: {why}",
            hint=f"accept some with `decomposer review`, or use --examples {BUNDLED}",
        )
    empty = [item for item in yaml.safe_load(bundled()) if not item["draft"]["capabilities"]]
    return as_yaml([*found, *empty])


def template_of(held: Settings, text: str) -> "Template":
    """Return the prompt that the settings choose, with these examples. Raises ConfigurationError."""
    from decomposer.pipeline import load_examples

    ours = held.examples == BUNDLED
    name = "examples.yaml" if ours or held.examples == ACCEPTED or "\n" in held.examples else held.examples
    return _template(held, load_examples(text, name=name, quoted=not ours))


def template_for(source: "Source", template: "Template", held: Settings) -> "Template":
    """Return the prompt for a source: without the examples that were taken from it, which would give the answer."""
    digests = {document.sha256 for document in source.documents}
    others = [one for one in template.examples if not _taken_from(one, source.artifact.source, digests)]
    return template if len(others) == len(template.examples) else _template(held, others)


def _taken_from(example: "Example", source: str, digests: set[str]) -> bool:
    return source == (example.source or None) or example.sha256 in digests


def _template(held: Settings, examples: "list[Example]") -> "Template":
    from decomposer.prompt import Template

    version, text = prompt_text(held.prompt)
    return Template(text, version=version, examples=examples, language=held.language)


def _pool(catalog: ports.Catalog, reviews: ports.Reviews) -> "Iterator[Accepted]":
    """Yield the entries with records that somebody accepted, read one by one and not in bulk, the first ones first."""
    from decomposer.pipeline.choosing import Accepted

    ids: dict[str, set[str]] = {}
    for one in reviews.history():
        if one.live and one.field == "state" and one.after == "accepted" and not one.guard:
            if one.entry not in ids and len(ids) == POOL:
                break
            ids.setdefault(one.entry, set()).add(one.capability)
    for slug, mine in ids.items():
        entry = catalog.find(slug)
        if entry is not None:
            yield Accepted(entry, frozenset(mine))


def _document(catalog: ports.Catalog, entry: "Entry", index: int) -> "Document | None":
    from decomposer.wiring.reviewing import document_of

    source = entry.documents[index]
    text = catalog.text(source.sha256)
    return None if text is None else document_of(source, text)
