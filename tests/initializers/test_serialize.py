"""Configurations of initializers, and of layers that have none."""

import json

import numpy as np

from keratorch import initializers, layers, models


def test_no_initializer_is_none_in_a_configuration():
    assert initializers.serialize(None) is None


def test_layer_without_initializers_has_a_configuration():
    layer = layers.Dense(3, kernel_initializer=None, bias_initializer=None)
    config = json.loads(json.dumps(layer.get_config()))
    assert config["kernel_initializer"] is None
    assert config["bias_initializer"] is None
    again = layers.Dense.from_config(config)
    assert again.get_config() == layer.get_config()


def test_model_whose_layer_has_no_initializer_is_saved(tmp_path):
    model = models.Sequential(
        [layers.Input((4,)), layers.Dense(3, kernel_initializer=None)]
    )
    model.save(tmp_path / "model.keras")
    loaded = models.load_model(tmp_path / "model.keras")
    x = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), model.predict(x, verbose=0)
    )
