"""The Lambda layers of Keras 1 and 2, whose functions lie in files as Python code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_GONE = ("function_type", "module", "output_shape_type", "output_shape_module")
_CODE: dict[str, Any] = {"class_name": "__lambda__", "config": {}}


def modern_lambda(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a Lambda layer as Keras 3 describes them, without code.

    Code of an output shape is left out: the shape is found by trying the function.

    Examples
    --------
    >>> old = {"name": "f", "function": ["4wEA", None, None], "function_type": "lambda"}
    >>> modern_lambda(old)["function"]
    {'class_name': '__lambda__', 'config': {}}
    """
    modern = {key: value for key, value in arguments.items() if key not in _GONE}
    if "function_type" in arguments:
        is_code = arguments["function_type"] == "lambda"
        modern["function"] = _CODE if is_code else _named(arguments["function"])
    if arguments.get("output_shape_type") == "lambda":
        modern.pop("output_shape", None)
    elif arguments.get("output_shape_type") == "function":
        modern["output_shape"] = _named(arguments["output_shape"])
    own = arguments.get("arguments") or {}
    modern["arguments"] = {key: _with_arrays(value) for key, value in own.items()}
    return modern


def _named(name: Any) -> dict[str, Any]:
    return {"class_name": "function", "config": name, "registered_name": name}


def _with_arrays(value: Any) -> Any:
    if isinstance(value, Mapping) and value.get("type") == "ndarray":
        array = np.asarray(value["value"])
        dtype = "float32" if array.dtype.kind == "f" else array.dtype.name
        described = {"value": value["value"], "dtype": dtype}
        return {"class_name": "__numpy__", "config": described}
    return value
