"""The gradients of a convolution to which few places have led, beside those of all."""

import numpy as np
import pytest

from keratorch.kernels import chosen_windows, convolution
from keratorch.kernels.windows import Windows

SHAPES = [
    # x, kernel, arguments of Windows.of
    ((3, 9, 2), (3, 2, 4), ()),
    ((3, 9, 2), (3, 2, 4), (1, "same")),
    ((3, 9, 2), (3, 2, 4), (1, "causal", 2)),
    ((4, 8, 7, 3), (3, 2, 3, 5), (2, "same")),
    ((4, 8, 7, 3), (3, 2, 3, 5), ((1, 2), "valid", (2, 1))),
    ((3, 7, 6, 2), (2, 3, 2, 4), (1, [(-1, 2), (0, -2)])),
    ((2, 4, 5, 6, 2), (2, 2, 3, 2, 3), (1, "same")),
    ((2, 6, 5, 3), (1, 1, 3, 4), ()),
]
each_shape = pytest.mark.parametrize("shape, kernel_shape, arguments", SHAPES)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let even many places be few, so that none of these is left to the products."""
    monkeypatch.setattr(chosen_windows, "_DEAR", 0)


def drawn(shape, kernel_shape, arguments, share=0.2, dtype="float64"):
    rng = np.random.default_rng(0)
    windows = Windows.of(shape[1:-1], kernel_shape[:-2], *arguments)
    out = shape[0], *windows.counts(shape[1:-1]), kernel_shape[-1]
    x, kernel = (rng.normal(size=s).astype(dtype) for s in (shape, kernel_shape))
    places = np.flatnonzero(rng.random(out) < share)
    return x, kernel, (places, rng.normal(size=len(places)).astype(dtype)), windows, out


def everywhere(grad, out):
    total = np.zeros(out, grad[1].dtype)
    total.reshape(-1)[grad[0]] = grad[1]
    return total


def assert_equals_products(x, kernel, grad, windows, shape, tolerance=1e-12, **kwargs):
    found = chosen_windows.gradients(x, kernel, grad, windows, **kwargs)
    expected = convolution.gradients(
        x, kernel, everywhere(grad, shape), windows, **kwargs
    )
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype and one.flags.c_contiguous
        np.testing.assert_allclose(one, other, tolerance, tolerance)


@each_shape
@pytest.mark.parametrize("share", [0.02, 0.2, 0.9])
def test_few_windows_give_what_products_over_all_give(
    shape, kernel_shape, arguments, share
):
    assert_equals_products(*drawn(shape, kernel_shape, arguments, share))


@each_shape
def test_windows_may_be_taken_one_by_one(shape, kernel_shape, arguments, monkeypatch):
    monkeypatch.setattr(chosen_windows, "_PIECE", 1)
    assert_equals_products(*drawn(shape, kernel_shape, arguments))


@each_shape
@pytest.mark.parametrize("long", [0, 10**9])
def test_both_sums_of_groups(shape, kernel_shape, arguments, long, monkeypatch):
    monkeypatch.setattr(chosen_windows, "_LONG", long)
    assert_equals_products(*drawn(shape, kernel_shape, arguments))


@each_shape
def test_relu_lets_nothing_pass_where_it_was_zero(shape, kernel_shape, arguments):
    given = drawn(shape, kernel_shape, arguments)
    out = np.maximum(np.random.default_rng(1).normal(size=given[-1]), 0)
    assert_equals_products(*given, out=out)


def test_float32_stays_float32():
    given = drawn(*SHAPES[1], dtype="float32")
    assert_equals_products(*given, tolerance=1e-5)


def test_what_is_not_wanted_is_none():
    x, kernel, grad, windows, _ = drawn(*SHAPES[1])
    for i in range(3):
        wanted = tuple(i == j for j in range(3))
        found = chosen_windows.gradients(x, kernel, grad, windows, wanted)
        assert [one is not None for one in found] == list(wanted)


def test_no_place_at_all_is_zeros():
    x, kernel, _, windows, out = drawn(*SHAPES[1])
    nothing = np.zeros(0, int), np.zeros(0)
    assert_equals_products(x, kernel, nothing, windows, out)


def test_memory_order_of_the_arrays_does_not_matter():
    x, kernel, grad, windows, out = drawn(*SHAPES[3])
    views = np.asfortranarray(x), np.asfortranarray(kernel)
    assert_equals_products(*views, grad, windows, out)


def test_too_many_places_are_left_to_the_products(monkeypatch):
    monkeypatch.setattr(chosen_windows, "_DEAR", 10)
    monkeypatch.setattr(chosen_windows, "_Taps", None)
    assert_equals_products(*drawn(*SHAPES[1], share=0.2))
    with pytest.raises(TypeError, match="not callable"):
        assert_equals_products(*drawn(*SHAPES[1], share=0.02))
