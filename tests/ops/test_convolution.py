"""Convolutions have the values of Keras, and say what does not fit."""

import numpy as np
import pytest

from keratorch import GradArray, config, ops

from ..references import assert_close, each, float32, load

CASES = load("convolution")["cases"]
RNG = np.random.default_rng(0)


def draw(*shape):
    return RNG.normal(size=shape)


def call(case, *arrays):
    return getattr(ops, case["function"])(*arrays, **case["arguments"])


@each(CASES)
def test_outputs_and_gradients_are_those_of_keras(case):
    arrays = [GradArray(float32(values)) for values in case["given"]]
    out = call(case, *arrays)
    assert out.dtype == np.float32
    assert_close(out.numpy(), case["outputs"])
    out.backward(float32(case["upstream"]))
    for array, stored in zip(arrays, case["gradients"], strict=True):
        assert_close(array.grad, stored, rtol=1e-4, atol=1e-5)


@each(CASES)
def test_lists_become_arrays_of_floatx(case):
    out = call(case, *case["given"])
    assert out.dtype == np.float32
    assert not out.requires_grad
    assert_close(out.numpy(), case["outputs"])


# What convolution is


def test_one_channel_and_one_filter_make_numpys_correlation():
    x, kernel = draw(9), draw(4)
    out = ops.conv(x.reshape(1, 9, 1), kernel.reshape(4, 1, 1))
    np.testing.assert_allclose(out.numpy().ravel(), np.correlate(x, kernel, "valid"))


def test_transposed_convolution_is_numpys_convolution_in_full():
    x, kernel = draw(6), draw(3)
    out = ops.conv_transpose(x.reshape(1, 6, 1), kernel.reshape(3, 1, 1))
    np.testing.assert_allclose(out.numpy().ravel(), np.convolve(x, kernel))


def test_causal_output_does_not_depend_on_what_comes_later():
    x, kernel = draw(1, 8, 2), draw(3, 2, 2)
    changed = x.copy()
    changed[:, 5:] = 0
    one, other = (
        ops.conv(v, kernel, padding="causal", dilation_rate=2) for v in (x, changed)
    )
    assert one.shape == (1, 8, 2)
    np.testing.assert_allclose(one[:, :5].numpy(), other[:, :5].numpy())
    assert not np.allclose(one[:, 5:].numpy(), other[:, 5:].numpy())


def test_explicit_padding_is_that_of_pad():
    x, kernel = draw(2, 4, 5, 2), draw(2, 3, 2, 3)
    padded = np.pad(x, [(0, 0), (1, 2), (0, 3), (0, 0)])
    out = ops.conv(x, kernel, 2, padding=[(1, 2), (0, 3)])
    np.testing.assert_allclose(out.numpy(), ops.conv(padded, kernel, 2).numpy())


def test_negative_padding_crops():
    x, kernel = draw(1, 8, 1), draw(2, 1, 1)
    out = ops.conv(x, kernel, padding=[(-2, -3)])
    np.testing.assert_allclose(out.numpy(), ops.conv(x[:, 2:-3], kernel).numpy())


def test_padding_of_a_transposed_convolution_crops_its_output():
    x, kernel = draw(1, 4, 2), draw(3, 1, 2)
    whole = ops.conv_transpose(x, kernel, 2).numpy()
    out = ops.conv_transpose(x, kernel, 2, padding=1)
    np.testing.assert_allclose(out.numpy(), whole[:, 1:-1])


def test_groups_are_convolutions_side_by_side():
    x, kernel = draw(2, 5, 6), draw(3, 2, 9)
    parts = [
        ops.conv(x[..., 2 * i : 2 * i + 2], kernel[..., 3 * i : 3 * i + 3]).numpy()
        for i in range(3)
    ]
    np.testing.assert_allclose(
        ops.conv(x, kernel).numpy(), np.concatenate(parts, axis=-1)
    )


def test_separable_convolution_is_a_depthwise_and_a_pointwise_one():
    x, depthwise, pointwise = draw(1, 4, 4, 3), draw(2, 2, 3, 2), draw(1, 1, 6, 4)
    between = ops.depthwise_conv(x, depthwise, padding="same", dilation_rate=2)
    out = ops.separable_conv(x, depthwise, pointwise, 1, "same", dilation_rate=2)
    np.testing.assert_allclose(out.numpy(), ops.conv(between, pointwise).numpy())


