"""Pooling has the values of Keras, and says what does not fit."""

import numpy as np
import pytest

from keratorch import GradArray, config, ops

from ..references import assert_close, each, float32, load

CASES = load("pooling")["cases"]
EVERY = [
    (ops.max_pool, 2),
    (ops.average_pool, 2),
    (ops.adaptive_max_pool, 2),
    (ops.adaptive_average_pool, 2),
]
every = pytest.mark.parametrize("function, size", EVERY)


@each(CASES)
def test_outputs_and_gradients_are_those_of_keras(case):
    x = GradArray(float32(case["given"][0]))
    out = getattr(ops, case["function"])(x, **case["arguments"])
    assert out.dtype == np.float32
    assert_close(out.numpy(), case["outputs"])
    out.backward(float32(case["upstream"]))
    assert_close(x.grad, case["gradients"][0])


def test_mean_of_a_window_at_the_border_is_that_of_the_elements_inside():
    x = np.float32([1, 2, 6, 8]).reshape(1, 4, 1)
    out = ops.average_pool(x, 2, strides=1, padding="same")
    assert out.numpy().ravel().tolist() == [1.5, 4, 7, 8]


@every
def test_one_window_over_everything_is_global_pooling(function, size):
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3))
    over_all = {ops.max_pool: np.max, ops.adaptive_max_pool: np.max}
    expected = over_all.get(function, np.mean)(x, axis=(1, 2), keepdims=True)
    size = 1 if "adaptive" in function.__name__ else 4
    np.testing.assert_allclose(function(x, size).numpy(), expected)


@every
def test_channels_may_come_first(function, size):
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 3))
    last, first = GradArray(x), GradArray(np.moveaxis(x, -1, 1))
    outs = function(last, size), function(first, size, data_format="channels_first")
    np.testing.assert_array_equal(np.moveaxis(outs[1].numpy(), 1, -1), outs[0].numpy())
    for out in outs:
        (out * out).sum().backward()
    np.testing.assert_array_equal(np.moveaxis(first.grad, 1, -1), last.grad)


@every
def test_layout_is_that_of_the_configuration_unless_given(function, size):
    config.set_image_data_format("channels_first")
    try:
        assert function(np.ones((1, 5, 4, 4)), size).shape == (1, 5, 2, 2)
    finally:
        config.set_image_data_format("channels_last")


@every
def test_lists_of_integers_become_floatx_and_batches_may_be_empty(function, size):
    assert function([[[1], [2], [3]]], size).dtype == np.float32
    assert function(np.ones((0, 4, 4, 3)), size).shape == (0, 2, 2, 3)


def test_more_cells_than_elements_repeat_them():
    x = np.float32([1, 2]).reshape(1, 2, 1)
    for function in (ops.adaptive_max_pool, ops.adaptive_average_pool):
        assert function(x, 4).numpy().ravel().tolist() == [1, 1, 2, 2]


MISTAKES = [
    ((4, 4), {}, "needs inputs with an axis for the batch"),
    ((1, 4, 4, 2), {"data_format": "last"}, "data_format must name an image layout"),
]
WINDOW_MISTAKES = [
    ({"pool_size": 0}, "pool_size must be at least 1; received 0"),
    ({"pool_size": (2, 2, 2)}, "pool_size must be an integer, or 2 of them"),
    ({"pool_size": 2, "strides": -1}, "strides must be at least 1; received -1"),
    ({"pool_size": 5}, r"no window fits.*pool_size=\(5, 5\)"),
    ({"pool_size": 2, "padding": 1}, "padding must be 'valid' or 'same'; received 1"),
    ({"pool_size": 2, "padding": "causal"}, "use np.pad"),
]


@every
@pytest.mark.parametrize("shape, arguments, message", MISTAKES)
def test_mistake_is_named(function, size, shape, arguments, message):
    with pytest.raises(ValueError, match=f"{function.__name__}.*{message}"):
        function(np.ones(shape), size, **arguments)


@pytest.mark.parametrize("function", [ops.max_pool, ops.average_pool])
@pytest.mark.parametrize("arguments, message", WINDOW_MISTAKES)
def test_mistake_in_a_window_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(np.ones((1, 4, 4, 2)), **arguments)


@pytest.mark.parametrize("function", [f for f, _ in EVERY[2:]])
def test_mistake_in_a_grid_is_named(function):
    with pytest.raises(ValueError, match="output_size must be at least 1; received 0"):
        function(np.ones((1, 4, 4, 2)), 0)
    with pytest.raises(ValueError, match=r"spatial shape \(0, 4\)"):
        function(np.ones((1, 0, 4, 2)), 2)
