"""What `fit` checks once, at the door: mistakes answered before the first step."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from keratorch.core import GradArray


def counts(**arguments: Any) -> None:
    """Raise unless each argument is None or a positive integer."""
    for name, value in arguments.items():
        integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if value is not None and (not integer or value <= 0):
            raise ValueError(
                f"{name} must be a positive integer; received {value!r} of type "
                f"{type(value).__name__}."
            )


def epochs(first: Any, last: Any) -> None:
    """Raise unless the epochs count from `first` up to `last`."""
    for name, value in (("initial_epoch", first), ("epochs", last)):
        integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if not integer or value < 0:
            raise ValueError(
                f"{name} must be an integer of at least 0; received {value!r}."
            )


def as_array(values: Any, name: str) -> np.ndarray:
    """Return data as an ndarray of numbers, or say how to encode or pad them."""
    if isinstance(values, GradArray):
        return values.numpy()
    values = _unwrapped(values, name)
    try:
        array = np.asarray(values)
    except ValueError:
        lengths = [np.shape(row)[:1] for row in values]
        first = next(i for i, n in enumerate(lengths) if n != lengths[0])
        raise ValueError(
            f"{name} is ragged: row {first} differs in length from row 0. Pad the rows "
            "to one length."
        ) from None
    if array.dtype.kind == "O":
        array = _numbers_of(array, name)
    if array.dtype.kind in "USM":
        raise ValueError(
            f"{name} holds text or dates ({array.dtype}), the first at index "
            f"{(0,) * array.ndim}. Encode them as numbers, for classes by "
            "np.unique(values, return_inverse=True)[1]."
        )
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} holds complex numbers. Pass real and imaginary parts as features: "
            "np.stack([z.real, z.imag], axis=-1)."
        )
    if array.ndim == 0:
        raise ValueError(f"{name} must have a batch axis; received one number.")
    return array


def _unwrapped(values: Any, name: str) -> Any:
    """Return the array of a list ``[x]``, which is how models take one input."""
    if not isinstance(values, (list, tuple)):
        return values
    if not any(isinstance(inner, np.ndarray) and inner.ndim > 1 for inner in values):
        return values
    if len(values) == 1:
        return values[0]
    if len({len(inner) for inner in values}) == 1 and len(values) < len(values[0]):
        raise ValueError(
            f"{name} is a list of {len(values)} arrays of {len(values[0])} samples. "
            "Models take one array of inputs: np.concatenate them along the features."
        )
    return values


def _numbers_of(array: np.ndarray, name: str) -> np.ndarray:
    """Return an array of Python objects as numbers, or name the first that is none."""
    for i, item in enumerate(array.flat):
        if not isinstance(item, (numbers.Real, np.ndarray)):
            index = tuple(int(j) for j in np.unravel_index(i, array.shape))
            raise ValueError(
                f"{name} holds Python objects: a {type(item).__name__} at index "
                f"{index}. Encode text as numbers and missing values as a number."
            )
    try:
        return array.astype(np.float64)
    except ValueError:
        raise ValueError(
            f"{name} is an array of arrays of different shapes. Pad the rows to one "
            "length and np.stack them."
        ) from None


def aligned(x: Any, y: Any, sample_weight: Any, role: str) -> tuple[Any, Any, Any]:
    """Return the three as arrays of one length, or say which differs."""
    x = as_array(x, f"{role}x")
    if y is not None:
        y = as_array(y, f"{role}y")
        if len(y) != len(x):
            raise ValueError(
                f"{role}x and y must have the same number of samples; received "
                f"{len(x)} in x and {len(y)} in y."
            )
    if sample_weight is not None:
        sample_weight = as_array(sample_weight, f"{role}sample_weight")
        if len(sample_weight) != len(x):
            raise ValueError(
                f"{role}sample_weight must have one weight for each sample of x; "
                f"received {len(sample_weight)} weights for {len(x)} samples."
            )
    return x, y, sample_weight


def not_empty(x: np.ndarray, role: str) -> None:
    """Raise if there is no sample."""
    if len(x) == 0:
        raise ValueError(f"{role}x holds no samples: its shape is {x.shape}.")


def finite(array: Any, name: str) -> None:
    """Raise at the first NaN or Inf."""
    if array is None or array.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.sum(array)):
            return  # a NaN or Inf would have spread to the sum
    bad = ~np.isfinite(array)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} holds {array[index]} at index {index}; {int(bad.sum())} of its "
            f"{array.size} values are NaN or Inf. Drop or replace them, or pass "
            "check_finite=False."
        )


def input_shape(expected: Any, x: np.ndarray, y: Any, model: str, role: str) -> None:
    """Raise unless samples have the shape that the model was built for."""
    if expected is None:
        return
    sample, wanted = x.shape[1:], tuple(expected[1:])
    if len(sample) == len(wanted) and all(
        n is None or n == m for n, m in zip(wanted, sample, strict=True)
    ):
        return
    fix = "Reshape the data, or change the model's Input."
    if x.shape == wanted:
        fix = "x has no batch axis: for one sample use x[None]."
    elif y is not None and np.shape(y)[1:] == wanted:
        fix = "The shape of y fits: are x and y swapped?"
    elif math.prod(sample) == math.prod(n or 0 for n in wanted):
        fix = f"Use x.reshape(-1, {', '.join(map(str, wanted))}), or add a Flatten()."
    elif len(sample) == len(wanted) == 1:
        fix = f"Each sample has {sample[0]} features instead of {wanted[0]}."
    raise ValueError(
        f"{role}x: {model} expects samples of shape {wanted}; received samples of "
        f"shape {sample} (x has shape {x.shape}). {fix}"
    )


def split(
    x: Any, y: Any, sample_weight: Any, fraction: float
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Return the data without their last part, and that part, for validation."""
    number = isinstance(fraction, numbers.Real) and not isinstance(fraction, bool)
    if not number or not 0 < fraction < 1:
        raise ValueError(
            "validation_split must be the share of samples to hold out, between 0 and "
            f"1; received {fraction!r}."
        )
    x, y, sample_weight = aligned(x, y, sample_weight, "")
    at = math.floor(len(x) * (1 - fraction))
    if at == 0 or at == len(x):
        raise ValueError(
            f"validation_split={fraction} of {len(x)} samples leaves none to "
            f"{'train on' if at == 0 else 'validate with'}. Use more data or another "
            "share."
        )
    arrays = (x, y, sample_weight)
    kept = tuple(None if a is None else a[:at] for a in arrays)
    held_out = tuple(None if a is None else a[at:] for a in arrays)
    return kept, held_out  # type: ignore[return-value]