@each(CASES)
def test_channels_may_come_first(case):
    x, *kernels = (float32(values) for values in case["given"])
    layout = case["arguments"].get("data_format", "channels_last")
    ways = ("channels_last", "channels_first")
    there, back = (1, -1) if layout == ways[1] else (-1, 1)
    other = ways[layout == ways[0]]
    moved = {**case, "arguments": {**case["arguments"], "data_format": other}}
    out = call(moved, np.moveaxis(x, there, back), *kernels)
    assert_close(np.moveaxis(out.numpy(), back, there), case["outputs"])


def test_layout_is_that_of_the_configuration_unless_given():
    x, kernel = draw(1, 2, 5), draw(3, 2, 4)
    config.set_image_data_format("channels_first")
    try:
        assert ops.conv(x, kernel).shape == (1, 4, 3)
    finally:
        config.set_image_data_format("channels_last")


def test_batch_may_be_empty():
    x, kernel = GradArray(draw(0, 5, 2)), GradArray(draw(3, 2, 4))
    out = ops.conv(x, kernel)
    assert out.shape == (0, 3, 4)
    out.backward(np.ones(out.shape))
    assert not kernel.grad.any()


# What does not fit

IMAGES, KERNEL = (2, 5, 4, 3), (2, 2, 3, 6)
MISTAKES = [
    (ops.conv, [(5, 4), KERNEL], {}, r"conv needs .* received shape \(5, 4\)"),
    (ops.conv, [IMAGES, (2, 3, 6)], {}, r"kernel must have 4 axes.*received .*\(2, 3,"),
    (
        ops.conv,
        [IMAGES, (2, 2, 2, 6)],
        {},
        "multiple of them .* inputs with 3 channels",
    ),
    (ops.conv, [IMAGES, (2, 2, 4, 6)], {}, "Say data_format="),
    (ops.conv, [IMAGES, (2, 2, 1, 4)], {}, "make 3 groups, .* received 4 filters"),
    (
        ops.conv,
        [IMAGES, KERNEL],
        {"data_format": "NHWC"},
        "data_format .*'NHWC'. Known",
    ),
    (ops.conv, [IMAGES, KERNEL], {"padding": "full"}, "padding must be .*'full'"),
    (ops.conv, [IMAGES, KERNEL], {"strides": 0}, "strides must be at least 1"),
    (
        ops.conv,
        [IMAGES, KERNEL],
        {"strides": (1, 1, 1)},
        "strides must be an integer, or",
    ),
    (ops.conv, [IMAGES, KERNEL], {"dilation_rate": 5}, "no window fits"),
    (ops.conv, [IMAGES, (6, 2, 3, 6)], {}, r"kernel size=\(6, 2\)"),
    (ops.conv, [IMAGES, (0, 2, 3, 6)], {}, "kernel size must be at least 1"),
    (
        ops.depthwise_conv,
        [IMAGES, (2, 2, 2, 1)],
        {},
        r"\(\*size, channels, multiplier\)",
    ),
    (
        ops.separable_conv,
        [IMAGES, (2, 2, 3, 2), (1, 1, 3, 4)],
        {},
        r"pointwise_kernel must have shape \(1, 1, 6, filters\)",
    ),
    (
        ops.separable_conv,
        [IMAGES, (2, 3, 2), (1, 1, 6, 4)],
        {},
        "depthwise_kernel must have 4 axes",
    ),
    (ops.conv_transpose, [IMAGES, KERNEL], {}, "channels of the inputs on its last"),
    (
        ops.conv_transpose,
        [IMAGES, (2, 2, 6, 3)],
        {"output_padding": 1},
        "output_padding must be less than the stride",
    ),
    (
        ops.conv_transpose,
        [IMAGES, (2, 2, 6, 3)],
        {"padding": "causal"},
        "padding must be 'valid', 'same', an integer",
    ),
]


@pytest.mark.parametrize("function, shapes, arguments, message", MISTAKES)
def test_mistake_is_named(function, shapes, arguments, message):
    with pytest.raises(ValueError, match=message) as error:
        function(*(np.ones(shape) for shape in shapes), **arguments)
    assert len(str(error.value)) < 600
