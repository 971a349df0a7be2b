"""Functions of TensorFlow on arrays: those of Keras's backend, in TensorFlow's words.

tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import backend, losses, ops
from keratorch.compat.resolving import resolve
from keratorch.compat.tf import numpy_functions
from keratorch.compat.tf.eager import conversion, dtypes
from keratorch.compat.tf.eager.signatures import EAGER_FUNCTIONS
from keratorch.compat.tf.pipeline.text_tensors import ON_TEXTS, on_texts
from keratorch.compat.tf.signatures import FUNCTIONS
from keratorch.naming import auto_name
from keratorch.symbolic import any_symbolic, record_function

_TABLE = {**FUNCTIONS, **EAGER_FUNCTIONS}
_NEEDED = object()
_NUMPY = "experimental.numpy."
_found = functools.cache(resolve)  # a loop calls the same few
#: Arguments that are arrays: of a list of numbers TensorFlow makes one first.
_TENSORS = {
    *("a", "b", "features", "input", "input_tensor", "labels", "logits", "params"),
    *("per_example_loss", "t", "tensor", "x", "y", "bias"),
}
#: These take symbols as they are, since they follow shapes or are Keras's operations.
_TAKE_SYMBOLS = {
    *("shape", "size", "rank", "zeros_like", "ones_like", "where", "gather", "one_hot"),
    *("argmax", "argmin", "cumsum", "softmax", "log_softmax", "nn.softmax"),
    *("nn.leaky_relu", "nn.gelu"),
    *("nn.log_softmax", "softplus", "sigmoid", "tanh", "broadcast_to", "repeat"),
}
#: Arguments of TensorFlow 1 -> what they are called today.
_OLDER = {
    "dim": "axis",
    "filter": "filters",
    "input": "x",
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
}


def function(path: str) -> Callable[..., Any] | None:
    """Return the function of a name below `tf`; None where there is none.

    Examples
    --------
    >>> float(function("reduce_mean")([1.0, 3.0], axis=0, name="mean"))
    2.0
    """
    if path.startswith(_NUMPY):
        return numpy_functions.lookup(path.removeprefix(_NUMPY))
    path = path.removeprefix("math.").removeprefix("linalg.")
    return _made(path) if path in _TABLE else None


@functools.cache
def _made(path: str) -> Callable[..., Any]:
    target, arguments = _TABLE[path]
    records = path in EAGER_FUNCTIONS and path not in _TAKE_SYMBOLS
    defaults = {}
    for argument in arguments.split():
        name, _, default = argument.partition("=")
        defaults[name] = _literal(default)

    def called(*args: Any, name: Any = None, **kwargs: Any) -> Any:
        if path in ON_TEXTS:
            texts = on_texts(path, args, kwargs)
            if texts is not None:
                return texts
        given = {**defaults, **dict(zip(defaults, args, strict=False))}
        for key, value in kwargs.items():
            key = key if key in defaults else _OLDER.get(key, key)
            if key not in defaults or len(args) > len(defaults):
                raise TypeError(
                    f"tf.{path} takes {', '.join(defaults)} here; received {key!r}."
                )
            given[key] = value
        for key in _TENSORS & given.keys():
            given[key] = conversion.listed(given[key])
        if type(given.get("dtype")) is int:
            given["dtype"] = dtypes.as_dtype(given["dtype"])
        missing = [key for key, value in given.items() if value is _NEEDED]
        if missing or len(args) > len(defaults):
            raise TypeError(
                f"tf.{path} takes {', '.join(defaults)} here; received {len(args)} "
                "arguments by position."
            )
        values = tuple(given.values())
        if records and any_symbolic(values):
            return record_function(
                _found(target), values, {}, auto_name(called.__name__)
            )
        return _as_tensor(_found(target)(*values))

    called.__name__ = called.__qualname__ = path.rpartition(".")[2]
    return called


def _literal(default: str) -> Any:
    return ast.literal_eval(default) if default else _NEEDED


def _as_tensor(result: Any) -> Any:
    """Return arrays as GradArrays, which have the methods of tensors.

    Of several results with names, as `top_k` has, each.
    """
    if hasattr(result, "_fields"):
        return type(result)(*map(_as_tensor, result))
    if isinstance(result, (np.ndarray, np.generic)) and result.dtype.kind != "O":
        return ops.convert_to_tensor(result)
    return result


def reduce_sum(input_tensor: Any, axis: Any, keepdims: bool) -> Any:
    """Return sums; those of integers keep their dtype."""
    return _in_its_dtype(backend.sum(input_tensor, axis, keepdims), input_tensor)


def reduce_prod(input_tensor: Any, axis: Any, keepdims: bool) -> Any:
    """Return products; those of integers keep their dtype."""
    return _in_its_dtype(backend.prod(input_tensor, axis, keepdims), input_tensor)


def _in_its_dtype(result: Any, x: Any) -> Any:
    kind = getattr(getattr(x, "dtype", None), "kind", "f")
    return result if kind not in "iu" else ops.cast(result, x.dtype)


def squared_difference(x: Any, y: Any) -> Any:
    """Return (x - y)**2."""
    return np.square(np.subtract(x, y))


def to_float(x: Any) -> Any:
    """Return the values as float32."""
    return ops.cast(x, "float32")


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False) -> Any:
    """Return the matrix product, the last two axes of a factor exchanged on demand."""
    a = ops.swapaxes(a, -2, -1) if transpose_a else a
    b = ops.swapaxes(b, -2, -1) if transpose_b else b
    return ops.matmul(a, b)


def add_n(inputs: Any) -> Any:
    """Return the sum of arrays."""
    return functools.reduce(np.add, inputs)


def norm(tensor: Any, order: Any, axis: Any, keepdims: bool) -> Any:
    """Return the length of vectors, or of all numbers as one."""
    order = None if order == "euclidean" else order
    return ops.norm(tensor, order, axis, keepdims)


def pad(tensor: Any, paddings: Any, mode: str, constant_values: Any) -> Any:
    """Return the array with more before and behind on each axis."""
    options = {"constant_values": constant_values} if mode == "CONSTANT" else {}
    widths = [tuple(map(int, width)) for width in np.asarray(paddings)]
    return np.pad(tensor, widths, mode.lower(), **options)  # type: ignore[call-overload]


def split(value: Any, num_or_size_splits: Any, axis: int = 0) -> list[Any]:
    """Return parts of equal sizes, or of these."""
    if np.ndim(num_or_size_splits):
        num_or_size_splits = np.cumsum(num_or_size_splits)[:-1].tolist()
    return [_as_tensor(part) for part in ops.split(value, num_or_size_splits, axis)]


def binary_loss(labels: Any, logits: Any) -> Any:
    """Return the cross entropy of each number with the sigmoid of a logit."""
    rest = np.log1p(np.exp(np.negative(np.abs(logits))))  # exp cannot overflow
    return np.maximum(logits, 0) - np.multiply(logits, labels) + rest


def class_loss(labels: Any, logits: Any) -> Any:
    """Return the cross entropy of each sample with the softmax of its logits."""
    return losses.categorical_crossentropy(labels, logits, from_logits=True)


def label_loss(labels: Any, logits: Any) -> Any:
    """Return `class_loss` for whole numbers as labels."""
    return losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
