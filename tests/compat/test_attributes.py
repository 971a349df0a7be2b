"""Attributes of layers, models and optimizers that Keras 2 had."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import ops
from keratorch.layers import Dense, Input, Layer
from keratorch.models import Model, Sequential

K = keras.backend
pytestmark = pytest.mark.usefixtures("quiet")

X = np.random.default_rng(0).random((8, 3)).astype("float32")
Y = X.sum(axis=1)


def two_layers():
    model = Sequential([Input((3,)), Dense(4, name="first"), Dense(1, name="last")])
    model.compile("sgd", "mse")
    return model


def test_layers_and_models_are_renamed_by_their_hidden_name():
    model = two_layers()
    model._name = "other"
    model.layers[0]._name = "new"
    assert (model.name, model.get_layer("new").name) == ("other", "new")


def test_what_graphs_kept_is_empty_or_what_stands_for_it():
    layer = two_layers().layers[0]
    assert layer.updates == layer.get_updates_for(None) == []
    assert layer.outbound_nodes == layer._outbound_nodes == []
    layer.outbound_nodes = []
    assert len(layer.inbound_nodes) == len(layer._inbound_nodes) == 1
    assert layer.get_losses_for(None) == layer.losses == []


def test_an_input_shape_has_an_older_name():
    assert Dense(2, input_shape=(5,))._batch_input_shape == (None, 5)


def test_a_model_says_whether_it_keeps_states():
    recurrent = keras.layers.LSTM(2, stateful=True, batch_input_shape=(2, 3, 4))
    assert Sequential([recurrent]).stateful
    assert not two_layers().stateful


def test_an_attribute_of_ones_own_comes_first():
    class Counting(Layer):
        def __init__(self):
            super().__init__()
            self.updates = 3
            self.stateful = True

    assert (Counting().updates, Counting().stateful) == (3, True)


def test_a_sequential_is_its_own_model():
    model = two_layers()
    assert model.model is model


def test_optimizers_give_and_take_their_state():
    model = two_layers()
    model.fit(X, Y, verbose=0)
    optimizer = model.optimizer
    assert optimizer.variables()[0] is optimizer.variables[0]
    assert len(optimizer.weights) == len(optimizer.get_weights())
    before = optimizer.get_weights()
    model.fit(X, Y, verbose=0)
    assert not np.array_equal(optimizer.get_weights()[0], before[0])
    optimizer.set_weights(before)
    np.testing.assert_array_equal(optimizer.get_weights()[0], before[0])


def test_the_rate_of_the_next_update_can_be_a_metric(installed):
    optimizer = keras.optimizers.SGD(0.5, decay=1.0)
    model = Sequential([Input((3,)), Dense(1)])
    model.compile(optimizer, "mse")
    model.fit(X, Y, batch_size=8, verbose=0)
    assert optimizer._decayed_lr("float32").numpy() == pytest.approx(0.25)


def test_schedules_give_numbers_with_a_method_numpy(installed):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.5)
    assert schedule(10).numpy() == pytest.approx(0.25)


def test_loading_weights_returns_a_status_in_scripts(installed, tmp_path):
    model = two_layers()
    model.save_weights(str(tmp_path / "w.h5"))
    status = model.load_weights(str(tmp_path / "w.h5"))
    assert status.expect_partial() is status.assert_consumed() is status


def test_layers_are_popped_from_a_sequential(installed):
    model = two_layers()
    first = model.layers[0]
    model.layers.pop()
    model.outputs = [model.layers[-1].output]
    model.layers[-1].outbound_nodes = []
    model.add(Dense(2))
    assert model.layers[0] is first
    assert model.output_shape == (None, 2)


def test_layers_are_popped_from_a_functional_model(installed):
    x = Input((3,))
    model = Model(x, Dense(2)(Dense(4)(x)))
    model.layers.pop()
    model.outputs = [model.layers[-1].output]
    assert len(model.layers) == 2
    assert model.predict(X, verbose=0).shape == (8, 4)


def test_elsewhere_the_list_of_layers_is_a_copy():
    model = two_layers()
    model.layers.pop()
    assert len(model.layers) == 2


def test_outputs_of_one_layer_have_names_of_their_own(installed):
    x = Input((3,))
    inner = Model(x, [Dense(1)(x), Dense(2)(x)], name="inner")
    model = Model(x, inner(x))
    model.compile("sgd", ["mse", "mse"], metrics=["mae"])
    names = ["inner_loss", "inner_1_loss", "inner_mae", "inner_1_mae"]
    results = model.evaluate(X, [Y, np.ones((8, 2))], verbose=0)
    assert model.metrics_names == ["loss", *names]
    assert results[0] == pytest.approx(results[1] + results[2])


def test_the_input_of_a_sequential_is_named_after_its_first_layer(installed):
    model = Sequential([Dense(1, input_shape=(3,), name="first")])
    model.compile("sgd", "mse")
    model.fit({"first_input": X}, Y, verbose=0)
    assert model.input_names == ["first_input"]


class Centers(Layer):
    def build(self, input_shape):
        self.centers = self.add_weight(
            shape=input_shape[1:], initializer="zeros", trainable=False
        )

    def call(self, inputs):
        mean = K.mean(inputs, axis=0)
        self.add_update((self.centers, mean), inputs)
        self.add_metric(K.mean(inputs), name="level", aggregation="mean")
        return inputs * 1.0


def test_updates_given_in_pairs_are_made_in_training():
    x = Input((3,))
    centers = Centers()
    model = Model(x, Dense(1)(centers(x)))
    model.compile("sgd", "mse")
    model.predict(X, verbose=0)
    assert not centers.centers.numpy().any()
    model.fit(X, Y, batch_size=8, verbose=0)
    np.testing.assert_allclose(centers.centers.numpy(), X.mean(axis=0), rtol=1e-5)


def test_metrics_of_layers_are_means_over_batches():
    model = Sequential([Input((3,)), Centers(), Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(X, Y, batch_size=4, validation_data=(X, Y), verbose=0).history
    assert history["level"] == pytest.approx([X.mean()])
    assert history["val_level"] == pytest.approx([X.mean()])


def test_metrics_of_models_are_symbolic():
    x = Input((3,))
    hidden = Dense(4)(x)
    model = Model(x, Dense(1)(hidden))
    model.add_metric(ops.mean(ops.square(hidden)), name="size", aggregation="mean")
    model.compile("sgd", "mse")
    loss, size = model.evaluate(X, Y, verbose=0)
    inner = Model(x, hidden).predict(X, verbose=0)
    assert size == pytest.approx(np.square(inner).mean(), rel=1e-5)
    assert loss == pytest.approx(
        np.square(model.predict(X, verbose=0)[:, 0] - Y).mean()
    )
    with pytest.raises(ValueError, match="aggregation must be 'mean'"):
        model.add_metric(hidden, name="largest", aggregation="max")


def test_a_metric_that_an_attribute_holds_is_shown_once():
    class Counted(Layer):
        def __init__(self):
            super().__init__()
            self.seen = keras.metrics.Mean(name="seen")

        def call(self, inputs):
            self.seen.update_state(2.0)
            self.add_metric(self.seen.result(), name="seen")
            return inputs

    model = Sequential([Input((3,)), Counted(), Dense(1)])
    model.compile("sgd", "mse")
    assert model.fit(X, Y, verbose=0).history["seen"] == [2.0]


@pytest.mark.usefixtures("installed")
def test_files_take_the_options_of_tensorflow(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    path, weights = str(tmp_path / "model.h5"), str(tmp_path / "only.weights.h5")
    model.save(path, signatures=None, options=None, save_traces=True)
    keras.models.save_model(model, path, signatures=None)
    model.save_weights(weights, options=None)
    model.load_weights(weights, options=None)
    again = keras.models.load_model(path, options=None)
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


@pytest.mark.usefixtures("quiet")
def test_no_metric_is_stateful_as_those_of_keras_2_were():
    model = keras.Sequential([keras.layers.Dense(1)])
    assert model.stateful_metric_names == model.stateful_metric_functions == []


@pytest.mark.parametrize(
    ("layer", "uses"),
    [
        (keras.layers.Dropout(0.5), True),
        (keras.layers.BatchNormalization(), True),
        (Dense(2), False),
        (keras.layers.Flatten(), False),
    ],
)
def test_a_model_says_whether_training_is_something_else(layer, uses):
    assert layer.uses_learning_phase is uses
    assert Sequential([Input((3,)), layer]).uses_learning_phase is uses
    assert keras.layers.LSTM(2, dropout=0.5).uses_learning_phase


def test_a_model_says_the_shapes_of_its_ends_as_in_keras_1():
    model = Sequential([Input((4, 3)), Dense(2)])
    assert model.internal_input_shapes == [(None, 4, 3)]
    assert model.internal_output_shapes == [(None, 4, 2)]
