"""What is passed to a model, brought into the structure and dtypes of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.layers.calls import as_plain, holds_arrays
from keratorch.layers.index_layer import IndexLayer
from keratorch.masks import get_mask, set_mask
from keratorch.models.network import Network
from keratorch.nested import flatten, is_nested, map_structure
from keratorch.symbolic import KerasTensor


def standardized(inputs: Any, network: Network, model: str) -> list[Any]:
    """Return inputs as GradArrays, one for each input of a network, in its order.

    Raises
    ------
    ValueError : another number of arrays, or names that no input has.
    """
    wanted = network.flat_inputs
    if isinstance(inputs, (np.ndarray, GradArray)) and len(wanted) == 1:
        return [_fitted(inputs, wanted[0], network)]
    flat = _in_order(inputs, network, model)
    if len(flat) != len(wanted):
        raise ValueError(
            f"{model} has {len(wanted)} inputs "
            f"({_listed([x.name for x in wanted])}); received "
            f"{len(flat)} arrays. Pass a list with one array for each, or a dict by "
            "these names."
        )
    return [
        _fitted(value, tensor, network)
        for value, tensor in zip(flat, wanted, strict=True)
    ]


def _in_order(inputs: Any, network: Network, model: str) -> list[Any]:
    """Return the arrays of a structure in the order of the network's inputs."""
    if isinstance(inputs, Mapping):
        return _by_name(inputs, network, model)
    if is_nested(inputs) and holds_arrays(inputs):
        _check_order(inputs, network.inputs, model)
        return flatten(inputs)
    return [inputs]


def _check_order(inputs: Any, wanted: Any, model: str) -> None:
    """Raise if a list could go with the inputs of a dict in two ways."""
    if (
        isinstance(wanted, Mapping)
        and len(inputs) > 1
        and list(wanted) != sorted(wanted)
    ):
        raise ValueError(
            f"{model} has its inputs in a dict, {_listed(map(repr, wanted))}, which a "
            "list does not say the order of. Pass a dict with these keys."
        )


def _by_name(inputs: Mapping, network: Network, model: str) -> list[Any]:
    """Return the arrays of a dict in the order of the inputs that it names."""
    wanted = network.inputs
    if isinstance(wanted, Mapping) and any(map(is_nested, wanted.values())):
        return _by_structure(inputs, wanted, model)
    if isinstance(wanted, Mapping):
        names = sorted(wanted)
    else:
        names = [x.name for x in network.flat_inputs]
    missing = [name for name in names if name not in inputs]
    if missing:
        raise ValueError(
            f"{model} has the inputs {_listed(map(repr, names))}; the dict that was "
            f"received lacks {_listed(map(repr, missing))}: it has "
            f"{_listed(map(repr, inputs))}."
        )
    return [inputs[name] for name in names]


def _by_structure(inputs: Any, wanted: Any, model: str) -> list[Any]:
    """Return the arrays of nested dicts and lists in the order of nested inputs."""
    try:
        return flatten(map_structure(lambda _, x: x, wanted, inputs))
    except ValueError as error:
        raise ValueError(
            f"{model}: of the inputs and what was received, {error}"
        ) from None


def _listed(names: Iterable[str]) -> str:
    """Return names in one line, the first ten of them."""
    names = list(names)
    return ", ".join(names[:10]) + ", ..." * (len(names) > 10)


def _fitted(value: Any, tensor: KerasTensor, network: Network) -> Any:
    """Return a value as a GradArray with the dtype and number of axes of an input."""
    if value is None:
        operation = tensor.node.operation  # type: ignore[union-attr]
        if not getattr(operation, "optional", True):
            raise ValueError(
                f"the input {tensor.name!r} is None. Pass an array, or make the input "
                "with Input(..., optional=True)."
            )
        return None
    if not isinstance(value, GradArray):
        array = as_plain(value)
        if array.dtype.kind not in "biuf":  # texts, for layers that look them up
            texts = _with_axes(array, tensor)
            return value if texts is array else texts
        value = GradArray(array, requires_grad=False)
    array = value._array
    if array.dtype != tensor.dtype and not (
        array.dtype.kind in "biu" and _all_look_up(network.consumers(tensor))
    ):
        mask = get_mask(value)
        value = value.astype(tensor.dtype)
        set_mask(value, mask)
    return _with_axes(value, tensor)


def _with_axes(value: Any, tensor: KerasTensor) -> Any:
    """Return a value with a last axis of one more or less where the input says so."""
    missing = len(tensor.shape) - value.ndim
    if missing == -1 and value.shape[-1] == 1:
        return value[..., 0]
    if missing == 1 and tensor.shape[-1] == 1:
        return value[..., None]
    return value


def _all_look_up(operations: list[Any]) -> bool:
    """Return whether integers are indices, which floats could not hold exactly."""
    return all(isinstance(operation, IndexLayer) for operation in operations)
