"""`fit`, `evaluate` and `predict`: the loops, the data, and the plain loop beside."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.transforms import gradients

RNG = np.random.default_rng(3)
X = RNG.random((50, 6), dtype=np.float32)
Y = RNG.integers(0, 3, 50)


def network(**compile_arguments):
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    arguments = {
        "optimizer": keras.optimizers.Adam(0.01),
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    model.compile(**{**arguments, **compile_arguments})
    return model


def same(first, second):
    return all(
        np.array_equal(a, b)
        for a, b in zip(first.get_weights(), second.get_weights(), strict=True)
    )


OPTIMIZERS = {
    "sgd": lambda *p, **k: keras.optimizers.SGD(*p, momentum=0.9, nesterov=True, **k),
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_plain_loop_gives_the_weights_of_fit_bit_for_bit(name):
    fitted = network(optimizer=OPTIMIZERS[name](learning_rate=0.01))
    fitted.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)

    model = network()
    loss_function = keras.losses.SparseCategoricalCrossentropy()
    optimizer = OPTIMIZERS[name](model.parameters(), lr=0.01)
    for _ in range(2):
        for start in range(0, len(X), 8):
            optimizer.zero_grad()
            loss = loss_function(Y[start : start + 8], model(X[start : start + 8]))
            loss.backward()
            optimizer.step()
    assert same(model, fitted)


def test_same_seed_gives_the_same_weights():
    first, second = network(), network()
    for model in (first, second):
        keras.utils.set_random_seed(1)
        model.fit(X, Y, epochs=2, verbose=0)
    assert same(first, second)


def test_shuffling_visits_each_sample_once():
    seen = []

    class Watch(keras.Sequential):
        def train_step(self, data):
            seen.append(data[0])
            return super().train_step(data)

    model = Watch([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.arange(10.0)[:, None]
    for shuffle in (True, "batch"):
        seen.clear()
        model.fit(x / 10, x, batch_size=4, shuffle=shuffle, verbose=0)
        order = np.concatenate(seen)[:, 0] * 10
        assert sorted(order.round()) == list(range(10))


def test_loss_falls_and_history_has_every_epoch():
    history = network().fit(X, Y, epochs=20, verbose=0)
    assert history.epoch == list(range(20))
    assert list(history.history) == ["accuracy", "loss"]
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert all(isinstance(value, float) for value in history.history["loss"])


def test_validation_split_holds_out_the_last_samples():
    model = network()
    history = model.fit(X, Y, validation_split=0.2, shuffle=False, verbose=0)
    expected = model.evaluate(X[40:], Y[40:], verbose=0, return_dict=True)
    assert history.history["val_loss"][-1] == pytest.approx(expected["loss"])
    assert history.history["val_accuracy"][-1] == pytest.approx(expected["accuracy"])


def test_validation_frequency():
    history = network().fit(
        X, Y, epochs=4, validation_data=(X, Y), validation_freq=2, verbose=0
    )
    assert len(history.history["val_loss"]) == 2


@pytest.mark.parametrize("as_data", [np.asarray, lambda a: a.tolist()])
def test_arrays_and_lists_are_data(as_data):
    reference = network()
    reference.fit(X, Y, shuffle=False, verbose=0)
    model = network()
    model.fit(as_data(X), as_data(Y), shuffle=False, verbose=0)
    assert same(model, reference)


def test_generator_trains_like_the_arrays():
    def batches():
        while True:
            for start in range(0, 50, 10):
                yield X[start : start + 10], Y[start : start + 10]

    model, reference = network(), network()
    model.fit(batches(), steps_per_epoch=5, epochs=2, verbose=0)
    reference.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0)
    assert same(model, reference)


class Loader:
    """Batches that can be gone through again, as a data loader's."""

    def __iter__(self):
        for start in range(0, 50, 10):
            yield X[start : start + 10], Y[start : start + 10]


def test_loader_begins_anew_in_each_epoch():
    model, reference = network(), network()
    model.fit(Loader(), epochs=3, verbose=0)
    reference.fit(X, Y, batch_size=10, epochs=3, shuffle=False, verbose=0)
    assert same(model, reference)


def test_evaluate_and_predict_take_generators():
    model = network()
    expected = model.evaluate(X, Y, verbose=0)
    assert model.evaluate(Loader(), verbose=0) == pytest.approx(expected)
    batches = (X[start : start + 10] for start in range(0, 50, 10))
    np.testing.assert_allclose(
        model.predict(batches, verbose=0), model.predict(X, verbose=0), rtol=1e-6
    )


