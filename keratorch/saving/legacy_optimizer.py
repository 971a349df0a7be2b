"""The state of optimizers in the files of Keras 1 and 2."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.optimizers import SGD, Nadam
from keratorch.saving.arrays import Arrays

# The slots by their names in TensorFlow's Keras, from 2.11 on: Adam/m/dense/kernel:0
_SLOTS = {
    "accumulated_delta_var": "accumulated_delta_var",
    "accumulated_grad": "accumulated_grad",
    "accumulator": "accumulator",
    "average": "average",
    "average_gradient": "average_gradient",
    "c": "column",
    "linear": "linear",
    "m": "momentum",
    "momentum": "momentum",
    "r": "row",
    "u": "norm",
    "v": "velocity",
    "velocity": "velocity",
    "vhat": "velocity_hat",
}
# And before: Adam/dense/kernel/m:0
_OLDER_SLOTS = {
    "accum_grad": "accumulated_grad",
    "accum_var": "accumulated_delta_var",
    "accumulator": "accumulator",
    "linear": "linear",
    "m": "momentum",
    "mg": "average_gradient",
    "momentum": "momentum",
    "rms": "velocity",
    "v": "velocity",
    "vhat": "velocity_hat",
}
# Nadam's factors change no more after so many updates.
_CHANGING_FACTORS = 1_000_000
_ARCHIVED = "optimizer/vars"


def give_older_formula(optimizer: Any, described: Mapping[str, Any]) -> None:
    """Let Nadam's factors grow as slowly as those of a file before Keras 2.11.

    Parameters
    ----------
    optimizer : Optimizer, of any kind.
    described : its configuration in the file.
    """
    given = described.get("config", {})
    share = given.get("schedule_decay", given.get("decay"))
    if share is not None and isinstance(optimizer, Nadam):
        optimizer.factor_steps = float(share)


def assign_legacy_state(model: Any, arrays: Arrays, names: Sequence[str]) -> None:
    """Put the state of an optimizer into that of a model, or warn.

    The names of TensorFlow's Keras tell what is what. In other files the order does:
    Keras 3 lists number of updates, learning rate, then the slots weight by weight;
    Keras 2 number of updates, then each slot for all weights. Before the first update
    there are no slots.
    """
    optimizer = model.optimizer
    if optimizer is None or not names:
        return
    unused = list(optimizer.variables)
    optimizer.build(model.trainable_variables)
    _assign(optimizer, _orders(optimizer, unused, names), arrays, names)


def assign_archived_state(model: Any, arrays: Arrays) -> None:
    """Put the state of an optimizer in an archive of Keras 2 into that of a model.

    It has no names there: the places are those of the names in its other files.
    """
    optimizer = model.optimizer
    count = sum(name.startswith(f"{_ARCHIVED}/") for name in arrays)
    if optimizer is None or not count:
        return
    optimizer.build(model.trainable_variables)
    orders = [[optimizer._iterations], _archived_order(optimizer)]
    _assign(optimizer, orders, arrays, [f"{_ARCHIVED}/{i}" for i in range(count)])


def _assign(
    optimizer: Any, orders: Sequence[list], arrays: Arrays, names: Sequence[str]
) -> None:
    """Put the arrays of these names into the first order that they fit, or warn."""
    shapes = [arrays.headers[name].shape for name in names]
    for order in orders:
        if _fits(order, shapes):
            values = [arrays.read(name) for name in names]
            for variable, value in zip(order, values, strict=True):
                if variable is not None:
                    variable.assign(value)
            if not any(variable is _product(optimizer) for variable in order):
                _restore_product(optimizer)
            return
    warnings.warn(
        f"'{arrays.file}' holds the optimizer's state in a form that "
        f"{type(optimizer).__name__} does not have; the optimizer begins anew.",
        UserWarning,
        stacklevel=6,
    )


def _archived_order(optimizer: Any) -> list[Any]:
    """Return the state in the order of an archive of Keras 2: that of today.

    Learning rate, Nadam's product and Adafactor's empty rows and columns are not there.
    None stands for the momentum that SGD without momentum stores but does not use.
    """
    rows = optimizer._state.arrays
    absent = [optimizer._learning_rate, _product(optimizer)]
    absent += [
        x
        for slot in rows
        for x in rows[slot]
        if x is not None and not _is_stored(slot, x)
    ]
    order = [x for x in optimizer.variables if all(x is not y for y in absent)]
    if isinstance(optimizer, SGD) and not optimizer.momentum:
        order += [None] * len(optimizer._trainable_variables)
    return order


def _orders(optimizer: Any, unused: list[Any], names: Sequence[str]) -> list[list]:
    """Return the orders in which the state may lie in the file."""
    variables = list(optimizer.variables)
    first = names[0].rpartition("/")[2]
    if first not in ("iteration:0", "iter:0"):
        return [variables, _older_order(optimizer, variables), unused]
    if _has_own_slots(optimizer):  # by the names
        return [_by_names(optimizer, names, is_older=first == "iter:0")]
    return [_without_rate(optimizer, variables)]


def _has_own_slots(optimizer: Any) -> bool:
    """Return whether it is one of the optimizers here, and not of a user's class."""
    return bool(optimizer._state.arrays) or not optimizer._added


