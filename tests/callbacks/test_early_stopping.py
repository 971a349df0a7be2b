import numpy as np
import pytest

from keratorch.callbacks import CallbackList, EarlyStopping
from keratorch.metrics import BinaryAccuracy, Mean, MeanMetricWrapper, Metric


def train(model, values, monitor="loss", **arguments):
    """Run epochs with these values; return how many ran, and the callback.

    The model's weight after each epoch is the number of the epoch.
    """
    callback = EarlyStopping(monitor, **arguments)
    callbacks = CallbackList([callback], model=model)
    callbacks.on_train_begin()
    epochs = 0
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callbacks.on_epoch_end(epoch, {monitor: value})
        epochs += 1
        if model.stop_training:
            break
    callbacks.on_train_end()
    return epochs, callback


@pytest.mark.parametrize(
    ("values", "arguments", "epochs", "weight"),
    # Keras 3.15: keras.callbacks.EarlyStopping("loss", restore_best_weights=True) with
    # a model whose weight is the number of the epoch: epochs run, weight at the end
    [
        ([3, 2, 1, 2, 1, 1], {}, 4, 2),
        ([3, 2, 1, 2, 0, 1], {"patience": 2}, 6, 4),
        ([3, 2, 2.5, 2.5, 1], {"patience": 2}, 4, 1),
        ([3, 2.9, 2.8, 2.7], {"min_delta": 0.5}, 2, 0),
        ([3, 2.9, 2.8, 2.7], {"min_delta": -0.5, "patience": 1}, 2, 0),
        ([1, 2, 3, 2, 1], {"mode": "max", "patience": 1}, 4, 2),
        ([3, 2, 1, 0], {"baseline": 0.5, "patience": 2}, 4, 3),
        ([3, 2, 0.4, 1, 1, 1], {"baseline": 0.5, "patience": 3}, 6, 2),
        ([1, 2, 3, 4, 5], {"start_from_epoch": 2}, 4, 2),
        ([float("nan"), 1, 2, 3], {"patience": 2}, 3, 0),
        ([1, 1, 1], {"patience": 1}, 2, 0),
        ([1, 2], {"patience": 0}, 2, 0),
        ([3, 2, 1], {}, 3, 2),
    ],
)
def test_it_stops_and_restores_as_in_keras(model, values, arguments, epochs, weight):
    ran, _ = train(model, values, restore_best_weights=True, **arguments)
    assert (ran, model.weights) == (epochs, [weight])


def test_the_last_weights_stay_unless_the_best_are_asked_for(model):
    train(model, [1, 2, 3], patience=1)
    assert model.weights == [1]


@pytest.mark.parametrize(
    ("arguments", "compare", "delta"),
    # Keras 3.15: monitor_op and min_delta of the callback after an epoch
    [({"min_delta": 0.5}, np.less, -0.5), ({"mode": "max"}, np.greater, 0)],
)
def test_a_subclass_may_compare_by_itself_as_in_keras(model, arguments, compare, delta):
    class Reckless(EarlyStopping):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(self.get_monitor_value(logs))
            if not self.monitor_op(seen[-1] - self.min_delta, 3.0):
                self.model.stop_training = True

    seen = []
    callback = Reckless("loss", **arguments)
    callback.set_model(model)
    callback.on_epoch_end(0, {"loss": 3.0})
    assert seen == [3.0] and model.stop_training
    assert callback.monitor_op is compare and callback.min_delta == delta


def test_a_subclass_may_watch_a_number_of_its_own(model):
    class Sum(EarlyStopping):
        def get_monitor_value(self, logs):
            return logs["a"] + logs["b"]

    callback = Sum("loss", mode="min")
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, (a, b) in enumerate([(1, 2), (0, 2), (0, 4)]):
        callback.on_epoch_end(epoch, {"a": a, "b": b})
    assert callback.best == 2 and callback.stopped_epoch == 2


