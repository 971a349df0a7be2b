"""The arguments of recurrences, checked and made ready."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import numpy as np

from keratorch import graph
from keratorch.errors import describe, suggest
from keratorch.grads.recurrent import RecurrenceGrad
from keratorch.grads.recurrent_steps import ACTIVATIONS
from keratorch.ops.activation import hard_sigmoid, relu, sigmoid
from keratorch.ops.arrays import as_floats

Activation = str | Callable[..., Any] | None
_NAMES: dict[Callable[..., Any], str] = {
    hard_sigmoid: "hard_sigmoid",
    relu: "relu",
    sigmoid: "sigmoid",
    np.tanh: "tanh",
}


class CheckedSequence(NamedTuple):
    """What a recurrence gets, checked: floats, in the order of computing."""

    x: Any
    states: list[Any]
    weights: list[Any]  # kernel, recurrent_kernel and bias
    mask: np.ndarray | None

    def results(
        self,
        recurrence: type[RecurrenceGrad],
        return_sequences: bool,
        zero_output_for_mask: bool,
        **options: Any,
    ) -> tuple[Any, Any, list[Any]]:
        """Return the last output, all outputs or None, and the states.

        Activations in the options that have no name let the textbook compute.
        """
        named = all(
            isinstance(option, str)
            for name, option in options.items()
            if name.endswith("activation")
        )
        compute = recurrence.apply if named else recurrence.textbook
        results = compute(
            self.x,
            *self.states,
            *self.weights,
            mask=self.mask,
            return_sequences=return_sequences,
            **options,
        )
        outputs, *states = results if return_sequences else (None, *results)
        last = states[0]
        if self.mask is not None and zero_output_for_mask:
            last = np.where(self.mask[:, -1:], last, 0)
            if outputs is not None:
                outputs = np.where(self.mask[..., np.newaxis], outputs, 0)
        return last, outputs, states


def checked_sequence(
    name: str,
    inputs: Any,
    states: dict[str, Any],
    weights: tuple[Any, Any, Any],
    mask: Any,
    go_backwards: bool,
    gates: int = 1,
    biases: tuple[int, ...] = (),
) -> CheckedSequence:
    """Return the arguments of a function, once their shapes fit.

    Each kernel holds `gates` of them side by side; `biases` are the leading axes of the
    bias.
    """
    x = as_floats(inputs)
    if x.ndim != 3 or not x.shape[1]:
        raise ValueError(
            f"{name} needs inputs of shape (batch, time, features), with one time or "
            f"more; received shape {x.shape}."
        )
    batch, _, features = x.shape
    kernel, recurrent_kernel, bias = map(_optional_floats, weights)
    units = recurrent_kernel.shape[0] if recurrent_kernel.ndim else 0
    width, units_of_all = gates * units, f"{gates} * units" if gates > 1 else "units"

    def check(argument: str, value: Any, letters: str, shape: tuple[int, ...]) -> None:
        if value is not None and value.shape != shape:
            raise ValueError(
                f"{name} expects {argument} of shape ({letters}) = {shape} for inputs "
                f"of shape {x.shape} and {units} units; received shape {value.shape}."
            )

    check(
        "recurrent_kernel", recurrent_kernel, f"units, {units_of_all}", (units, width)
    )
    check("kernel", kernel, f"features, {units_of_all}", (features, width))
    leading = "".join(f"{count}, " for count in biases)
    check("bias", bias, f"{leading}{units_of_all}", (*biases, width))
    firsts = []
    for argument, value in states.items():
        zeros = np.zeros((batch, units), x.dtype)
        firsts.append(as_floats(zeros if value is None else value))
        check(argument, firsts[-1], "batch, units", (batch, units))
    mask = _as_mask(name, mask, x.shape[:2])
    if go_backwards:
        x = np.flip(x, axis=1)
        mask = None if mask is None else mask[:, ::-1]
    return CheckedSequence(x, firsts, [kernel, recurrent_kernel, bias], mask)


def _optional_floats(weight: Any) -> Any:
    return None if weight is None else as_floats(weight)


def named_activation(name: str, activation: Activation) -> str | Callable[..., Any]:
    """Return the name of an activation that the kernels know, else the function."""
    if activation is None:
        return "linear"
    if callable(activation):
        # `keratorch.ops` offers each function in a wrapping for symbolic arrays
        plain = inspect.unwrap(activation)
        known = isinstance(plain, Hashable)
        return _NAMES.get(plain, activation) if known else activation
    if activation not in ACTIVATIONS:
        known_names = suggest(activation, ACTIVATIONS)
        raise ValueError(
            f"{name} knows no activation {activation!r}. {known_names} Or pass a "
            "function."
        )
    return activation


def _as_mask(name: str, mask: Any, shape: tuple[int, int]) -> np.ndarray | None:
    """Return a mask as booleans of a shape, (batch, time)."""
    if mask is None:
        return None
    mask = np.asarray(graph.value(mask))
    if mask.shape != shape or mask.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} expects a mask of booleans of shape (batch, time) = {shape}; "
            f"received {describe(mask)}."
        )
    return mask.astype(bool)


def as_drops(
    name: str, drops: Any, inputs: Any, recurrent_kernel: Any, gates: int
) -> np.ndarray | None:
    """Return what the state is multiplied with on its way to each gate."""
    if drops is None:
        return None
    drops = np.asarray(graph.value(drops))
    shape = (gates, np.shape(inputs)[0], np.shape(recurrent_kernel)[0])
    if drops.shape != shape:
        raise ValueError(
            f"{name} expects drops of shape (gates, batch, units) = {shape}; received "
            f"shape {drops.shape}."
        )
    return drops
