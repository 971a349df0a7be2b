"""Preparing layers have Keras's configurations and numbers."""

import importlib
import pkgutil

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.layers import preprocessing
from keratorch.layers.layer import Layer

from ...references import assert_same_config, load

STORED = load("preprocessing")
CASES = STORED["cases"]
WITH_OUTPUT = [case for case in CASES if "output" in case]


def known():
    found = {}
    for module in pkgutil.iter_modules(
        preprocessing.__path__, "keratorch.layers.preprocessing."
    ):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, Layer):
                found[name] = value
    return found


KNOWN = known()


def images(shape):
    return np.random.default_rng(shape).random(shape, dtype=np.float32)


def made(case):
    return KNOWN[case["layer"]](name=case["layer"].lower(), **case["arguments"])


def ids(cases):
    return [f"{i}-{case['layer']}" for i, case in enumerate(cases)]


@pytest.mark.parametrize("case", WITH_OUTPUT, ids=ids(WITH_OUTPUT))
def test_numbers_are_those_of_keras(case):
    layer, x = made(case), images(case["shape"])
    if isinstance(case["drawn"], dict):
        out = layer.transform_images(GradArray(x), case["drawn"])
    elif case["drawn"] is not None:
        out = layer.transform_images(GradArray(x), tuple(case["drawn"]))
    else:
        out = layer(x, training=True) if "Random" in case["layer"] else layer(x)
    wanted = np.array(case["output"]).reshape(case["output_shape"])
    assert out.shape == wanted.shape
    out = out.numpy()
    if case["arguments"].get("mode") == "angle":  # pi and -pi are one angle
        out, wanted = np.exp(1j * out), np.exp(1j * wanted)
    np.testing.assert_allclose(out, wanted, rtol=1e-4, atol=3e-5)


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_configurations_are_those_of_keras_and_make_an_equal_layer(case):
    layer = made(case)
    assert_same_config(layer.get_config(), case["config"])
    again = type(layer).from_config(layer.get_config())
    assert_same_config(again.get_config(), case["config"])


def test_boundaries_of_discretization_are_those_of_keras():
    for bins, (whole, batched) in zip((2, 5, 11), STORED["boundaries"], strict=True):
        data = np.random.default_rng(bins).normal(size=(5, 61)).astype("float32")
        layer = KNOWN["Discretization"](num_bins=bins)
        layer.adapt(data)
        np.testing.assert_allclose(layer.bin_boundaries, whole, rtol=1e-6)
        layer.adapt(iter(data))
        np.testing.assert_allclose(layer.bin_boundaries, batched, rtol=1e-6)
