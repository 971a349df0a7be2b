import io
import re
from types import SimpleNamespace

import pytest

from keratorch.callbacks import CallbackList, LambdaCallback, ProgbarLogger
from keratorch.utils import io_utils


@pytest.fixture
def output(monkeypatch):
    """Standard output that is a terminal or not, by its attribute `terminal`."""

    class Output(io.StringIO):
        terminal = False

        def isatty(self):
            return self.terminal

    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)
    stream = Output()
    # Not sys.stdout itself: pytest puts its own there before the test runs.
    monkeypatch.setattr(io_utils, "sys", SimpleNamespace(stdout=stream))
    return stream


def fit(callbacks, epochs=2, steps=3):
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        for batch in range(steps):
            callbacks.on_train_batch_begin(batch)
            callbacks.on_train_batch_end(batch, {"loss": 1.0, "accuracy": 0.0})
        callbacks.on_test_begin()
        for batch in range(7):
            callbacks.on_test_batch_end(batch, {"loss": 2.0})
        callbacks.on_test_end({"loss": 2.0})
        callbacks.on_epoch_end(epoch, {"loss": 0.5, "accuracy": 0.25, "val_loss": 2.0})
    callbacks.on_train_end()


def without_times(text):
    return re.sub(r"\d+(us|ms|s)\b", "<time>", text)


LAST = "<time> <time>/step - accuracy: 0.2500 - loss: 0.5000 - val_loss: 2.0000"


@pytest.mark.parametrize("verbose", [1, "auto"])
@pytest.mark.parametrize("steps", [3, None])
def test_each_epoch_is_one_line_outside_a_terminal(output, verbose, steps):
    fit(CallbackList(add_progbar=True, verbose=verbose, epochs=2, steps=steps))
    bar = "━" * 20
    assert without_times(output.getvalue()).splitlines() == [
        "Epoch 1/2",
        f"3/3 {bar} {LAST}",
        "Epoch 2/2",
        f"3/3 {bar} {LAST}",
    ]


def test_verbose_2_is_one_line_per_epoch_in_a_terminal_too(output):
    output.terminal = True
    fit(CallbackList(add_progbar=True, verbose=2, epochs=2, steps=3))
    line = LAST.replace("<time> <time>", "3/3 - <time> - <time>", 1)
    shown = without_times(output.getvalue()).splitlines()
    assert shown == ["Epoch 1/2", line, "Epoch 2/2", line]


def test_verbose_0_is_silent(output):
    fit(CallbackList([ProgbarLogger()], verbose=0, epochs=2, steps=3))
    assert output.getvalue() == ""


def test_one_epoch_has_no_headline(output):
    fit(CallbackList(add_progbar=True, verbose=1, epochs=1, steps=3), epochs=1)
    assert not output.getvalue().startswith("Epoch")


def test_a_terminal_sees_the_bar_move(output):
    output.terminal = True
    fit(CallbackList(add_progbar=True, verbose=1, epochs=1, steps=3), epochs=1)
    assert output.getvalue().startswith("\r\x1b[1m1/3\x1b[0m ")
    assert output.getvalue().endswith("val_loss: 2.0000\n")


def test_a_bar_that_is_not_due_asks_for_no_logs(output):
    output.terminal = True
    made = []

    def logs():
        made.append(1)
        return {"loss": 1.0}

    callbacks = CallbackList(add_progbar=True, verbose=1, epochs=1, steps=10**6)
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(0)
    callbacks.callbacks[0].progbar.interval = 3600
    for batch in range(100):
        callbacks.on_train_batch_end(batch, logs)
    assert len(made) == 1  # the first batch
    assert "loss: 1.0000" in output.getvalue()


def test_a_subclass_gets_dictionaries(output):
    seen = []

    class Own(ProgbarLogger):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs)
            super().on_train_batch_end(batch, logs)

    callbacks = CallbackList([Own()], verbose=1, epochs=1, steps=2)
    callbacks.on_epoch_begin(0)
    callbacks.on_train_batch_end(0, lambda: {"loss": 1})
    assert seen == [{"loss": 1.0}]


def test_evaluate_and_predict_have_bars_of_their_own(output):
    callbacks = CallbackList(add_progbar=True, verbose=1, epochs=1, steps=2)
    callbacks.on_test_begin()
    for batch in range(2):
        callbacks.on_test_batch_end(batch, {"loss": 1.0})
    callbacks.on_test_end({"loss": 1.0})
    callbacks.on_predict_begin()
    for batch in range(2):
        callbacks.on_predict_batch_end(batch, {"outputs": 3})
    callbacks.on_predict_end()
    bar = "━" * 20
    assert without_times(output.getvalue()).splitlines() == [
        f"2/2 {bar} <time> <time>/step - loss: 1.0000",
        f"2/2 {bar} <time> <time>/step",
    ]


def test_one_logger_serves_fit_and_then_evaluate(output):
    logger = ProgbarLogger()
    fit(CallbackList([logger], verbose=1, epochs=1, steps=3), epochs=1)
    shown = output.getvalue()
    callbacks = CallbackList([logger], verbose=1, epochs=1, steps=1)
    callbacks.on_test_begin()
    callbacks.on_test_batch_end(0, {"loss": 1.0})
    callbacks.on_test_end({"loss": 1.0})
    assert output.getvalue() != shown


def test_a_run_that_breaks_off_ends_its_line(output):
    output.terminal = True

    def stop(batch, logs):
        raise KeyboardInterrupt

    callbacks = CallbackList(
        [ProgbarLogger(), LambdaCallback(on_train_batch_end=stop)],
        verbose=1,
        epochs=1,
        steps=3,
    )
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(0)
    with pytest.raises(KeyboardInterrupt):
        callbacks.on_train_batch_end(0, {"loss": 1.0})
    callbacks.on_train_end()
    assert output.getvalue().endswith("loss: 1.0000\n")
