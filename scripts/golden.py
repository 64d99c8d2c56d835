"""Write the golden files of the samples, what the pipeline makes of each: `python scripts/golden.py [--check]`."""

import json
import sys
from argparse import ArgumentParser
from contextlib import chdir
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from decomposer import plugins, resources
from decomposer.display import json_safe
from decomposer.errors import SourceError
from decomposer.llm import ModelOptions
from decomposer.pipeline import Limits, decompose
from decomposer.ports import Fetched, LanguageModel
from decomposer.prompt import Template
from decomposer.records import Entry, FlagKind, Kind, Source
from decomposer.sources.path import load

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = CHECKOUT / "samples"
MODELS = {"expected.json": "scripted", "extractive.json": "extractive"}
PROMPT = "v2"


class Mistake(BaseModel):
    """A mistake that an answer makes on purpose, and the flag that it has to get."""

    model_config = ConfigDict(extra="forbid")

    capability: str
    field: str
    flag: FlagKind
    text: str
    why: str


class Meta(BaseModel):
    """What a sample shows: its `meta.json`. `ref` is relative to the checkout."""

    model_config = ConfigDict(extra="forbid")

    shows: str
    language: str
    kind: Kind
    ref: str
    mistakes: tuple[Mistake, ...] = ()


def main() -> int:
    """Rewrite the golden files, or with `--check` say which are out of date; return the exit code."""
    parser = ArgumentParser(description="Write what the pipeline makes of each sample.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where a file is out of date")
    check = parser.parse_args().check
    out_of_date = 0
    for folder in folders():
        for name in MODELS:
            path, text = folder / name, as_text(entry_of(folder, name))
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            out_of_date += 1
            state = "out of date; run python scripts/golden.py" if check else "written"
            sys.stderr.write(f"{path.relative_to(CHECKOUT)}: {state}\n")
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if check and out_of_date else 0


def folders() -> list[Path]:
    """Return the folders of the samples by name."""
    return sorted(path.parent for path in SAMPLES.glob("*/meta.json"))


def meta_of(folder: Path) -> Meta:
    """Return what a sample says of itself."""
    return Meta.model_validate_json((folder / "meta.json").read_text(encoding="utf-8"))


def source_of(folder: Path) -> Source:
    """Return the documents of a sample, named as from the checkout wherever this runs."""
    with chdir(CHECKOUT):
        return load(meta_of(folder).ref, _offline)


def entry_of(folder: Path, name: str) -> Entry:
    """Return the entry that belongs into a golden file of a sample. No clock and no run id is in it."""
    return drafted(folder, _model(folder, MODELS[name]))


def drafted(folder: Path, model: LanguageModel) -> Entry:
    """Return the entry that the pipeline makes of a sample and a model's answers, asked in order."""
    template = Template(
        resources.read("prompts", f"extract/{PROMPT}.jinja"), version=PROMPT, language=meta_of(folder).language
    )
    return decompose(source_of(folder), model=model, template=template, limits=Limits(workers=1))


def as_text(entry: Entry) -> str:
    """Return an entry as its golden file holds it."""
    return json_safe(json.dumps(entry.model_dump(mode="json"), ensure_ascii=False, indent=2)) + "\n"


def _model(folder: Path, kind: str) -> LanguageModel:
    name = str(folder / "answer.json") if kind == "scripted" else ""
    model: LanguageModel = plugins.load("models", kind)(name, ModelOptions())
    return model


def _offline(url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
    raise SourceError(f"{url}: samples are read from the checkout alone")


if __name__ == "__main__":
    sys.exit(main())
