"""`tf.Variable`, `tf.Module`, dtypes, shapes and what tensors can say."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray
from keratorch import backend as K  # noqa: N812
from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")


def test_variable_needs_an_initial_value_of_its_shape():
    with pytest.raises(ValueError, match="initial_value"):
        tf.Variable()
    with pytest.raises(ValueError, match="shape"):
        tf.Variable([1.0, 2.0], shape=[3])
    assert tf.Variable([1.0, 2.0], shape=[None]).shape == (2,)


def test_layers_weights_are_variables():
    layer = keras.layers.Dense(1)
    layer.build((None, 2))
    assert isinstance(layer.kernel, tf.Variable)
    assert not isinstance(tf.constant(1.0), tf.Variable)


def test_a_layer_keeps_and_saves_variables(tmp_path):
    class Line(keras.layers.Layer):
        def build(self, shape):
            self.w = tf.Variable(tf.ones((shape[-1], 2)), name="w")

        def call(self, x):
            return tf.matmul(x, self.w)

    model = keras.Sequential([keras.Input((3,)), Line()])
    model.layers[0].w.assign(tf.fill([3, 2], 5.0))
    model.save_weights(tmp_path / "w.weights.h5")
    other = keras.Sequential([keras.Input((3,)), Line()])
    other.load_weights(tmp_path / "w.weights.h5")
    np.testing.assert_array_equal(other.get_weights()[0], np.full((3, 2), 5.0))


def test_slices_write_into_the_variable():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    v[0, 1].assign(42.0)
    v[:, 0].assign_add([1.0, 1.0])
    v[1].assign_sub([1.0, 1.0])
    np.testing.assert_array_equal(v.numpy(), [[2, 42], [3, 3]])
    with pytest.raises(TypeError, match="item assignment"):
        v[0] = 1.0


def test_gradients_flow_through_slices():
    v = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = v[0] * 3.0
    np.testing.assert_array_equal(tape.gradient(y, v), [3, 0])


def test_scattering_writes_rows():
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    rows = tf.IndexedSlices(values=[[9.0, 9.0]], indices=[1])
    v.scatter_update(rows)
    v.scatter_add(rows)
    v.scatter_sub(tf.IndexedSlices([[1.0, 1.0]], [0]))
    v.scatter_nd_add([[0, 0]], [5.0])
    v.scatter_nd_sub([[0, 1]], [1.0])
    np.testing.assert_array_equal(v.numpy(), [[5, 0], [18, 18]])


def test_constraint_of_a_variable_holds_after_updates():
    v = tf.Variable(1.0, constraint=lambda x: tf.maximum(x, 0.5))
    keras.optimizers.SGD(1.0).apply_gradients([(tf.constant(1.0), v)])
    assert float(v) == 0.5


def test_modules_find_variables_in_lists_layers_and_modules():
    class Inner(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = [tf.Variable(1.0), {"b": tf.Variable(2.0, trainable=False)}]

    class Outer(tf.Module):
        def __init__(self):
            super().__init__(name="outer")
            self.inner = Inner()
            self.layer = keras.layers.Dense(1)
            self.layer.build((None, 2))

    outer = Outer()
    assert len(outer.variables) == 4
    assert len(outer.trainable_variables) == 3
    assert len(outer.non_trainable_variables) == 1
    assert outer.submodules == (outer.inner, outer.layer)
    assert (outer.name, outer.inner.name) == ("outer", "inner")


def test_dtypes_are_known_to_numpy_and_keras():
    assert np.zeros(2, tf.float64).dtype == tf.float64
    assert tf.float32 == "float32" and tf.float32 != tf.float16
    assert keras.layers.Dense(1, dtype=tf.float64).compute_dtype == "float64"
    assert tf.int8.limits == (-128, 127) and tf.uint8.is_unsigned
    assert tf.as_dtype(np.float32) == tf.float32 and tf.bool.is_bool
    assert {tf.float32: 1}["float32"] == 1 and tf.half == tf.float16
    assert tf.complex64.is_complex and tf.float32.base_dtype.size == 4


def test_tensors_print_and_format_as_tensorflows():
    assert str(tf.constant([1, 2])) == "tf.Tensor([1 2], shape=(2,), dtype=int32)"
    assert f"{tf.constant(2.5):.1f}" == f"{tf.constant(2.5)}" == "2.5"
    assert repr(tf.constant(2)) == "<tf.Tensor: shape=(), dtype=int32, numpy=2>"
    assert "tf.Variable 'w:0'" in repr(tf.Variable(1.0, name="w"))


def test_tensors_are_themselves_again_after_leaving():
    from keratorch import compat

    compat.uninstall()
    assert repr(GradArray([1.0])).startswith("GradArray(")
    assert not hasattr(GradArray, "set_shape")
    compat.install()


def test_set_shape_checks_and_ref_is_a_key():
    x = tf.constant([1.0, 2.0])
    x.set_shape([None])
    with pytest.raises(ValueError, match="compatible"):
        x.set_shape([3])
    assert {x.ref(): 1}[x.ref()] == 1 and x.ref().deref() is x
    assert x.device.endswith("CPU:0")
    assert tf.TensorShape([None, 2]).is_compatible_with([5, 2])
    assert tf.TensorShape([2]).concatenate([3]).as_list() == [2, 3]


def test_functions_run_at_once():
    calls = []

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
    def double(x):
        calls.append(type(x))
        return x * 2.0, {"n": 1}

    _, rest = double(np.ones(2, "float32"))
    assert calls == [GradArray] and rest["n"].numpy() == 1
    assert double.python_function(3.0)[0] == 6.0
    assert double.get_concrete_function()(np.ones(1, "float32"))[0].numpy() == [2.0]


def test_a_function_decorates_methods():
    class Model(keras.Model):
        @tf.function
        def call(self, x):
            return x + 1.0

    np.testing.assert_array_equal(Model()(np.zeros((1, 2))), [[1, 1]])


@pytest.mark.parametrize(
    "read",
    [tf.identity, lambda v: v.value(), lambda v: v.read_value(), K.identity],
    ids=["tf.identity", "value", "read_value", "K.identity"],
)
def test_values_that_were_read_stay_when_the_variable_changes(read):
    v = tf.Variable([1.0, 2.0])
    before = read(v)
    v.assign([5.0, 6.0])
    assert before.numpy().tolist() == [1.0, 2.0]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(read(v) ** 2)
    assert tape.gradient(loss, v).numpy().tolist() == [10.0, 12.0]
