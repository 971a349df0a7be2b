"""What `fit` checks once, at the door: mistakes answered before the first step."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from keratorch.layers.arguments import brief
from keratorch.nested import flatten, flatten_with_path, is_nested
from keratorch.training.conversion import as_arrays, sample_count, sliced


def counts(**arguments: Any) -> None:
    """Raise unless each argument is None or a positive integer."""
    for name, value in arguments.items():
        integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if value is not None and (not integer or value <= 0):
            raise ValueError(
                f"{name} must be a positive integer; received {brief(value)} of type "
                f"{type(value).__name__}."
            )


def epochs(first: Any, last: Any) -> None:
    """Raise unless the epochs count from `first` up to `last`."""
    for name, value in (("initial_epoch", first), ("epochs", last)):
        integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if not integer or value < 0:
            raise ValueError(
                f"{name} must be an integer of at least 0; received {brief(value)}."
            )


def aligned(
    data: tuple[Any, Any, Any],
    role: str,
    takes: tuple[int | None, int | None] = (None, None),
) -> tuple[Any, Any, Any]:
    """Return x, y and sample weights as arrays of one length, or say which differs.

    `takes` holds how many arrays the model takes and gives, where that is known.
    """
    x, y, sample_weight = data
    samples = len(y) if y is not None and hasattr(y, "__len__") else None
    x = as_arrays(x, f"{role}x", takes[0], samples, texts=True)
    count = _check_lengths(x, f"{role}x")
    if y is not None:
        y = as_arrays(y, f"{role}y", takes[1], count)
        if _check_lengths(y, f"{role}y") != count:
            is_row = isinstance(x, np.ndarray) and x.ndim == 1
            one = " If x is one sample, use x[None]." if is_row else ""
            raise ValueError(
                f"{role}x and y must have the same number of samples; received "
                f"{count} in x and {sample_count(y)} in y. Give one target for each "
                f"sample.{one}"
            )
    if sample_weight is not None:
        _check_weights(sample_weight, f"{role}sample_weight")
        outputs = len(flatten(y)) if is_nested(y) else 1
        sample_weight = as_arrays(sample_weight, f"{role}sample_weight", outputs, count)
        if _check_lengths(sample_weight, f"{role}sample_weight") != count:
            raise ValueError(
                f"{role}sample_weight must have one weight for each sample of x; "
                f"received {sample_count(sample_weight)} weights for {count} samples."
            )
    return x, y, sample_weight


def _check_weights(sample_weight: Any, name: str) -> None:
    """Raise for what was meant as `class_weight`."""
    by_class = isinstance(sample_weight, Mapping) and all(
        isinstance(key, numbers.Integral) for key in sample_weight
    )
    if by_class or isinstance(sample_weight, str):
        raise TypeError(
            f"{name} must hold one weight for each sample; received "
            f"{brief(sample_weight)}. For a weight for each class use "
            "class_weight={0: 1.0, 1: 2.0}."
        )


def _check_lengths(structure: Any, name: str) -> int:
    """Return the number of samples of arrays, which must have the same."""
    if not is_nested(structure):
        return sample_count(structure)
    lengths = {
        "".join(f"[{key!r}]" for key in path): len(array)
        for path, array in flatten_with_path(structure)
        if array is not None
    }
    if not lengths:
        raise ValueError(f"{name} holds no array: it is {structure!r}.")
    if len(set(lengths.values())) > 1:
        first_of: dict[int, str] = {}
        for path, n in lengths.items():
            first_of.setdefault(n, path)
        each = [f"{n} in {name}{path}" for n, path in first_of.items()]
        raise ValueError(
            f"The arrays of {name} must have the same number of samples; received "
            f"{', '.join(each[:6])}{', ...' * (len(each) > 6)}. Give all as many; if "
            "each holds one sample without a batch axis, use array[None]."
        )
    return next(iter(lengths.values()))


def not_empty(x: Any, role: str) -> None:
    """Raise if there is no sample."""
    if sample_count(x) == 0:
        shapes = [np.shape(array) for array in flatten(x)]
        shape = shapes[0] if len(shapes) == 1 else shapes
        raise ValueError(f"{role}x holds no samples: its shape is {shape}.")


def finite(structure: Any, name: str) -> None:
    """Raise at the first NaN or Inf."""
    for path, array in flatten_with_path(structure):
        _finite(array, name + "".join(f"[{key!r}]" for key in path))


def _finite(array: Any, name: str) -> None:
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


def input_shape(
    expected: Any, x: np.ndarray, y: Any, model: str, name: str = "x"
) -> None:
    """Raise unless samples have the shape that the model was built for."""
    sample, wanted = x.shape[1:], tuple(expected[1:])
    if any(_fits(shape, wanted) for shape in _with_last_axis_or_not(sample, wanted)):
        return
    fix = "Reshape the data, or change the model's Input."
    if _fits(x.shape, wanted):
        fix = f"{name} has no batch axis: for one sample use {name}[None]."
    elif not is_nested(y) and y is not None and np.shape(y)[1:] == wanted:
        fix = "The shape of y fits: are x and y swapped?"
    elif moved := _moved(sample, wanted):
        fix = f"The axes are in another order: use np.moveaxis({name}, {moved})."
    elif math.prod(sample) == math.prod(n or 0 for n in wanted):
        new_shape = ", ".join(map(str, wanted))
        fix = f"Use {name}.reshape(-1, {new_shape})."
        if len(sample) > len(wanted):
            fix = fix[:-1] + ", or add a Flatten()."
    elif len(sample) < len(wanted):
        fix = (
            f"Each sample needs {len(wanted)} {'axis' if len(wanted) == 1 else 'axes'} "
            f"and has {len(sample)}: add those that are missing, as in {name}[:, None] "
            f"or {name}[..., None]."
        )
    elif len(sample) == len(wanted) == 1:
        fix = f"Each sample has {sample[0]} features instead of {wanted[0]}."
    raise ValueError(
        f"{name}: {model} expects samples of shape {wanted}; received samples of "
        f"shape {sample} ({name} has shape {x.shape}). {fix}"
    )


def _fits(shape: tuple, wanted: tuple) -> bool:
    return len(shape) == len(wanted) and all(
        n is None or n == m for n, m in zip(wanted, shape, strict=True)
    )


def _moved(sample: tuple, wanted: tuple) -> str:
    """Return which axis to move where for the wanted shape, as 'from, to', if one."""
    empty = np.empty((0, *sample))
    for source, target in ((1, -1), (-1, 1)):
        moved = np.moveaxis(empty, source, target) if empty.ndim > 2 else empty
        if _fits(moved.shape[1:], wanted):
            return f"{source}, {target}"
    return ""


def _with_last_axis_or_not(shape: tuple, wanted: tuple) -> list[tuple]:
    """Return the shapes that a model takes for one: a last axis of 1 may be missing."""
    shapes = [shape]
    if len(shape) == len(wanted) - 1 and wanted[-1] == 1:
        shapes.append((*shape, 1))
    if len(shape) == len(wanted) + 1 and shape[-1] == 1:
        shapes.append(shape[:-1])
    return shapes


def split(
    x: Any,
    y: Any,
    sample_weight: Any,
    fraction: float,
    takes: tuple[int | None, int | None] = (None, None),
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Return the data without their last part, and that part, for validation."""
    number = isinstance(fraction, numbers.Real) and not isinstance(fraction, bool)
    if not number or not 0 < fraction < 1:
        raise ValueError(
            "validation_split must be the share of samples to hold out, between 0 and "
            f"1; received {brief(fraction)}."
        )
    arrays = aligned((x, y, sample_weight), "", takes)
    count = sample_count(arrays[0])
    at = math.floor(count * (1 - fraction))
    if at == 0 or at == count:
        raise ValueError(
            f"validation_split={fraction} of {count} samples leaves none to "
            f"{'train on' if at == 0 else 'validate with'}. Use more data or another "
            "share."
        )
    kept = tuple(sliced(a, slice(at)) for a in arrays)
    held_out = tuple(sliced(a, slice(at, None)) for a in arrays)
    return kept, held_out


