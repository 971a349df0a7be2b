"""Each layer's output, shape, weights, configuration and complaints."""

import sys

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, layers, ops
from keratorch.grads.neural import DenseGrad

RNG = np.random.default_rng(5)


def test_dense_is_product_bias_and_activation():
    layer = layers.Dense(3, activation="relu", bias_initializer="ones")
    x = RNG.normal(size=(5, 4)).astype(np.float32)
    out = layer(x)
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(out.numpy(), np.maximum(x @ kernel + bias, 0), rtol=1e-6)
    assert [w.name for w in layer.weights] == ["kernel", "bias"]


@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 3, 4)])
@pytest.mark.parametrize("with_bias", [True, False])
def test_fused_dense_equals_matmul_and_add(shape, with_bias):
    x = GradArray(RNG.normal(size=(5, *shape)))
    kernel = GradArray(RNG.normal(size=(4, 3)))
    bias = GradArray(RNG.normal(size=3))
    upstream = RNG.normal(size=(5, *shape[:-1], 3))
    results = []
    for textbook in (True, False):
        for array in (x, kernel, bias):
            array.grad = None
        if textbook:
            out = x @ kernel
            out = out + bias if with_bias else out
        else:
            out = DenseGrad.apply(x, kernel, bias if with_bias else None)
        out.backward(upstream)
        results.append([out.numpy(), x.grad, kernel.grad, bias.grad])
    for one, other in zip(*results, strict=True):
        if one is None:
            assert other is None
        else:
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_dense_of_a_constant_input_computes_no_gradient_for_it():
    calls = []

    class Watched(DenseGrad):
        def backward(self, grad):
            calls.append([self.needs(i) for i in range(3)])
            return super().backward(grad)

    kernel, bias = GradArray(np.ones((4, 3))), GradArray(np.ones(3))
    Watched.apply(np.ones((2, 4)), kernel, bias).sum().backward()
    assert calls == [[False, True, True]]


def test_flatten_keeps_the_order_of_elements():
    x = RNG.normal(size=(2, 3, 4)).astype(np.float32)
    np.testing.assert_array_equal(layers.Flatten()(x).numpy(), x.reshape(2, 12))
    first = layers.Flatten(data_format="channels_first")(x).numpy()
    np.testing.assert_array_equal(first, x.transpose(0, 2, 1).reshape(2, 12))
    assert layers.Flatten()(np.ones(3)).shape == (3, 1)


@pytest.mark.parametrize(
    ("target", "expected"),
    [((6, 2), (5, 6, 2)), ((-1,), (5, 12)), ((2, -1, 3), (5, 2, 2, 3))],
)
def test_reshape(target, expected):
    layer = layers.Reshape(target)
    assert layer(np.ones((5, 3, 4))).shape == expected
    assert layer.compute_output_shape((None, 3, 4)) == (None, *expected[1:])


def test_reshape_to_another_size_raises():
    with pytest.raises(ValueError, match=r"12 elements.*\(5, 2\)"):
        layers.Reshape((5, 2))(np.ones((1, 3, 4)))


@pytest.mark.parametrize("target", [(-2, 6), (-1, 2, -1)])
def test_reshape_leaves_one_length_open_at_most(target):
    with pytest.raises(ValueError, match=r"may hold -1 once.*received \(-"):
        layers.Reshape(target)


def test_dropout_keeps_the_mean_and_drops_the_rate():
    x = np.ones((200, 500), np.float32)
    out = layers.Dropout(0.3, seed=1)(x, training=True).numpy()
    assert (out == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert out.mean() == pytest.approx(1, abs=0.01)
    assert out.dtype == np.float32
    assert (layers.Dropout(1.0)(x, training=True).numpy() == 0).all()


def test_dropout_noise_shape_shares_the_mask():
    out = layers.Dropout(0.5, noise_shape=(None, 1), seed=2)(
        np.ones((50, 7)), training=True
    ).numpy()
    assert all(len(np.unique(row)) == 1 for row in out)
    assert len(np.unique(out)) == 2


def test_dropout_gradient_passes_where_kept():
    x = GradArray(np.ones((4, 50)), np.float32)
    out = layers.Dropout(0.5, seed=4)(x, training=True)
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, out.numpy())


@pytest.mark.parametrize(
    "layer",
    [
        layers.Dense(3, activation="tanh", kernel_regularizer="l2", name="d"),
        layers.Activation("relu", name="a"),
        layers.Dropout(0.2, seed=1, name="o"),
        layers.Flatten(name="f"),
        layers.Reshape((2, 2), name="r"),
    ],
)
def test_layer_of_a_configuration_has_the_same_configuration(layer):
    twin = layers.deserialize(layers.serialize(layer))
    assert type(twin) is type(layer)
    assert twin.get_config() == layer.get_config()


def test_names_are_numbered():
    first, second = layers.Flatten(), layers.Flatten()
    stem, _, number = second.name.partition("_")
    assert stem == "flatten"
    assert int(number) == int(first.name.partition("_")[2] or 0) + 1


