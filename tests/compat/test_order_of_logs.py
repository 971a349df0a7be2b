"""The order of the numbers in logs: by name in Keras 3, losses first before it."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("installed")
X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
IN_TENSORFLOW = "from tensorflow.keras.models import Model\n"
IN_KERAS = "from keras.models import Model\n"


@pytest.fixture
def script():
    yield dialect.read
    dialect.forget()


def trained(outputs=1, verbose=0):
    inputs = keras.Input((3,))
    heads = [keras.layers.Dense(1, name=f"b{i}")(inputs) for i in range(outputs)]
    model = keras.Model(inputs, heads)
    metrics = ["mse", "mae"] if outputs == 1 else [["mae"]] * outputs
    model.compile("sgd", ["mse"] * outputs, metrics=metrics)
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1)
    y = [Y] * outputs
    data = {"validation_data": (X, y), "callbacks": [schedule]}
    return list(model.fit(X, y, epochs=1, verbose=verbose, **data).history)


TRAINED, VALIDATED = ["loss", "mse", "mae"], ["val_loss", "val_mse", "val_mae"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            IN_TENSORFLOW + "from keras import ops",
            [*sorted(TRAINED), "val_loss", "val_mae", "val_mse", "learning_rate"],
        ),
        (IN_TENSORFLOW + "m.fit(x, workers=1)", [*TRAINED, *VALIDATED, "lr"]),
        (IN_TENSORFLOW + "m.fit_generator(x)", [*TRAINED, *VALIDATED, "lr"]),
        (IN_KERAS + "m.fit(x, nb_epoch=1)", [*VALIDATED, *TRAINED, "lr"]),
    ],
)
def test_losses_come_first_in_scripts_for_keras_before_3(script, source, expected):
    script(source)
    assert trained() == expected


def test_the_losses_of_outputs_come_before_their_metrics(script):
    script(IN_TENSORFLOW + "m.fit_generator(x)")
    first = ["loss", "b0_loss", "b1_loss", "b0_mae", "b1_mae"]
    assert trained(2) == [*first, *(f"val_{name}" for name in first), "lr"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (IN_KERAS + "m.fit(x, nb_epoch=1)", [*TRAINED, *VALIDATED]),
        (IN_TENSORFLOW + "m.fit_generator(x)", [*TRAINED, *VALIDATED, "lr"]),
    ],
)
def test_the_bar_shows_validation_last(script, source, shown, capsys):
    script(source)
    trained(verbose=2)
    line = capsys.readouterr().out.splitlines()[-1]
    assert [part.split(":")[0] for part in line.split(" - ")[-len(shown) :]] == shown