def validation_tuple(data: Any) -> tuple[Any, Any, Any]:
    """Return x, y and sample_weight of ``validation_data``."""
    if isinstance(data, (tuple, list)) and len(data) in (1, 2, 3):
        x, y, sample_weight = (*data, None, None)[:3]
        return x, y, sample_weight
    if isinstance(data, (str, bytes, numbers.Number)):
        raise TypeError(
            "validation_data must be (x_val, y_val), (x_val, y_val, sample_weight) or "
            f"a generator; received {brief(data)}. For a share of x use "
            "validation_split."
        )
    if isinstance(data, (tuple, list)) or hasattr(data, "__array__"):
        got = f"{len(data)} of them" if isinstance(data, (tuple, list)) else "an array"
        raise ValueError(
            "validation_data must be (x_val, y_val) or (x_val, y_val, sample_weight), "
            f"or a generator; received {type(data).__name__}, {got}."
        )
    return data, None, None


def frequency(value: Any) -> None:
    """Raise unless `validation_freq` is a positive integer, or holds epochs."""
    epochs_to_come = isinstance(value, Iterable) and not isinstance(value, str)
    integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not epochs_to_come and not (integer and value > 0):
        raise ValueError(
            "validation_freq must be a positive integer, or a list of the epochs after "
            f"which to validate, such as [1, 5]; received {brief(value)}."
        )


def shuffling(value: Any) -> None:
    """Raise for a text that says no way to shuffle."""
    if isinstance(value, str):
        one_of("shuffle", value, (True, False, "batch"))


def one_of(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raise unless `value` is one of the choices."""
    choices = list(choices)
    if value not in choices:
        raise ValueError(f"{name} must be one of {choices}; received {brief(value)}.")
