"""CategoryEncoding: vectors of categories, and what it refuses."""

import numpy as np
import pytest

from keratorch import layers


def test_counts_are_weighted():
    layer = layers.CategoryEncoding(3, output_mode="count")
    weights = np.array([[0.5, 0.25, 2.0]])
    out = layer(np.array([[1, 1, 0]]), count_weights=weights)
    np.testing.assert_array_equal(out.numpy(), [[2, 0.75, 0]])
    assert out.dtype == np.float32


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 1), (2, 3), (2, 2, 3)])
def test_shape_is_the_one_announced(mode, shape):
    layer = layers.CategoryEncoding(4, output_mode=mode)
    out = layer(np.zeros(shape, int))
    assert out.shape == layer.compute_output_shape(shape)
    assert out.numpy()[..., 0].all()


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: layers.CategoryEncoding(), "num_tokens.*None"),
        (lambda: layers.CategoryEncoding(0), "num_tokens.*0"),
        (lambda: layers.CategoryEncoding(3, output_mode="int"), "output_mode.*'int'"),
        (lambda: layers.CategoryEncoding(3, sparse=True), "sparse=True"),
        (
            lambda: layers.CategoryEncoding(3)(np.array([[0, 3]])),
            r"0 to 2.*index 3 at position \(0, 1\).*num_tokens at least 4",
        ),
        (
            lambda: layers.CategoryEncoding(3)(np.array([[0]]), count_weights=[[1.0]]),
            "count_weights.*'multi_hot'",
        ),
    ],
)
def test_mistakes_are_named(make, part):
    with pytest.raises(ValueError, match=part):
        make()
