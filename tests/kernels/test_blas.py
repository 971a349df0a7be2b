"""Scaled sums by BLAS equal NumPy's passes, and are trusted only where they do."""

import numpy as np
import pytest

from keratorch import Variable, config, optimizers
from keratorch.kernels import blas
from keratorch.kernels.blas import axpby, by_passes

RNG = np.random.default_rng(0)
LARGE = blas._WORTH


def both(a, x, b, y, scratch=None):
    """Return y after `axpby`, and after `by_passes`."""
    ours, expected = y.copy(order="K"), y.copy(order="K")
    axpby(a, x.copy(order="K"), b, ours, np.empty_like(y))
    by_passes(a, x.copy(order="K"), b, expected, np.empty_like(y))
    return ours, expected


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0,), (7,), (LARGE,), (LARGE + 13,), (190, 201)])
@pytest.mark.parametrize("factors", [(0.1, 0.9), (-3.0, 1), (2.0, 0.5)])
def test_it_equals_the_passes_of_numpy(dtype, shape, factors):
    x, y = (RNG.normal(size=shape).astype(dtype) for _ in range(2))
    ours, expected = both(factors[0], x, factors[1], y)
    assert ours.dtype == dtype
    rounding = 4 * np.finfo(dtype).eps
    np.testing.assert_allclose(ours, expected, rounding, rounding)


def test_the_scratch_may_be_x():
    x, y = RNG.normal(size=(2, LARGE))
    expected = 0.25 * x + 0.5 * y
    axpby(0.25, x, 0.5, y, x)
    np.testing.assert_allclose(y, expected, 1e-12)


@pytest.mark.parametrize(
    "cut",
    [
        np.s_[:, ::2],
        np.s_[::2, :],
        np.s_[::-1],
        np.s_[1:, 1:],
    ],
)
def test_arrays_with_gaps_change_in_place_and_nothing_between_does(cut):
    whole, x = np.ones((400, 401)), np.full((400, 401), 2.0)
    y = whole[cut]
    axpby(3.0, x[cut], 0.5, y, np.empty_like(y))
    expected = np.ones((400, 401))
    expected[cut] = 6.5
    np.testing.assert_array_equal(whole, expected)


def test_what_is_read_only_can_be_added_but_not_changed():
    x, y = np.ones(LARGE), np.ones(LARGE)
    x.flags.writeable = False
    axpby(2.0, x, 0.5, y, np.empty(LARGE))
    assert (y == 2.5).all()
    with pytest.raises(ValueError, match="read-only"):
        axpby(2.0, y, 0.5, x, np.empty(LARGE))
    assert (x == 1).all()


def test_x_may_be_one_number_and_memory_behind_it_is_not_read():
    y = np.ones(LARGE)
    axpby(2.0, np.array([3.0]), 1, y, np.empty(1))
    assert (y == 7).all()


@pytest.mark.parametrize("factors", [(0.0, 0.5), (0.5, 0.0), (0.0, 0.0)])
def test_infinity_times_0_is_nan_as_in_numpy(factors):
    x, y = np.full((2, LARGE), np.inf)
    with np.errstate(invalid="ignore"):
        ours, expected = both(factors[0], x, factors[1], y)
    np.testing.assert_array_equal(ours, expected)
    assert np.isnan(ours).all()


def test_the_textbook_is_numpy_to_the_last_bit():
    x, y = RNG.normal(size=(2, LARGE)).astype("float32")
    config.set_fast(False)
    try:
        ours, expected = both(0.1, x, 0.9, y)
    finally:
        config.set_fast(True)
    np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_element_does_not_depend_on_where_it_lies(dtype):
    x, y = RNG.normal(size=(2, 3 * LARGE)).astype(dtype)
    whole, _ = both(0.1, x, 0.9, y)
    for start, stop in [(1, LARGE + 1), (5, 2 * LARGE), (LARGE - 3, 3 * LARGE)]:
        part = y.copy()
        axpby(0.1, x[start:stop], 0.9, part[start:stop], np.empty(stop - start, dtype))
        np.testing.assert_array_equal(part[start:stop], whole[start:stop])
        np.testing.assert_array_equal(part[:start], y[:start])
        np.testing.assert_array_equal(part[stop:], y[stop:])


def _right(n, a, x, _, b, y, __):
    x, y = (np.ctypeslib.as_array((number * n).from_address(p)) for p in (x, y))
    y[...] = a * x + b * y


def _longer(n, a, x, _, b, y, __):
    _right(n + 1, a, x, 1, b, y, 1)


def _shorter(n, a, x, _, b, y, __):
    _right(n - 1, a, x, 1, b, y, 1)


def _exchanged(n, a, x, _, b, y, __):
    _right(n, b, x, 1, a, y, 1)


def _by_place(n, a, x, _, b, y, __):
    _right(n, a, x, 1, b, y, 1)
    values = np.ctypeslib.as_array((number * n).from_address(y))
    values[-1] = np.nextafter(values[-1], 2)


number = np.ctypeslib.as_ctypes_type(np.float64)


def test_a_function_is_trusted_if_it_computes_the_same_at_each_place():
    assert blas._is_right(_right, np.dtype(float))
    for wrong in (_longer, _shorter, _exchanged, _by_place):
        assert not blas._is_right(wrong, np.dtype(float)), wrong


def test_where_numpy_brings_no_such_library_its_passes_are_used(monkeypatch):
    monkeypatch.setattr(blas, "_NAMES", ("no_{}_such_name",))
    assert blas._functions.__wrapped__() == {}
    monkeypatch.setattr(blas, "_CARRIERS", ())
    assert blas._functions.__wrapped__() == {}
    monkeypatch.setattr(blas, "_functions", dict)
    x, y = RNG.normal(size=(2, LARGE))
    ours, expected = both(0.1, x, 0.9, y)
    np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize(
    ("optimizer", "calls"),
    [
        (optimizers.Adam(), 3),
        (optimizers.AdamW(), 3),
        (optimizers.SGD(), 1),
        (optimizers.SGD(momentum=0.9), 1),
        (optimizers.SGD(momentum=0.9, nesterov=True), 3),
        (optimizers.RMSprop(momentum=0.9), 2),
    ],
)
def test_optimizers_hand_large_weights_to_blas(monkeypatch, optimizer, calls):
    called = []

    def function(n, *others):
        called.append(n)

    monkeypatch.setattr(blas, "_functions", lambda: {np.dtype("float32"): function})
    large, small = Variable(np.ones((150, 150))), Variable(np.ones(150))
    optimizer.apply([large.numpy(), small.numpy()], [large, small])
    assert called == [150 * 150] * calls
