"""Join the model that says needs in the words of a catalog, over the ledger: the same need is asked about once."""

from functools import cached_property
from typing import TYPE_CHECKING

from decomposer import plugins, ports
from decomposer.errors import ConfigurationError
from decomposer.match import understood
from decomposer.wiring.models import model_place, open_model
from decomposer.wiring.prompts import prompt_text

if TYPE_CHECKING:
    from decomposer.draft import Reworded
    from decomposer.prompt import Template
    from decomposer.wiring.workspace import Workspace

TASK = "reword"


class Rewording:
    """Says needs in other words by a model, with the newest prompt."""

    def __init__(self, model: ports.LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._model.name

    def of(self, need: str) -> "tuple[Reworded, ...]":
        """Return what would serve a need, the likeliest first. Raises UsageError for what is no need; ModelError."""
        from decomposer.pipeline import reworded

        return reworded(understood(need).text, model=self._model, template=self._template)

    @cached_property
    def _template(self) -> "Template":
        from decomposer.prompt import Template

        version, text = prompt_text(None, task=TASK)
        return Template(text, version=version, task=TASK)


def open_rewording(workspace: "Workspace") -> Rewording | None:
    """Return what says needs in other words, by the model of the setting `reword`; None where that names none.

    Raises ConfigurationError for a model that can't be asked.
    """
    wanted = workspace.settings.reword
    if not wanted:
        return None
    if model_place(wanted, plugins.names("models"))[0] == "extractive":
        raise ConfigurationError(f"{wanted} can't say a need in other words", hint="name a model: --reword openai/NAME")
    return Rewording(open_model(wanted, workspace.settings, lambda: workspace.ledger, asking=workspace.asking))
