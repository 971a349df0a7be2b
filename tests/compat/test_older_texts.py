"""Numbers written as texts in the data of older scripts."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers, models

X = np.random.default_rng(0).normal(size=(10, 3)).astype("float32")
TEXTS = ["0", "1"] * 5


def compiled():
    model = models.Sequential([layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "mse")
    model.build((None, 3))
    return model


@pytest.mark.parametrize("kind", ["U1", "S1", object])
def test_targets_may_be_numbers_written_as_texts(installed, kind):
    model = compiled()
    start = model.get_weights()
    found = model.fit(X, np.array(TEXTS, kind), verbose=0, shuffle=False).history[
        "loss"
    ]
    model.set_weights(start)
    numbers = np.array(TEXTS, "float32")
    assert found == model.fit(X, numbers, verbose=0, shuffle=False).history["loss"]


@pytest.mark.parametrize("texts", [["a", "1"] * 5, [["0"], ["1", "2"]] * 5])
def test_other_texts_are_refused(installed, texts):
    with pytest.raises(ValueError, match="y"):
        compiled().fit(X, texts, verbose=0)


@pytest.mark.parametrize("kind", ["texts", "objects", "mixed", "columns"])
def test_inputs_may_be_numbers_written_as_texts(installed, kind):
    texts = np.array([[str(v) for v in row] for row in X.tolist()])
    x = {"texts": texts, "objects": texts.astype(object)}.get(kind)
    if x is None:
        x = X.astype(object)
        x[:, 1] = texts[:, 1]
    if kind == "columns":
        x = pytest.importorskip("pandas").DataFrame(x)
    y, model = np.ones((10, 1)), compiled()
    loss = model.evaluate(X, y, verbose=0)
    assert model.evaluate(x, y, verbose=0) == loss
    np.testing.assert_array_equal(model.predict(x, verbose=0), model.predict(X))
    start = model.get_weights()
    options = {"verbose": 0, "shuffle": False, "validation_data": (x, y)}
    found = model.fit(x, y, **options).history
    model.set_weights(start)
    assert found == model.fit(X, y, **options).history
    halved = {"verbose": 0, "validation_split": 0.5}
    assert len(model.fit(x, y, **halved).history["val_loss"]) == 1


def test_each_of_several_inputs_may_hold_texts(installed):
    a, b = keras.Input((3,)), keras.Input((3,))
    model = models.Model([a, b], layers.add([a, b]))
    texts = np.array([[str(v) for v in row] for row in X.tolist()])
    found = model.predict([texts, X], verbose=0)
    np.testing.assert_array_equal(found, X + X)


def test_layers_that_look_texts_up_get_them(installed):
    lookup = layers.StringLookup(vocabulary=["1", "0"])
    model = models.Sequential([keras.Input((1,), dtype="string"), lookup])
    found = model.predict(np.array([["1"], ["0"]]), verbose=0)
    assert found.tolist() == [[1], [2]]


@pytest.mark.parametrize("other", ["?", None, {}])
def test_inputs_that_say_no_number_are_refused(installed, other):
    x = X.astype(object)
    x[0, 0], x[2, 1] = "1", other
    with pytest.raises(ValueError, match="x holds"):
        compiled().predict(x)


def test_inputs_of_texts_are_no_numbers_today():
    with pytest.raises(ValueError, match="x holds text"):
        compiled().predict(X.astype(str))


def test_texts_are_no_numbers_today():
    with pytest.raises(ValueError, match="y holds text"):
        compiled().fit(X, np.array(TEXTS), verbose=0)
