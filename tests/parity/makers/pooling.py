"""Pooling: outputs and gradients."""

import numpy as np

from .convolution import record

# function, arguments, shape of the inputs
CASES = [
    ("max_pool", {"pool_size": 2}, (2, 5, 2)),
    ("max_pool", {"pool_size": 3, "strides": 2, "padding": "same"}, (1, 6, 2)),
    ("max_pool", {"pool_size": 2}, (2, 4, 5, 2)),
    ("max_pool", {"pool_size": (3, 2), "strides": 1}, (1, 4, 4, 2)),
    ("max_pool", {"pool_size": 2, "padding": "same"}, (1, 5, 3, 2)),
    ("max_pool", {"pool_size": 2, "data_format": "channels_first"}, (1, 2, 4, 5)),
    ("max_pool", {"pool_size": 2, "strides": 1}, (1, 3, 2, 3, 2)),
    ("average_pool", {"pool_size": 2}, (2, 5, 2)),
    ("average_pool", {"pool_size": 3, "strides": 1, "padding": "same"}, (1, 5, 2)),
    ("average_pool", {"pool_size": 2}, (2, 4, 5, 2)),
    ("average_pool", {"pool_size": (1, 3), "strides": (2, 1)}, (1, 4, 4, 2)),
    ("average_pool", {"pool_size": 3, "padding": "same"}, (1, 4, 7, 2)),
    ("average_pool", {"pool_size": 2, "data_format": "channels_first"}, (1, 2, 4, 5)),
    ("average_pool", {"pool_size": 2, "strides": 1}, (1, 3, 2, 3, 2)),
    ("adaptive_max_pool", {"output_size": 2}, (2, 5, 2)),
    ("adaptive_max_pool", {"output_size": [3, 2]}, (1, 4, 5, 2)),
    ("adaptive_max_pool", {"output_size": [2, 1, 2]}, (1, 3, 2, 3, 1)),
    ("adaptive_average_pool", {"output_size": 3}, (2, 4, 2)),
    ("adaptive_average_pool", {"output_size": [3, 2]}, (1, 4, 5, 2)),
    ("adaptive_average_pool", {"output_size": [2, 1, 2]}, (1, 3, 2, 3, 1)),
    (
        "adaptive_average_pool",
        {"output_size": 2, "data_format": "channels_first"},
        (1, 2, 3, 4),
    ),
]
# Not average_pool with as odd a 'same' padding that one end gets more than the other:
# there Keras on PyTorch counts copies of the last element, and on JAX and TensorFlow
# the elements inside alone.


def make():
    rng = np.random.default_rng(61)
    return {"cases": [record(*case, [], rng) for case in CASES]}
