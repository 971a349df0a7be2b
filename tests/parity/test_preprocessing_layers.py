"""Keras's random layers, told our random numbers, change images as ours do."""

import numpy as np
import pytest

from keratorch.layers.preprocessing import (
    mixing,
    random_affine,
    random_color,
    random_filters,
    random_tone,
)

pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")
X = np.random.default_rng(0).random((3, 6, 5, 3), dtype=np.float32)
UNIT = {"value_range": (0, 1)}

CASES = [
    (random_affine.RandomZoom, {"height_factor": 0.3, "width_factor": 0.2}),
    (random_affine.RandomTranslation, {"height_factor": 0.3, "width_factor": 0.2}),
    (random_affine.RandomShear, {"x_factor": 0.3, "y_factor": 0.2}),
    (random_color.RandomBrightness, {"factor": 0.3, **UNIT}),
    (random_color.RandomContrast, {"factor": 0.3, **UNIT}),
    (random_color.RandomHue, {"factor": 0.3, **UNIT}),
    (random_color.RandomSaturation, {"factor": 0.9, **UNIT}),
    (random_tone.RandomColorDegeneration, {"factor": 0.9, **UNIT}),
    (random_tone.RandomInvert, {"factor": (0.5, 0.5), **UNIT}),
    (
        random_tone.Solarization,
        {"addition_factor": 0.4, "threshold_factor": 0.4, **UNIT},
    ),
    (random_filters.RandomSharpness, {"factor": 0.9, **UNIT}),
    (mixing.RandomErasing, {"factor": (0.5, 0.5), "fill_value": 0.3, **UNIT}),
    (mixing.MixUp, {}),
]


@pytest.mark.parametrize(
    ("kind", "arguments"), CASES, ids=[kind.__name__ for kind, _ in CASES]
)
def test_images_change_as_in_keras(kind, arguments):
    if kind.__module__.endswith("random_affine"):
        arguments = {**arguments, "fill_mode": "nearest"}  # as PyTorch has it
    ours = kind(seed=3, **arguments)
    theirs = getattr(keras.layers, kind.__name__)(seed=3, **arguments)
    drawn = ours.get_random_transformation(X)
    out = ours.transform_images(X, drawn)
    tensors = {
        key: keras.ops.convert_to_tensor(np.array(value))
        for key, value in drawn.items()
    }
    wanted = theirs.transform_images(keras.ops.convert_to_tensor(X), tensors)
    wanted = keras.ops.convert_to_numpy(wanted)
    np.testing.assert_allclose(np.asarray(out), wanted, atol=3e-5)


def test_crop_in_inference_leaves_images_as_keras_does():
    layer = keras.layers.RandomCrop(2, 2)
    assert tuple(layer(X, training=False).shape) == X.shape