def test_class_weights_are_sample_weights():
    weighted, reference = network(), network()
    weights = {0: 1.0, 1: 3.0, 2: 0.5}
    weighted.fit(X, Y, class_weight=weights, shuffle=False, verbose=0)
    each = np.array([weights[label] for label in Y])
    reference.fit(X, Y, sample_weight=each, shuffle=False, verbose=0)
    assert same(weighted, reference)


def test_steps_per_epoch_limits_an_epoch_of_arrays():
    model = network()
    model.fit(X, Y, batch_size=10, steps_per_epoch=2, verbose=0)
    assert int(model.optimizer.iterations) == 2


def test_initial_epoch_begins_there():
    assert network().fit(X, Y, initial_epoch=3, epochs=5, verbose=0).epoch == [3, 4]


def test_stop_training_ends_after_the_epoch():
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
    )
    model = network()
    assert model.fit(X, Y, epochs=9, callbacks=[stop], verbose=0).epoch == [0, 1]


def test_early_stopping_restores_the_best_weights():
    model = network(optimizer=keras.optimizers.SGD(50.0))
    stop = keras.callbacks.EarlyStopping("loss", patience=2, restore_best_weights=True)
    history = model.fit(X, Y, epochs=50, callbacks=[stop], verbose=0)
    assert len(history.epoch) < 50


def test_evaluate_returns_loss_and_metrics():
    model = network()
    values = model.evaluate(X, Y, verbose=0)
    assert (
        values == list(model.evaluate(X, Y, verbose=0, return_dict=True).values())[::-1]
    )
    assert model.metrics_names == ["loss", "accuracy"]
    probabilities = model.predict(X, verbose=0)
    assert values[1] == pytest.approx((probabilities.argmax(1) == Y).mean())


def test_custom_loss_and_metric_functions():
    def squared(y_true, y_pred):
        return np.mean(np.square(y_true - y_pred), axis=-1)

    def worst(y_true, y_pred):
        return np.abs(y_true - y_pred).max(axis=-1)

    targets = RNG.random((50, 3), dtype=np.float32)
    own = network(loss=squared, metrics=[worst])
    reference = network(loss="mse", metrics=None)
    own.fit(X, targets, shuffle=False, verbose=0)
    reference.fit(X, targets, shuffle=False, verbose=0)
    for a, b in zip(own.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    assert "worst" in own.history.history


def test_loss_weights_scale_the_loss():
    half = network(loss_weights=[0.5]).evaluate(X, Y, verbose=0)[0]
    assert half == pytest.approx(network().evaluate(X, Y, verbose=0)[0] / 2)


@pytest.mark.parametrize("fast", [True, False])
def test_a_layer_frozen_between_two_batches_stays_as_it_is(fast):
    class Freeze(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.layers[0].trainable = False
                self.kernels = [layer.kernel.numpy().copy() for layer in model.layers]

    model, freeze = network(), Freeze()
    keras.config.set_fast(fast)
    try:
        model.fit(X, Y, batch_size=10, verbose=0, callbacks=[freeze])
    finally:
        keras.config.set_fast(True)
    frozen, other = (layer.kernel.numpy() for layer in model.layers)
    np.testing.assert_array_equal(frozen, freeze.kernels[0])
    assert not np.array_equal(other, freeze.kernels[1])


def test_frozen_layer_stays_as_it_is():
    model = network()
    model.layers[0].trainable = False
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])
    assert len(model.trainable_weights) == 2
    model.trainable = True
    assert len(model.trainable_weights) == 4


def test_own_train_step_is_used():
    class Own(keras.Sequential):
        def train_step(self, data):
            x, y = data
            loss = ((self(x, training=True) - y) ** 2).mean()
            weights = self.trainable_variables
            self.optimizer.apply(gradients(loss, weights), weights)
            return {"mine": loss}

    model = Own([keras.layers.Dense(1)])
    model.compile("sgd")
    history = model.fit(X, X.sum(axis=1, keepdims=True), epochs=3, verbose=0)
    assert history.history["mine"][2] < history.history["mine"][0]


