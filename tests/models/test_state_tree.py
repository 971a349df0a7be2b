"""All values of a model in nested dicts."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

X = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3)


def trained():
    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(2, name="d"),
            layers.BatchNormalization(name="bn"),
        ],
        name="m",
    )
    model.compile(keras.optimizers.Adam(name="adam"), "mse", metrics=["mae"])
    model.fit(X, X[:, :2], verbose=0)
    return model


def test_values_lie_below_their_paths():
    model = trained()
    tree = model.get_state_tree()
    d = model.get_layer("d")
    kernel = tree["trainable_variables"]["m"]["d"]["kernel"]
    np.testing.assert_array_equal(kernel, d.kernel.numpy())
    assert tree["optimizer_variables"]["adam"]["iteration"] == 1
    assert tree["metrics_variables"]["loss"]["count"] == 4
    assert set(tree["metrics_variables"]) == {"loss", "mae"}


def test_a_tree_makes_another_model_go_on_where_the_first_one_is():
    model, other = trained(), trained()
    model.fit(X, X[:, :2], verbose=0)
    other.set_state_tree(model.get_state_tree("numpy_array"))
    histories = [
        one.fit(X, X[:, :2], shuffle=False, verbose=0).history for one in (model, other)
    ]
    assert histories[0] == histories[1]
    np.testing.assert_array_equal(
        model.predict(X, verbose=0), other.predict(X, verbose=0)
    )


def test_a_tree_that_names_no_variable_changes_nothing():
    model = trained()
    before = model.get_weights()
    d = {"kernel": np.zeros((3, 2)), "scale": 1.0}
    with pytest.raises(ValueError, match="no variable 'm/d/scale'"):
        model.set_state_tree({"trainable_variables": {"m": {"d": d}}})
    with pytest.raises(ValueError, match="no variables are called 'weights'"):
        model.set_state_tree({"weights": {}})
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_two_variables_of_one_path_raise():
    class Twins(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = (layers.Dense(3, name="d") for _ in range(2))

        def call(self, x):
            return self.two(self.one(x))

    model = Twins()
    model(X)
    with pytest.raises(ValueError, match="two variables have the path"):
        model.get_state_tree()
    with pytest.raises(ValueError, match="value_format.*'list'"):
        model.get_state_tree("list")
