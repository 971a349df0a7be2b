"""Activations on a grid: values and gradients."""

import keras
import numpy as np
import torch

from .plain import case_name, draw, numbers

ELEMENTWISE = [
    ("relu", {}),
    ("relu", {"negative_slope": 0.1}),
    ("relu", {"max_value": 4.0}),
    ("relu", {"threshold": 1.25}),
    ("relu", {"negative_slope": 0.2, "max_value": 3.5, "threshold": -1.1}),
    ("relu6", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.05}),
    ("elu", {}),
    ("elu", {"alpha": 0.5}),
    ("celu", {}),
    ("celu", {"alpha": 0.5}),
    ("selu", {}),
    ("gelu", {}),
    ("gelu", {"approximate": True}),
    ("silu", {}),
    ("swish", {}),
    ("sigmoid", {}),
    ("log_sigmoid", {}),
    ("hard_sigmoid", {}),
    ("hard_silu", {}),
    ("tanh", {}),
    ("hard_tanh", {}),
    ("tanh_shrink", {}),
    ("hard_shrink", {}),
    ("soft_shrink", {}),
    ("soft_shrink", {"threshold": 1.3}),
    ("softplus", {}),
    ("softsign", {}),
    ("squareplus", {}),
    ("sparse_plus", {}),
    ("sparse_sigmoid", {}),
    ("threshold", {"threshold": 0.7, "default_value": -2.0}),
    ("exponential", {}),
    ("linear", {}),
    ("mish", {}),
]

ALONG_AXIS = [
    ("softmax", {}),
    ("softmax", {"axis": 0}),
    ("log_softmax", {}),
    ("log_softmax", {"axis": 0}),
    ("glu", {}),
]
# Not sparsemax: Keras 3.15 adds up all cumulative sums of the support, where the paper
# takes the last one; its rows sum to one only where a single entry is positive.

# Where formulas change: there derivatives are a convention, values are not.
KINKS = [0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 3.0, -3.0, 4.0, 6.0]


def record(name, arguments, inputs, rng):
    """One activation's values, and gradients for a drawn upstream gradient."""
    leaf = torch.tensor(inputs, requires_grad=True)
    outputs = getattr(keras.activations, name)(leaf, **arguments)
    upstream = draw(rng, *outputs.shape)
    # `linear` answers its argument itself; the sum makes a graph in any case.
    torch.sum(outputs * torch.as_tensor(upstream)).backward()
    return {
        "name": case_name(name, **arguments),
        "function": name,
        "arguments": arguments,
        "outputs": numbers(outputs),
        "upstream": numbers(upstream),
        "gradient": numbers(leaf.grad),
    }


def record_kinks(name, arguments):
    outputs = getattr(keras.activations, name)(torch.tensor(KINKS), **arguments)
    return numbers(outputs)


def make():
    rng = np.random.default_rng(40)
    grid = np.float32([*(np.arange(-26, 27) * 0.27 + 0.013), -40.0, -15.5, 15.5, 40.0])
    grid = np.round(grid, 3).astype(np.float32)
    table = draw(rng, 5, 6, scale=2.0)
    table[3] = [1000, 0, -1000, 999, 998, 0]
    table[4] = 7
    elementwise = [record(*case, grid, rng) for case in ELEMENTWISE]
    for case in elementwise:
        case["at_kinks"] = record_kinks(case["function"], case["arguments"])
    return {
        "grid": numbers(grid),
        "kinks": KINKS,
        "table": numbers(table),
        "elementwise": elementwise,
        "along_axis": [record(*case, table, rng) for case in ALONG_AXIS],
    }
