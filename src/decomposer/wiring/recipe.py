"""Say by one digest what an entry depends on besides its documents, so that work that would change nothing is left."""

from functools import cache
from hashlib import sha256
from json import dumps

from decomposer import plugins, resources
from decomposer.llm.endpoint import Endpoint
from decomposer.settings import Settings
from decomposer.wiring.models import SILENT, model_place
from decomposer.wiring.prompts import TASK, prompt_text

LENGTH = 16


def recipe_of(held: Settings, *, budget: int, verify: str | None = None) -> str:
    """Return a digest of 16 hexadecimal digits of all that decides what is drafted, less the documents.

    That is the model and where it is asked, the prompt and its examples, the language, `budget` tokens of a segment,
    how answers are asked for, the model that gives second opinions with its prompt, and the version of this program.
    The same settings give the same recipe in every process. Raises ConfigurationError for a prompt that can't be read.
    """
    ingredients = {
        "version": _version(),
        "model": _model(held.chosen_model()[0], held),
        "prompt": [*prompt_text(held.prompt), resources.read("prompts", f"{TASK}/examples.yaml")],
        "language": held.language,
        "budget": budget,
        "verify": None if verify is None else [_model(verify, held), *prompt_text(None, task="verify")],
    }
    canonical = dumps(ingredients, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:LENGTH]


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
