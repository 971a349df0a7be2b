"""Activations in given memory, and their slopes."""

import numpy as np
import pytest

from keratorch.grads.recurrent_steps import ACTIVATIONS
from keratorch.kernels.squashes import SQUASHES

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
