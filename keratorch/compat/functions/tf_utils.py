"""Functions that `tensorflow.python.keras.utils.tf_utils` had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keratorch.nested import flatten


def shape_type_conversion(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return a layer's ``build`` or ``compute_output_shape`` as it is.

    TensorFlow's shapes became tuples there; here they are tuples in any case.
    """
    return fn


def is_tensor_or_tensor_list(v: Any) -> bool:
    """Return whether a value is an array, or begins with one.

    Examples
    --------
    >>> import numpy as np
    >>> is_tensor_or_tensor_list([np.ones(2)]), is_tensor_or_tensor_list("text")
    (True, False)
    """
    leaves: Sequence[Any] = flatten(v)
    return bool(leaves) and hasattr(leaves[0], "shape")
