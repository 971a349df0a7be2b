"""Lambda layers as Keras 2 describes them: their functions are code, and never run."""

import json

import numpy as np
import pytest

from keratorch import models
from keratorch.saving.legacy_config import modern_layer

X = np.arange(6, dtype="float32").reshape(2, 3)
CODE = ["4wEAAAAAAAAAAAAAAAIAAAADAAAA8ww=\n", None, None]


def config(**arguments):
    return {
        "name": "scaled",
        "trainable": True,
        "dtype": "float32",
        "function": CODE,
        "function_type": "lambda",
        "module": "__main__",
        "output_shape": None,
        "output_shape_type": "raw",
        "output_shape_module": None,
        "arguments": {},
        **arguments,
    }


def model_of(layer, **custom_objects):
    first = {
        "class_name": "Lambda",
        "config": {**layer, "batch_input_shape": [None, 3]},
    }
    described = {"class_name": "Sequential", "config": {"name": "s", "layers": [first]}}
    text = json.dumps({**described, "keras_version": "2.9.0"})
    return models.model_from_json(text, custom_objects)


def test_code_is_refused_and_the_error_says_how_to_pass_the_function():
    with pytest.raises(ValueError, match="'scaled' has no name.*custom_objects"):
        model_of(config())


def test_the_function_under_the_name_of_the_layer_takes_its_place():
    model = model_of(config(), scaled=lambda x: 3 * x)
    np.testing.assert_array_equal(model.predict(X, verbose=0), 3 * X)


def test_arguments_may_be_arrays():
    factors = {"factors": {"type": "ndarray", "value": [1.0, 2.0, 3.0]}, "offset": 1}
    model = model_of(
        config(arguments=factors),
        scaled=lambda x, factors, offset: x * factors + offset,
    )
    found = model.predict(X, verbose=0)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, X * [1, 2, 3] + 1)


def test_code_of_the_output_shape_is_not_needed():
    layer = config(output_shape=CODE, output_shape_type="lambda")
    assert model_of(layer, scaled=lambda x: x[:, :2]).output_shape == (None, 2)


def test_a_function_by_name_is_looked_up():
    by_name = {"function": "double", "function_type": "function"}
    model = model_of(config(**by_name), double=lambda x: 2 * x)
    np.testing.assert_array_equal(model.predict(X, verbose=0), 2 * X)


def test_a_shape_by_the_name_of_its_function():
    layer = config(output_shape="half", output_shape_type="function")
    found = modern_layer({"class_name": "Lambda", "config": layer})["config"]
    assert found["output_shape"]["config"] == "half"