def test_verbose_says_what_happens(model, capsys):
    train(model, [1, 2, 3], patience=1, verbose=1, restore_best_weights=True)
    # Keras 3.15
    assert capsys.readouterr().out == (
        "Epoch 2: early stopping\n"
        "Restoring model weights from the end of the best epoch: 1.\n"
    )
    model.stop_training = False
    train(model, [1, 2, 3], patience=1, restore_best_weights=True)
    assert capsys.readouterr().out == ""


def test_one_callback_serves_several_runs(model):
    callback = EarlyStopping("loss", restore_best_weights=True)
    for values in ([1, 2], [9, 8, 10]):
        model.stop_training = False
        callbacks = CallbackList([callback], model=model)
        callbacks.on_train_begin()
        for epoch, value in enumerate(values):
            callbacks.on_epoch_end(epoch, {"loss": value})
        assert model.stop_training
        assert callback.stopped_epoch == len(values) - 1


@pytest.mark.parametrize("name", ["accuracy", "val_accuracy"])
def test_auto_asks_the_metric_which_way_is_better(model, name):
    model.metrics = [Mean(name="loss"), BinaryAccuracy(name="accuracy")]
    epochs, callback = train(model, [0.5, 0.6, 0.7, 0.6, 0.6], name, patience=1)
    assert epochs == 4
    assert callback.best == 0.7


def test_auto_finds_metrics_inside_of_others(model):
    class Container(Metric):
        def __init__(self, metrics):
            super().__init__(name="compile_metrics")
            self.metrics = metrics

    model.metrics = [Mean(name="loss"), Container([BinaryAccuracy(name="hit")])]
    assert train(model, [0.5, 0.6, 0.5], "hit")[1].best == 0.6


def test_an_unknown_direction_is_an_error_in_the_first_epoch(model):
    model.metrics = [MeanMetricWrapper(np.subtract, name="mine")]
    with pytest.raises(ValueError, match="Pass mode='max' or mode='min'"):
        train(model, [1.0], "mine")
    assert train(model, [1.0, 0.5, 2.0], "mine", mode="max")[0] == 2


def test_an_unknown_metric_is_an_error_that_lists_the_known(model):
    callbacks = CallbackList([EarlyStopping("acuracy", mode="max")], model=model)
    callbacks.on_train_begin()
    with pytest.raises(ValueError, match="Did you mean 'accuracy'") as caught:
        callbacks.on_epoch_end(0, {"loss": 1.0, "accuracy": 0.5})
    assert "'acuracy'" in str(caught.value)
    assert "Known: accuracy, loss." in str(caught.value)


def test_a_validation_that_is_missing_is_asked_for(model):
    callbacks = CallbackList([EarlyStopping()], model=model)
    callbacks.on_train_begin()
    with pytest.raises(ValueError, match="Give fit validation_data"):
        callbacks.on_epoch_end(0, {"loss": 1.0})


@pytest.mark.parametrize("frequency", [2, [2, 4], (2, 4)])
def test_epochs_without_validation_are_passed_over(model, frequency):
    callback = EarlyStopping(patience=0)
    callbacks = CallbackList([callback], model=model, validation_freq=frequency)
    callbacks.on_train_begin()
    callbacks.on_epoch_end(0, {"loss": 1.0})
    callbacks.on_epoch_end(1, {"loss": 1.0, "val_loss": 1.0})
    callbacks.on_epoch_end(2, {"loss": 1.0})
    assert not model.stop_training
    callbacks.on_epoch_end(3, {"loss": 1.0, "val_loss": 2.0})
    assert model.stop_training


def test_an_unknown_mode_warns_and_is_auto():
    with pytest.warns(UserWarning, match="received 'lowest', which is taken as 'auto'"):
        callback = EarlyStopping(mode="lowest")
    assert callback.mode == "auto"


@pytest.mark.parametrize("argument", ["patience", "start_from_epoch"])
def test_a_negative_number_of_epochs_is_refused(argument):
    with pytest.raises(ValueError, match=f"{argument} must be >= 0 epochs"):
        EarlyStopping(**{argument: -1})
