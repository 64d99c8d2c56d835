"""The encoder of an MPNet, such as all-mpnet-base-v2, from its configuration and its weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decomposer.embed.bert import linear, norm
from decomposer.embed.encoder import Encoder, Layer
from decomposer.embed.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIRST = 2  # place of the first token: those before it are for padding
_FARTHEST = 128  # tokens apart, from which on all are equally far


def mpnet(config: Mapping[str, Any], file: Path) -> Encoder:
    """Return the encoder, as of Song et al. 2020 (arXiv:2004.09297).

    Raises ValueError for a file that lacks a weight, and KeyError for a configuration that lacks a figure.
    """
    held = Weights(file, prefix="mpnet.")
    bias = held["encoder.relative_attention_bias.weight"]

    def nearness(length: int) -> "NDArray[np.float32]":
        import numpy as np

        places = np.arange(length)
        apart = places[None, :] - places[:, None]
        return np.ascontiguousarray(bias[buckets(apart, len(bias))].transpose(2, 0, 1))

    return Encoder(
        words=held["embeddings.word_embeddings.weight"],
        places=held["embeddings.position_embeddings.weight"][_FIRST:],
        norm=norm(config, held, "embeddings.LayerNorm"),
        layers=[_layer(config, held, f"encoder.layer.{at}") for at in range(int(config["num_hidden_layers"]))],
        heads=int(config["num_attention_heads"]),
        nearness=nearness,
    )


def buckets(apart: "NDArray[np.int64]", count: int = 32) -> "NDArray[np.int64]":
    """Return the bucket of distances, of which half are for tokens that come later: as of T5 (arXiv:1910.10683).

    Of each half, the first half holds a distance each, the other grows with the logarithm up to 128 tokens.
    """
    import numpy as np

    half = count // 2
    near = half // 2
    far = np.abs(apart)
    share = np.log(np.maximum(far, near) / near) / np.log(_FARTHEST / near)
    grown = np.minimum(near + (share * (half - near)).astype(np.int64), half - 1)
    return np.where(apart > 0, half, 0) + np.where(far < near, far, grown)


def _layer(config: Mapping[str, Any], held: Weights, at: str) -> Layer:
    return Layer(
        query=linear(held, f"{at}.attention.attn.q"),
        key=linear(held, f"{at}.attention.attn.k"),
        value=linear(held, f"{at}.attention.attn.v"),
        mixed=linear(held, f"{at}.attention.attn.o"),
        mixed_norm=norm(config, held, f"{at}.attention.LayerNorm"),
        inner=linear(held, f"{at}.intermediate.dense"),
        outer=linear(held, f"{at}.output.dense"),
        outer_norm=norm(config, held, f"{at}.output.LayerNorm"),
    )
