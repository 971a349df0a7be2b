"""From what users hold data in to arrays: lists, frames, tensors, and several of them.

Data for several inputs or outputs stay in the user's list, tuple or dict.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.contract import is_masked
from keratorch.core import GradArray
from keratorch.nested import flatten, map_structure


def is_array(values: Any) -> bool:
    """Return whether values are an array, a frame or a tensor with a batch axis."""
    if isinstance(values, (np.ndarray, GradArray)):
        return values.ndim > 0
    if isinstance(values, type):
        return False
    converts = hasattr(values, "__array__") or hasattr(values, "toarray")
    return converts and len(getattr(values, "shape", (0,))) > 0


def as_arrays(
    values: Any,
    name: str,
    count: int | None = None,
    samples: int | None = None,
    texts: bool = False,
) -> Any:
    """Return data as an array, or as arrays in the list, tuple or dict given.

    Parameters
    ----------
    values : array_like, or nested array_likes for several inputs or outputs.
    name : str, of the argument, for errors.
    count : int, how many arrays the model takes; None where that is not known.
    samples : int, how many samples there are, if that is known.
    texts : bool, whether arrays may hold texts.
    """
    _check_unmasked(values, name)
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf" and values.ndim:
        return np.asarray(values)  # an element of a dataset is an array of its own kind
    if values is None:
        return None
    if isinstance(values, Mapping):
        parts = {
            key: as_arrays(v, f"{name}[{key!r}]", texts=texts)
            for key, v in values.items()
        }
        return parts
    if not _are_several(values, count, samples):
        return as_array(_unwrapped(values, name, samples), name, texts)
    arrays = [as_arrays(v, f"{name}[{i}]", texts=texts) for i, v in enumerate(values)]
    if hasattr(values, "_fields"):
        return type(values)(*arrays)
    return tuple(arrays) if isinstance(values, tuple) else arrays


def _check_unmasked(values: Any, name: str) -> None:
    """Raise for an array some of whose values do not count."""
    if is_masked(values) and values.mask.any():
        raise ValueError(
            f"{name} is a masked array, and {int(values.mask.sum())} of its "
            f"{values.size} values are masked: what stands behind the mask would "
            f"count. Fill them, {name}.filled(0), and leave samples out by "
            "sample_weight, or steps by a Masking layer."
        )


def _are_several(values: Any, count: int | None, samples: int | None) -> bool:
    """Return whether a list holds arrays of all samples, not the rows of one array."""
    if not isinstance(values, (list, tuple)) or count == 1 or not values:
        return False
    if any(part is None or isinstance(part, Mapping) for part in values):
        return True
    if count is not None and len(values) == count:
        return any(is_array(v) or isinstance(v, (list, tuple)) for v in values)
    if not any(is_array(leaf) for leaf in flatten(values)):
        return False
    if any(np.ndim(v) > 1 for v in flatten(values) if is_array(v)):
        return True
    # arrays of one axis are rows of samples, or columns of inputs
    return samples is None or len(values) != samples or len(values[0]) == samples


def as_array(values: Any, name: str, texts: bool = False) -> np.ndarray:
    """Return data as an ndarray of numbers, or say how to encode or pad them."""
    if isinstance(values, GradArray):
        return values.numpy()
    if hasattr(values, "detach"):  # a tensor of PyTorch that requires a gradient
        values = values.detach().cpu()
    if hasattr(values, "toarray"):  # a sparse matrix of SciPy, as of TfidfVectorizer
        values = values.toarray()
    try:
        array = np.asarray(values)
    except ValueError:
        lengths = [np.shape(row)[:1] for row in values]
        first = next((i for i, n in enumerate(lengths) if n != lengths[0]), 0)
        raise ValueError(
            f"{name} is ragged: row {first} differs in length from row 0. Pad the rows "
            "to one length."
        ) from None
    if texts and array.ndim and holds_texts(array):
        return array
    if array.dtype.kind == "O":
        array = _numbers_of(array, name, getattr(values, "columns", None))
    if array.dtype.kind in "USMmT":
        raise _about_texts(array, name)
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} holds complex numbers. Pass real and imaginary parts as features: "
            "np.stack([z.real, z.imag], axis=-1)."
        )
    if array.ndim == 0:
        raise ValueError(f"{name} must have a batch axis; received one number.")
    return array


def holds_texts(array: np.ndarray) -> bool:
    """Return whether an array holds texts, and nothing else."""
    if array.dtype.kind != "O":
        return array.dtype.kind in "UST"
    return array.size > 0 and all(isinstance(item, str) for item in array.flat)


def check_numbers(array: np.ndarray, name: str) -> None:
    """Raise for an array of texts."""
    if array.dtype.kind in "USTO":
        raise _about_texts(array, name)


def _about_texts(array: np.ndarray, name: str) -> ValueError:
    where = f"the first at index {(0,) * array.ndim}" if array.ndim else "one alone"
    return ValueError(
        f"{name} holds text or dates ({array.dtype}), {where}. Encode them as "
        "numbers, for classes by np.unique(values, return_inverse=True)[1]; or begin "
        "the model with a TextVectorization or StringLookup layer."
    )


def _unwrapped(values: Any, name: str, samples: int | None) -> Any:
    """Return the array of a list ``[x]``, which is how models take one input."""
    if not isinstance(values, (list, tuple)):
        return values
    if len(values) == 1 and is_array(values[0]) and np.ndim(values[0]) == 1:
        return values[0] if len(values[0]) == samples else values
    if not any(is_array(inner) and np.ndim(inner) > 1 for inner in values):
        return values
    if len(values) == 1:
        return values[0]
    if len({len(inner) for inner in values}) == 1 and len(values) < len(values[0]):
        raise ValueError(
            f"{name} is a list of {len(values)} arrays of {len(values[0])} samples, "
            "but the model takes one array. np.concatenate them along the features, "
            "or give the model several inputs."
        )
    return values


def _numbers_of(array: np.ndarray, name: str, columns: Any = None) -> np.ndarray:
    """Return an array of Python objects as numbers, or name the first that is none."""
    for i, item in enumerate(array.flat):
        if not isinstance(item, (numbers.Real, np.bool_, np.ndarray)):
            index = tuple(int(j) for j in np.unravel_index(i, array.shape))
            column = ""
            if columns is not None and len(index) > 1:
                column = f", in the column {columns[index[1]]!r}"
            raise ValueError(
                f"{name} holds Python objects: a {type(item).__name__} at index "
                f"{index}{column}. Encode text as numbers and missing values as a "
                "number."
            )
    try:
        return array.astype(np.float64)
    except ValueError:
        raise ValueError(
            f"{name} is an array of arrays of different shapes. Pad the rows to one "
            "length and np.stack them."
        ) from None


def sliced(structure: Any, chosen: Any) -> Any:
    """Return the chosen samples of each array in a structure."""
    if isinstance(structure, np.ndarray):
        return structure[chosen]
    if structure is None:
        return None
    return map_structure(lambda a: a if a is None else a[chosen], structure)


def sample_count(structure: Any) -> int:
    """Return the number of samples of the first array in a structure."""
    if isinstance(structure, np.ndarray):
        return len(structure)
    for array in flatten(structure):
        if array is not None and np.ndim(array):
            return len(array)
    return 1
