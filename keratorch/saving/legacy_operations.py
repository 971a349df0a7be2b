"""TensorFlow's operations in the models of Keras 2, and how they are called there.

x / 255.0 is a layer of the class ``TFOpLambda``, which names the function
``math.truediv`` and has its arguments where layers have their calls:

    "inbound_nodes": [["input_1", 0, 0, {"y": 255.0, "name": null}]]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Their classes; those of TensorFlow 2.0 to 2.3 hold graphs of TensorFlow instead.
CLASSES = ("TFOpLambda", "SlicingOpLambda")
_CONSTANT = "_CONSTANT_VALUE"
_BOUNDS = {"start", "stop", "step"}


def modern_operation(layer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a function by the name that a layer has for it.

    Examples
    --------
    >>> old = {"name": "tf.math.truediv", "function": "math.truediv"}
    >>> modern_operation({"class_name": "TFOpLambda", "config": old})["config"]
    {'name': 'tf.math.truediv', 'function': 'tensorflow.math.truediv'}
    """
    config = layer["config"]
    named = {"name": config["name"], "function": f"tensorflow.{config['function']}"}
    return {"module": "keratorch", "class_name": "Function", "config": named}


def modern_call(node: Any) -> dict[str, Any]:
    """Return a call of such a function: of one array, or of a list of them.

    Examples
    --------
    >>> modern_call(["x", 0, 0, {"y": 2}])["kwargs"]
    {'y': 2}
    """
    is_list = not isinstance(node[0], str)
    calls = node if is_list else [node]
    kwargs = calls[0][3] if calls else {}
    arrays = [modern_input(call) for call in calls]
    return {
        "args": [arrays if is_list else arrays[0]],
        "kwargs": {k: _part(x) for k, x in kwargs.items() if x is not None},
    }


def modern_input(where: Any) -> Any:
    """Return the result of a layer, or a constant, that a call names.

    Raises
    ------
    TypeError : it is none of both.
    """
    if isinstance(where, list) and where and where[0] == _CONSTANT:
        return _constant(where[2])
    if not is_reference(where):
        raise TypeError(f"an input of a call is no [layer, call, result]: {where!r}")
    place = {"shape": None, "dtype": "float32", "keras_history": list(where[:3])}
    return {"class_name": "__keras_tensor__", "config": place}


def is_reference(value: Any) -> bool:
    """Return whether a value names a result: [layer, call, result].

    Examples
    --------
    >>> is_reference(["dense", 0, 0]), is_reference([1, 2, 3])
    (True, False)
    """
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(n, int) for n in value[1:3])
    )


def _part(value: Any) -> Any:
    """Return an argument, or a part of one."""
    if is_reference(value):
        return modern_input(value)
    if isinstance(value, list):
        return _constant([_part(each) for each in value])
    if isinstance(value, Mapping):
        parts = {key: _part(each) for key, each in value.items()}
        is_slice = set(parts) == _BOUNDS
        return {"class_name": "__slice__", "config": parts} if is_slice else parts
    return value


def _constant(value: Any) -> Any:
    """Return a constant: lists of real numbers are arrays, others are lengths."""
    if not isinstance(value, list) or not _are_real(value):
        return value
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": "float32"}}


def _are_real(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_are_real, value))
    return isinstance(value, float)
