"""Texts at the door of models that begin with a layer that looks them up."""

import numpy as np
import pytest

import keratorch as keras

layers = keras.layers
TEXTS = ["a good one", "bad", "good", "a bad one"]
ANSWERS = np.array([1.0, 0.0, 1.0, 0.0])


def reader():
    vectorize = layers.TextVectorization(output_sequence_length=3)
    vectorize.adapt(TEXTS)
    embed = layers.Embedding(vectorize.vocabulary_size(), 4)
    last = layers.Dense(1, activation="sigmoid")
    model = keras.Sequential(
        [keras.Input((1,), dtype="string"), vectorize, embed, layers.Flatten(), last]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


DATA = {
    "a list": TEXTS,
    "an array": np.array(TEXTS),
    "a column": np.array(TEXTS)[:, None],
    "objects": np.array(TEXTS, dtype=object),
}


@pytest.mark.parametrize("name", DATA)
def test_a_model_takes_texts(name):
    model, x = reader(), DATA[name]
    history = model.fit(x, ANSWERS, validation_data=(x, ANSWERS), verbose=0)
    assert {"loss", "val_accuracy"} <= set(history.history)
    assert len(model.evaluate(x, ANSWERS, verbose=0)) == 2
    outputs = model.predict(x, verbose=0)
    assert outputs.shape == (4, 1)
    np.testing.assert_array_equal(model.predict(np.array(TEXTS), verbose=0), outputs)


def test_a_generator_gives_texts():
    model = reader()
    model.fit(((DATA["an array"], ANSWERS) for _ in range(2)), verbose=0)
    model.fit(((x, y) for x, y in [(TEXTS, ANSWERS)]), verbose=0)


def test_texts_beside_numbers():
    color = keras.Input((1,), dtype="string", name="color")
    size = keras.Input((2,), name="size")
    known = layers.StringLookup(vocabulary=["red", "blue"], output_mode="one_hot")
    joined = layers.Concatenate()([known(color), size])
    model = keras.Model([color, size], layers.Dense(1)(joined))
    model.compile("sgd", "mse")
    x = {"color": np.array(["red", "blue", "green"]), "size": np.ones((3, 2))}
    model.fit(x, np.ones(3), verbose=0)
    assert model.predict(x, verbose=0).shape == (3, 1)


def test_layers_that_learn_a_vocabulary_are_no_metrics():
    assert [metric.name for metric in reader().metrics] == ["loss", "compile_metrics"]


def test_texts_as_targets_are_refused():
    with pytest.raises(ValueError, match=r"y holds text.*\(0,\)"):
        reader().fit(TEXTS, TEXTS, verbose=0)
