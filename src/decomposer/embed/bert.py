"""The encoder of a BERT, such as all-MiniLM-L6-v2, from its configuration and its weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from decomposer.embed.encoder import Encoder, Layer, Linear, Norm
from decomposer.embed.weights import Weights


def bert(config: Mapping[str, Any], file: Path) -> Encoder:
    """Return the encoder; every token is one of the first of two sentences.

    Raises ValueError for a file that lacks a weight, and KeyError for a configuration that lacks a figure.
    """
    held = Weights(file, prefix="bert.")
    first = held["embeddings.token_type_embeddings.weight"][0]
    return Encoder(
        words=held["embeddings.word_embeddings.weight"],
        places=held["embeddings.position_embeddings.weight"] + first,
        norm=norm(config, held, "embeddings.LayerNorm"),
        layers=[_layer(config, held, f"encoder.layer.{at}") for at in range(int(config["num_hidden_layers"]))],
        heads=int(config["num_attention_heads"]),
    )


def _layer(config: Mapping[str, Any], held: Weights, at: str) -> Layer:
    return Layer(
        query=linear(held, f"{at}.attention.self.query"),
        key=linear(held, f"{at}.attention.self.key"),
        value=linear(held, f"{at}.attention.self.value"),
        mixed=linear(held, f"{at}.attention.output.dense"),
        mixed_norm=norm(config, held, f"{at}.attention.output.LayerNorm"),
        inner=linear(held, f"{at}.intermediate.dense"),
        outer=linear(held, f"{at}.output.dense"),
        outer_norm=norm(config, held, f"{at}.output.LayerNorm"),
    )


def linear(held: Weights, at: str) -> Linear:
    """Return the linear map of a name."""
    return Linear(held[f"{at}.weight"], held[f"{at}.bias"])


def norm(config: Mapping[str, Any], held: Weights, at: str) -> Norm:
    """Return the layer normalisation of a name."""
    return Norm(held[f"{at}.weight"], held[f"{at}.bias"], float(config["layer_norm_eps"]))
