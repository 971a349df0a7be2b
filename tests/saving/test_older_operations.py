"""TensorFlow's operations in models, as tf_keras 2.21 describes them."""

import json

import numpy as np
import pytest

from keratorch import models

X = np.random.default_rng(0).uniform(0.1, 1, size=(3, 4)).astype("float32")


def operation(name, function, *nodes):
    is_slice = function == "__operators__.getitem"
    config = {"name": name, "trainable": True, "dtype": "float32", "function": function}
    return {
        "class_name": "SlicingOpLambda" if is_slice else "TFOpLambda",
        "config": config,
        "name": name,
        "inbound_nodes": list(nodes),
    }


def model_of(*operations, output):
    config = {"batch_input_shape": [None, 4], "dtype": "float32", "name": "x"}
    begin = {"class_name": "InputLayer", "name": "x", "config": config}
    described = {
        "class_name": "Functional",
        "keras_version": "2.9.0",
        "config": {
            "name": "model",
            "layers": [{**begin, "inbound_nodes": []}, *operations],
            "input_layers": [["x", 0, 0]],
            "output_layers": [output],
        },
    }
    return models.model_from_json(json.dumps(described))


def computed(function, node, index=0):
    model = model_of(operation("f", function, node), output=["f", 0, index])
    return model.predict(X, verbose=0)


def bounds(start=None, stop=None, step=None):
    return {"start": start, "stop": stop, "step": step}


@pytest.mark.parametrize(
    ("function", "node", "expected"),
    [
        ("math.truediv", ["x", 0, 0, {"y": 255.0, "name": None}], X / 255),
        ("math.multiply", ["x", 0, 0, {"y": ["x", 0, 0], "name": None}], X * X),
        ("math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["x", 0, 0]}], 1 - X),
        ("__operators__.add", ["x", 0, 0, {"y": 1, "name": None}], X + 1),
        ("math.atan2", ["x", 0, 0, {"x": 2.0}], np.arctan2(X, np.float32(2))),
        ("compat.v1.floor_div", ["x", 0, 0, {"y": 0.5}], X // np.float32(0.5)),
        ("nn.relu", ["x", 0, 0, {"name": None}], X),
        ("math.argmax", ["x", 0, 0, {"axis": 1}], X.argmax(1)),
        ("math.reduce_mean", ["x", 0, 0, {"axis": 1, "keepdims": True}], None),
        ("math.reduce_euclidean_norm", ["x", 0, 0, {"axis": [1]}], None),
        (
            "compat.v1.transpose",
            ["x", 0, 0, {"perm": [1, 0], "name": "t", "conjugate": False}],
            X.T,
        ),
        ("concat", [["x", 0, 0, {"axis": 1}], ["x", 0, 0, {"axis": 1}]], None),
        ("add_n", [["x", 0, 0, {}]], X),
        ("linalg.matmul", ["x", 0, 0, {"b": [[1.0], [2.0], [3.0], [4.0]]}], None),
        (
            "clip_by_value",
            ["x", 0, 0, {"clip_value_min": 0.2, "clip_value_max": 0.4}],
            None,
        ),
        (
            "compat.v1.pad",
            ["x", 0, 0, {"paddings": [[0, 0], [1, 1]], "constant_values": 0}],
            np.pad(X, [(0, 0), (1, 1)]),
        ),
        ("reshape", ["x", 0, 0, {"shape": [-1, 2, 2]}], X.reshape(-1, 2, 2)),
        ("cast", ["x", 0, 0, {"dtype": "int32"}], X.astype("int32")),
        ("keras.backend.batch_flatten", ["x", 0, 0, {}], X),
        ("__operators__.getitem", ["x", 0, 0, {"slice_spec": [bounds(), 1]}], X[:, 1]),
        (
            "__operators__.getitem",
            ["x", 0, 0, {"slice_spec": [bounds(), bounds(1, 3)]}],
            X[:, 1:3],
        ),
        (
            "__operators__.getitem",
            ["x", 0, 0, {"slice_spec": [{"class_name": "__ellipsis__"}, None]}],
            X[..., None],
        ),
    ],
)
def test_an_operation_computes_what_it_did(function, node, expected):
    if expected is None:
        expected = {
            "math.reduce_mean": X.mean(1, keepdims=True),
            "math.reduce_euclidean_norm": np.linalg.norm(X, axis=1),
            "concat": np.concatenate([X, X], 1),
            "linalg.matmul": X @ np.array([[1], [2], [3], [4]], "float32"),
            "clip_by_value": np.clip(X, 0.2, 0.4),
        }[function]
    found = computed(function, node)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_several_results_are_told_apart():
    node = ["x", 0, 0, {"num_or_size_splits": 2, "axis": 1}]
    np.testing.assert_array_equal(computed("split", node, 1), X[:, 2:])
    np.testing.assert_array_equal(
        computed("math.top_k", ["x", 0, 0, {"k": 2, "sorted": True}]),
        -np.sort(-X, axis=1)[:, :2],
    )


def test_lengths_are_those_of_the_data():
    length = operation("shape", "compat.v1.shape", ["x", 0, 0, {"out_type": "int32"}])
    first = {"slice_spec": 0}
    batch = operation("n", "__operators__.getitem", ["shape", 0, 0, first])
    shape = {"shape": [["n", 0, 0], 2, 2], "name": None}
    model = model_of(
        *(length, batch, operation("r", "reshape", ["x", 0, 0, shape])),
        output=["r", 0, 0],
    )
    assert model.output_shape == (None, 2, 2)
    np.testing.assert_array_equal(model.predict(X, verbose=0), X.reshape(3, 2, 2))


def test_such_a_model_is_written_and_read_again(tmp_path):
    model = model_of(
        operation("a", "math.multiply", ["x", 0, 0, {"y": 2.0}]),
        operation("b", "math.reduce_sum", ["a", 0, 0, {"axis": 1}]),
        output=["b", 0, 0],
    )
    model.save(tmp_path / "model.keras")
    again = models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict(X, verbose=0), 2 * X.sum(1), rtol=1e-6)


@pytest.mark.parametrize(
    "function", ["io.gfile.remove", "random.normal", "py_function", "os.system", ""]
)
def test_only_functions_of_numbers_are_called(function):
    with pytest.raises(ValueError, match="which tensorflow does not have"):
        computed(function, ["x", 0, 0, {}])


def test_no_array_without_bounds_is_made():
    node = ["x", 0, 0, {"multiples": [1, 10**12]}]
    with pytest.raises(ValueError, match="asks tile for an array of"):
        computed("tile", node)
