"""What models return to a script converts to numbers, as NumPy's arrays once did."""

import pickle

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.compat.training.one_number import Outputs

X = np.random.default_rng(0).random((4, 3))


def made(units=1):
    model = keras.Sequential([layers.Dense(units, "sigmoid", input_shape=(3,))])
    model.compile("sgd", "mse")
    return model


def test_an_output_is_formatted_and_converted(installed):
    model = made()
    outputs = model.predict(X, verbose=0)
    one = outputs[0, 0]
    assert "%.3f" % outputs[0] == "%.3f" % one  # noqa: UP031 - as scripts write it
    assert "%d" % (outputs > 0)[0] == "1"  # noqa: UP031
    assert float(model.predict(X[:1], verbose=0)) == one
    assert int((outputs[0] > 0).astype(int)) == 1
    assert float(model.predict_on_batch(X[:1])) == pytest.approx(one)
    assert int(model.predict_classes(X[:1], verbose=0)) == int(one > 0.5)
    weight, bias = model.get_weights()
    assert float(bias) == 0
    with pytest.raises(TypeError):
        float(weight)


def test_all_else_is_as_of_an_ndarray(installed):
    outputs = made(2).predict(X, verbose=0)
    plain = np.asarray(outputs)
    assert type(plain) is np.ndarray
    for compute in (np.argmax, np.max, np.mean, np.linalg.norm, lambda a: a[0].sum()):
        assert type(compute(outputs)) is type(compute(plain))
    assert {outputs[0].argmax(): "a"}  # a key of a dict
    assert round(np.max(outputs), 2) == round(np.max(plain), 2)
    assert repr(outputs) == repr(plain) and str(outputs) == str(plain)
    again = pickle.loads(pickle.dumps(outputs))
    assert type(again) is np.ndarray
    np.testing.assert_array_equal(again, outputs)


def test_each_of_several_outputs_does(installed):
    x = keras.Input((3,))
    model = keras.Model(x, [layers.Dense(1)(x), layers.Dense(1)(x)])
    assert [type(y) for y in model.predict(X, verbose=0)] == [Outputs, Outputs]


@pytest.mark.usefixtures("quiet")
def test_in_a_program_of_keratorch_they_are_plain():
    assert type(made().predict(X, verbose=0)) is np.ndarray
    assert type(made().get_weights()[0]) is np.ndarray


def test_their_type_is_shown_as_numpys(installed):
    kind = type(made().predict(X, verbose=0))
    assert kind is Outputs
    assert (str(kind), kind.__name__) == ("<class 'numpy.ndarray'>", "ndarray")
