"""Images seen through small windows: blur, edges, likeness."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.ops.arrays import as_floats
from keratorch.ops.convolution import depthwise_conv
from keratorch.ops.image.layout import Layout
from keratorch.symbolic import lifted

_SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


@lifted
def gaussian_blur(
    images: Any,
    kernel_size: Any = (3, 3),
    sigma: Any = (1.0, 1.0),
    data_format: str | None = None,
) -> Any:
    """Images whose pixels are averages with the weights exp(-distance² / 2 sigma²).

    Parameters
    ----------
    images : (..., height, width, channels), one or a batch; outside lie zeros.
    kernel_size : pair of int, of pixels across and down, as in Keras.
    sigma : pair of float, the deviations across and down.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Raises
    ------
    ValueError : images with other numbers of axes.

    >>> x = np.zeros((3, 3, 1)); x[1, 1] = 1
    >>> gaussian_blur(x).numpy()[..., 0].round(3)
    array([[0.075, 0.124, 0.075],
           [0.124, 0.204, 0.124],
           [0.075, 0.124, 0.075]])
    """
    layout = Layout("gaussian_blur", images, data_format)
    x = layout.batch()
    widths = np.asarray(graph.value(sigma), x.dtype)
    across, down = (
        _bell(int(n), width) for n, width in zip(kernel_size, widths, strict=True)
    )
    return layout.restored(filtered(x, np.outer(down, across)))


def filtered(x: Any, window: np.ndarray, padding: str = "same") -> Any:
    """Return a batch, channels last, with each channel through one window."""
    kernel = np.repeat(window[:, :, None, None], x.shape[-1], axis=2).astype(x.dtype)
    return depthwise_conv(x, kernel, 1, padding, "channels_last")


def _bell(size: int, sigma: Any) -> np.ndarray:
    x = np.arange(size) - (size - 1) / 2
    weights = np.exp(-0.5 * (x / sigma) ** 2)
    return weights / weights.sum()


@lifted
def sobel_edges(images: Any, data_format: str | None = None) -> Any:
    """How much images change downward and across: Sobel's filters.

    Parameters
    ----------
    images : (batch, height, width, channels); outside lie zeros.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : the shape of the images with a last axis of 2, (downward, across).

    Raises
    ------
    ValueError : images with other numbers of axes.

    >>> x = np.array([0.0, 1.0, 2.0] * 3).reshape(1, 3, 3, 1)
    >>> sobel_edges(x).numpy()[0, 1, 1, 0]
    array([0., 8.])
    """
    layout = Layout("sobel_edges", images, data_format)
    if layout.single:
        raise ValueError(
            "sobel_edges needs a batch of images, with four axes; received shape "
            f"{layout.images.shape}. Write images[None]."
        )
    x = layout.batch()
    window = np.array(_SOBEL, x.dtype)
    edges = [layout.restored(filtered(x, side)) for side in (window.T, window)]
    return np.stack(edges, axis=-1)


@lifted
def ssim(
    image1: Any,
    image2: Any,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Any:
    """The structural similarity of images: 1 for equal ones.

    (2 m1 m2 + c1) (2 v12 + c2) / ((m1² + m2² + c1) (v1 + v2 + c2)), averaged, with the
    means m, variances v and covariance v12 under a Gaussian window, c1 = (k1 max_val)²,
    c2 = (k2 max_val)².

    Parameters
    ----------
    image1, image2 : (..., height, width, channels), one or a batch of each.
    max_val : float, the largest value that a pixel can have.
    filter_size : int, of the window, at most height and width.
    filter_sigma : float, the deviation of the window.
    k1, k2 : float.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (batch,), or a number for single images.

    Raises
    ------
    ValueError : images of different shapes.

    Source: Wang et al. (2004), Image quality assessment.

    >>> x = np.random.default_rng(0).random((16, 16, 1))
    >>> float(ssim(x, x).numpy().round(6))
    1.0
    """
    layout = Layout("ssim", image1, data_format)
    one, two = layout.batch(), Layout("ssim", image2, data_format).batch()
    if one.shape != two.shape:
        raise ValueError(
            "ssim needs two images, or batches, of one shape; received "
            f"{np.shape(image1)} and {np.shape(image2)}."
        )
    x, y = as_floats(one), as_floats(two)
    bell = _bell(filter_size, filter_sigma)
    window = np.outer(bell, bell)
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    m1, m2, xx, yy, xy = (
        filtered(part, window, "valid") for part in (x, y, x * x, y * y, x * y)
    )
    above = (2 * m1 * m2 + c1) * (2 * (xy - m1 * m2) + c2)
    below = (m1 * m1 + m2 * m2 + c1) * ((xx - m1 * m1) + (yy - m2 * m2) + c2)
    out = (above / below).mean(axis=(1, 2, 3))
    return out[0] if layout.single else out
