"""Results of a model become plain arrays without a word, in scripts for Keras alone."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat


def result():
    return keras.layers.Dense(2)(np.ones((3, 4)))


@pytest.mark.usefixtures("installed")
def test_other_libraries_take_results_in_scripts():
    out = result()
    np.testing.assert_array_equal(np.asarray(out), out.numpy())
    assert np.array(out).shape == (3, 2)
    assert np.asarray(out, dtype="float64").dtype == np.float64


def test_they_do_not_elsewhere(quiet):
    compat.install()
    compat.uninstall()
    with pytest.raises(TypeError, match="gradient would be lost"):
        np.asarray(result())