def weights_of_classes(
    y: Any, sample_weight: Any, class_weight: Mapping[int, float]
) -> np.ndarray:
    """Return a weight for each sample: that of its class, times its own."""
    if y is None:
        raise ValueError("class_weight needs y: the classes to weight.")
    labels = y
    if y.ndim > 1:
        labels = y.argmax(axis=-1) if y.shape[-1] > 1 else y[..., 0]
    weights = np.ones(labels.shape, np.float32)
    present = np.unique(labels)
    for label in present:
        if int(label) in class_weight:
            weights[labels == label] = class_weight[int(label)]
    missing = [int(label) for label in present if int(label) not in class_weight]
    if missing:
        warnings.warn(
            f"class_weight has no weight for class {missing[0]}"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
            + ": it counts with weight 1.",
            UserWarning,
            stacklevel=2,
        )
    return weights if sample_weight is None else weights * sample_weight


def class_weight_is_dict(class_weight: Any) -> None:
    """Raise unless class weights map labels to numbers."""
    if class_weight is not None and not isinstance(class_weight, Mapping):
        raise TypeError(
            "class_weight must be a dict from class to weight; received "
            f"{type(class_weight).__name__}. Pass a dict: "
            "class_weight=dict(enumerate(weights))."
        )
    for label in class_weight or ():
        if not isinstance(label, numbers.Integral):
            raise TypeError(
                f"class_weight must have integer classes as keys; received {label!r}."
            )


def validation_tuple(data: Any) -> tuple[Any, Any, Any]:
    """Return x, y and sample_weight of ``validation_data``."""
    if isinstance(data, (tuple, list)) and len(data) in (2, 3):
        x, y, sample_weight = (*data, None)[:3]
        return x, y, sample_weight
    if isinstance(data, (tuple, list)) or hasattr(data, "__array__"):
        got = f"{len(data)} of them" if isinstance(data, (tuple, list)) else "an array"
        raise ValueError(
            "validation_data must be (x_val, y_val) or (x_val, y_val, sample_weight), "
            f"or a generator; received {type(data).__name__}, {got}."
        )
    return data, None, None


def one_of(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raise unless `value` is one of the choices."""
    choices = list(choices)
    if value not in choices:
        raise ValueError(f"{name} must be one of {choices}; received {value!r}.")
