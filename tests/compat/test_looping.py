"""What the loops of Keras 1 and 2 took."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat
from keratorch.callbacks import BaseLogger, Callback
from keratorch.compat import dialect
from keratorch.layers import Dense, Input
from keratorch.models import Model, Sequential

pytestmark = pytest.mark.usefixtures("quiet")

X = np.random.default_rng(0).random((10, 3)).astype("float32")
Y = X.sum(axis=1)


def compiled(units=1, **arguments):
    model = Sequential([Input((3,)), Dense(units)])
    model.compile("sgd", **{"loss": "mse", **arguments})
    return model


class Look(Callback):
    batches = 0

    def on_train_begin(self, logs=None):
        self.told = self.params
        self.metrics_told = self.params.get("metrics")

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        self.seen = [np.shape(part) for part in self.validation_data or ()]


def test_steps_may_be_no_whole_numbers():
    look, model = Look(), compiled()
    model.fit(X, Y, steps_per_epoch=10 / 4, batch_size=4, callbacks=[look], verbose=0)
    assert look.batches == 3
    endless = iter([(X, Y)] * 9)
    model.fit(endless, steps_per_epoch=1.5, validation_data=endless, verbose=0)
    model.evaluate(X, Y, batch_size=4, steps=1.5, verbose=0)
    assert len(model.predict(X, batch_size=4, steps=1.5, verbose=0)) == 8


def test_callbacks_may_be_lists_in_lists():
    look = Look()
    compiled().fit(X, Y, callbacks=[[look]], validation_data=(X, Y), verbose=0)
    assert look.seen == [(10, 3), (10,), (10,)]


def test_callbacks_find_what_a_split_holds_out():
    look = Look()
    compiled().fit(X, Y, validation_split=0.2, callbacks=[look], verbose=0)
    assert look.seen == [(2, 3), (2,), (2,)]


def test_targets_of_callbacks_are_columns_in_scripts(installed):
    look = Look()
    compiled().fit(X, Y, validation_data=(X, list(Y)), callbacks=[look], verbose=0)
    assert look.seen == [(10, 3), (10, 1), (10,)]


def test_callbacks_are_told_more_in_scripts(installed):
    look, model = Look(), compiled(metrics=["mae"])
    model.fit(X, Y, epochs=2, callbacks=[look], verbose=0)
    assert look.told["nb_epoch"] == look.told["epochs"] == 2
    assert look.told["metrics"] == ["loss", "mae", "val_loss", "val_mae"]
    assert look.metrics_told == look.told["metrics"]
    assert look.told.get("nothing", 3) == 3
    with pytest.raises(KeyError):
        look.told["nothing"]


def test_a_callback_may_be_a_base_logger():
    class Monitor(BaseLogger):
        def __init__(self):
            super().__init__(stateful_metrics=["acc"])
            self.history = []

        def on_epoch_end(self, epoch, logs=None):
            self.history.append(logs["loss"])

    monitor = Monitor()
    compiled().fit(X, Y, epochs=2, callbacks=[monitor], verbose=0)
    assert len(monitor.history) == 2


def test_one_sample_may_be_a_list_in_a_list():
    model = compiled()
    expected = model.predict(X[:2], verbose=0)
    np.testing.assert_array_equal(model.predict([X[:2].tolist()], verbose=0), expected)
    np.testing.assert_array_equal(
        model.predict(x=[X[:2].tolist()], verbose=0), expected
    )


def test_metrics_of_batches_are_counted_on_where_that_is_said():
    model = compiled()
    model.test_on_batch(X[:5], Y[:5])
    both = model.test_on_batch(X[5:], Y[5:], reset_metrics=False)
    assert both == pytest.approx(model.evaluate(X, Y, verbose=0))
    alone = model.test_on_batch(X[5:], Y[5:], reset_metrics=True)
    assert alone == pytest.approx(model.evaluate(X[5:], Y[5:], verbose=0))
    model.train_on_batch(X, Y, reset_metrics=False)


def shapes_of(what, units):
    """Return the shapes of targets (10,) that a function of one's own gets."""
    seen = set()

    def own(y_true, y_pred):
        seen.add(tuple(np.shape(y_true)))
        return keras.ops.mean(keras.ops.square(y_pred))

    given = {"loss": lambda y_true, y_pred: keras.ops.mean(y_pred), what: own}
    compiled(units, **given).fit(X, Y, batch_size=10, verbose=0)
    return {shape for shape in seen if shape[0] == 10}


def test_functions_of_scripts_get_one_column(installed):
    assert shapes_of("metrics", units=1) == {(10, 1)}
    assert shapes_of("metrics", units=4) == {(10, 1)}
    assert shapes_of("loss", units=4) == {(10, 1)}


@pytest.mark.parametrize("what", ["loss", "metrics"])
def test_functions_of_scripts_get_targets_that_know_their_shape(installed, what):
    seen = []

    def own(y_true, y_pred):
        seen.append(y_true.get_shape().as_list())
        return keras.ops.mean(keras.ops.square(y_pred - y_true))

    compiled(**{what: own}).fit(X, Y, batch_size=10, verbose=0)
    assert seen[-1] == [10, 1]


def test_losses_of_scripts_get_targets_without_gradient(installed):
    seen = []

    def own(y_true, y_pred):
        seen.append(y_true.requires_grad)
        return keras.ops.mean(keras.ops.square(y_pred - y_true))

    compiled(loss=own).fit(X, Y, batch_size=10, verbose=0)
    assert seen[-1] is False


