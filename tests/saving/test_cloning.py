"""Copies of models with new layers: how they are called, begun and compiled."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.saving import clone_model

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def dense():
    x = keras.Input((3,))
    return keras.Model(x, layers.Dense(2, name="out")(layers.Dense(4)(x)))


def halved_after_dense(layer, *args, **kwargs):
    outputs = layer(*args, **kwargs)
    return outputs * 0.5 if isinstance(layer, layers.Dense) else outputs


def test_layers_are_called_by_the_function_that_is_given():
    model = dense()
    halved = clone_model(model, None, lambda layer: layer, halved_after_dense)
    np.testing.assert_allclose(halved(X).numpy(), model(X).numpy() / 4, rtol=1e-6)


def test_models_inside_are_called_by_it_too_if_asked():
    x = keras.Input((3,))
    model = keras.Model(x, dense()(x))
    for recursive, share in [(False, 1), (True, 4)]:
        clone = clone_model(
            model,
            clone_function=lambda layer: layer,
            call_function=halved_after_dense,
            recursive=recursive,
        )
        np.testing.assert_allclose(
            share * clone(X).numpy(), model(X).numpy(), rtol=1e-6
        )


def test_the_layers_of_a_sequential_model_are_not_called():
    with pytest.raises(ValueError, match="call_function cannot be used"):
        clone_model(keras.Sequential([dense()]), call_function=halved_after_dense)


def test_a_layer_that_is_used_twice_has_one_clone():
    x, inner = keras.Input((3,)), layers.Dense(3)
    model = keras.Model(x, keras.Sequential([inner])(inner(x)))
    clone = clone_model(model, recursive=True)
    assert len(clone.weights) == len(model.weights) == 2


def test_inputs_come_in_the_structure_of_the_model():
    a, b = keras.Input((3,)), keras.Input((3,))
    model = keras.Model({"a": a, "b": b}, a - b)
    clone = clone_model(model, {"b": b, "a": a})
    np.testing.assert_array_equal(clone({"a": X, "b": 2 * X}).numpy(), -X)
    with pytest.raises(ValueError, match="input_tensors.*structure.*a dict with"):
        clone_model(model, [a, b])


def my_loss(y, y_pred):
    return np.mean((y - y_pred) ** 2, axis=-1)


@pytest.mark.parametrize("model", [dense(), keras.Sequential([layers.Dense(2)])])
def test_the_clone_of_a_compiled_model_is_compiled_apart(model):
    assert not clone_model(model).compiled
    model.compile(keras.optimizers.SGD(0.5), my_loss, metrics=["mae", my_loss])
    model.fit(X, X[:, :2], verbose=0)
    clone = clone_model(model)
    assert clone.compiled and clone.loss is my_loss
    assert clone.optimizer is not model.optimizer
    assert clone.optimizer.learning_rate == 0.5 and clone.optimizer.iterations == 0
    history = clone.fit(X, X[:, :2], verbose=0).history
    assert set(history) == {"loss", "mae", "my_loss"}
    assert model.optimizer.iterations == 1
