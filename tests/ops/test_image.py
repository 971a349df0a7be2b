"""`ops.image` has Keras's numbers; gradients flow; mistakes are named."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.ops import image
from keratorch.testing import gradcheck

from ..references import load

CASES = load("image")["cases"]
IDS = [f"{i}-{case['function']}" for i, case in enumerate(CASES)]


def images(*shape):
    return np.random.default_rng(shape).random(shape, dtype=np.float32)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_numbers_are_those_of_keras(case):
    function = getattr(image, case["function"])
    out = function(images(*case["shape"]), **case["arguments"])
    assert out.dtype == np.float32
    wanted = np.array(case["output"]).reshape(case["output_shape"])
    assert out.shape == wanted.shape
    np.testing.assert_allclose(np.asarray(out), wanted, rtol=1e-4, atol=2e-5)


def test_gradients_are_those_of_differences():
    x, grid = images(2, 4, 5, 3), np.array([[[0.3, 1.6]], [[2.7, 3.2]]])
    turn = np.array([0.8, -0.51, 1.33, 0.4, 0.9, -0.7, 0.0, 0.0])
    start = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [4.0, 3.0]])
    end = start + np.array([[0.31, 0.2], [0.15, -0.1], [0.4, 0.33], [-0.22, 0.1]])
    for function, *inputs in [
        (lambda x: image.resize(x, (3, 7), "bicubic", antialias=True), x),
        (lambda x: image.resize(x, (6, 3), "nearest"), x),
        (lambda x, t: image.affine_transform(x, t, fill_mode="reflect"), x, turn),
        (lambda x, s, e: image.perspective_transform(x, s, e), x, start, end),
        (lambda x, c: image.map_coordinates(x, c, 1, "wrap"), x[0, :, :, 0], grid),
        (image.gaussian_blur, x),
        (image.rgb_to_hsv, x),
        (image.hsv_to_rgb, x),
        (image.rgb_to_grayscale, x),
        (lambda x: image.crop_images(x, 1, 1, 1, 1), x),
        (lambda x: image.extract_patches(x, 2), x),
    ]:
        arrays = (GradArray(np.asarray(a, float)) for a in inputs)
        gradcheck(function, *arrays, order=1)


def test_elastic_transform_repeats_with_a_seed_and_moves_pixels():
    x = images(2, 8, 8, 1)
    one, two = (np.asarray(image.elastic_transform(x, seed=3)) for _ in range(2))
    assert (one == two).all() and np.abs(one - x).max() > 0.1
    still = image.elastic_transform(x, alpha=0.0, seed=3)
    np.testing.assert_allclose(np.asarray(still), x, atol=1e-6)


def test_whole_pixels_stay_whole_where_they_are_weighted_or_moved_only():
    x = (images(4, 4, 3) * 255).astype("uint8")
    assert image.gaussian_blur(x).dtype == np.float32
    assert image.rgb_to_grayscale(x).dtype == np.uint8
    assert image.pad_images(x, 1, 1, 1, 1).dtype == np.uint8


def test_ssim_of_an_image_and_another_is_below_one():
    x, y = images(2, 12, 12, 3), images(2, 12, 12, 3)[::-1]
    np.testing.assert_allclose(np.asarray(image.ssim(x, x)), [1, 1], rtol=1e-5)
    assert (np.asarray(image.ssim(x, y)) < 0.9).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: image.resize(x, (2, 2), "cubic"), "interpolation must be one of"),
        (lambda x: image.resize(x, (0, 2)), "size must be"),
        (lambda x: image.resize(x[0, 0], (2, 2)), "three axes.*shape"),
        (lambda x: image.resize(x, (2, 2), data_format="last"), "image layout"),
        (lambda x: image.affine_transform(x, np.ones(6)), "8 numbers"),
        (lambda x: image.map_coordinates(x, np.ones((2, 3)), 1), "place for each"),
        (lambda x: image.pad_images(x, 1, 1), "exactly two of"),
        (lambda x: image.crop_images(x, 9, 0, 9, 0), "fit a height of 4"),
        (lambda x: image.rgb_to_hsv((x * 255).astype(int)), "floats from 0 to 1"),
        (lambda x: image.rgb_to_grayscale(x[..., :2]), "3 channels"),
        (lambda x: image.perspective_transform(x, x, x), "both have the shape"),
        (lambda x: image.ssim(x, x[:, :2]), "one shape"),
    ],
)
def test_mistakes_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(images(2, 4, 5, 3))


def test_a_patch_of_a_volume_has_three_lengths():
    with pytest.raises(TypeError, match=r"\(depth, height, width\); received \(2, 2\)"):
        image.extract_patches_3d(images(4, 4, 4, 1), (2, 2))


def test_halves_change_their_perspective_as_singles_do():
    corners = np.array([[0, 0], [3, 0], [0, 3], [3, 3]])
    x, start, end = images(4, 4, 1), corners, corners[[1, 3, 0, 2]]
    out = image.perspective_transform(x, start, end).numpy()
    half = image.perspective_transform(
        *(np.float16(v) for v in (x, start, end)), interpolation="nearest"
    )
    assert half.dtype == np.float16
    np.testing.assert_allclose(half.numpy(), out, atol=1e-3)


def whole_images(dtype="uint8"):
    return np.random.default_rng(5).integers(0, 256, (2, 5, 7, 3)).astype(dtype)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
@pytest.mark.parametrize(
    "function",
    [
        lambda x: image.resize(x, (8, 3), "bicubic"),
        lambda x: image.resize(x, (4, 4), "nearest"),
        lambda x: image.affine_transform(x, [0.9, 0.2, 0.3, -0.1, 1.1, 0.4, 0, 0]),
        lambda x: image.elastic_transform(x, seed=3),
        lambda x: image.extract_patches(x, 2),
        lambda x: image.perspective_transform(
            x, [[0, 0], [6, 0], [0, 4], [6, 4]], [[1, 0], [6, 0], [0, 4], [5, 4]]
        ),
    ],
)
def test_whole_pixels_stay_whole_and_within_their_range(function, dtype):
    out, exact = function(whole_images(dtype)), function(whole_images("float32"))
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    assert out.dtype == dtype
    error = np.abs(out.numpy() - np.clip(exact.numpy(), low, high))
    assert error.max() <= 0.501
