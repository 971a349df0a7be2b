"""What `fit`, `evaluate` and `predict` do with a `Dataset`, as Keras does."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.utils import Dataset

X = np.arange(40, dtype="float32").reshape(20, 2) / 40
Y = X.sum(1, keepdims=True)
BATCHES = Dataset.from_tensor_slices((X, Y)).batch(4)


def model():
    made = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")]
    )
    made.compile("sgd", "mse", metrics=["mae"])
    return made


class Batches(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.numbers = []

    def on_train_batch_end(self, batch, logs=None):
        self.numbers.append(batch)


def numbers(dataset, **options):
    seen = Batches()
    model().fit(dataset, verbose=0, callbacks=[seen], **options)
    return seen.numbers


def test_steps_go_on_from_epoch_to_epoch():
    read = []
    x = Dataset.range(20).map(lambda i: read.append(int(i)) or X[int(i)])
    dataset = Dataset.zip((x, Dataset.from_tensor_slices(Y))).batch(4)
    for steps, source in ((2, dataset), (3, dataset.repeat())):
        read.clear()
        batches = numbers(source, epochs=2, steps_per_epoch=steps)
        assert batches == [*range(steps)] * 2
        first = [i % 20 for i in range(8 * steps)]
        assert [i for i in read if i >= 0][: len(first)] == first


def test_a_dataset_trains_as_its_arrays_do():
    by_arrays = model().fit(X, Y, batch_size=4, shuffle=False, epochs=2, verbose=0)
    weighted = Dataset.from_tensor_slices((X, Y, np.ones(20))).batch(4)
    named = Dataset.from_tensor_slices(({"x": X}, Y)).batch(4)
    for dataset in (BATCHES, weighted, named.map(lambda d, y: (d["x"], y))):
        history = model().fit(dataset, epochs=2, verbose=0).history
        for name, values in by_arrays.history.items():
            np.testing.assert_allclose(history[name], values, rtol=1e-5)


@pytest.mark.parametrize(
    "validation",
    [
        {"validation_data": BATCHES.take(2)},
        {"validation_data": BATCHES, "validation_steps": 2},
        {"validation_data": BATCHES.repeat(), "validation_steps": 2},
        {"validation_data": (X[:8], Y[:8])},
    ],
)
def test_validation_sees_the_same_batches(validation):
    history = model().fit(BATCHES, epochs=2, verbose=0, **validation).history
    expected = model().fit(BATCHES, epochs=2, verbose=0, validation_data=(X[:8], Y[:8]))
    np.testing.assert_allclose(
        history["val_loss"], expected.history["val_loss"], rtol=1e-5
    )


def test_classes_are_weighted_in_a_dataset():
    labels = (np.arange(20) % 2).reshape(20, 1)
    dataset = Dataset.from_tensor_slices((X, labels)).batch(4)
    weights = {0: 1.0, 1: 3.0}
    losses = [
        model().fit(*data, verbose=0, class_weight=weights, **options).history["loss"]
        for data, options in (
            ((dataset,), {}),
            ((X, labels), {"batch_size": 4, "shuffle": False}),
        )
    ]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_endless_datasets_are_evaluated_and_predicted_by_steps():
    trained = model()
    assert trained.predict(BATCHES.repeat(), steps=2, verbose=0).shape == (8, 1)
    only_x = Dataset.from_tensor_slices(X).batch(3)
    np.testing.assert_allclose(
        trained.predict(only_x, verbose=0), trained.predict(X, verbose=0), rtol=1e-6
    )
    some = trained.evaluate(BATCHES.repeat(), steps=2, verbose=0)
    np.testing.assert_allclose(some, trained.evaluate(X[:8], Y[:8], verbose=0))


def test_layers_see_arrays_and_not_elements():
    seen = []

    class Spy(keras.layers.Layer):
        def call(self, inputs):
            seen.append(type(inputs.numpy()))
            return inputs

    made = keras.Sequential([Spy(), keras.layers.Dense(1)])
    made.compile("sgd", "mse")
    made.fit(BATCHES, verbose=0)
    assert set(seen) == {np.ndarray}
