"""Draft as the command line does, less the catalog: what every benchmark calls."""

from functools import cache
from importlib import import_module
from pathlib import Path

from decomposer import resources
from decomposer.errors import SourceError
from decomposer.llm import ModelOptions
from decomposer.llm.extractive import open_model
from decomposer.pipeline import decompose, load_examples
from decomposer.prompt import Template
from decomposer.records import Entry, Source
from decomposer.sources.path import load


@cache
def template() -> Template:
    """Return the newest released prompt."""
    version, file = list(resources.prompt_versions("extract").items())[-1]
    examples = load_examples(resources.read("prompts", "extract/examples.yaml"))
    return Template(file.read_text(encoding="utf-8"), version=version, examples=examples)


def read(path: Path) -> Source:
    """Return the artifact of a file."""
    return load(str(path), _no_network)


def draft(path: Path) -> Entry:
    """Return the entry that the extractive model drafts of a file, as if for the first time."""
    import_module("decomposer.text.visible").forget()
    return decompose(read(path), model=open_model("", ModelOptions()), template=template())


def _no_network(url: str, *, accept: str = "*/*", missing_ok: bool = False) -> None:
    raise SourceError(f"{url}: benchmarks stay offline")
