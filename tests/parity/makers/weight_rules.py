"""Constraints, regularizers and initializers of weights: values, gradients, configs.

Besides Keras this needs SciPy, from which Keras has the windows of `STFT`.
"""

import keras
import numpy as np
import torch

from .plain import case_name, config, draw, numbers

CONSTRAINTS = [
    ("MaxNorm", {}),
    ("MaxNorm", {"max_value": 0.5}),
    ("MaxNorm", {"max_value": 1.0, "axis": 1}),
    ("MaxNorm", {"max_value": 1.0, "axis": [0, 1]}),
    ("NonNeg", {}),
    ("UnitNorm", {}),
    ("UnitNorm", {"axis": 1}),
    ("MinMaxNorm", {}),
    ("MinMaxNorm", {"min_value": 1.0, "max_value": 1.5}),
    ("MinMaxNorm", {"min_value": 0.5, "rate": 0.3, "axis": 1}),
]

REGULARIZERS = [
    ("L1", {"l1": 0.2}),
    ("L2", {"l2": 0.2}),
    ("L1L2", {"l1": 0.1, "l2": 0.2}),
    ("OrthogonalRegularizer", {}),
    ("OrthogonalRegularizer", {"factor": 0.5}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]

WAVES = [
    ({}, [8, 1, 5]),
    ({"side": "imag"}, [8, 1, 5]),
    ({"window": "hamming", "scaling": "spectrum"}, [7, 1, 4]),
    ({"window": None}, [6, 1, 4]),
    ({"window": "blackman", "scaling": None, "periodic": True}, [8, 1, 5]),
    ({"window": [0.5, 1.0, 2.0, 1.0], "side": "imag"}, [4, 1, 6]),
]

# Matrices and kernels that have but one value, up to a rotation.
SHAPED = [
    ("Identity", {}, [3, 5]),
    ("Identity", {"gain": 2.0}, [4, 4]),
    ("Orthogonal", {}, [5, 3]),
    ("Orthogonal", {"gain": 1.5, "seed": 3}, [3, 5]),
    ("Orthogonal", {"seed": 4}, [2, 2, 3, 4]),
]


NAMES = {
    "constraints": """
        MaxNorm max_norm MinMaxNorm min_max_norm NonNeg non_neg UnitNorm unit_norm
    """,
    "regularizers": """
        L1 l1 L2 l2 L1L2 l1l2 OrthogonalRegularizer orthogonal_regularizer
    """,
    "initializers": """
        zeros zero ones one identity orthogonal normal uniform random_normal
        random_uniform truncated_normal variance_scaling stft STFT glorot_normal
        glorot_uniform he_normal he_uniform lecun_normal lecun_uniform
        OrthogonalInitializer IdentityInitializer STFTInitializer
    """,
}


def record_constraint(name, arguments, weight):
    """What becomes of a weight."""
    constraint = getattr(keras.constraints, name)(**arguments)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "value": numbers(constraint(weight)),
        "serialized": config(keras.constraints.serialize(constraint)),
    }


def record_regularizer(name, arguments, weight):
    """The penalty of a weight, and its gradient."""
    regularizer = getattr(keras.regularizers, name)(**arguments)
    leaf = torch.tensor(weight, requires_grad=True)
    value = regularizer(leaf)
    value.backward()
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "value": numbers(value),
        "gradient": numbers(leaf.grad),
        "serialized": config(keras.regularizers.serialize(regularizer)),
    }


def record_wave(arguments, shape):
    """The kernel of a short-time Fourier transform."""
    initializer = keras.initializers.STFT(**arguments)
    return {
        "name": case_name("STFT", **arguments),
        "arguments": arguments,
        "shape": shape,
        "value": numbers(initializer(shape)),
        "config": config(initializer.get_config()),
    }


def record_shaped(name, arguments, shape):
    """A matrix times its transpose, from the side on which it is short."""
    initializer = getattr(keras.initializers, name)(**arguments)
    matrix = np.asarray(initializer(shape).cpu()).reshape(-1, shape[-1])
    matrix = matrix if len(matrix) <= shape[-1] else matrix.T
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "shape": shape,
        "product": numbers(np.round(matrix @ matrix.T, 5)),
        "config": config(initializer.get_config()),
    }


def names(module, candidates):
    """The class that each name stands for."""
    return {name: type(module.get(name)).__name__ for name in candidates}


def make():
    rng = np.random.default_rng(90)
    weight = draw(rng, 3, 4)
    weight[:, 2] = 0.0
    dense = draw(rng, 3, 4)
    return {
        "weight": numbers(weight),
        "constraints": [record_constraint(*case, weight) for case in CONSTRAINTS],
        "regularized_weight": numbers(dense),
        "regularizers": [record_regularizer(*case, dense) for case in REGULARIZERS],
        "waves": [record_wave(*case) for case in WAVES],
        "shaped": [record_shaped(*case) for case in SHAPED],
        "names": {
            module: names(getattr(keras, module), candidates.split())
            for module, candidates in NAMES.items()
        },
    }
