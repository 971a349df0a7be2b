"""Shapes given to `build` of a Sequential that knows its input."""

import numpy as np
import pytest

from keratorch.compat import dialect
from keratorch.layers import Dense, Input
from keratorch.models import Sequential

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize("shape", [(55, 42, 2), (3,), [(None, 9)], None])
@pytest.mark.parametrize("by_layer", [False, True])
def test_a_known_input_counts_in_scripts(installed, by_layer, shape):
    first = [Dense(4, input_dim=3)] if by_layer else [Input((3,)), Dense(4)]
    model = Sequential(first)
    model.build(shape)
    model.add(Dense(5))
    assert model.built
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 5))
    assert model.get_build_config() == {"input_shape": (None, 3)}
    assert model.predict(np.ones((2, 3)), verbose=0).shape == (2, 5)


def test_without_an_input_the_shape_is_the_input(installed):
    model = Sequential([Dense(4)])
    model.build((None, 3))
    assert model.input_shape == (None, 3)
    with pytest.raises(ValueError, match="needs the shape of its input"):
        Sequential([Dense(4)]).build(None)


def test_today_they_must_agree(installed):
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="has an Input of shape"):
        Sequential([Input((3,)), Dense(4)]).build((55, 42, 2))


def test_without_a_script_they_must_agree():
    with pytest.raises(ValueError, match="has an Input of shape"):
        Sequential([Input((3,)), Dense(4)]).build((55, 42, 2))
