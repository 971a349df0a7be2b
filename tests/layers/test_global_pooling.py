"""What a mask does to a global mean."""

import numpy as np
import pytest

from keratorch import layers

RNG = np.random.default_rng(8)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_masked_mean_counts_the_steps_of_the_mask(keepdims, data_format):
    x = RNG.normal(size=(3, 5, 2)).astype(np.float32)
    mask = np.arange(5) < np.array([[2], [5], [1]])
    layer = layers.GlobalAveragePooling1D(data_format, keepdims)
    first = data_format == "channels_first"
    out = layer(np.moveaxis(x, -1, 1) if first else x, mask=mask)
    assert out.dtype == np.float32
    assert out.shape == ((3, 2, 1) if first else (3, 1, 2)) if keepdims else (3, 2)
    expected = [row[kept].mean(axis=0) for row, kept in zip(x, mask, strict=True)]
    np.testing.assert_allclose(out.numpy().reshape(3, 2), expected, rtol=1e-5)


def test_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"mask of shape \(2, 3\).*received.*\(2, 4\)"):
        layers.GlobalAveragePooling1D()(np.ones((2, 3, 1)), mask=np.ones((2, 4)))
