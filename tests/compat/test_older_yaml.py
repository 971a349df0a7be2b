"""YAML of models: what is written is JSON, and what Keras 1 and 2 wrote is read."""

import json
import sys

import numpy as np
import pytest

import keratorch as keras
from keratorch.models import model_from_yaml

pytestmark = pytest.mark.usefixtures("quiet")

OF_KERAS_2 = """\
backend: tensorflow
class_name: Sequential
config:
- class_name: Conv2D
  config:
    activation: relu
    batch_input_shape: !!python/tuple [null, 8, 8, 3]
    data_format: channels_last
    dtype: float32
    filters: 4
    kernel_initializer:
      class_name: VarianceScaling
      config: {distribution: uniform, mode: fan_avg, scale: 1.0, seed: null}
    kernel_size: &id001 !!python/tuple [2, 2]
    name: !!python/unicode 'conv2d_1'
    padding: valid
    strides: *id001
    trainable: true
- class_name: Flatten
  config: {name: flatten_1, trainable: true}
- class_name: Dense
  config: {activation: softmax, name: dense_1, units: 3}
keras_version: 2.0.8
"""


def model():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.LayerNormalization(epsilon=1e-7, name="of 1e-07"),
            layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1.5e-8)),
        ]
    )


def test_what_is_written_is_read():
    first = model()
    first.compile("sgd", "mse")
    second = model_from_yaml(first.to_yaml())
    assert second.get_config() == first.get_config()
    assert not second.compiled
    second.set_weights(first.get_weights())
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(second.predict(x), first.predict(x))


def test_what_is_written_is_the_same_as_json_and_as_yaml():
    text = model().to_yaml()
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load(text) == json.loads(text)
    assert yaml.safe_load(text)["config"]["layers"][1]["config"]["epsilon"] == 1e-7


def test_yaml_of_keras_2_is_read():
    pytest.importorskip("yaml")
    found = model_from_yaml(OF_KERAS_2)
    assert found.output_shape == (None, 3)
    assert found.layers[0].strides == (2, 2)
    assert [layer.name for layer in found.layers] == [
        "conv2d_1",
        "flatten_1",
        "dense_1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "class_name: !!python/object/apply:os.system ['true']",
        "class_name: [unclosed",
        "class_name: &a [*a]",
        "a: &a [1, [2]]\nclass_name: [*a, *a]",
        f"a: &a {'x' * 99}\nclass_name: [*a, *a]",
        "[" * 9999,
        "class_name: 2020-01-01",
    ],
)
def test_no_more_than_plain_values_of_limited_size_are_read(text):
    pytest.importorskip("yaml")
    with pytest.raises(ValueError, match="no YAML of a model"):
        model_from_yaml(text)


def test_without_pyyaml_an_error_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert model_from_yaml(model().to_yaml()).count_params() == 14
    with pytest.raises(ImportError, match=r"keratorch\[yaml\]"):
        model_from_yaml(OF_KERAS_2)
