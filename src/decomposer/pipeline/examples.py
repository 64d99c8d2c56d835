"""Load the worked examples of a prompt, believed like any answer before they are ever sent."""

from typing import Any

import yaml
from pydantic import ValidationError

from decomposer import support
from decomposer.draft import Draft
from decomposer.errors import ConfigurationError
from decomposer.ground import ground
from decomposer.prompt import Example
from decomposer.records import Document, Provenance
from decomposer.segment import divide, units_of


def load_examples(text: str) -> list[Example]:
    """Return the worked examples of an examples.yaml, checked like any answer before they are ever sent.

    Raises ConfigurationError for one that our own grounding does not believe.
    """
    examples = []
    for number, item in enumerate(_yaml_list(text), start=1):
        document = Document(
            uri=f"example-{number}.md", text=str(item.get("document", "")), media_type="text/markdown", sha256=""
        )
        units = units_of(document)
        segments = divide(document, units)
        try:
            draft = Draft.model_validate(item.get("draft"))
        except ValidationError as error:
            raise ConfigurationError(f"example {number} is not a draft: {error.errors()[0]['msg']}") from error
        provenance = Provenance(model="expert", prompt="example")
        for capability in ground(draft, document, segments[0], provenance=provenance):
            for field, statement in support.check(capability, document, units).statements():
                if statement.support not in ("supported", "vendor_claim") or statement.flags:
                    why = "; ".join(sentence.reason for sentence in statement.sentences)
                    raise ConfigurationError(
                        f"example {number}, {capability.name!r}: {field} is {statement.support}: {why}"
                    )
        examples.append(Example(segments[0], draft))
    return examples


def _yaml_list(text: str) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(text)
    if not isinstance(loaded, list) or not all(isinstance(item, dict) for item in loaded):
        raise ConfigurationError("examples.yaml is not a list of examples", hint="see prompts/extract/examples.yaml")
    return loaded
