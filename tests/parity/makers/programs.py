"""Small programs in NumPy's words, run by PyTorch: values and gradients.

Each program is one expression over named inputs and `np`. PyTorch runs it through
`TorchAsNumPy`, which answers NumPy's function names.
"""

import numpy as np
import torch

from .plain import numbers


class TorchAsNumPy:
    """PyTorch's functions under NumPy's names and argument names."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def power(a, b):
        return torch.pow(a, b)

    @staticmethod
    def max(x, axis=None, keepdims=False):
        return torch.amax(x, dim=() if axis is None else axis, keepdim=keepdims)

    @staticmethod
    def min(x, axis=None, keepdims=False):
        return torch.amin(x, dim=() if axis is None else axis, keepdim=keepdims)

    @staticmethod
    def var(x, axis=None, keepdims=False, ddof=0):
        return torch.var(x, dim=axis, keepdim=keepdims, correction=ddof)

    @staticmethod
    def std(x, axis=None, keepdims=False, ddof=0):
        return torch.std(x, dim=axis, keepdim=keepdims, correction=ddof)

    @staticmethod
    def transpose(x, axes=None):
        return torch.permute(x, axes or tuple(reversed(range(x.ndim))))

    @staticmethod
    def expand_dims(x, axis):
        return torch.unsqueeze(x, axis)

    @staticmethod
    def squeeze(x, axis=None):
        return torch.squeeze(x) if axis is None else torch.squeeze(x, axis)

    @staticmethod
    def stack(arrays, axis=0):
        return torch.stack(arrays, axis)

    @staticmethod
    def array(values):
        return torch.tensor(values)


# Shapes of inputs by name. `p...` are positive, `i` and `mask` carry no gradient.
SHAPES = {
    "s": (),
    "v": (3,),
    "w": (4,),
    "x": (3, 4),
    "y": (3, 4),
    "row": (1, 4),
    "column": (3, 1),
    "p": (3, 4),
    "q": (3, 4),
    "m": (4, 2),
    "t": (2, 3, 4),
    "u": (2, 4, 3),
    "r": (5, 1, 3, 4),
}

ARITHMETIC = """
x + y
x - y
x * y
x / p
x * x + x
-x
x + 2
2 - x
3 * x
1 / p
x / 4
x + row
column * row
x - v[:, None]
s * x
t + x
t * row - s
p ** 2
p ** 0.5
x ** 3
p ** y
2 ** x
x ** 0
np.add(x, y)
np.subtract(row, column)
np.multiply(x, s)
np.divide(row, p)
np.power(p, x)
np.negative(x)
(x + y) * (x - y) / (p + 1)
x * y + y * x + x * x * x
""".strip().splitlines()

ELEMENTWISE = """
np.exp(x)
np.log(p)
np.sqrt(p)
np.square(x)
np.abs(x)
np.tanh(x)
np.maximum(x, y)
np.minimum(x, row)
np.clip(x, -0.5, 0.5)
np.where(x > y, x, y)
np.where(mask, x, 2 * y)
np.where(mask, x, row)
np.exp(-x * x)
np.log(1 + np.exp(x))
1 / (1 + np.exp(-x))
np.sqrt(np.square(x) + np.square(y))
np.tanh(x) * np.tanh(x) + np.exp(np.abs(y))
abs(x)
""".strip().splitlines()

REDUCTIONS = """
np.sum(x)
np.sum(x, axis=0)
np.sum(x, axis=1, keepdims=True)
np.sum(t, axis=(0, 2))
np.sum(t, axis=-1)
np.mean(x)
np.mean(x, axis=0)
np.mean(t, axis=(1, 2), keepdims=True)
np.max(x)
np.max(x, axis=1)
np.max(t, axis=(0, 2), keepdims=True)
np.min(x)
np.min(x, axis=0)
np.var(x)
np.var(x, axis=1)
np.var(t, axis=(0, 1), keepdims=True)
np.var(x, axis=0, ddof=1)
np.std(x)
np.std(x, axis=0)
np.std(t, axis=-1, keepdims=True)
x.sum()
x.sum(axis=1)
x.mean(axis=0, keepdims=True)
(x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + 0.001)
np.exp(x - np.max(x, axis=1, keepdims=True))
np.sum(x) * np.mean(y) - np.max(x)
""".strip().splitlines()

SHAPE = """
np.reshape(x, (4, 3))
np.reshape(x, (2, -1))
np.reshape(t, (-1,))
x.reshape(2, 6)
x.reshape((12,))
x.T
np.transpose(x)
np.transpose(t, (2, 0, 1))
np.swapaxes(t, 0, 2)
np.swapaxes(t, -1, -2)
np.expand_dims(x, 1)
np.expand_dims(x, -1)
np.squeeze(row)
np.squeeze(column, axis=1)
np.squeeze(r, axis=1)
np.concatenate([x, y])
np.concatenate([x, column, y], axis=1)
np.concatenate([x, x, x * y], axis=-1)
np.stack([x, y])
np.stack([x, y, x], axis=-1)
np.broadcast_to(row, (3, 4))
np.broadcast_to(column, (2, 3, 4))
np.broadcast_to(s, (2, 3))
x.T * np.transpose(y)
""".strip().splitlines()

INDEXING = """
x[0]
x[-1]
x[1, 2]
x[:, 1]
x[1:]
x[::2, 1:3]
x[..., 0]
t[..., None, 1]
x[None]
t[1, :, 2:]
x[[0, 2]]
x[[0, 0, 2, 0]]
x[np.array([0, 2, 0]), np.array([1, 1, 1])]
x[np.array([[0, 1], [2, 2]])]
x[:, [3, 0, 3]]
t[:, [0, 2], 1:]
t[[0, 1], :, [3, 3]]
t[0, [0, 2, 2]]
x[mask]
x[i]
t[:, i, 0]
x[0] * x[1] + x[0]
x[1:] - x[:-1]
x[i] * w
""".strip().splitlines()

MATMUL = """
v @ v
x @ w
v @ x
x @ m
np.matmul(x, m)
t @ w
v @ t
t @ m
x @ u
t @ u
r @ u
r @ m
v @ r
r @ w
u @ t + u @ t
x @ x.T
x.T @ x
(x @ m) @ (x @ m).T
np.tanh(x @ m) @ m.T + x
np.transpose(m) @ np.transpose(x)
""".strip().splitlines()

# Ties and edges, where a derivative is a convention: PyTorch's is recorded.
EDGES = """
np.max(tied)
np.max(tied, axis=1)
np.min(tied, axis=0)
np.maximum(tied, 1.0 * np.where(tied > 1, tied, tied))
np.abs(zeros)
np.clip(tied, 1.0, 2.0)
zeros ** 2
zeros ** 1
np.sqrt(tied)
""".strip().splitlines()

GROUPS = {
    "arithmetic": ARITHMETIC,
    "elementwise": ELEMENTWISE,
    "reductions": REDUCTIONS,
    "shape": SHAPE,
    "indexing": INDEXING,
    "matmul": MATMUL,
    "edges": EDGES,
}


def inputs():
    rng = np.random.default_rng(80)
    arrays = {
        name: np.round(rng.normal(size=shape), 3) for name, shape in SHAPES.items()
    }
    for name in ("p", "q"):
        arrays[name] = np.abs(arrays[name]) + 0.5
    arrays["i"] = np.array([2, 0, 0, 1])
    arrays["mask"] = arrays["x"] + arrays["y"] > 0
    arrays["tied"] = np.array([[1.0, 2.0, 2.0], [2.0, 1.0, 1.0], [1.5, 1.5, 0.5]])
    arrays["zeros"] = np.zeros((2, 2))
    return arrays


def tensors(arrays):
    """Leaves for float arrays, constants for the others."""
    return {
        name: torch.tensor(array, requires_grad=array.dtype.kind == "f")
        for name, array in arrays.items()
    }


def run(program, leaves):
    """Value of `program` with PyTorch."""
    return eval(program, {"np": TorchAsNumPy(), **leaves})


def record(group, program, arrays, rng):
    leaves = tensors(arrays)
    value = run(program, leaves)
    upstream = np.round(rng.normal(size=tuple(value.shape)), 3)
    value.backward(torch.as_tensor(upstream))
    return {
        "group": group,
        "program": program,
        "value": rounded(value),
        "upstream": numbers(upstream),
        "gradients": {
            name: rounded(leaf.grad)
            for name, leaf in leaves.items()
            if leaf.grad is not None
        },
    }


def rounded(tensor):
    """float64 values to 12 significant digits: enough to tell float32 from float64."""
    array = tensor.detach().numpy()
    short = np.array([float(f"{value:.12g}") for value in array.flat])
    return numbers(short.reshape(array.shape))


def make():
    arrays = inputs()
    rng = np.random.default_rng(81)
    return {
        "inputs": {name: numbers(array) for name, array in arrays.items()},
        "cases": [
            record(group, program, arrays, rng)
            for group, programs in GROUPS.items()
            for program in programs
        ],
    }
