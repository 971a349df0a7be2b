"""Shapes as TensorFlow had them, on symbolic arrays and on GradArrays."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.compat import dialect
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


@pytest.fixture
def with_dtypes(installed):
    array_attributes.add(dtypes=True)


def test_dtypes_answer_as_those_of_tensorflow(with_dtypes):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    for x in (keras.GradArray([1.0]), model.input, model.weights[0]):
        assert x.dtype.base_dtype == "float64" if x.ndim == 1 else "float32"
        assert x.dtype.is_floating and not x.dtype.is_integer
        assert np.zeros(1, x.dtype.as_numpy_dtype).dtype == x.dtype
        assert x.dtype.max == np.finfo(x.dtype.name).max
    assert keras.GradArray(np.ones(1, np.float32)).dtype.itemsize == 4


def test_losses_cast_by_the_dtype_of_their_arrays(with_dtypes):
    import tensorflow as tf

    def loss(y_true, y_pred):
        least = tf.convert_to_tensor(1e-7, y_pred.dtype.base_dtype)
        y_pred = tf.clip_by_value(y_pred, least, 1 - least)
        y_true = tf.cast(y_true, y_pred.dtype.base_dtype)
        return -tf.reduce_mean(tf.math.log(y_pred) * y_true)

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", loss, metrics=["accuracy"])
    x = np.ones((4, 2))
    history = model.fit(x, np.ones((4, 1)), epochs=2, verbose=0).history
    assert history["loss"][1] < history["loss"][0]


def test_dtypes_are_those_of_today_afterwards(with_dtypes):
    compat.uninstall()
    assert isinstance(keras.GradArray([1.0]).dtype, np.dtype)
    assert type(keras.Variable([1.0]).dtype) is str
    assert type(keras.Input((2,)).dtype) is str
    compat.install()


@pytest.mark.parametrize(
    ("line", "asks"),
    [("x.dtype.base_dtype", True), ("dtype.as_numpy_dtype", True), ("x.dtype", False)],
)
def test_scripts_that_ask_for_them_are_known(line, asks):
    assert dialect.asks_dtypes(line) is asks
