import numpy as np
import pytest

import keratorch as keras
from keratorch.callbacks import TerminateOnNaN


@pytest.mark.parametrize("loss", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_no_number_ends_training(model, loss, capsys):
    callback = TerminateOnNaN()
    callback.set_model(model)
    callback.on_batch_end(2, {"loss": 3.0})
    callback.on_batch_end(2, {"accuracy": np.nan})
    callback.on_batch_end(2)
    assert not model.stop_training
    callback.on_batch_end(2, {"loss": loss})
    assert model.stop_training
    assert capsys.readouterr().out == "Batch 2: Invalid loss, terminating training\n"


@pytest.mark.filterwarnings("ignore:(overflow|invalid value):RuntimeWarning")
def test_it_may_end_the_program_instead():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e25), loss="mse")
    callbacks = [TerminateOnNaN(raise_error=True)]
    with pytest.raises(RuntimeError, match="NaN or Inf loss at batch 1: inf"):
        model.fit(
            np.ones((8, 2)), np.zeros(8), batch_size=2, verbose=0, callbacks=callbacks
        )
