import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")

IMAGE = np.random.default_rng(0).random((6, 5, 3)).astype("float32")
CHANGES = [
    ("random_flip_left_right", ()),
    ("random_flip_up_down", ()),
    ("random_brightness", (0.3,)),
    ("random_contrast", (0.5, 1.5)),
    ("random_hue", (0.2,)),
    ("random_saturation", (0.5, 1.5)),
    ("random_crop", ((3, 2, 3),)),
]


@pytest.mark.parametrize(("name", "arguments"), CHANGES)
def test_chance_comes_from_the_seed_and_goes_on(name, arguments):
    change = getattr(tf.image, name)
    keras.utils.set_random_seed(1)
    first = [change(IMAGE, *arguments).numpy() for _ in range(8)]
    assert len({image.tobytes() for image in first}) > 1
    keras.utils.set_random_seed(1)
    for image in first:
        np.testing.assert_array_equal(change(IMAGE, *arguments), image)
    own = [change(IMAGE, *arguments, seed=3).numpy() for _ in range(8)]
    assert len({image.tobytes() for image in own}) > 1
    stateless = getattr(tf.image, f"stateless_{name}")
    one, two = (stateless(IMAGE, *arguments, seed=(1, 2)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_each_image_of_a_batch_is_turned_by_itself():
    batch = np.stack([IMAGE] * 40)
    turned = tf.image.random_flip_left_right(batch).numpy()
    same = [(image == IMAGE).all() for image in turned]
    assert 5 < sum(same) < 35
    mirrored = [(image == IMAGE[:, ::-1]).all() for image in turned]
    assert sum(same) + sum(mirrored) == 40


def test_ranges_and_sizes_that_make_no_sense_are_told():
    with pytest.raises(ValueError, match="lower < upper"):
        tf.image.random_contrast(IMAGE, 1.5, 0.5)
    with pytest.raises(ValueError, match="max_delta >= 0"):
        tf.image.random_brightness(IMAGE, -1)
    with pytest.raises(ValueError, match=r"at most \(6, 5, 3\)"):
        tf.image.random_crop(IMAGE, (7, 2, 3))
    with pytest.raises(ValueError, match="3 channels"):
        tf.image.adjust_hue(IMAGE[..., :2], 0.1)
    with pytest.raises(ValueError, match="must have shape"):
        tf.image.resize(IMAGE[0], (2, 2))
    with pytest.raises(ValueError, match="not inside"):
        tf.image.crop_to_bounding_box(IMAGE, 4, 0, 3, 3)


def test_gradients_flow_through_images():
    x = keras.GradArray(IMAGE, requires_grad=True)
    loss = keras.ops.mean(tf.image.rgb_to_grayscale(tf.image.flip_up_down(x)))
    loss.backward()
    np.testing.assert_allclose(
        x.grad[0, 0], [0.2989 / 30, 0.587 / 30, 0.114 / 30], 1e-5
    )
    small = tf.image.resize(keras.Input((6, 5, 3)), (3, 2))
    assert small.shape == (None, 3, 2, 3)
