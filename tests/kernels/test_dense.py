"""The kernel of dense layers: parts of rows, parts of columns, and no parts."""

import numpy as np
import pytest

from keratorch import threads
from keratorch.kernels import dense as kernels
from keratorch.kernels.squashes import SQUASHES

TINY, TALL, WIDE = (5, 7, 3), (8197, 33, 65), (131, 363, 359)
SHAPES = pytest.mark.parametrize(
    "shape", [TINY, TALL, WIDE], ids=["tiny", "tall", "wide"]
)


def drawn(shape, dtype=float):
    rows, features, units = shape
    rng = np.random.default_rng(0)
    shapes = (rows, features), (features, units), (units,), (rows, units)
    return [rng.normal(size=s).astype(dtype) for s in shapes]


def parts_of(shape):
    rows, features, units = shape
    kernel = np.empty((features, units))
    if kernels._is_tall(rows, kernel):
        return kernels._row_parts(rows, kernel)
    return kernels._column_parts(rows, kernel, features)


def test_large_products_are_cut_and_small_ones_are_not():
    assert len(parts_of(TINY)) == 1
    assert len(parts_of(TALL)) == len(parts_of(WIDE)) == 2


@SHAPES
@pytest.mark.parametrize("activation", [None, "relu", "tanh"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_product_equals_the_textbook(shape, activation, dtype):
    x, kernel, bias, _ = drawn(shape, dtype)
    squash = SQUASHES[activation] if activation else None
    expected = x @ kernel + bias
    if activation:
        expected = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[activation](
            expected
        )
    found = kernels.dense(x, kernel, bias, squash)
    assert found.dtype == dtype
    np.testing.assert_allclose(
        found, expected, atol=1e-4 if dtype == np.float32 else 1e-12
    )
    without = kernels.dense(x, kernel, None, None)
    np.testing.assert_allclose(without, x @ kernel, atol=1e-4)


@SHAPES
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradients_equal_the_textbook(shape, dtype):
    x, kernel, _, grad = drawn(shape, dtype)
    found = kernels.dense_gradients(grad, x, kernel, (True, True, True))
    expected = grad @ kernel.T, x.T @ grad, grad.sum(axis=0)
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == dtype
        np.testing.assert_allclose(
            a, b, rtol=0, atol=np.abs(b).max() * 10 * np.finfo(dtype).eps * 10
        )


@SHAPES
def test_what_is_not_wanted_is_none(shape):
    x, kernel, _, grad = drawn(shape)
    for i in range(3):
        wants = tuple(j == i for j in range(3))
        found = kernels.dense_gradients(grad, x, kernel, wants)
        assert [x is not None for x in found] == list(wants)


@SHAPES
def test_strided_arrays_are_as_good(shape):
    x, kernel, bias, grad = drawn(shape)
    strided = [np.repeat(a, 2, axis=-1)[..., ::2] for a in (x, kernel, bias, grad)]
    x_2, kernel_2, bias_2, grad_2 = strided
    np.testing.assert_allclose(
        kernels.dense(x_2, kernel_2, bias_2, None), kernels.dense(x, kernel, bias, None)
    )
    every = (True, True, True)
    for a, b in zip(
        kernels.dense_gradients(grad_2, x_2, kernel_2, every),
        kernels.dense_gradients(grad, x, kernel, every),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, atol=1e-10)


@SHAPES
def test_the_bits_do_not_depend_on_the_threads(shape):
    x, kernel, bias, grad = drawn(shape, np.float32)
    results = []
    for count in (1, 2, 5):
        threads.set_num_threads(count)
        try:
            out = kernels.dense(x, kernel, bias, SQUASHES["relu"])
            every = (True, True, True)
            results.append([out, *kernels.dense_gradients(grad, x, kernel, every)])
        finally:
            threads.set_num_threads(None)
    for found in results[1:]:
        for a, b in zip(found, results[0], strict=True):
            np.testing.assert_array_equal(a, b)
