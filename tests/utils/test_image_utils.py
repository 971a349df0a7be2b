import io
import sys

import numpy as np
import pytest

from keratorch.utils import (
    array_to_img,
    img_to_array,
    load_img,
    resizing,
    save_img,
)
from keratorch.utils.resizing import INTERPOLATIONS, resize

RAMP = np.arange(60, dtype="float32").reshape(4, 5, 3) * 4


def test_without_pillow_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match=r'pip install "keratorch\[image\]"'):
        array_to_img(RAMP)


def test_arrays_and_images_turn_into_each_other(tmp_path):
    pytest.importorskip("PIL")
    image = array_to_img(RAMP, scale=False)
    assert image.mode == "RGB" and image.size == (5, 4)
    np.testing.assert_array_equal(img_to_array(image), RAMP)
    first = img_to_array(image, data_format="channels_first")
    np.testing.assert_array_equal(first, RAMP.transpose(2, 0, 1))
    scaled = img_to_array(array_to_img(RAMP / 1000 - 3))
    assert scaled.min() == 0 and scaled.max() == 255
    assert array_to_img(np.full((2, 2, 1), 999.0), scale=False).mode == "I"
    save_img(tmp_path / "a.png", RAMP, scale=False)
    read = load_img(tmp_path / "a.png")
    np.testing.assert_array_equal(img_to_array(read, dtype="uint8"), RAMP)
    data = io.BytesIO((tmp_path / "a.png").read_bytes())
    assert load_img(data, color_mode="grayscale", target_size=(8, 2)).size == (2, 8)


def test_transparency_is_dropped_for_jpeg_with_a_warning(tmp_path):
    pytest.importorskip("PIL")
    with pytest.warns(UserWarning, match="JPEG has no transparency"):
        save_img(str(tmp_path / "a.jpg"), np.zeros((3, 3, 4)))
    assert load_img(tmp_path / "a.jpg", keep_aspect_ratio=True).mode == "RGB"


def test_cropped_reading_keeps_proportions(tmp_path):
    pytest.importorskip("PIL")
    wide = np.zeros((4, 12, 1), np.uint8)
    wide[:, 4:8] = 255  # the middle square
    save_img(tmp_path / "a.png", wide, scale=False)
    image = load_img(
        tmp_path / "a.png", "grayscale", target_size=(2, 2), keep_aspect_ratio=True
    )
    assert img_to_array(image).min() == 255


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: img_to_array(np.zeros(3)), "shape"),
        (lambda: img_to_array(RAMP, "channels_middle"), "data_format"),
        (lambda: array_to_img(RAMP[0]), "one image"),
        (lambda: array_to_img(RAMP[..., :2]), "1, 3 or 4 channels"),
        (lambda: load_img("a.png", color_mode="cmyk"), "color_mode"),
        (lambda: resize(RAMP, (2, 2), "bilinaer"), "Did you mean 'bilinear'"),
    ],
)
def test_wrong_arguments_are_told(call, told):
    pytest.importorskip("PIL")
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_resizing_keeps_a_plain_image_and_its_own_size(interpolation):
    plain = np.full((2, 6, 7, 3), 5.0, np.float32)
    np.testing.assert_allclose(resize(plain, (3, 20), interpolation), 5, rtol=1e-6)
    if interpolation not in ("gaussian", "mitchellcubic"):  # these two blur
        np.testing.assert_allclose(resize(RAMP, (4, 5), interpolation), RAMP, rtol=1e-6)


def test_area_is_the_mean_and_channels_may_come_first():
    means = resize(RAMP, (2, 5), "area")
    np.testing.assert_allclose(means, (RAMP[::2] + RAMP[1::2]) / 2)
    first = resize(RAMP.transpose(2, 0, 1), (2, 5), "area", "channels_first")
    np.testing.assert_allclose(first.transpose(1, 2, 0), means)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "area"])
def test_few_neighbours_give_what_a_product_of_matrices_gives(interpolation):
    x = np.random.default_rng(0).integers(0, 256, (2, 9, 7, 3)).astype("uint8")
    for size in ((5, 11), (20, 3), (9, 7)):
        expected = x.astype("float64")
        for axis, new in zip((1, 2), size, strict=True):
            old = x.shape[axis]
            if new != old:
                weights = resizing._weights(interpolation, old, new)
                expected = np.moveaxis(
                    np.tensordot(weights, expected, (1, axis)), 0, axis
                )
        result = resizing.resize(x, size, interpolation)
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-3)
