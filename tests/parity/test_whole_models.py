"""Models of all kinds train here as in the Keras that is installed."""

import warnings

import numpy as np
import pytest

import keratorch

from . import whole_models

keras = pytest.importorskip("keras")


@pytest.mark.parametrize("make", whole_models.MODELS, ids=lambda make: make.__name__)
def test_history_and_weights_are_those_of_keras(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the other library
        expected, theirs = make(keras)
        weights = theirs.get_weights()
    found, ours = make(keratorch)
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, atol=1e-6)
    for one, other in zip(ours.get_weights(), weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5)
