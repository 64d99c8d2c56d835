"""A folder that holds no model of a kind that is read is told, with what is."""

import json
from pathlib import Path

import pytest

from decomposer.embed.model import ModelEmbedder
from decomposer.errors import ConfigurationError
from tests.embedding import BERT, CONFIG, LONGEST, SIZE, shapes, write_model

pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the files of a tiny model."""
    places = {"embeddings.position_embeddings.weight": (LONGEST, SIZE)}
    write_model(tmp_path, CONFIG, shapes(BERT) | places | {"embeddings.token_type_embeddings.weight": (2, SIZE)})
    return tmp_path


def failed(folder: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as told:
        ModelEmbedder(lambda: folder, name="some").embed(["a"])
    return told.value


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", [None, "", "{}"])
def test_a_folder_without_a_model_is_told(folder: Path, lost: str, content: str | None) -> None:
    (folder / lost).unlink()
    if content is not None:
        (folder / lost).write_text(content)
    error = failed(folder)
    assert str(error).startswith(f"{folder}: not a model for vectors (")
    assert error.hint == (
        "it takes config.json, tokenizer.json, model.safetensors of a BERT or an MPNet of sentence-transformers"
    )


@pytest.mark.parametrize(
    ("change", "given"), [({"model_type": "t5"}, "t5 with gelu"), ({"hidden_act": "relu"}, "bert with relu")]
)
def test_another_kind_of_model_is_told_with_those_that_are_read(
    folder: Path, change: dict[str, str], given: str
) -> None:
    (folder / "config.json").write_text(json.dumps(CONFIG | change))
    assert f"it is {given}; those that are read are bert and mpnet with gelu" in str(failed(folder))


def test_the_folder_is_looked_for_when_it_is_needed_first(folder: Path) -> None:
    looked = []

    def find() -> Path:
        looked.append(folder)
        return folder

    embedder = ModelEmbedder(find, name="some")
    assert looked == []
    assert embedder.embed(["a"]).shape == (1, SIZE)
    assert looked == [folder]