def test_input_dim_is_the_old_way():
    with pytest.warns(UserWarning, match=r"keratorch\.Input"):
        layer = layers.Dense(2, input_dim=3)
    model = keras.Sequential([layer])
    assert model.input_shape == (None, 3)
    assert model.count_params() == 8


class Nest(layers.Layer):
    """Layers and weights in attributes, lists and dicts."""

    def __init__(self):
        super().__init__()
        self.first = layers.Dense(2)
        self.rest = [layers.Dense(2), {"deep": layers.Dense(2)}]
        self.scale = keras.Variable(np.ones(2), name="scale")

    def call(self, inputs):
        for layer in (self.first, self.rest[0], self.rest[1]["deep"]):
            inputs = layer(inputs)
        return inputs * self.scale


def test_weights_inside_are_found():
    nest = Nest()
    out = nest(np.ones((1, 2)))
    assert len(nest.weights) == 7
    out.sum().backward()
    assert all(weight.grad is not None for weight in nest.weights)
    nest.trainable = False
    assert nest.trainable_weights == []
    assert nest(np.ones((1, 2))).requires_grad is False


def test_set_weights_of_other_shapes_changes_nothing():
    layer = layers.Dense(2)
    layer(np.ones((1, 3)))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=r"\(3, 2\).*\(2, 2\)"):
        layer.set_weights([np.ones((2, 2)), np.ones(2)])
    np.testing.assert_array_equal(before[0], layer.get_weights()[0])


def test_regularizers_and_activity_are_losses():
    layer = layers.Dense(
        2,
        kernel_initializer="ones",
        kernel_regularizer=keras.regularizers.L1(0.1),
        activity_regularizer=keras.regularizers.L2(0.5),
    )
    layer(np.ones((4, 3)))
    activity, kernel = (float(loss) for loss in layer.losses)
    assert kernel == pytest.approx(0.6)
    assert activity == pytest.approx(0.5 * 9 * 8 / 4)
    layer(np.ones((4, 3)))
    assert len(layer.losses) == 2


def test_constraint_is_applied_after_an_update():
    layer = layers.Dense(2, kernel_constraint="non_neg")
    layer(np.ones((1, 3)))
    optimizer = keras.optimizers.SGD(layer.parameters(), lr=10.0)
    layer(np.ones((1, 3))).sum().backward()
    optimizer.step()
    assert (layer.kernel.numpy() >= 0).all()


def test_float64_layer_computes_in_float64():
    layer = layers.Dense(2, dtype="float64")
    assert layer(np.ones((1, 3))).dtype == np.float64
    assert layers.Dense(2)(np.ones((1, 3))).dtype == np.float32


def test_layer_without_call_says_so():
    with pytest.raises(NotImplementedError, match="call"):
        layers.Layer()(np.ones((1, 2)))


def test_text_as_input_is_refused():
    with pytest.raises(TypeError, match="numbers"):
        layers.Dense(2)(np.array([["a"]]))


@pytest.mark.parametrize(
    "arguments", [{}, {"shape": (2,), "batch_shape": (1, 2)}, {"shape": None}]
)
def test_input_needs_one_shape(arguments):
    with pytest.raises(ValueError, match="shape"):
        keras.Input(**arguments)


def test_values_of_a_weight_are_a_copy():
    layer = layers.Dense(2, kernel_initializer="ones")
    layer(np.ones((1, 3)))
    before, view = layer.kernel.numpy(), np.asarray(layer.kernel)
    layer.kernel.assign(np.zeros((3, 2)))
    assert (before == 1).all()
    assert (view == 1).all()


def test_weight_is_overwritten_by_assign_alone():
    layer = layers.Dense(2)
    layer(np.ones((1, 3)))
    with pytest.raises(AttributeError, match=r"layer\.kernel\.assign"):
        layer.kernel = np.ones((3, 2))


class Forgetful(keras.Model):
    def __init__(self):
        self.dense = layers.Dense(1)


class Silent(keras.Model):
    def call(self, inputs):
        inputs * 2


class Lossy(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, inputs):
        return np.tanh(self.dense(inputs).numpy())


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (Forgetful, r"super\(\).__init__\(\)"),
        (lambda: Silent()(np.ones((1, 2))), "forget `return`"),
        (lambda: layers.Dense(2)(layers.Dense(3)), "called on the layer"),
    ],
)
def test_mistakes_of_model_classes_are_named(make, part):
    with pytest.raises(TypeError, match=part):
        make()


def test_ndarray_that_a_call_returns_is_taken_with_a_warning():
    with pytest.warns(UserWarning, match="no gradient flows"):
        assert Lossy()(np.ones((1, 2))).shape == (1, 1)


class Early(keras.Layer):
    """Sets up what it has before the base class does, as layers of Keras 2 did."""

    def __init__(self, units, rates=(1, 2), **kwargs):
        self.rates = rates
        self.inner = [layers.Dense(units)]
        super().__init__(**kwargs)

    def call(self, inputs):
        return self.inner[0](inputs)


