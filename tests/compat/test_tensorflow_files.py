"""Names that scripts take from TensorFlow's own files."""

import importlib

import numpy as np
import pytest

import keratorch as keras

pytestmark = pytest.mark.usefixtures("installed")
X = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")


def name_of(file, name):
    return getattr(importlib.import_module(f"tensorflow.python.{file}"), name)


@pytest.mark.parametrize(
    ("file", "name", "expected"),
    [
        ("ops.math_ops", "reduce_mean", 2.5),
        ("ops.math_ops", "log", np.log(X)),
        ("ops.gen_math_ops", "square", X**2),
        ("ops.array_ops", "transpose", X.T),
        ("ops.nn_ops", "relu", X),
        ("ops.linalg_ops", "inv", np.linalg.inv(X)),
        ("framework.ops", "convert_to_tensor", X),
        ("framework.constant_op", "constant", X),
    ],
)
def test_functions_are_those_of_tf(file, name, expected):
    np.testing.assert_allclose(name_of(file, name)(X).numpy(), expected, rtol=1e-5)


def test_files_are_found_in_their_folders():
    import tensorflow as tf
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import math_ops, nn
    from tensorflow.python.platform import gfile

    assert math_ops.reduce_sum is tf.reduce_sum
    assert nn.softmax is tf.nn.softmax
    assert dtypes.float32 is tf.float32
    assert isinstance(tf.constant(1.0), ops.EagerTensor)
    assert not gfile.Exists("/nowhere/at/all")


def test_eager_execution_may_be_switched_off_by_its_file():
    name_of("framework.ops", "disable_eager_execution")()
    assert name_of("eager.context", "executing_eagerly")()
    assert name_of("data.ops.dataset_ops", "Dataset") is keras.utils.Dataset


def test_what_tf_has_not_is_named():
    with pytest.raises(NotImplementedError, match=r"tf.ops.math_ops.bucketize_by_luck"):
        name_of("ops.math_ops", "bucketize_by_luck")(X)


def test_tensors_have_no_flat_as_in_tensorflow():
    import tensorflow as tf

    x = tf.constant([1.0, 2.0])
    assert not hasattr(x, "flat")
    keras.compat.uninstall()
    assert x.flat.shape == (2,)
    keras.compat.install()
