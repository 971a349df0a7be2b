"""A call inside another takes the short way, which does all that the long one does."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.masks import get_mask


class Noting(layers.Layer):
    """Hands its inputs on, and remembers them and whether it trains."""

    def call(self, inputs, training=None):
        self.seen = inputs
        self.trained = training
        return inputs


def inside(layer, *more, dtype=None):
    """A model that calls a layer, which is built, on what it is called on."""

    class Around(keras.Model):
        def call(self, inputs, training=None):
            return layer(inputs, *more)

    model = Around(dtype=dtype)
    model(np.zeros((2, 3)))
    return model


@pytest.mark.parametrize("training", [True, False])
def test_layer_inside_is_told_whether_it_trains(training):
    layer = Noting()
    model = inside(layer)
    model(np.ones((2, 3)), training=training)
    assert layer.trained is training
    model.train(not training)
    model(np.ones((2, 3)))
    assert layer.trained is not training


def test_layer_inside_gets_floats_of_its_own_type():
    layer = Noting(dtype="float64")
    model = inside(layer)
    model(np.ones((2, 3)), training=True)
    assert layer.seen.dtype == np.float64


def test_layer_inside_adds_the_penalty_of_its_outputs():
    layer = layers.Dense(2, activity_regularizer="l2")
    y = inside(layer)(np.ones((2, 3)), training=True)
    np.testing.assert_allclose(
        layer.losses[0].numpy(), 0.01 * np.sum(y.numpy() ** 2) / 2, rtol=1e-6
    )


def test_layer_inside_that_loses_the_gradient_says_so():
    layer = Noting()
    model = inside(layer)
    layer.call = lambda inputs, training=None: inputs.numpy()
    with pytest.warns(UserWarning, match="no gradient flows"):
        model(keras.GradArray(np.ones((2, 3), "float32")), training=True)


def test_layer_inside_passes_the_mask_on_of_one_array_and_of_several():
    x = keras.Input((3, 4))
    masked = layers.Masking()(x)
    y = layers.Add()([layers.Activation("relu")(masked), masked])
    values = np.ones((2, 3, 4), "float32")
    values[:, 2] = 0
    mask = get_mask(keras.Model(x, y)(values, training=True))
    np.testing.assert_array_equal(mask, [[True, True, False]] * 2)


def test_list_of_arrays_inside_gives_what_it_gives_alone():
    a, b = keras.Input((3,)), keras.Input((3,))
    model = keras.Model([a, b], layers.Concatenate()([a, b]))
    x = np.arange(6, dtype="float32").reshape(2, 3)
    np.testing.assert_array_equal(
        model([x, -x], training=True), np.concatenate([x, -x], axis=1)
    )


class Reads(layers.Layer):
    """Computes on an array, or on what the names of files say."""

    def call(this, inputs=None, names=None, training=False):  # noqa: N805
        if names is not None:
            return keras.GradArray(
                np.full(len(names), 2.0 + training), requires_grad=False
            )
        return (
            keras.GradArray(np.zeros(1), requires_grad=False)
            if inputs is None
            else inputs * 3
        )


def test_layer_is_called_without_inputs_that_call_does_not_need():
    layer = Reads()
    np.testing.assert_array_equal(layer().numpy(), [0])
    np.testing.assert_array_equal(layer(inputs=None).numpy(), [0])
    np.testing.assert_array_equal(layer(names=["a", "b"]).numpy(), [2, 2])
    np.testing.assert_array_equal(layer(names=["a"], training=True).numpy(), [3])
    np.testing.assert_array_equal(layer(inputs=np.ones(2)).numpy(), [3, 3])


def test_parameter_for_the_layer_itself_has_any_name():
    class Mixed(layers.Layer):
        def call(this, inputs, other, training=None):  # noqa: N805
            return inputs + other if training else inputs

    with pytest.raises(TypeError, match="Mixed 'mixed.*' was called without 'inputs'"):
        Mixed()(other=np.ones(2))
    out = Mixed()(np.ones(2), np.ones(2), training=True)
    np.testing.assert_array_equal(out.numpy(), [2, 2])
    assert Mixed._signature.names == ("inputs", "other", "training")


ONE_ARRAY = {
    "Flatten": (),
    "Reshape": ((-1,),),
    "ReLU": (),
    "Softmax": (),
    "Dropout": (0.5,),
    "GaussianNoise": (0.5,),
    "Masking": (),
    "Dense": (2,),
    "Activation": ("relu",),
    "Rescaling": (2.0,),
    "Permute": ((1,),),
    "RepeatVector": (2,),
    "PReLU": (),
    "BatchNormalization": (),
    "UnitNormalization": (),
    "Normalization": (),
}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize("name", ONE_ARRAY)
def test_a_layer_of_one_array_refuses_a_list(name, symbolic, count):
    layer = getattr(layers, name)(*ONE_ARRAY[name])
    given = keras.Input((3,)) if symbolic else np.ones((2, 3), "float32")
    with pytest.raises(ValueError, match=f"expects one array; .* a list of {count}"):
        layer([given] * count)


def test_who_writes_call_may_take_a_list():
    class Total(layers.Layer):
        def call(self, inputs):
            return sum(inputs)

    class More(Total):
        pass

    one = np.ones((2, 3), "float32")
    for layer in (Total(), More(), layers.Lambda(sum)):
        assert layer([one, one]).tolist() == [[2.0] * 3] * 2
        assert layer([keras.Input((3,))] * 2).shape == (None, 3)
    assert len(layers.Identity()([one, one])) == 2
