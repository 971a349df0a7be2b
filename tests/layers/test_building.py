"""Layers are built once: at the start, by a shape, by a call or by a configuration."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (layers.ReLU, {}),
        (layers.Masking, {}),
        (layers.Dropout, {"rate": 0.5}),
        (layers.Activation, {"activation": "relu"}),
        (layers.Reshape, {"target_shape": (-1,)}),
        (layers.MaxPooling1D, {}),
        (layers.GlobalMaxPooling1D, {}),
        (layers.UnitNormalization, {}),
    ],
)
def test_layer_without_state_is_built_unless_a_subclass_builds(cls, arguments):
    class Weighted(cls):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=input_shape[-1:])

    assert cls(**arguments).built
    layer = Weighted(**arguments)
    assert not layer.built
    layer(np.ones((2, 4, 3), "float32"))
    assert layer.built
    assert layer.scale.shape == (3,)


def test_described_layer_comes_back_built():
    layer = layers.Dense(2)
    layer.build((None, 3))
    again = layers.deserialize(layers.serialize(layer))
    assert [weight.shape for weight in again.weights] == [(3, 2), (2,)]
    again.set_weights(layer.get_weights())
    x = np.ones((4, 3))
    np.testing.assert_array_equal(again(x).numpy(), layer(x).numpy())


def test_layer_around_a_built_one_comes_back_with_it_built():
    around = layers.TimeDistributed(layers.Dense(2))
    around(np.ones((1, 5, 3)))
    config = around.get_config()
    again = layers.TimeDistributed.from_config(config)
    assert again.layer.kernel.shape == (3, 2)
    assert again.get_config() == config


def test_unbuilt_layer_comes_back_unbuilt():
    assert not layers.deserialize(layers.serialize(layers.Dense(2))).built


def test_shapes_of_a_configuration_may_be_lists():
    class Two(layers.Layer):
        def build(self, a_shape, b_shape):
            self.shapes = a_shape, b_shape

        def call(self, a, b):
            return a + b

    layer = Two()
    layer.build_from_config({"shapes_dict": {"a_shape": [None, 2], "b_shape": [1]}})
    assert layer.shapes == ((None, 2), (1,))


@pytest.mark.parametrize("names", [("x_shape", "y"), ("x_shape", "z_shape")])
def test_build_that_no_call_can_feed_names_the_parameter(names):
    scope = {}
    exec(f"def build(self, {', '.join(names)}): pass", scope)

    class Two(layers.Layer):
        build = scope["build"]

        def call(self, x, y):
            return x + y

    with pytest.raises(ValueError, match=repr(names[1])):
        Two()(np.ones(2), np.ones(2))


def test_weight_begins_as_its_type_can():
    layer = layers.Layer()
    count = layer.add_weight(dtype="int32", trainable=False)
    flag = layer.add_weight((2,), dtype="bool", trainable=False)
    assert (count.shape, count.dtype, count.numpy()) == ((), "int32", 0)
    assert flag.numpy().tolist() == [False, False]
    assert layer.add_weight((50, 50), autocast=False).numpy().std() > 0.1


@pytest.mark.parametrize("trainable", ["yes", 1, None])
def test_trainable_is_a_bool(trainable):
    with pytest.raises(ValueError, match="trainable"):
        layers.Dense(2, trainable=trainable)


def test_frozen_layer_freezes_the_variables_that_were_made_to_be_trained():
    layer = layers.BatchNormalization()
    layer.build((None, 2))
    names = [weight.name for weight in layer.weights]
    layer.trainable = False
    assert [weight.trainable for weight in layer.weights] == [False] * 4
    assert [weight.name for weight in layer.weights] == names
    layer.trainable = True
    assert [weight.trainable for weight in layer.weights] == [True, True, False, False]


def test_frozen_variable_keeps_its_place():
    layer = layers.Dense(2)
    layer.build((None, 3))
    layer.kernel.trainable = False
    assert [weight.name for weight in layer.weights] == ["kernel", "bias"]
    assert layer.trainable_weights == [layer.bias]


def test_variables_of_metrics_are_found():
    class Watched(layers.Layer):
        def __init__(self):
            super().__init__()
            self.watch = keras.metrics.Mean()

    class Around(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Watched()
            self.own = keras.metrics.MeanSquaredError()

    assert len(Watched().metrics_variables) == 2
    assert len(Around().metrics_variables) == 4


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.Dense(3, activation="relu"), (2, 4)),
        (layers.Conv1D(3, 2, activation="tanh"), (2, 5, 4)),
        (layers.EinsumDense("bi,io->bo", 3, activation="relu"), (2, 4)),
    ],
)
def test_activation_may_be_taken_away(layer, shape):
    layer.activation = None
    layer.kernel_initializer = keras.initializers.Ones()
    x = -np.ones(shape, "float32")
    assert (layer(x).numpy() <= -4).all()
    assert layer.get_config()["activation"] is None


class Block(layers.Layer):
    """Two layers, and no build."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(3, name="first")
        self.rest = [layers.BatchNormalization()]

    def call(self, inputs, training=None):
        return self.rest[0](self.first(inputs), training=training)


