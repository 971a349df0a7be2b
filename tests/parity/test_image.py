"""`ops.image` beside Keras's, with gradients."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.ops import image

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning"),
    pytest.mark.skipif(
        keras.backend.backend() != "torch", reason="gradients are asked of PyTorch"
    ),
]
RNG = np.random.default_rng(0)
X = RNG.random((2, 5, 6, 3), dtype=np.float32)
TURN = np.array([[0.8, -0.5, 1.3, 0.4, 0.9, -0.7, 0, 0]] * 2, "float32")

CASES = [
    ("resize", {"size": (3, 8)}),
    ("resize", {"size": (7, 4), "interpolation": "nearest"}),
    ("resize", {"size": (4, 4), "pad_to_aspect_ratio": True}),
    ("affine_transform", {"transform": TURN}),
    ("affine_transform", {"transform": TURN, "fill_mode": "nearest"}),
    ("affine_transform", {"transform": TURN, "fill_mode": "mirror"}),
    ("pad_images", {"top_padding": 1, "bottom_padding": 2, "left_padding": 0,
                    "right_padding": 1}),
    ("crop_images", {"top_cropping": 1, "bottom_cropping": 2, "left_cropping": 0,
                     "right_cropping": 1}),
    ("extract_patches", {"size": 2}),
    ("gaussian_blur", {"kernel_size": (5, 5), "sigma": (0.7, 1.2),
                       "data_format": "channels_last"}),
    ("sobel_edges", {}),
    ("rgb_to_grayscale", {}),
    ("rgb_to_hsv", {}),
    ("hsv_to_rgb", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_values_and_gradients_are_those_of_keras(name, arguments):
    ours, theirs = GradArray(X), torch.tensor(X, requires_grad=True)
    out = getattr(image, name)(ours, **arguments)
    wanted = getattr(keras.ops.image, name)(theirs, **arguments)
    np.testing.assert_allclose(out.numpy(), wanted.detach().numpy(), atol=3e-5)
    upstream = RNG.normal(size=out.shape).astype("float32")
    out.backward(upstream)
    wanted.backward(torch.tensor(upstream))
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-3, atol=2e-4)


def test_ssim_is_that_of_keras():
    x, y = RNG.random((2, 3, 14, 14, 3), dtype=np.float32)
    wanted = keras.ops.image.ssim(x, y).numpy()
    np.testing.assert_allclose(np.asarray(image.ssim(x, y)), wanted, atol=1e-5)
