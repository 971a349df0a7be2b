"""Steps of models that are functions of the old backend, written down and read."""

import json

import numpy as np
import pytest

import keratorch as keras
from keratorch import backend as K  # noqa: N812
from keratorch import ops
from keratorch.models import function_steps

STEPS = {
    "argmax": K.argmax,
    "batch_dot": lambda x: K.batch_dot(x, x, axes=[2, 2]),
    "batch_flatten": K.batch_flatten,
    "bias_add": lambda x: K.bias_add(x, K.constant(np.arange(6.0))),
    "clip": lambda x: K.clip(x, 0, 0.2),
    "concatenate": lambda x: K.concatenate([x, x]),
    "cumsum": K.cumsum,
    "dot": lambda x: K.dot(x, K.constant(np.ones((6, 2)))),
    "expand_dims": K.expand_dims,
    "gather": lambda x: K.gather(x, [1, 0]),
    "hard_sigmoid": lambda x: K.hard_sigmoid(x * 4),
    "l2_normalize": lambda x: K.l2_normalize(x, axis=-1),
    "mean": lambda x: K.mean(x, axis=[1, 2], keepdims=True),
    "permute_dimensions": lambda x: K.permute_dimensions(x, (0, 2, 1)),
    "relu": lambda x: K.relu(x, alpha=0.1),
    "repeat_elements": lambda x: K.repeat_elements(x, 2, 1),
    "reshape": lambda x: K.reshape(x, (-1, 3, 8)),
    "slice": lambda x: K.slice(x, (0, 0, 0), (-1, 2, 2)),
    "sqrt": K.sqrt,
    "switch": lambda x: K.switch(x > 0, x, -x),
    "tile": lambda x: K.tile(x, (1, 2, 1)),
}


def _again(model):
    return keras.models.model_from_json(model.to_json())


@pytest.mark.parametrize("name", STEPS)
def test_a_model_of_json_computes_what_the_function_did(name):
    rng = np.random.default_rng(0)
    x = keras.Input((4, 6))
    model = keras.Model(x, STEPS[name](x))
    data = rng.uniform(-1, 1, (2, 4, 6)).astype("float32")
    again = _again(_again(model))
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())
    assert again.output_shape == model.output_shape


def test_a_function_that_keras_has_is_written_as_keras_writes_it():
    x = keras.Input((4, 6))
    config = keras.Model(x, K.reshape(K.concatenate([x, x]), (-1, 12))).get_config()
    _, joined, shaped = config["layers"]
    assert joined["module"] == "keras.src.ops.numpy"
    assert joined["config"] == {"name": joined["name"], "axis": -1}
    assert shaped["config"]["newshape"] == (-1, 12)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: K.reshape(x, (K.shape(x)[0], -1)),
        lambda x: ops.reshape(x, (K.shape(x)[0], -1)),
        lambda x: np.reshape(x, (K.shape(x)[0], -1)),
        lambda x: K.zeros((K.shape(x)[0], 2)),
        lambda x: ops.zeros((K.shape(x)[0], 2)),
        lambda x: K.random_normal((K.shape(x)[0], 2), seed=3),
        lambda x: K.random_bernoulli((K.shape(x)[0], 2), p=1.0),
        lambda x: K.cast(K.shape(x)[0], "float32") * x,
    ],
)
def test_a_length_that_data_will_say_is_written_down(make):
    x = keras.Input((4, 6))
    model = keras.Model(x, make(x))
    again = _again(model)
    data = np.ones((5, 4, 6), "float32")
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())
    assert again.output_shape == model.output_shape


def test_an_archive_holds_such_steps(tmp_path):
    x = keras.Input((4, 6))
    model = keras.Model(x, keras.layers.Dense(2)(K.batch_flatten(x)))
    model.save(tmp_path / "model.keras")
    data = np.ones((3, 4, 6), "float32")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())


def test_an_array_in_a_call_is_written_as_keras_writes_it():
    x = keras.Input((2,))
    model = keras.Model(x, ops.matmul(x, K.constant([[1.0], [1.0]])))
    (_, step) = model.get_config()["layers"]
    assert step["inbound_nodes"][0]["args"][1] == {
        "class_name": "__tensor__",
        "config": {"value": [[1.0], [1.0]], "dtype": "float32"},
    }
    assert _again(model)(np.ones((1, 2))).numpy() == 2


def test_a_variable_in_a_call_is_refused():
    x = keras.Input((2,))
    model = keras.Model(x, x * keras.Variable([1.0, 2.0]))
    with pytest.raises(ValueError, match="Variable"):
        model.to_json()


def test_an_operation_on_images_is_written_as_keras_writes_it():
    rng = np.random.default_rng(0)
    x = keras.Input((4, 4, 3))
    model = keras.Model(x, ops.image.resize(x, (8, 8), interpolation="nearest"))
    step = json.loads(model.to_json())["config"]["layers"][1]
    assert (step["module"], step["class_name"]) == ("keras.src.ops.image", "Resize")
    assert step["config"]["size"] == [8, 8]
    data = rng.normal(size=(2, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(_again(model)(data).numpy(), model(data).numpy())


@pytest.mark.parametrize("name", ["os.remove", "backend.set_epsilon", "backend", None])
def test_a_file_reaches_no_function_outside_the_tables(name):
    x = keras.Input((4, 6))
    text = json.loads(keras.Model(x, K.batch_flatten(x)).to_json())
    text["config"]["layers"][1]["config"]["function"] = name
    with pytest.raises(ValueError, match="the model takes the function"):
        keras.models.model_from_json(json.dumps(text))


def test_a_function_of_ones_own_is_refused():
    x = keras.Input((4,))
    model = keras.Model(x, K.map_fn(lambda row: row * 2, x))
    with pytest.raises(ValueError, match="no configuration can name"):
        model.to_json()


def test_the_table_of_the_backend_changes_no_setting():
    names = set(function_steps.ROOMS["backend"].STEPS)
    assert {"repeat", "reshape"} < names
    assert not names & {"clear_session", "set_epsilon", "set_learning_phase", "eval"}


@pytest.mark.parametrize(
    ("step", "small", "large"),
    [
        (lambda x: K.tile(x, (1, 2, 1)), "[1, 2, 1]", "[1, 1000000000, 1]"),
        (lambda x: K.repeat_elements(x, 7, 1), "7", "7000000000"),
        (lambda x: K.one_hot(K.cast(x, "int32"), 7), "7", "7000000000"),
        (lambda x: ops.pad(x, ((0, 0), (0, 7), (0, 0))), "7", "7000000000"),
        (lambda x: x + K.zeros((K.shape(x)[0], 7, 6)), "7", "7000000000"),
    ],
)
def test_steps_that_would_fill_the_memory_are_not_tried_out(step, small, large):
    x = keras.Input((7, 6) if small == "7" else (4, 6))
    text = keras.Model(x, step(x)).to_json()
    keras.models.model_from_json(text)
    changed = text.replace(f"[null, {small}", "[null, 1").replace(small, large)
    assert changed != text
    with pytest.raises(ValueError, match=r"asks \w+ for an array of \d+ elements"):
        keras.models.model_from_json(changed)
