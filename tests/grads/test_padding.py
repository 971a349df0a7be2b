"""What the samples of pad cannot state: exact gradients, integers, errors."""

import numpy as np
import pytest

from keratorch import GradArray


def gradient_of_ones(function, values):
    x = GradArray(np.array(values, float))
    function(x).sum().backward()
    return x.grad


@pytest.mark.parametrize(
    "mode, expected",
    [
        ("constant", [1, 1, 1]),
        ("empty", [1, 1, 1]),
        ("edge", [3, 1, 3]),
        ("reflect", [2, 3, 2]),
        ("symmetric", [2, 3, 2]),
        ("wrap", [2, 3, 2]),
        ("mean", [7 / 3] * 3),
        ("maximum", [1, 1, 5]),
        ("minimum", [5, 1, 1]),
        ("median", [1, 5, 1]),
        ("linear_ramp", [1.5, 1, 1.5]),
    ],
)
def test_gradient_counts_how_often_an_element_is_in_the_result(mode, expected):
    grad = gradient_of_ones(lambda x: np.pad(x, 2, mode), [1, 2, 3])
    np.testing.assert_allclose(grad, expected)


def test_odd_reflection_continues_a_line():
    x = GradArray(np.arange(3.0))
    for mode in ("reflect", "symmetric"):
        y = np.pad(x, (7, 5), mode, reflect_type="odd")
        expected = np.pad(x.numpy(), (7, 5), mode, reflect_type="odd")
        np.testing.assert_array_equal(y.numpy(), expected)


def test_one_element_reflects_itself():
    for option in ("even", "odd"):
        y = np.pad(GradArray([2.0]), 2, "reflect", reflect_type=option)
        np.testing.assert_array_equal(y.numpy(), [2] * 5)


def test_ties_of_the_maximum_share_its_gradient():
    grad = gradient_of_ones(lambda x: np.pad(x, (2, 0), "maximum"), [3, 3, 1])
    np.testing.assert_array_equal(grad, [2, 2, 1])


def test_widths_may_be_those_of_some_axes():
    y = np.pad(GradArray(np.ones((2, 2))), {-1: (1, 2), 0: 1})
    assert y.shape == (4, 5)


@pytest.mark.parametrize("mode", ["mean", "linear_ramp", "maximum", "edge"])
def test_integers_are_padded_with_integers(mode):
    x = GradArray(np.array([[1, 2], [4, 8]]))
    y = np.pad(x, 2, mode)
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y.numpy(), np.pad(x.numpy(), 2, mode))


def test_float32_is_padded_with_float32():
    value = GradArray(0.5)
    for mode, keyword in [
        ("constant", "constant_values"),
        ("linear_ramp", "end_values"),
    ]:
        y = np.pad(GradArray(np.ones(2, np.float32)), 1, mode, **{keyword: value})
        assert y.dtype == np.float32


def test_recorded_border_of_plain_values_is_an_error():
    with pytest.raises(TypeError, match="gradient would be lost"):
        np.pad(np.zeros(2), 1, constant_values=GradArray(0.5))
    with pytest.raises(TypeError, match="gradient would be lost"):
        np.pad(GradArray(np.arange(2)), 1, constant_values=GradArray(0.5))


@pytest.mark.parametrize(
    "arguments, options, message",
    [
        ((1, "mirror"), {}, "mode is one of constant, empty"),
        ((1, "edge"), {"stat_length": 2}, "takes no keyword; received stat_length"),
        ((1, "mean"), {"constant_values": 2}, "takes the keyword stat_length"),
        ((-1,), {}, "must not be negative"),
        ((1, "mean"), {"stat_length": -1}, "stat_length must not be negative"),
        ((1, "reflect"), {"reflect_type": "strange"}, "'even' or 'odd'"),
        (([1, 2, 3],), {}, "broadcast"),
    ],
)
def test_arguments_that_numpy_refuses_are_errors(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        np.pad(GradArray(np.ones(3)), *arguments, **options)


@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_mean_of_nothing_is_nan():
    y = np.pad(GradArray([1.0, 2.0]), 1, "mean", stat_length=0)
    np.testing.assert_array_equal(y.numpy(), [np.nan, 1, 2, np.nan])


def test_widths_are_integers():
    with pytest.raises(TypeError, match="integers; received dtype float64"):
        np.pad(GradArray(np.ones(3)), 1.5)


@pytest.mark.parametrize("mode", ["edge", "wrap", "mean", "linear_ramp", "symmetric"])
def test_empty_axis_has_nothing_to_pad_with(mode):
    with pytest.raises(ValueError, match="axis 1 of length 0"):
        np.pad(GradArray(np.ones((2, 0))), 1, mode)


def test_function_that_writes_is_an_error():
    with pytest.raises(TypeError, match=r"np\.concatenate"):
        np.pad(GradArray(np.ones(3)), 1, lambda vector, width, axis, options: None)