def test_build_of_a_layer_without_one_builds_the_layers_inside():
    block = Block(name="block")
    block.build((None, 4))
    assert block.count_params() == 15 + 12
    assert block.first.kernel.path == "block/first/kernel"
    np.testing.assert_array_equal(block.rest[0].moving_mean.numpy(), [0, 0, 0])
    around = layers.TimeDistributed(Block())
    around.build((None, 5, 4))
    assert around.count_params() == 27


def test_build_that_cannot_try_the_call_says_so():
    class Two(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1, name="inside")

        def call(self, a, b):
            return self.dense(a) + b

    layer = Two()
    with pytest.warns(UserWarning, match="left inside unbuilt"):
        layer.build((None, 4))
    assert layer(np.ones((2, 4)), np.ones((2, 1))).shape == (2, 1)


def test_weights_are_there_once_all_layers_inside_are_built():
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = layers.Dense(2), layers.Dense(1)

        def call(self, x):
            return self.second(self.first(x))

    model = Model()
    model.first(np.ones((1, 3)))
    with pytest.raises(ValueError, match="no weights yet"):
        model.get_weights()
    model.call(np.ones((1, 3)))
    assert [w.shape for w in model.get_weights()] == [(3, 2), (2,), (2, 1), (1,)]
    model.set_weights([w + 1 for w in model.get_weights()])


def test_a_layer_reads_and_writes_its_weights_while_it_builds_them():
    class Started(layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight((input_shape[-1],), initializer="ones")
            self.count = len(self.get_weights())
            self.set_weights([np.full(input_shape[-1], 3.0)])

        def call(self, inputs):
            return self.scale * inputs

    layer = Started()
    np.testing.assert_array_equal(layer(np.ones((1, 2))).numpy(), [[3, 3]])
    assert layer.count == 1
    with pytest.raises(ValueError, match="has no weights yet"):
        Started().get_weights()


def test_shapes_given_by_their_places_are_all_in_the_file(tmp_path):
    layer = keras.layers.MultiHeadAttention(2, 3)
    layer.build((None, 4, 5), (None, 6, 5))
    assert layer.get_build_config() == {
        "shapes_dict": {"query_shape": (None, 4, 5), "value_shape": (None, 6, 5)}
    }
    query, value = keras.Input((4, 5)), keras.Input((6, 5))
    model = keras.Model([query, value], layer(query, value))
    model.save(tmp_path / "a.keras")
    x = [np.ones((1, 4, 5)), np.ones((1, 6, 5))]
    again = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_a_layer_that_has_not_begun_is_described_by_its_own_configuration():
    class Scale(keras.layers.Layer):
        def __init__(self, rate):
            self.rate = keras.Variable(rate)

        def get_config(self):
            return {"rate": float(self.rate)}

    layer = Scale(5.0)
    layer.rate.assign(2.0)
    described = keras.layers.serialize(layer)
    again = keras.layers.deserialize(described, custom_objects={"Scale": Scale})
    assert float(again.rate) == 2.0
