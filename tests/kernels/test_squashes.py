"""Activations in given memory, and their slopes."""

import numpy as np
import pytest

from keratorch.grads.recurrent_steps import ACTIVATIONS
from keratorch.kernels import squashes
from keratorch.kernels.squashes import SQUASHES, rectify

Z = np.linspace(-4.3, 4.1, 50)


def test_kernels_and_textbook_know_the_same_activations():
    assert SQUASHES.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("name", SQUASHES)
def test_values_are_those_of_the_textbook(name):
    out = np.empty_like(Z)
    SQUASHES[name].apply(Z, out)
    np.testing.assert_allclose(out, np.asarray(ACTIVATIONS[name](Z)), rtol=1e-12)
    same = Z.copy()
    SQUASHES[name].apply(same, same)
    np.testing.assert_array_equal(same, out)


@pytest.mark.parametrize("name", SQUASHES)
def test_slopes_are_those_of_finite_differences(name):
    ends, slope = [np.empty_like(Z) for _ in range(2)], np.empty_like(Z)
    for end, step in zip(ends, (1e-6, -1e-6), strict=True):
        SQUASHES[name].apply(Z + step, end)
    value = np.empty_like(Z)
    SQUASHES[name].apply(Z, value)
    SQUASHES[name].slope(value, slope)
    np.testing.assert_allclose(slope, (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize(
    "shape", [(), (0,), (7,), (squashes._FEW,), (64, 65), (3, squashes._MANY + 5)]
)
def test_rectify_is_the_maximum_of_numpy(dtype, shape):
    z = np.asarray(np.random.default_rng(0).normal(size=shape)).astype(dtype)
    z.reshape(-1)[1::7] = np.inf
    z.reshape(-1)[2::7] = -np.inf
    z.reshape(-1)[3::7] = np.nan
    expected, out = np.maximum(z, 0), np.empty_like(z)
    rectify(z, out)
    np.testing.assert_array_equal(out, expected)
    rectify(z, z)
    np.testing.assert_array_equal(z, expected)


@pytest.mark.parametrize("cut", [np.s_[::2], np.s_[:, 1:], np.s_[::-1], np.s_[:, ::3]])
def test_rectify_leaves_what_lies_between_alone(cut):
    whole = np.full((300, 300), -1.0)
    rectify(whole[cut], whole[cut])
    expected = np.full((300, 300), -1.0)
    expected[cut] = 0
    np.testing.assert_array_equal(whole, expected)


def test_rectify_compares_long_arrays_with_zeros(monkeypatch):
    asked, zeros = [], squashes._zeros
    monkeypatch.setattr(squashes, "_zeros", lambda t: asked.append(t) or zeros(t))
    short, long = np.ones(squashes._FEW - 1), np.ones(squashes._FEW, "float32")
    rectify(short, short)
    assert not asked
    rectify(long, long)
    assert asked == ["float32"]
    with pytest.raises(ValueError, match="read-only"):
        zeros(long.dtype)[0] = 1
