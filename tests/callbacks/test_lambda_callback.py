import pytest

from keratorch.callbacks import LambdaCallback


def test_functions_are_called_at_their_moments():
    calls = []
    callback = LambdaCallback(
        on_train_begin=calls.append,
        on_train_batch_end=lambda batch, logs: calls.append((batch, logs)),
        on_test_end=calls.append,
    )
    callback.on_train_begin({"a": 1})
    callback.on_train_batch_end(2, logs={})
    callback.on_test_end(None)
    callback.on_epoch_end(0, {})
    assert calls == [{"a": 1}, (2, {}), None]


def test_a_moment_that_does_not_exist_gets_a_suggestion():
    with pytest.raises(TypeError, match="Did you mean 'on_epoch_end'"):
        LambdaCallback(on_epoch_edn=print)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="on_epoch_end must be a function; received 3"):
        LambdaCallback(on_epoch_end=3)
