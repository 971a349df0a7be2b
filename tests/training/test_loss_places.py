"""Several losses for one output, losses of several outputs, and their names."""

import functools

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, ops

RNG = np.random.default_rng(8)
X = RNG.random((12, 3), dtype=np.float32)
A, B = RNG.random((2, 12, 1), dtype=np.float32)
Y = {"list": [A, B], "tuple": (A, B), "dict": {"a": A, "b": B}}


def model_of(kind="list"):
    x = keras.Input((3,))
    outputs = [
        layers.Dense(1, "sigmoid", name=n, kernel_initializer="ones")(x) for n in "ab"
    ]
    made = {
        "list": outputs,
        "tuple": tuple(outputs),
        "dict": {"a": outputs[0], "b": outputs[1]},
    }
    return keras.Model(x, made[kind])


def results(loss, kind="list", **compiled):
    model = model_of(kind)
    model.compile("sgd", loss, **compiled)
    return model.evaluate(X, Y[kind], verbose=0, return_dict=True)


def values_of(nested):
    return list(nested.values()) if isinstance(nested, dict) else list(nested)


def distance(y, y_pred):
    pairs = zip(values_of(y), values_of(y_pred), strict=True)
    return sum(ops.mean(ops.abs(a - b), axis=-1) for a, b in pairs)


ALONE = {kind: results("mae", kind) for kind in Y}
SQUARED = results("mse")


@pytest.mark.parametrize("kind", Y)
def test_one_loss_may_stand_in_a_list_of_its_own(kind):
    listed = {"a": ["mae"], "b": "mae"} if kind == "dict" else ["mae", ["mae"]]
    assert results(listed, kind) == pytest.approx(ALONE[kind])


@pytest.mark.parametrize(
    "loss", [["mae", ["mse", "mae"]], {"a": "mae", "b": ["mse", "mae"]}]
)
def test_several_losses_of_an_output_add_up(loss):
    found = results(loss, loss_weights=None)
    expected = ALONE["list"]["loss"] + SQUARED["b_loss"]
    assert found["loss"] == pytest.approx(expected)
    assert set(found) == {"loss", "a_loss", "b_loss"}


WHOLE = {
    "list": (distance, ["mae", "mse"]),
    "tuple": [distance, ("mae", "mse")],
    "dict": [distance, {"a": "mae", "b": "mse"}],
}


@pytest.mark.parametrize("kind", Y)
def test_a_loss_beside_the_outputs_is_for_all_of_them(kind):
    found, alone = results(WHOLE[kind], kind), ALONE[kind]
    assert found["a_b_loss"] == pytest.approx(alone["loss"])
    rest = alone["a_loss"] + SQUARED["b_loss"]
    assert found["loss"] == pytest.approx(alone["loss"] + rest)
    weights = type(WHOLE[kind])([0.5, {"a": 2, "b": 0} if kind == "dict" else [2, 0]])
    weighted = results(WHOLE[kind], kind, loss_weights=weights)
    assert weighted["loss"] == pytest.approx(alone["loss"] / 2 + 2 * alone["a_loss"])


def test_a_loss_of_all_outputs_trains_all_of_them():
    model = model_of("dict")
    model.compile("sgd", [distance, {"a": "mae"}])
    before = model.get_weights()
    model.fit(X, Y["dict"], sample_weight=A[:, 0], verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        assert np.all(old != new)


def test_losses_lie_as_deep_as_the_outputs_do():
    x = keras.Input((3,))
    a, b = (layers.Dense(1, name=n, kernel_initializer="ones")(x) for n in "ab")
    model = keras.Model(x, {"both": (a, b), "one": a})
    model.compile("sgd", {"both": [distance, (None, "mae")], "one": "mae"})
    y = {"both": (A, B), "one": A}
    found = model.evaluate(X, y, verbose=0, return_dict=True)
    assert set(found) == {"loss", "both_loss", "both/b_loss", "one_loss"}
    expected = found["one_loss"] + found["both/b_loss"]
    assert found["both_loss"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("loss", "weights", "part"),
    [
        (["mae", "mae", "mae"], None, "2 outputs.*received a list of 3"),
        (["mae", ["mae", "mse"]], [1, 2], "there are 3 losses; received 2"),
        (("crossentropy", ["mae", "mae"]), None, "by the shape of one output"),
        ({"a": "mae", "c": ["mae"]}, None, "named 'c'. There are: a, b"),
    ],
)
def test_losses_that_go_with_no_outputs_raise(loss, weights, part):
    with pytest.raises(ValueError, match=part):
        results(loss, loss_weights=weights)


def test_one_output_has_one_loss():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, name="a")])
    for loss in (["mae", "mse"], {"a": ["mae", "mse"]}):
        with pytest.raises(ValueError, match="has 1 output"):
            model.compile("sgd", loss)


def test_the_list_of_results_goes_as_the_dict_that_a_subclass_returns():
    class Backwards(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = layers.Dense(1), layers.Dense(1)

        def call(self, x):
            return {"b": self.b(x), "a": self.a(x)}

    model = Backwards()
    model.compile("sgd", "mse")
    named = model.evaluate(X, Y["dict"], verbose=0, return_dict=True)
    listed = model.evaluate(X, Y["dict"], verbose=0)
    assert listed == [named["loss"], named["b_loss"], named["a_loss"]]


def test_own_compute_loss_may_compare_more_than_the_outputs():
    class Twice(keras.Model):
        def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
            return super().compute_loss(x, y, [y_pred, y_pred], sample_weight)

    x = keras.Input((3,))
    model = Twice(x, layers.Dense(1, "sigmoid")(x))
    model.compile("sgd", ["mse", "mae"])
    history = model.fit(X, [A, B], verbose=0).history
    assert set(history) == {"loss", "mse_loss", "mae_loss"}


def PSNR(y, y_pred):  # noqa: N802
    return ops.mean(y - y_pred, axis=-1)


class MyError:
    def __call__(self, y, y_pred):
        return PSNR(y, y_pred)


def test_functions_are_shown_under_names_in_snake_case():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    own = [PSNR, MyError(), lambda y, y_pred: y, functools.partial(PSNR)]
    model.compile("sgd", "mse", metrics=own)
    history = model.fit(X, A, verbose=0).history
    assert set(history) == {"loss", "psnr", "my_error", "lambda", "partial"}


def test_metrics_lie_as_deep_as_the_outputs_do():
    x = keras.Input((3,))
    a, b = (layers.Dense(1, name=n, kernel_initializer="ones")(x) for n in "ab")
    model = keras.Model(x, {"both": [a, b], "one": b})
    y = {"both": [A, B], "one": A}
    model.compile("sgd", "mse", metrics={"both": ["mae", None], "one": ["mae", "mse"]})
    found = model.evaluate(X, y, verbose=0, return_dict=True)
    losses = {"loss", "both/a_loss", "both/b_loss", "one_loss"}
    assert set(found) == {*losses, "a_mae", "b_mae", "b_mse"}
    assert found["b_mse"] == pytest.approx(found["one_loss"])
    model.compile("sgd", "mse", metrics={"both": ["mae"]})
    with pytest.raises(ValueError, match="metrics: received a list where .* of 2"):
        model.evaluate(X, y, verbose=0)
