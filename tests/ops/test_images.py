"""Images cut into patches and put together."""

import numpy as np
import pytest

from keratorch import ops

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 3, 8))


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_depth_becomes_space_and_space_depth(layout):
    shape = (2, 3, 4, 8) if layout == "channels_last" else (2, 8, 3, 4)
    x = RNG.normal(size=shape)
    wide = ops.depth_to_space(x, 2, layout)
    np.testing.assert_array_equal(ops.space_to_depth(wide, 2, layout).numpy(), x)


def test_fold_is_the_transpose_of_unfold():
    x = RNG.normal(size=(2, 3, 6, 5))
    arguments = {"kernel_size": (2, 3), "dilation": 2, "padding": 1, "stride": (2, 1)}
    columns = ops.unfold(x, **arguments).numpy()
    y = RNG.normal(size=columns.shape)
    back = ops.fold(y, (6, 5), **arguments).numpy()
    assert (columns * y).sum() == pytest.approx((x * back).sum())


def test_noise_is_measured_in_decibels():
    assert float(ops.psnr(np.ones(4), np.zeros(4), 10.0)) == pytest.approx(20)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ops.unfold(X, 2), "images of shape"),
        (lambda: ops.fold(X, 4, 2), "fold needs x of shape"),
        (lambda: ops.depth_to_space(np.ones((1, 2, 2, 3)), 2), "for 3 channels"),
        (lambda: ops.space_to_depth(np.ones((1, 3, 2, 3)), 2), "images of 3 by 2"),
        (lambda: ops.space_to_depth(np.ones((1, 3, 2, 3)), 1), "block_size of 2"),
        (lambda: ops.psnr(X, Y[0], 1.0), "two signals of one shape"),
    ],
)
def test_mistake_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
