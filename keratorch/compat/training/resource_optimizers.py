"""Optimizers of one's own in the way of TensorFlow 2.0 to 2.10.

    class Momentum(tf.keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, name="Momentum", **kwargs):
            super().__init__(name, **kwargs)
            self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))

        def _create_slots(self, var_list):
            for var in var_list:
                self.add_slot(var, "m")

        def _resource_apply_dense(self, grad, var, apply_state=None):
            m = self.get_slot(var, "m")
            m.assign(0.9 * m + grad)
            return var.assign_sub(self._decayed_lr(var.dtype) * m)

They change one variable at a time, as Keras 3's `update_step` does. All gradients are
dense here, so that `_resource_apply_sparse` is not called.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch.compat.training.own_optimizers import method_above
from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.optimizers import Optimizer
from keratorch.optimizers.learning_rate import current_rate, rate_config
from keratorch.optimizers.update_loop import constrain
from keratorch.variable import Variable

#: What TensorFlow called the arrays of its own optimizers -> what they are here.
_SLOTS = {
    "accumulator": ("accumulator",),
    "m": ("momentum",),
    "mg": ("average_gradient",),
    "momentum": ("momentum",),
    "rms": ("velocity",),
    "v": ("velocity", "norm"),
    "vhat": ("velocity_hat",),
}


def adopt(cls: type) -> None:
    """Let a subclass of Optimizer that defines `_resource_apply_dense` train models."""
    if issubclass(cls, Optimizer) and cls._advance is _advance:
        return  # as the class that it is derived from
    if not hasattr(Optimizer, "get_slot"):
        Optimizer.__init__ = _named(Optimizer.__init__)  # type: ignore[method-assign]
        for function in _OF_ALL:
            setattr(Optimizer, function.__name__, function)
        for name in ("assign", "assign_add", "assign_sub"):
            setattr(Variable, name, _without_locks(getattr(Variable, name)))
    for name, method in _METHODS.items():
        if name not in vars(cls):
            setattr(cls, name, method)


def _named(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of Optimizer that takes their name first, and no rate."""

    @functools.wraps(init)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        if type(self)._advance is _advance:
            if args and isinstance(args[0], str):
                kwargs["name"], args = args[0], args[1:]
            rate = kwargs.pop("learning_rate", 0.0)
            rate = kwargs.pop("lr", rate)
            args = args or (rate,)
            vars(self).update(_hyper={}, _made={}, _use_locking=True)
            self._initial_decay = kwargs.pop("decay", 0.0)
        init(self, *args, **kwargs)
        if type(self)._advance is _advance and (self.weight_decay or self.use_ema):
            raise TypeError(
                f"{type(self).__name__} defines _resource_apply_dense, which knows no "
                "weight_decay and no use_ema. Decay the weights in it, or write the "
                "formula in update_step(self, gradient, variable, learning_rate)."
            )

    return made