def _fits(order: Sequence[Any], shapes: Sequence[tuple[int, ...]]) -> bool:
    """Return whether arrays of these shapes are the variables; None takes any."""
    return len(order) == len(shapes) and all(
        variable is None or variable.shape == shape
        for variable, shape in zip(order, shapes, strict=True)
    )


def _by_names(optimizer: Any, names: Sequence[str], is_older: bool) -> list[Any]:
    """Return the variables of names that TensorFlow's Keras gave.

    None stands for the momentum that SGD without momentum stores but does not use.
    An order that does not fit the file ends early.
    """
    waiting = {
        slot: iter([x for x in row if x is not None and _is_stored(slot, x)])
        for slot, row in optimizer._state.arrays.items()
    }
    waiting["product"] = iter([_product(optimizer)])
    order: list[Any] = [optimizer._iterations]
    for name in names[1:]:
        slot = _slot(optimizer, name.removesuffix(":0"), is_older)
        if slot == "momentum" and getattr(optimizer, "momentum", None) == 0:
            order.append(None)
            continue
        variable = next(waiting.get(slot, iter(())), None)
        if variable is None:
            return []
        order.append(variable)
    del waiting["product"]
    left = len(names) > 1 and any(
        next(row, None) is not None for row in waiting.values()
    )
    return [] if left else order


def _is_stored(slot: str, variable: Any) -> bool:
    """Return whether Keras stored it: Adafactor's vectors have no rows and columns."""
    return slot not in ("row", "column") or variable.ndim > 0


def _slot(optimizer: Any, name: str, is_older: bool) -> str:
    """Return the slot of a name in a file, '' for an unknown one."""
    if not is_older:
        name = name.removeprefix(f"{optimizer.name}/")
        return _SLOTS.get(name.partition("/")[0], "")
    last = name.rpartition("/")[2]
    if last == "momentum_cache":
        return "product"
    if last == "v" and "norm" in optimizer._state.arrays:  # Adamax
        return "norm"
    return _OLDER_SLOTS.get(last, "")


def _product(optimizer: Any) -> Any:
    """Return the product of Nadam's factors; other optimizers have none."""
    return getattr(optimizer, "_product", None)


def _restore_product(optimizer: Any) -> None:
    """Compute Nadam's product, which Keras 2.11 and later do not store."""
    product, count = _product(optimizer), int(optimizer._iterations.item())
    if product is None or count < 1:
        return
    steps = np.arange(1, min(count, _CHANGING_FACTORS) + 1)
    rest = optimizer.beta_1 ** (count - len(steps))
    product.assign(np.prod(optimizer._factor(steps)) * rest)


def _without_rate(optimizer: Any, variables: Sequence[Any]) -> list[Any]:
    return [x for x in variables if x is not optimizer._learning_rate]


def _older_order(optimizer: Any, variables: list[Any]) -> list[Any]:
    """Return the state in the order of Keras 2, which had no learning rate in it."""
    numbers = [variable for variable in variables if variable.shape == ()]
    has_rate = any(v is optimizer._learning_rate for v in variables[1:2])
    scalars = 2 if has_rate else 1
    rest = variables[scalars:] if len(numbers) >= scalars else []
    count = len(optimizer._trainable_variables)
    slots = len(rest) // count if count else 0
    return [
        variables[0],
        *(rest[i + slots * j] for i in range(slots) for j in range(count)),
    ]
