"""Say by one digest what an entry depends on besides its documents, so that work that would change nothing is left."""

from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path

from decomposer import plugins
from decomposer.errors import ConfigurationError
from decomposer.llm.endpoint import Endpoint
from decomposer.records import Capability, Entry
from decomposer.settings import Settings
from decomposer.wiring.examples import bundled
from decomposer.wiring.models import SILENT, model_place
from decomposer.wiring.prompts import prompt_text

LENGTH = 16


def recipe_of(held: Settings, *, budget: int, verify: str | None = None, examples: str | None = None) -> str:
    """Return a digest of 16 hexadecimal digits of all that decides what is drafted, less the documents.

    That is the model and where it is asked, the prompt and its examples (the text of `examples`, None for those that
    come with it), the language, `budget` tokens of a segment, how answers are asked for, the models that give second
    opinions and judge what is the same with their prompts, what was learned of pairs where a file of that is named, and
    the version of this program. The same settings give the same recipe in every process. Raises ConfigurationError for
    a prompt or a file that can't be read.
    """
    ingredients = {
        "version": _version(),
        "model": _model(held.chosen_model()[0], held),
        "prompt": [*prompt_text(held.prompt), bundled() if examples is None else examples],
        "language": held.language,
        "budget": budget,
        "verify": None if verify is None else [_model(verify, held), *prompt_text(None, task="verify")],
        "judge": [_model(held.judge, held), *prompt_text(None, task="same")] if held.judge else None,
    }
    if held.learned is not None:
        ingredients["learned"] = learned_digest(held.learned)
    canonical = dumps(ingredients, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:LENGTH]


def learned_digest(path: str) -> str:
    """Return a digest of a file of learned values. Raises ConfigurationError where it can't be read."""
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigurationError(
            f"{path}: can't be read ({error.strerror})", hint="write it with `decomposer learn`"
        ) from error


def _model(wanted: str, held: Settings) -> list[str | float | None]:
    """Return what its answers depend on. Nobody else is asked by a silent model, so nothing else matters to it."""
    kind, name = model_place(wanted, plugins.names("models"))
    if kind in SILENT:
        return [kind, name]
    return [kind, name, Endpoint(held.base_url).url, held.mode, held.temperature, held.max_output_tokens]


@cache
def _version() -> str:
    from importlib.metadata import version

    return version("decomposer")


def of_run(entry: Entry, run: int | None) -> Entry:
    """Return a drafted entry whose records say which batch run drafted them, where one did."""
    if run is None:
        return entry

    def marked(one: Capability) -> Capability:
        told = one.provenance.model_copy(update={"run": str(run)})
        return one.model_copy(update={"provenance": told, "merged": tuple(map(marked, one.merged))})

    return entry.model_copy(update={"capabilities": tuple(map(marked, entry.capabilities))})
