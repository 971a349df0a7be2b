"""RandomHeight and RandomWidth of Keras 2."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import RandomHeight, RandomWidth

pytestmark = pytest.mark.usefixtures("quiet")

X = np.random.default_rng(0).random((2, 10, 8, 3)).astype("float32")


@pytest.mark.parametrize(("layer", "axis"), [(RandomHeight, 1), (RandomWidth, 2)])
def test_one_axis_has_another_length_each_time(layer, axis):
    resize = layer((0.1, 0.5), seed=1)
    lengths = set()
    for _ in range(9):
        shape = list(resize(X, training=True).shape)
        lengths.add(shape[axis])
        shape[axis] = X.shape[axis]
        assert tuple(shape) == X.shape
    assert len(lengths) > 1
    assert min(lengths) > X.shape[axis]
    assert max(lengths) <= 1.5 * X.shape[axis]


def test_images_stay_in_inference():
    np.testing.assert_array_equal(RandomHeight(0.3)(X, training=False).numpy(), X)


def test_the_length_is_not_known_beforehand():
    assert RandomHeight(0.3)(keras.Input((10, 8, 3))).shape == (None, None, 8, 3)
    assert RandomWidth(0.3)(keras.Input((10, 8, 3))).shape == (None, 10, None, 3)


def test_they_stand_in_front_of_a_network():
    from keratorch.layers.experimental import preprocessing

    model = keras.Sequential(
        [
            preprocessing.RandomHeight(0.2, input_shape=(10, 8, 3)),
            preprocessing.RandomWidth(0.2),
            keras.layers.Resizing(6, 6),
            keras.layers.Flatten(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    model.fit(X, np.ones(2), verbose=0)
    assert model.predict(X, verbose=0).shape == (2, 1)


def test_they_are_made_again_from_their_configuration():
    layer = RandomHeight((-0.2, 0.3), interpolation="nearest", seed=3)
    again = RandomHeight.from_config(layer.get_config())
    np.testing.assert_array_equal(
        layer(X, training=True).numpy(), again(X, training=True).numpy()
    )


@pytest.mark.parametrize("factor", [1.5, (-1, 0.2), (0.5, 0.1), (0.1, 0.2, 0.3)])
def test_a_factor_that_leaves_nothing_raises(factor):
    with pytest.raises(ValueError, match="factor must be"):
        RandomWidth(factor)
