"""What the samples of repetition cannot state: exact values, long windows, errors."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from keratorch import GradArray


def test_gradient_of_windows_counts_those_that_an_element_is_in():
    x = GradArray(np.ones((3, 4)))
    sliding_window_view(x, (2, 2)).sum().backward()
    np.testing.assert_array_equal(x.grad, np.outer([1, 2, 1], [1, 2, 2, 1]))


@pytest.mark.parametrize("width", [3, 9_998])
def test_gradient_of_long_windows_is_as_right_as_that_of_short_ones(width):
    x = GradArray(np.arange(10_000.0))
    windows = sliding_window_view(x, width)
    windows.backward(np.ones(windows.shape))
    shorter = min(width, len(x) - width + 1)
    expected = np.minimum(np.arange(1, 10_001), np.arange(10_000, 0, -1))
    np.testing.assert_array_equal(x.grad, np.minimum(expected, shorter))


def test_windows_cannot_be_written_through():
    assert not sliding_window_view(GradArray(np.ones(3)), 2).numpy().flags.writeable
    with pytest.raises(ValueError, match="writeable=True"):
        sliding_window_view(GradArray(np.ones(3)), 2, writeable=True)


def test_gradient_of_repeated_elements_is_the_number_of_repetitions():
    x = GradArray(np.ones(3))
    np.repeat(x, [2, 0, 3]).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 0, 3])


def test_counts_may_change_after_the_operation():
    x, counts = GradArray(np.ones(2)), np.array([1, 2])
    y = np.repeat(x, counts)
    counts[:] = 2, 1
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 2])


def test_resized_array_of_nothing_is_zeros():
    x = GradArray(np.zeros((0, 2), np.float32))
    y = np.resize(x, (2, 3))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.numpy(), np.zeros((2, 3)))


def test_negative_length_is_an_error():
    with pytest.raises(ValueError, match="must not be negative"):
        np.resize(GradArray(np.ones(3)), (2, -1))


def test_fliplr_needs_two_axes():
    with pytest.raises(ValueError, match="out of bounds"):
        np.fliplr(GradArray(np.ones(3)))


@pytest.mark.parametrize(
    "shift", [0, 1, -1, 3, 7, -9, True, np.int64(2), [1, 2], (1, 0)]
)
@pytest.mark.parametrize("axis", [None, 0, -1, 1, np.int64(1), (0, 1)])
@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.zeros((0, 2))])
def test_roll_is_numpys_there_and_back(array, shift, axis):
    if axis is None and np.ndim(shift):
        shift = shift[0]
    x = GradArray(array)
    y = np.roll(x, shift, axis)
    np.testing.assert_array_equal(y.numpy(), np.roll(array, shift, axis))
    y.backward(y.numpy())
    np.testing.assert_array_equal(x.grad, array)


@pytest.mark.parametrize("axis", [2, -3, "rows"])
def test_axis_to_roll_along_must_exist(axis):
    with pytest.raises((np.exceptions.AxisError, TypeError)):
        np.roll(GradArray(np.ones((2, 3))), 1, axis)