@pytest.mark.parametrize(
    ("arguments", "parts"), [({}, 1), ({"y": Y}, 2), ({"y": Y, "sample_weight": Y}, 3)]
)
def test_train_step_gets_what_fit_was_given(arguments, parts):
    seen = []

    class Own(keras.Sequential):
        def train_step(self, data):
            seen.append(len(data) if isinstance(data, tuple) else 1)
            return {}

    model = Own([keras.layers.Dense(1)])
    model.compile("sgd")
    model.fit(X, verbose=0, **arguments)
    assert set(seen) == {parts}


def test_on_batch_methods_return_the_results_of_that_batch():
    model = network()
    first = model.train_on_batch(X, Y, return_dict=True)
    assert set(first) == {"loss", "accuracy"}
    assert model.test_on_batch(X, Y)[0] == pytest.approx(
        model.evaluate(X, Y, verbose=0)[0]
    )
    assert model.predict_on_batch(X).shape == (50, 3)


def test_dropout_is_active_in_training_alone():
    model = keras.Sequential([keras.layers.Dropout(0.5, seed=3)])
    x = np.ones((4, 100), np.float32)
    np.testing.assert_array_equal(
        model(x).numpy() if hasattr(model(x), "numpy") else x, x
    )
    assert (model(x, training=True).numpy() == 0).any()
    assert (model.train()(x).numpy() == 0).any()
    model.eval()
    assert np.array_equal(np.asarray(model.predict(x, verbose=0)), x)


def test_metric_that_gives_an_array_keeps_it_in_logs_and_history():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=["f1_score", "auc"])
    x, y = np.eye(4)[:3], np.eye(3)
    history = model.fit(x, y, verbose=0).history
    assert history["f1_score"][0].shape == (3,)
    assert isinstance(history["auc"][0], float)
    assert model.evaluate(x, y, verbose=0, return_dict=True)["f1_score"].shape == (3,)


def test_other_numbers_of_verbose_name_the_epochs_alone(capsys):
    network().fit(X, Y, epochs=2, verbose=3)
    assert capsys.readouterr().out.split("\n") == ["Epoch 1/2", "Epoch 2/2", ""]


def test_a_layer_that_takes_one_size_of_batch_is_tried_with_it():
    tokens = keras.Input((4,))
    rows = keras.layers.Lambda(lambda x: np.reshape(x, (8, 4)))(tokens)
    model = keras.Model(tokens, keras.layers.Dense(1)(rows))
    assert model.output_shape == (8, 1)
    model.compile("sgd", "mse")
    model.fit(np.ones((16, 4)), np.ones((16, 1)), batch_size=8, verbose=0)


def test_what_compile_was_told_can_be_asked_for_before_it():
    model = keras.Sequential([keras.layers.Dense(1)])
    assert model.loss is None and model.optimizer is None and not model.compiled
    assert not model.run_eagerly and not model.jit_compile
    model.compile("sgd", "mse", steps_per_execution=3, run_eagerly=True)
    assert model.loss == "mse" and model.steps_per_execution == 3 and model.run_eagerly


class Counting(keras.layers.Layer):
    """Counts its calls."""

    calls = 0

    def call(self, x):
        self.calls += 1
        return x


def test_batches_of_one_shape_are_tried_out_once():
    counting = Counting()
    model = keras.Sequential(
        [keras.Input((2,)), counting, keras.layers.Dense(2, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    counting.calls = 0
    for _ in range(3):
        model.train_on_batch(np.ones((4, 2)), np.zeros(4))
    assert counting.calls == 1 + 3
    with pytest.raises(ValueError, match="labels"):
        model.train_on_batch(np.ones((4, 2)), np.full(4, 5))
    model.pop()
    model.add(keras.layers.Dense(7, activation="softmax"))
    model.test_on_batch(np.ones((4, 2)), np.full(4, 5))


def test_the_size_of_validation_batches_matters_with_validation_data_only():
    model = network()
    assert model.fit(X, Y, validation_batch_size=0.3, verbose=0).history["loss"]
    for held_out in ({"validation_data": (X, Y)}, {"validation_split": 0.2}):
        with pytest.raises(ValueError, match="validation_batch_size"):
            model.fit(X, Y, validation_batch_size=0.3, verbose=0, **held_out)


def test_a_model_of_code_without_a_module_is_trained():
    code = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.inside = keras.layers.Dense(1)
    def call(self, x):
        return self.inside(x)
model = Own()
model.compile("sgd", "mse")
model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
"""
    found = {"keras": keras, "np": np}
    exec(code, found)
    assert found["model"].optimizer.iterations == 1