def test_functions_of_programs_get_what_fit_was_given():
    assert shapes_of("metrics", units=4) == {(10,)}
    assert shapes_of("loss", units=4) == {(10,)}


def test_losses_of_ones_own_class_get_one_column(installed):
    seen = []

    class Own(keras.losses.Loss):
        def call(self, y_true, y_pred):
            seen.append(y_true.shape)
            return keras.ops.square(y_true - y_pred)

    compiled(4, loss=Own()).fit(X, Y, batch_size=10, verbose=0)
    assert (10, 1) in seen
    assert (10,) not in seen


def test_targets_of_a_metric_are_not_none(installed):
    def own(y_true, y_pred):
        assert (y_true == None) is False  # noqa: E711
        assert (y_pred != None) is True  # noqa: E711
        assert not isinstance(y_true.numpy(), type(y_true))
        return keras.backend.mean(y_true == y_pred)

    compiled(metrics=[own]).fit(X, Y, verbose=0)


def two_outputs():
    x = Input((3,))
    return Model(x, [Dense(1, name="out")(x), Dense(1, name="aux")(x)])


def test_results_come_output_by_output_in_scripts(installed):
    model = two_outputs()
    model.compile("sgd", "mse", metrics=["mae", "mse"])
    results = model.evaluate(X, [Y, Y], verbose=0)
    assert model.metrics_names == [
        "loss",
        "out_loss",
        "aux_loss",
        "out_mae",
        "out_mse",
        "aux_mae",
        "aux_mse",
    ]
    assert results[4] == pytest.approx(results[1])
    assert results[6] == pytest.approx(results[2])


def test_elsewhere_metrics_of_outputs_are_those_of_keras_3():
    model = two_outputs()
    model.compile("sgd", "mse", metrics=["mae", "mse"])
    model.evaluate(X, [Y, Y], verbose=0)
    assert sorted(model.metrics_names[3:]) == ["aux_mse", "out_mae"]


def test_outputs_without_names_have_a_place_each(installed):
    class Twice(Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(1)

        def call(self, inputs):
            return self.dense(inputs), self.dense(inputs)

    model = Twice()
    model.compile("sgd", "mse")
    assert len(model.evaluate(X, [Y, Y], verbose=0)) == 3


def test_callbacks_find_targets_given_by_name(installed):
    look, model = Look(), two_outputs()
    model.compile("sgd", "mse")
    named = {"out": Y, "aux": Y}
    model.fit(X, named, validation_split=0.2, callbacks=[look], verbose=0)
    assert look.seen == [(2, 3), (2, 1), (2, 1), (2,)]
    look = Look()
    model.fit(X, named, validation_data=(X, named), callbacks=[look], verbose=0)
    assert look.seen == [(10, 3), (10, 1), (10, 1), (10,)]


def test_callbacks_of_a_second_run_find_its_data():
    look, model = Look(), compiled()
    model.fit(X, Y, callbacks=[look], validation_data=(X[:4], Y[:4]), verbose=0)
    model.fit(X, Y, callbacks=[look], validation_data=(X, Y), verbose=0)
    assert look.seen == [(10, 3), (10,), (10,)]
    model.fit(X, Y, callbacks=[look], verbose=0)
    assert look.seen == []


def test_callbacks_keep_data_of_their_own():
    look, model = Look(), compiled()
    look.validation_data = (X[:2],)
    for _ in range(2):
        model.fit(X, Y, callbacks=[look], validation_data=(X, Y), verbose=0)
        assert look.seen == [(2, 3)]


def test_predict_takes_samples_of_several_inputs_in_lists():
    inputs = [Input((3,)), Input((2,))]
    model = Model(inputs, keras.layers.Concatenate()(inputs))
    found = model.predict([[np.array([1, 2, 3])], [[4, 5]]], verbose=0)
    np.testing.assert_array_equal(found, [[1, 2, 3, 4, 5]])
    ragged = [[np.zeros(3), np.zeros(2)], [[4, 5]]]
    with pytest.raises(ValueError, match="x"):
        model.predict(ragged, verbose=0)


@pytest.mark.parametrize("nothing", [(), []])
def test_nothing_to_validate_on_is_no_validation_in_scripts(installed, nothing):
    by_name = compiled().fit(X, Y, validation_data=nothing, verbose=0)
    by_place = compiled().fit(X, Y, 4, 1, 0, None, 0.0, nothing)
    from_batches = compiled().fit_generator(
        iter([(X, Y)] * 2), 2, validation_data=nothing, verbose=0
    )
    for run in (by_name, by_place, from_batches):
        assert list(run.history) == ["loss"]
    held_out = compiled().fit(
        X, Y, validation_split=0.5, validation_data=nothing, verbose=0
    )
    assert list(held_out.history) == ["loss", "val_loss"]


def test_nothing_to_validate_on_is_an_error_of_today(installed):
    dialect.read("from keras import ops")
    with pytest.raises(ValueError, match="validation_data must be"):
        compiled().fit(X, Y, validation_data=(), verbose=0)
    dialect.forget()
    compat.uninstall()
    with pytest.raises(ValueError, match="validation_data must be"):
        compiled().fit(X, Y, validation_data=(), verbose=0)
