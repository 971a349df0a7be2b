"""Numbers written as texts in the data of older scripts."""

import numpy as np
import pytest

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


def test_texts_are_no_numbers_today():
    with pytest.raises(ValueError, match="y holds text"):
        compiled().fit(X, np.array(TEXTS), verbose=0)
