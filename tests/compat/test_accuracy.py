"""'accuracy' by the loss, in scripts of Keras 1 to 2.3."""

import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.compat import dialect

X = np.random.default_rng(0).random((12, 3))
Y = np.random.default_rng(1).integers(0, 2, (12, 6))


@pytest.fixture
def in_a_script():
    try:
        compat.install()
    except RuntimeError:
        pytest.skip("the real Keras is loaded in this process")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    compat.uninstall()
    dialect.forget()


def evaluated(metric, loss="binary_crossentropy", outputs=1):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((3,))
    layer = keras.layers.Dense
    heads = [layer(6, "sigmoid", name=f"d{i}")(inputs) for i in range(outputs)]
    model = keras.Model(inputs, heads if outputs > 1 else heads[0])
    model.compile("sgd", loss, metrics=[metric])
    found = model.evaluate(X, [Y] * outputs if outputs > 1 else Y, verbose=0)
    preds = model.predict(X, verbose=0)
    return found, preds if outputs > 1 else [preds]


def share_of_labels(preds):
    return ((preds > 0.5) == Y).mean()


def share_of_samples(preds):
    return (preds.argmax(-1) == Y.argmax(-1)).mean()


OLDER = [
    "plot(h['acc'])",
    "m.fit(x, nb_epoch=2)",
    "from keras.engine.topology import Layer",
]


@pytest.mark.parametrize("script", OLDER)
@pytest.mark.parametrize(
    "loss", ["binary_crossentropy", keras.losses.binary_crossentropy]
)
def test_with_several_labels_it_is_the_share_of_labels(script, loss, in_a_script):
    dialect.read(script)
    (_, accuracy), (preds,) = evaluated("accuracy", loss)
    assert accuracy == pytest.approx(share_of_labels(preds))
    assert share_of_labels(preds) != share_of_samples(preds)


@pytest.mark.parametrize("as_dict", [False, True])
def test_each_output_goes_by_its_own_loss(as_dict, in_a_script):
    dialect.read(OLDER[0])
    loss = ["categorical_crossentropy", "binary_crossentropy"]
    loss = {"d1": loss[1], "d0": loss[0]} if as_dict else loss
    found, preds = evaluated("accuracy", loss, outputs=2)
    expected = [share_of_samples(preds[0]), share_of_labels(preds[1])]
    assert found[-2:] == pytest.approx(expected)
    dialect.read("")
    found, preds = evaluated("accuracy", loss, outputs=2)
    assert found[-2:] == pytest.approx([share_of_samples(p) for p in preds])


def test_each_output_has_an_accuracy_of_its_own(in_a_script):
    dialect.read(OLDER[0])
    found, preds = evaluated("accuracy", outputs=2)
    assert found[-2:] == pytest.approx([share_of_labels(p) for p in preds])


@pytest.mark.parametrize(
    ("script", "metric", "loss"),
    [
        ("", "accuracy", "binary_crossentropy"),
        ("plot(h['acc'])", "acc", "binary_crossentropy"),  # any version lists it so
        ("plot(h['accuracy'], a['acc'])", "accuracy", "binary_crossentropy"),
        ("from keras import ops; h['acc']", "accuracy", "binary_crossentropy"),
        ("plot(h['acc'])", "categorical_accuracy", "binary_crossentropy"),
        ("plot(h['acc'])", "accuracy", "huber"),
    ],
)
def test_otherwise_it_goes_by_the_shapes(script, metric, loss, in_a_script):
    dialect.read(script)
    (_, accuracy), (preds,) = evaluated(metric, loss)
    assert accuracy == pytest.approx(share_of_samples(preds))


def test_it_goes_by_the_shapes_in_a_program_of_keratorch():
    dialect.read(OLDER[0])
    (_, accuracy), (preds,) = evaluated("accuracy")
    dialect.forget()
    assert accuracy == pytest.approx(share_of_samples(preds))
