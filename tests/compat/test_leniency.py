import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch import compat

X = np.random.default_rng(0).random((8, 3))


@pytest.fixture
def in_a_script():
    try:
        compat.install()
    except RuntimeError:
        pytest.skip("the real Keras is loaded in this process")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    compat.uninstall()


def trained(y, activation="sigmoid", loss="binary_crossentropy", **fit):
    keras.utils.set_random_seed(1)  # linear outputs may be probabilities by chance
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation)])
    model.compile("sgd", loss)
    return model.fit(X, y, verbose=0, **fit).history["loss"][-1]


MISTAKES = [
    ({"y": np.arange(8) % 3}, "targets from 0 to 1"),
    ({"y": np.zeros(8), "activation": "linear"}, "needs probabilities"),
    ({"y": np.zeros(8), "activation": "softmax"}, "softmax over 1 unit"),
    (
        {"y": np.zeros(8), "callbacks": [keras.callbacks.EarlyStopping("val_loss")]},
        "monitors 'val_loss'",
    ),
    ({"y": np.array([np.nan] + [0] * 7), "loss": "mse"}, "y holds nan"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_a_mistake_is_an_error_in_a_program_of_keratorch(arguments, message):
    with pytest.raises(ValueError, match=message):
        trained(**arguments)


@pytest.mark.parametrize(("arguments", "message"), MISTAKES[:4])
def test_it_is_a_warning_in_a_script_of_keras(arguments, message, in_a_script):
    with pytest.warns(UserWarning, match=f"{message}.*Keras computes on"):
        assert np.isfinite(trained(**arguments))


def test_nan_in_the_data_is_learned_from_with_a_warning(in_a_script):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert np.isnan(trained(**MISTAKES[4][0]))
    said = [str(warning.message) for warning in caught]
    assert any(
        "y holds nan" in message and "computes on" in message for message in said
    )


def test_shapes_that_do_not_fit_are_errors_in_scripts_too(in_a_script):
    with pytest.raises(ValueError, match="shape"):
        trained(np.zeros((8, 2)))
