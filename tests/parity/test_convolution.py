"""Convolution and pooling beside Keras and PyTorch, on random arguments and shapes."""

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning")

SEEDS = pytest.mark.parametrize("seed", range(25))


def one_or_each(rng, low, high, rank):
    """An int below `high`, or one for each axis."""
    if rng.integers(2):
        return int(rng.integers(low, high))
    return tuple(int(n) for n in rng.integers(low, high, rank))


def numbers(rng, low, high, count):
    return tuple(int(n) for n in rng.integers(low, high, count))


def draw(rng, *shape):
    return rng.normal(size=shape).astype(np.float32)


def assert_agree(rng, ours, theirs, *arrays):
    """Values and all gradients of two functions of the same arrays agree."""
    leaves = [kt.GradArray(array) for array in arrays]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    out, expected = ours(*leaves), theirs(*tensors)
    assert out.shape == tuple(expected.shape)
    np.testing.assert_allclose(
        out.numpy(), expected.detach().numpy(), rtol=1e-4, atol=1e-4
    )
    upstream = draw(rng, *out.shape)
    out.backward(upstream)
    expected.backward(torch.tensor(upstream))
    for leaf, tensor in zip(leaves, tensors, strict=True):
        np.testing.assert_allclose(leaf.grad, tensor.grad.numpy(), rtol=1e-4, atol=1e-4)


def assert_same_op(rng, name, arguments, *arrays):
    def of(library):
        return lambda *inputs: getattr(library.ops, name)(*inputs, **arguments)

    assert_agree(rng, of(kt), of(keras), *arrays)


def images(rng, rank, channels, arguments):
    lengths = numbers(rng, 5, 8, rank)
    shape = (*lengths, channels)
    if arguments["data_format"] == "channels_first":
        shape = (channels, *lengths)
    return draw(rng, int(rng.integers(1, 4)), *shape)


def arguments_of(rng, rank):
    found = {
        "strides": one_or_each(rng, 1, 4, rank),
        "padding": ["valid", "same"][rng.integers(2)],
        "data_format": ["channels_last", "channels_first"][rng.integers(2)],
    }
    return found


@SEEDS
def test_random_convolutions_agree(seed):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    arguments = arguments_of(rng, rank)
    arguments["dilation_rate"] = one_or_each(rng, 1, 3, rank)
    size = numbers(rng, 1, 4, rank)
    # PyTorch's backward fails on some kernels with a single channel or filter
    groups, wide, high = (int(n) for n in rng.integers((1, 2, 2), 4))
    x = images(rng, rank, groups * wide, arguments)
    assert_same_op(rng, "conv", arguments, x, draw(rng, *size, wide, groups * high))
    if rank < 3:
        x, kernel = images(rng, rank, wide, arguments), draw(rng, *size, wide, high)
        assert_same_op(rng, "depthwise_conv", arguments, x, kernel)
        pointwise = draw(rng, *[1] * rank, wide * high, 3)
        assert_same_op(rng, "separable_conv", arguments, x, kernel, pointwise)


@SEEDS
def test_random_transposed_convolutions_agree(seed):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    arguments = arguments_of(rng, rank)
    arguments["dilation_rate"] = one_or_each(rng, 1, 3, rank)
    if rng.integers(2):
        arguments["output_padding"] = int(rng.integers(np.min(arguments["strides"])))
    x = images(rng, rank, 2, arguments)
    kernel = draw(rng, *numbers(rng, 1, 4, rank), 3, 2)
    assert_same_op(rng, "conv_transpose", arguments, x, kernel)


@SEEDS
def test_random_pools_agree(seed):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    arguments = arguments_of(rng, rank)
    arguments["pool_size"] = one_or_each(rng, 1, 4, rank)
    x = images(rng, rank, 2, arguments)
    assert_same_op(rng, "max_pool", arguments, x)
    # under 'same' Keras on PyTorch counts copies of the last element
    assert_same_op(rng, "average_pool", {**arguments, "padding": "valid"}, x)
    grid = {"output_size": one_or_each(rng, 1, 9, rank)}
    grid["data_format"] = arguments["data_format"]
    for name in ("adaptive_max_pool", "adaptive_average_pool"):
        assert_same_op(rng, name, grid, x)


@SEEDS
def test_padding_in_numbers_is_that_of_pytorch(seed):
    rng = np.random.default_rng(seed)
    rank = int(rng.integers(1, 4))
    functional = torch.nn.functional
    padding, stride = one_or_each(rng, 0, 2, rank), one_or_each(rng, 2, 4, rank)
    x, kernel = draw(rng, 2, 2, *[5] * rank), draw(rng, *[3] * rank, 2, 3)
    order = (rank + 1, rank, *range(rank))

    def conv(x, kernel):
        return kt.ops.conv(x, kernel, stride, padding, "channels_first")

    def torch_conv(x, kernel):
        function = getattr(functional, f"conv{rank}d")
        return function(x, kernel.permute(order), None, stride, padding)

    def transposed(x, kernel):
        return kt.ops.conv_transpose(x, kernel, stride, padding, 1, "channels_first")

    def torch_transposed(x, kernel):
        function = getattr(functional, f"conv_transpose{rank}d")
        return function(x, kernel.permute(order), None, stride, padding, 1)

    assert_agree(rng, conv, torch_conv, x, kernel)
    assert_agree(rng, transposed, torch_transposed, x, kernel.swapaxes(-1, -2).copy())


def test_gradient_of_tied_maxima_is_that_of_pytorch():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, (2, 2, 9, 9)).astype(np.float32)
    functional = torch.nn.functional

    def ours(x):
        return kt.ops.max_pool(x, 3, 2, data_format="channels_first")

    def adaptive(x):
        return kt.ops.adaptive_max_pool(x, (4, 5), data_format="channels_first")

    assert_agree(rng, ours, lambda x: functional.max_pool2d(x, 3, 2), x)
    assert_agree(rng, adaptive, lambda x: functional.adaptive_max_pool2d(x, (4, 5)), x)
