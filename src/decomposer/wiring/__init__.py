"""Join ports and edges: the one place where settings become a catalog, a ledger, a model, a template and a source."""

from decomposer.wiring.keeping import only
from decomposer.wiring.models import model_place, price_of
from decomposer.wiring.prompts import prompt_text
from decomposer.wiring.workspace import Workspace

__all__ = ["Workspace", "model_place", "only", "price_of", "prompt_text"]
