"""Sizes of layers by what ``int`` takes, in older scripts."""

import numpy as np
import pytest

from keratorch import layers
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")


class Series:
    """Like that of pandas with one number."""

    def __array__(self, dtype=None, copy=None):
        return np.array([3])


@pytest.mark.parametrize(
    "units", [np.array([3]), np.array(3), np.array([3.7]), Series()]
)
def test_one_number_is_a_size(units):
    dialect.read("import keras")
    with pytest.warns(UserWarning, match="Dense: units is taken as 3"):
        assert layers.Dense(units).units == 3
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="units must be a positive integer"):
        layers.Dense(units)
    dialect.forget()


@pytest.mark.parametrize("units", [np.array([3, 4]), np.array([True]), "3"])
def test_else_it_is_refused(units):
    dialect.read("import keras")
    with pytest.raises(ValueError, match="units must be a positive integer"):
        layers.Dense(units)
    dialect.forget()
