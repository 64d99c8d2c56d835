"""A transformer encoder, such as BERT: the pass from tokens to one vector for each text, in numpy alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_HIDDEN = -1e9  # what hides a place from attention
_CELLS = 1 << 16  # numbers that an elementwise step takes at a time: they stay in the cache
_ERFC = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


@dataclass(frozen=True, slots=True)
class Linear:
    """A weight matrix, shape (out, in), and its bias, shape (out,)."""

    weight: "Floats"
    bias: "Floats"


@dataclass(frozen=True, slots=True)
class Norm:
    """The scale and the shift of a layer normalisation, both of shape (size,), and what is added to the variance."""

    weight: "Floats"
    bias: "Floats"
    epsilon: float


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer: attention, then two linear maps with gelu between, each with its normalisation."""

    query: Linear
    key: Linear
    value: Linear
    mixed: Linear
    mixed_norm: Norm
    inner: Linear
    outer: Linear
    outer_norm: Norm


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights of a model and the pass through them, as of Devlin et al. 2018 (arXiv:1810.04805).

    `words` has a row for each token, `places` one for each place in a text. `nearness` returns what is added to the
    attention of all layers by the places of two tokens, for texts of a length. Shape: (heads, length, length).
    """

    words: "Floats"
    places: "Floats"
    norm: Norm
    layers: Sequence[Layer]
    heads: int
    nearness: "Callable[[int], Floats] | None" = None

    @property
    def size(self) -> int:
        """How many numbers a vector has."""
        return int(self.words.shape[1])

    def vectors(self, texts: Sequence[Sequence[int]]) -> "Floats":
        """Return the mean of what the last layer says of the tokens of each text, scaled to length 1.

        No text is empty, or longer than there are places. Shape: (texts, size).
        """
        import numpy as np

        length = max(map(len, texts))
        ids = np.zeros((len(texts), length), dtype=np.int64)
        real = np.zeros((len(texts), length), dtype=np.float32)
        for row, each in enumerate(texts):
            ids[row, : len(each)] = each
            real[row, : len(each)] = 1
        state = (self.words[ids] + self.places[:length]).reshape(-1, self.size)
        normalise(state, self.norm)
        added = self._added(real)
        for layer in self.layers:
            state = self._passed(state, layer, real.shape, added)
        pooled: Floats = np.einsum("tls,tl->ts", state.reshape(*real.shape, -1), real)
        pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
        return pooled

    def _added(self, real: "Floats") -> "Floats | None":
        """Return what is added to the attention: it hides what is no token, and says how near two tokens are."""
        near = self.nearness(real.shape[1]) if self.nearness else None
        if real.all():
            return near
        hidden: Floats = ((1 - real) * _HIDDEN)[:, None, None, :].astype("float32")
        return hidden if near is None else hidden + near

    def _passed(self, state: "Floats", layer: Layer, shape: tuple[int, ...], added: "Floats | None") -> "Floats":
        """Return the state after a layer. Shapes: (texts · length, size), before and after."""
        attended = _dense(self._attended(state, layer, shape, added), layer.mixed)
        attended += state
        normalise(attended, layer.mixed_norm)
        inner = _dense(attended, layer.inner)
        gelu(inner)
        made = _dense(inner, layer.outer)
        made += attended
        normalise(made, layer.outer_norm)
        return made

    def _attended(self, state: "Floats", layer: Layer, shape: tuple[int, ...], added: "Floats | None") -> "Floats":
        import numpy as np

        def by_head(array: "Floats") -> "Floats":
            heads: Floats = array.reshape(*shape, self.heads, -1).transpose(0, 2, 1, 3)
            return heads

        query, key, value = (by_head(_dense(state, one)) for one in (layer.query, layer.key, layer.value))
        query *= np.float32(query.shape[-1] ** -0.5)
        scores = query @ key.transpose(0, 1, 3, 2)
        if added is not None:
            scores += added
        _softmax(scores)
        mixed = np.empty_like(state)
        np.matmul(scores, value, out=by_head(mixed))
        return mixed


def _dense(state: "Floats", linear: Linear) -> "Floats":
    made: Floats = state @ linear.weight.T
    made += linear.bias
    return made


def normalise(state: "Floats", norm: Norm) -> None:
    """Bring each row, in place, to mean 0 and variance 1, then scale and shift it."""
    import numpy as np

    for rows in _slices(state):
        rows -= rows.mean(axis=-1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows)[:, None] / np.float32(rows.shape[1])
        rows /= np.sqrt(variance + np.float32(norm.epsilon))
        rows *= norm.weight
        rows += norm.bias


def gelu(state: "Floats") -> None:
    """Put x Φ(x) in place of each x: it is max(x, 0) - |x| erfc(|x| / √2) / 2.

    The error function is that of Abramowitz and Stegun 7.1.26: off by less than 2e-7.
    """
    import numpy as np

    for x in _slices(state):
        size = np.abs(x)
        part = np.multiply(size, np.float32(0.3275911 * 0.5**0.5))
        part += np.float32(1)
        np.reciprocal(part, out=part)
        series = np.multiply(part, np.float32(_ERFC[0]))
        for factor in _ERFC[1:]:
            series += np.float32(factor)
            series *= part
        np.multiply(size, size, out=part)
        part *= np.float32(-0.5)
        np.exp(part, out=part)
        series *= part
        series *= size
        series *= np.float32(0.5)
        np.maximum(x, np.float32(0), out=x)
        x -= series


def _softmax(scores: "Floats") -> None:
    import numpy as np

    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)


def _slices(state: "Floats") -> "list[Floats]":
    step = max(1, _CELLS // state.shape[1])
    return [state[start : start + step] for start in range(0, len(state), step)]