def test_layer_may_hold_lists_and_layers_before_the_base_class_begins():
    layer = Early(2, name="early")
    assert layer(np.ones((3, 4))).shape == (3, 2)
    assert layer.name == "early"
    assert len(layer.trainable_weights) == 2


class ShapeFromCall(keras.Layer):
    def call(self, inputs):
        self.result = inputs[:, :2] * 3
        return self.result

    def compute_output_shape(self, input_shape):
        return tuple(self.result.shape)


def test_output_shape_that_needs_the_call_is_found_by_calling():
    assert ShapeFromCall()(keras.Input((4,))).shape == (None, 2)


class Scaled(keras.Layer):
    def __init__(self, factor, offsets=(0, 1), **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor


def test_layer_of_simple_arguments_describes_itself():
    layer = Scaled(3.0, offsets=[1, 2], name="mine")
    config = layer.get_config()
    assert config["factor"] == 3.0 and config["offsets"] == [1, 2]
    assert Scaled.from_config(config).factor == 3.0
    assert Scaled.from_config(config).name == "mine"


def test_an_automatic_config_has_the_defaults_too():
    class Own(layers.Layer):
        def __init__(self, units, act="relu", other=np.add, **kwargs):
            super().__init__(**kwargs)

    config = Own(3, name="own").get_config()
    assert {**config, "dtype": 0} == {
        **{"units": 3, "act": "relu", "name": "own", "trainable": True, "dtype": 0}
    }
    assert Own.from_config(config).get_config() == config


def test_layer_of_other_arguments_asks_for_a_get_config():
    with pytest.raises(NotImplementedError, match="get_config.*'factor' is a ndarray"):
        Scaled(np.ones(2)).get_config()


@pytest.mark.parametrize(
    ("shape", "lengths"),
    [
        (None, ()),
        (3, (3,)),
        (np.int32(3), (3,)),
        (np.array([2, 3]), (2, 3)),
        ([2, ops.prod((3, 4))], (2, 12)),
        (ops.convert_to_tensor([2, 3]), (2, 3)),
    ],
)
def test_shapes_of_weights_may_be_arrays(shape, lengths):
    assert layers.Layer().add_weight(shape=shape).shape == lengths


@pytest.mark.parametrize("shape", [(None, 2), 2.5, "ab"])
def test_shapes_of_weights_hold_integers(shape):
    with pytest.raises(ValueError, match="shape must hold integers"):
        layers.Layer().add_weight(shape=shape)


def test_weights_are_not_made_in_call():
    class Late(keras.Layer):
        def call(self, inputs):
            return inputs * self.add_weight(name="w", shape=(1,))

    with pytest.raises(ValueError, match="not in call.*Move add_weight"):
        Late()(np.ones((1, 2)))


def test_names_have_no_slash():
    with pytest.raises(ValueError, match="without '/'.*received 'a/b'"):
        layers.Dense(1, name="a/b")


def test_constraints_of_weights_have_names():
    layer = Scaled(1.0)
    weight = layer.add_weight(name="w", shape=(2,), constraint="non_neg")
    np.testing.assert_array_equal(weight.constraint(np.array([-1.0, 2.0])), [0, 2])
    with pytest.raises(ValueError, match="non_negg"):
        layer.add_weight(name="v", shape=(2,), constraint="non_negg")


def test_input_spec_is_checked():
    class Strict(keras.Layer):
        def __init__(self):
            super().__init__()
            self.input_spec = layers.InputSpec(ndim=3)

        def call(self, inputs):
            return inputs

    for x in (np.ones((2, 4)), keras.Input((4,))):
        with pytest.raises(ValueError, match="ndim=3|3 axes"):
            Strict()(x)


def test_a_forgotten_super_init_is_named():
    class Forgetting(keras.Layer):
        def __init__(self, units):
            self.units = units

        def call(self, inputs):
            return inputs

    with pytest.raises(TypeError, match=r"must call super\(\).__init__\(\)"):
        Forgetting(3)(np.ones((1, 2)))


def test_a_missing_array_is_named():
    with pytest.raises(TypeError, match=r"without value.*layer\(query, value\)"):
        layers.MultiHeadAttention(2, 3)(np.ones((1, 2, 3)))


@pytest.mark.skipif(sys.version_info < (3, 11), reason="errors have no notes")
def test_an_error_inside_a_layer_says_in_which():
    class Product(keras.Layer):
        def call(self, inputs):
            return inputs @ np.ones((7, 2), np.float32)

    model = keras.Sequential([layers.Dense(3), Product(name="mine")])
    with pytest.raises(ValueError) as caught:
        model(np.ones((2, 4)))
    place = "raised in Product 'mine', called on inputs of shape (2, 3)"
    assert place in caught.value.__notes__


@pytest.mark.parametrize("kind", [TypeError, ValueError])
def test_an_argument_that_a_layer_does_not_know_is_an_error_of_both_kinds(kind):
    class Mine(layers.Layer):
        pass

    with pytest.raises(kind, match="Mine does not know the argument 'unit'"):
        Mine(unit=3)