def _without_locks(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that writes into a variable and takes what TensorFlow's took."""

    @functools.wraps(write)
    def written(
        self: Any,
        value: Any,
        use_locking: bool = False,
        name: Any = None,
        read_value: bool = True,
    ) -> Any:
        return write(self, value)

    return written


def _build(optimizer: Any, variables: Iterable[GradArray]) -> None:
    if not optimizer.built:
        method_above(type(optimizer), "build")(optimizer, variables)
        optimizer._create_slots(optimizer._trainable_variables)


def _advance(optimizer: Any, gradients: dict[int, Any]) -> None:
    """Make one step with gradients by the positions of their variables."""
    prepared = optimizer._prepared(gradients)
    known = [(optimizer._trainable_variables[i], *g) for i, g in prepared.items()]
    optimizer.start(float(optimizer._rate_now()), int(optimizer._iterations) + 1)
    state: dict[Any, dict[str, Any]] = {}
    for key in dict.fromkeys(_place(variable) for variable, _, _ in known):
        state[key] = {}
        optimizer._prepare_local(*key, state)
    apply = optimizer._resource_apply_dense
    if "apply_state" in inspect.signature(apply).parameters:
        apply = functools.partial(apply, apply_state=state)
    with no_grad():
        for variable, gradient, factor in known:
            apply(_tensor(gradient * float(factor)), variable)
            if getattr(variable, "constraint", None) is not None:
                constrain(variable)
    optimizer._iterations._array += 1


def _place(variable: Any) -> tuple[Any, Any]:
    dtype = variable.dtype
    return getattr(variable, "device", ""), getattr(dtype, "base_dtype", dtype)


def _tensor(value: Any, dtype: Any = None) -> GradArray:
    dtype = None if dtype is None else np.dtype(getattr(dtype, "name", dtype))
    return GradArray(np.asarray(value, dtype), requires_grad=False)


# What TensorFlow's class had for its subclasses


def _create_slots(optimizer: Any, var_list: Iterable[Any]) -> None:
    """Make no arrays: the formula needs none, or has its own."""


def _prepare_local(
    optimizer: Any, var_device: Any, var_dtype: Any, apply_state: dict[Any, Any]
) -> None:
    """Compute once what all variables of a device and a dtype share."""
    rate = optimizer._decayed_lr(var_dtype)
    apply_state[var_device, var_dtype].update(lr_t=rate, neg_lr_t=-rate)


def _fallback_apply_state(optimizer: Any, device: Any, dtype: Any) -> dict[str, Any]:
    state: dict[Any, dict[str, Any]] = {(device, dtype): {}}
    optimizer._prepare_local(device, dtype, state)
    return state[device, dtype]


def _resource_apply_dense(
    optimizer: Any, grad: Any, var: Any, apply_state: Any = None
) -> None:
    """Change one variable by the formula of the class above."""
    update = method_above(type(optimizer), "update_step")
    update(optimizer, grad, var, optimizer._decayed_lr("float64"))


def _set_hyper(optimizer: Any, name: str, value: Any) -> None:
    if name == "learning_rate":
        optimizer.learning_rate = value
    else:
        optimizer._hyper[name] = value


def _get_hyper(optimizer: Any, name: str, dtype: Any = None) -> Any:
    """Return a number as a tensor, a schedule as it is."""
    if name == "learning_rate":
        value = optimizer._learning_rate
        if callable(value):
            return value
    else:
        value = optimizer._hyper[name]
    value = value() if callable(value) else value
    return _tensor(value, dtype or "float32")


def _decayed_lr(optimizer: Any, var_dtype: Any) -> GradArray:
    step = int(optimizer._iterations)
    decay = optimizer._hyper.get("decay", optimizer._initial_decay)
    rate = float(current_rate(optimizer._learning_rate, step))
    return _tensor(rate / (1 + float(decay) * step), var_dtype)


def _serialize_hyperparameter(optimizer: Any, name: str) -> Any:
    if name == "learning_rate":
        return rate_config(optimizer._learning_rate)
    value = optimizer._hyper[name]
    return float(value() if callable(value) else value)


def add_slot(
    optimizer: Any,
    var: Any,
    slot_name: str,
    initializer: Any = "zeros",
    shape: Any = None,
) -> Any:
    """Make an array for a variable, of its shape unless another is given."""
    made = optimizer._made
    if (id(var), slot_name) not in made:
        if shape is None:
            slot = optimizer.add_variable_from_reference(var, slot_name, initializer)
        else:
            slot = optimizer.add_variable(tuple(shape), initializer, name=slot_name)
        made[id(var), slot_name] = slot
    return made[id(var), slot_name]


def get_slot(optimizer: Any, var: Any, slot_name: str) -> Any:
    """Return an array of a variable.

    Raises
    ------
    KeyError : `add_slot` made none of this name.
    """
    found = optimizer._made.get((id(var), slot_name))
    if found is not None:
        return found
    for name in _SLOTS.get(slot_name, ()):
        if name in optimizer._state.arrays:
            arrays = optimizer._state.arrays[name]
            return arrays[optimizer._get_variable_index(var)]
    raise KeyError(
        f"get_slot: {type(optimizer).__name__} has no {slot_name!r} for this variable. "
        "Make it in _create_slots by self.add_slot(var, name)."
    )


def _attribute(optimizer: Any, name: str) -> Any:
    hyper = vars(optimizer).get("_hyper", {})
    if name in hyper:
        return optimizer._get_hyper(name)
    found: Any = super(Optimizer, optimizer)
    return found.__getattr__(name)


#: What a class calls of its own or by `super()`.
_OF_ALL: tuple[Callable[..., Any], ...] = (
    *(_create_slots, _decayed_lr, _fallback_apply_state, _get_hyper, _prepare_local),
    *(_resource_apply_dense, _serialize_hyperparameter, _set_hyper, add_slot, get_slot),
)
_METHODS = {"__getattr__": _attribute, "_advance": _advance, "build": _build}
