"""Convolutions: outputs, and gradients by the inputs and all kernels."""

import keras
import numpy as np
import torch

from .plain import case_name, draw, numbers

# function, arguments, shape of the inputs, shapes of the kernels; PyTorch's backward
# fails on some kernels with a single channel or filter
CASES = [
    ("conv", {}, (2, 5, 2), [(3, 2, 3)]),
    ("conv", {"strides": 2, "padding": "same"}, (2, 6, 2), [(3, 2, 2)]),
    ("conv", {"padding": "same", "dilation_rate": 2}, (1, 7, 1), [(3, 1, 2)]),
    ("conv", {}, (2, 4, 5, 2), [(3, 2, 2, 3)]),
    ("conv", {"padding": "same"}, (1, 4, 4, 1), [(2, 3, 1, 2)]),
    ("conv", {"strides": (2, 3), "padding": "same"}, (1, 5, 7, 2), [(3, 4, 2, 2)]),
    ("conv", {"strides": 2, "dilation_rate": (1, 2)}, (1, 5, 6, 1), [(2, 2, 1, 2)]),
    ("conv", {"padding": "same"}, (1, 3, 4, 4), [(2, 2, 2, 4)]),
    ("conv", {}, (2, 3, 3, 3), [(1, 1, 3, 2)]),
    ("conv", {"data_format": "channels_first"}, (2, 2, 4, 5), [(2, 3, 2, 2)]),
    ("conv", {"strides": 2, "padding": "same"}, (1, 3, 4, 3, 2), [(2, 2, 2, 2, 1)]),
    ("depthwise_conv", {}, (2, 5, 2), [(3, 2, 1)]),
    ("depthwise_conv", {"padding": "same"}, (1, 4, 4, 2), [(2, 2, 2, 2)]),
    (
        "depthwise_conv",
        {"strides": 2, "padding": "same", "data_format": "channels_first"},
        (1, 3, 5, 4),
        [(3, 3, 3, 1)],
    ),
    ("separable_conv", {}, (2, 6, 2), [(3, 2, 2), (1, 4, 3)]),
    (
        "separable_conv",
        {"strides": 2, "padding": "same"},
        (1, 4, 5, 2),
        [(2, 3, 2, 1), (1, 1, 2, 2)],
    ),
    ("conv_transpose", {}, (2, 4, 2), [(3, 2, 2)]),
    ("conv_transpose", {"strides": 3}, (1, 3, 2), [(2, 2, 2)]),
    ("conv_transpose", {"strides": 2, "padding": "same"}, (1, 3, 2), [(3, 1, 2)]),
    ("conv_transpose", {"strides": 2}, (1, 3, 2, 2), [(3, 2, 2, 2)]),
    ("conv_transpose", {"dilation_rate": 2}, (1, 2, 3, 2), [(2, 2, 1, 2)]),
    (
        "conv_transpose",
        {"strides": 2, "padding": "same", "output_padding": 1},
        (1, 3, 2, 2),
        [(3, 4, 2, 2)],
    ),
    (
        "conv_transpose",
        {"strides": (3, 2), "output_padding": (2, 0)},
        (1, 2, 3, 1),
        [(2, 2, 1, 1)],
    ),
    (
        "conv_transpose",
        {"strides": 2, "padding": "same", "data_format": "channels_first"},
        (1, 2, 2, 3),
        [(4, 3, 1, 2)],
    ),
    ("conv_transpose", {"strides": 2}, (1, 2, 1, 2, 1), [(2, 2, 2, 2, 1)]),
]


def record(name, arguments, shape, kernel_shapes, rng):
    """One operation's outputs, and gradients for a drawn upstream gradient."""
    given = [draw(rng, *shape), *(draw(rng, *size) for size in kernel_shapes)]
    leaves = [torch.tensor(array, requires_grad=True) for array in given]
    outputs = getattr(keras.ops, name)(*leaves, **arguments)
    upstream = draw(rng, *outputs.shape)
    outputs.backward(torch.tensor(upstream))
    return {
        "name": case_name(name, shape, *kernel_shapes, **arguments),
        "function": name,
        "arguments": arguments,
        "given": [numbers(array) for array in given],
        "outputs": numbers(outputs),
        "upstream": numbers(upstream),
        "gradients": [numbers(leaf.grad) for leaf in leaves],
    }


def make():
    rng = np.random.default_rng(60)
    return {"cases": [record(*case, rng) for case in CASES]}
