"""Training that breaks off: callbacks hear of it, history stays, and it goes on."""

import numpy as np
import pytest

import keratorch as keras
from tests.bad_input.mistakes import INPUTS, LABELS, TARGETS, X, classifier, several

HOOKS = [
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
]


class Interrupt(keras.callbacks.Callback):
    """Raises in the second epoch, from one of the hooks."""

    def __init__(self, hook, error):
        super().__init__()
        self.epoch, self.error, self.ends = 0, error, 0
        setattr(self, hook, self.interrupt)
        self.hook = hook

    def interrupt(self, *args, **kwargs):
        self.epoch += 1
        if self.epoch == 2:
            raise self.error

    def on_train_end(self, logs=None):
        self.ends += 1


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("mine")])
def test_after_an_interrupt_the_next_fit_works(hook, error):
    model, callback = classifier(), Interrupt(hook, error)
    last = keras.callbacks.LambdaCallback(on_train_end=lambda logs: ends.append(1))
    ends = []
    data = {"x": X, "y": LABELS, "validation_data": (X, LABELS), "verbose": 0}
    with pytest.raises(type(error)):
        model.fit(**data, epochs=5, callbacks=[callback, last])
    assert callback.ends == len(ends) == 1
    assert model.history.epoch in ([0], [0, 1])
    assert len(model.history.history["loss"]) == len(model.history.epoch)
    steps = int(model.optimizer.iterations)
    assert 1 <= steps <= 2
    history = model.fit(**data, epochs=2)
    assert history.epoch == [0, 1]
    assert int(model.optimizer.iterations) == steps + 2
    assert np.isfinite(history.history["val_loss"]).all()


def test_an_error_of_on_train_end_does_not_hide_the_first():
    def fail(logs):
        raise OSError("cannot close")

    end = keras.callbacks.LambdaCallback(on_train_end=fail)
    interrupt = Interrupt("on_epoch_end", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        classifier().fit(X, LABELS, epochs=3, callbacks=[interrupt, end], verbose=0)


def test_an_interrupt_of_several_outputs_in_a_generator():
    def batches():
        yield INPUTS, TARGETS
        raise KeyboardInterrupt

    model = several()
    with pytest.raises(KeyboardInterrupt):
        model.fit(batches(), verbose=0)
    assert model.fit(INPUTS, TARGETS, verbose=0).epoch == [0]


@pytest.mark.parametrize("method", ["evaluate", "predict"])
def test_an_interrupt_of_evaluate_and_predict(method):
    hook = "on_test_batch_end" if method == "evaluate" else "on_predict_batch_end"
    model, callback = classifier(), Interrupt(hook, KeyboardInterrupt())
    data = (X, LABELS) if method == "evaluate" else (X,)
    call = getattr(model, method)
    with pytest.raises(KeyboardInterrupt):
        call(*data, batch_size=4, callbacks=[callback], verbose=0)
    call(*data, batch_size=4, verbose=0)


def test_an_interrupt_leaves_layers_in_the_mode_of_inference():
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(4), keras.layers.Dropout(0.5)]
    )
    model.compile("sgd", "mse")
    interrupt = Interrupt("on_train_batch_end", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, X, epochs=3, callbacks=[interrupt], verbose=0)
    outputs = [model(X).numpy(), model(X, training=False).numpy()]
    np.testing.assert_array_equal(*outputs)
