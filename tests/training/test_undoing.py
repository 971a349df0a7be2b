"""A model that was not built yet is not built by data that do not fit."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.modes import enter_mode, is_plain

X = np.random.default_rng(0).random((12, 4), dtype=np.float32)
SERIES = np.random.default_rng(1).random((12, 5, 7), dtype=np.float32)
LABELS = np.arange(12) % 3
layers = keras.layers


class Own(keras.Model):
    """Makes a layer when it is built, and counts its calls in a list."""

    def __init__(self):
        super().__init__()
        self.first, self.calls = layers.Dense(5), []

    def build(self, input_shape):
        self.second = layers.Dense(3, activation="softmax")
        self.built = True

    def call(self, inputs):
        self.calls.append(len(self.calls))
        return self.second(self.first(inputs))


def unbuilt(*stack):
    model = keras.Sequential([*stack, layers.Dense(3, activation="softmax")])
    return compiled(model)


def compiled(model):
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


MODELS = {
    "dense": lambda: unbuilt(layers.Dense(5), layers.BatchNormalization()),
    "nested": lambda: unbuilt(keras.Sequential([layers.Dense(5), layers.ReLU()])),
    "own": lambda: compiled(Own()),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_the_right_data_fit_after_the_wrong_ones(name, method):
    model = MODELS[name]()
    with pytest.raises(ValueError):
        getattr(model, method)(LABELS[:, None], X)  # swapped
    assert not model.built and not any(layer.built for layer in model.layers[:1])
    assert model.fit(X, LABELS, verbose=0).epoch == [0]
    assert model.count_params() > 0
    assert model.predict(X, verbose=0).shape == (12, 3)


def test_validation_data_that_do_not_fit_leave_a_model_unbuilt():
    model = MODELS["dense"]()
    with pytest.raises(ValueError, match="validation_data"):
        model.fit(X[:, :3], LABELS, validation_data=(X, LABELS), verbose=0)
    assert not model.built
    model.fit(X, LABELS, validation_data=(X, LABELS), verbose=0)


@pytest.mark.parametrize("method", ["fit", "predict"])
def test_a_model_is_not_built_half(method):
    model = unbuilt(layers.Dense(5), layers.LSTM(2))
    data = (X, LABELS) if method == "fit" else (X,)
    with pytest.raises(ValueError, match="LSTM"):
        getattr(model, method)(*data, verbose=0)
    assert not any(layer.built for layer in model.layers)
    assert model.weights == []
    model.fit(SERIES, LABELS, verbose=0)


def test_what_was_built_before_stays():
    embedding = layers.Embedding(9, 2)
    embedding.build()
    model = unbuilt(embedding, layers.Flatten())
    weights = embedding.get_weights()
    with pytest.raises(ValueError):
        model.fit(np.full((12, 5), 3), LABELS + 5, verbose=0)
    assert embedding.built and not model.built
    np.testing.assert_array_equal(embedding.get_weights(), weights)
    assert model.layers[0] is embedding


@pytest.mark.parametrize("loop", ["fit", "evaluate", "predict"])
def test_an_interrupt_leaves_no_mode_behind(loop):
    class Interrupted(keras.callbacks.Callback):
        def interrupt(self, *args):
            enter_mode(records=False)  # as if the interrupt came within `no_grad`
            raise KeyboardInterrupt

        on_train_batch_end = on_test_batch_end = on_predict_batch_end = interrupt

    model = unbuilt()
    targets = {} if loop == "predict" else {"y": LABELS}
    with pytest.raises(KeyboardInterrupt):
        getattr(model, loop)(X, **targets, verbose=0, callbacks=[Interrupted()])
    assert is_plain()
    model.fit(X, LABELS, verbose=0)
