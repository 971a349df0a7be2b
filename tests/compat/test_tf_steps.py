"""Functions of TensorFlow as steps of models: in files, and with symbolic shapes."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.compat.tf import tensorflow as tf

pytestmark = pytest.mark.usefixtures("installed")


@pytest.mark.parametrize(
    "make",
    [
        lambda x: tf.reshape(x, (-1, 24)),
        lambda x: tf.reshape(x, (tf.shape(x)[0], 24)),
        lambda x: tf.reshape(x, [-1, tf.shape(x)[1] * tf.shape(x)[2]]),
        lambda x: tf.fill((tf.shape(x)[0], 2), 1.0),
        lambda x: tf.linalg.band_part(x, 0, -1),
        lambda x: tf.sort(x, axis=1, direction="DESCENDING"),
        lambda x: tf.nn.l2_normalize(x, axis=1) + tf.constant(np.ones(6, "float32")),
        lambda x: tf.math.acos(x) + tf.math.acos(x * 0.5),
    ],
)
def test_a_model_of_json_computes_what_the_functions_did(make):
    x = keras.Input((4, 6))
    model = keras.Model(x, make(x))
    again = keras.models.model_from_json(model.to_json())
    data = np.random.default_rng(0).uniform(-1, 1, (3, 4, 6)).astype("float32")
    np.testing.assert_array_equal(again(data).numpy(), model(data).numpy())
    assert model.output_shape[0] is None
    assert again.output_shape == model.output_shape


def test_steps_have_names_of_their_own():
    x = keras.Input((4,))
    model = keras.Model(x, tf.linalg.matvec(tf.eye(4), tf.math.acos(tf.math.acos(x))))
    names = [description["name"] for description in model.get_config()["layers"]]
    assert len(set(names)) == len(names) == 4
