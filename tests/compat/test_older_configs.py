"""`from_config` of models takes what `get_config` was in Keras 1 and 2."""

import numpy as np
import pytest

import keratorch as keras


def dense(name, units, *sources, **options):
    """Return a Dense layer as Keras 2 described it, called on results of others."""
    node = [[source, 0, 0, {}] for source in sources]
    arguments = {"name": name, "units": units, "use_bias": False, **options}
    return {
        **{"class_name": "Dense", "name": name, "config": arguments},
        "inbound_nodes": [node] if node else [],
    }


def functional(*layers):
    source = {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"}
    source = {"class_name": "InputLayer", "config": source, "name": "x"}
    return {
        "name": "older",
        "layers": [{**source, "inbound_nodes": []}, *layers],
        "input_layers": [["x", 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]],
    }


def test_a_functional_model_of_keras_2():
    total = {"class_name": "Add", "name": "total"}
    total["config"] = {"name": "total", "trainable": True}
    total["inbound_nodes"] = [[["a", 0, 0, {}], ["b", 0, 0, {}]]]
    config = functional(dense("a", 3, "x"), dense("b", 3, "x"), total)
    model = keras.Model.from_config(config)
    assert model.name == "older"
    a, b = model.get_weights()
    x = np.arange(8.0).reshape(2, 4)
    np.testing.assert_allclose(model.predict(x, verbose=0), x @ (a + b), rtol=1e-5)
    again = keras.Model.from_config(model.get_config())
    assert [w.shape for w in again.weights] == [(4, 3), (4, 3)]


def test_a_model_within_a_model_of_keras_2():
    first = dense("inner", 3, batch_input_shape=[None, 4])
    inside = {"name": "inside", "layers": [first]}
    part = {"class_name": "Sequential", "name": "inside", "config": inside}
    part["inbound_nodes"] = [[["x", 0, 0, {}]]]
    config = functional(part, dense("last", 2, "inside"))
    assert keras.Model.from_config(config).output_shape == (None, 2)


def test_the_list_of_a_sequential_model():
    first = dense("a", 3, batch_input_shape=[None, 4])
    model = keras.Sequential.from_config([first, dense("b", 2)])
    assert model.output_shape == (None, 2)
    assert [layer.name for layer in model.layers] == ["a", "b"]


@pytest.mark.parametrize("source", ["missing", "a"])
def test_a_broken_graph_is_an_error(source):
    with pytest.raises(ValueError, match="lacks|no layer gives"):
        keras.Model.from_config(functional(dense("a", 3, source)))
