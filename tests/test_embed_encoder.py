"""The steps of an encoder are those of their formulas, in whatever slices they are taken."""

from math import erf, sqrt

import numpy as np
import pytest

from decomposer.embed.encoder import Norm, gelu, normalise


def test_gelu_is_that_of_the_error_function() -> None:
    places = np.linspace(-9, 9, 2001, dtype=np.float32)
    expected = [x * 0.5 * (1 + erf(x / sqrt(2))) for x in places.tolist()]
    made = places[:, None].copy()
    gelu(made)
    assert made[:, 0] == pytest.approx(expected, abs=1e-6)


def test_gelu_keeps_what_is_far_from_zero() -> None:
    far = np.array([[-1e4, -40.0, 0.0, 40.0, 1e4]], dtype=np.float32)
    gelu(far)
    assert far.tolist() == [[0.0, 0.0, 0.0, 40.0, 1e4]]


def test_rows_are_normalised_each_by_itself_in_many_slices() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(3, 5, size=(700, 384)).astype(np.float32)
    weight, bias = (random.normal(size=384).astype(np.float32) for _ in range(2))
    exact = rows.astype(np.float64)
    expected = (exact - exact.mean(1, keepdims=True)) / np.sqrt(exact.var(1, keepdims=True) + 1e-5) * weight + bias
    normalise(rows, Norm(weight, bias, 1e-5))
    assert np.abs(rows - expected).max() < 1e-5
