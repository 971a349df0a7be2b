"""Shapes as TensorFlow had them, on symbolic arrays and on GradArrays."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.compat.models import array_attributes
from keratorch.compat.models.array_attributes import Shape


@pytest.mark.usefixtures("installed")
def test_symbolic_arrays_know_their_shape_in_older_words():
    x = keras.layers.Dense(3)(keras.Input((5,)))
    assert x.get_shape().as_list() == [None, 3]
    assert x.shape.as_list() == [None, 3]
    assert x.shape[1].value == 3
    assert x.shape[1:].as_list() == [3]
    assert x._keras_shape == (None, 3)
    assert x._keras_history[0].name.startswith("dense")


@pytest.mark.usefixtures("installed")
def test_so_do_arrays_within_a_layer():
    def flat(x):
        return keras.backend.reshape(x, (-1, x.get_shape()[1] * x._keras_shape[2]))

    assert keras.layers.Lambda(flat)(np.ones((2, 3, 4))).shape == (2, 12)


@pytest.mark.usefixtures("installed")
def test_shapes_that_layers_get_are_tuples_of_lengths():
    seen = []

    class Look(keras.layers.Layer):
        def build(self, input_shape):
            seen.append((type(input_shape), input_shape[-1].value))

        def call(self, inputs):
            return inputs

    Look()(keras.Input((5,)))
    assert seen == [(tuple, 5)]


@pytest.mark.usefixtures("installed")
def test_the_shape_of_a_grad_array_has_methods_where_a_script_asks_for_them():
    assert type(keras.GradArray([1.0]).shape) is tuple
    array_attributes.add(shapes=True)
    x = keras.GradArray(np.ones((2, 3)))
    assert x.shape.as_list() == [2, 3]
    assert (x @ x.T).sum().item() == 12


def test_nothing_is_left_when_keras_means_keras_again(quiet):
    compat.install()
    compat.uninstall()
    assert not hasattr(keras.Input((2,)), "get_shape")
    assert type(keras.Input((2,)).shape) is tuple
    assert not hasattr(keras.GradArray([1.0]), "_keras_shape")
    assert type(keras.GradArray([1.0]).shape) is tuple


def test_a_shape_knows_whether_all_lengths_are_known():
    assert Shape((2, 3)).is_fully_defined()
    assert not Shape((None, 3)).is_fully_defined()
    assert (Shape((2, 3)).rank, Shape((2, 3)).dims) == (2, [2, 3])


@pytest.mark.usefixtures("installed")
def test_results_are_evaluated_without_a_session():
    x = keras.backend.variable([1.0, 2.0]) * 2
    assert x.eval(session=keras.backend.get_session()).tolist() == [2.0, 4.0]
    with pytest.raises(ValueError, match="has its values already"):
        x.eval({"placeholder": 1})
