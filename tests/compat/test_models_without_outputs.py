"""``Model(inputs)`` is a model without layers in older scripts, as in Keras 2."""

import numpy as np
import pytest

import keratorch as keras


@pytest.mark.parametrize("several", [False, True])
def test_a_model_of_inputs_alone_computes_nothing(installed, several):
    x = keras.Input((3,))
    with pytest.warns(UserWarning, match="has no outputs"):
        model = keras.Model([x, keras.Input((2,))] if several else x, name="vgg19")
    assert model.name == "vgg19"
    assert model.layers == []
    with pytest.raises(NotImplementedError, match="call"):
        model.predict(np.ones((2, 3)))


def test_outputs_may_still_come_by_name(installed):
    x = keras.Input((3,))
    model = keras.Model(x, output=keras.layers.Dense(2)(x))
    assert model.output_shape == (None, 2)


def test_what_is_no_input_is_refused_as_ever(installed):
    with pytest.raises(TypeError, match="both inputs and outputs"):
        keras.Model(3)


def test_outputs_must_come_today(quiet):
    with pytest.raises(TypeError, match="both inputs and outputs"):
        keras.Model(keras.Input((3,)), name="vgg19")
