"""Recurrent layers that replace one step of `LSTM`, `GRU` or `SimpleRNN`.

In Keras 1 and 2.0 these had no cell, but methods that a subclass could replace:

class Gated(LSTM):
    def get_constants(self, x):
        return [*super().get_constants(x), K.sigmoid(x[:, 0, :1])]

    def step(self, x, states):
        output, states_after = super().step(x, states)
        return output * states[-1], states_after
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.recurrent.loop import over_time
from keratorch.layers.recurrent.stacked_rnn_cells import run_cell

# The gates side by side in the weights of three, of four and of one.
_GATES = {4: "ifco", 3: "zrh", 1: ""}
_WEIGHTS = {"kernel": "W", "recurrent_kernel": "U", "bias": "b"}
_METHODS = ("step", "get_constants", "preprocess_input", "get_initial_states")


def finish(base: Any) -> None:
    """Give the base of these layers the methods, and let a subclass replace `step`."""
    for name in _METHODS:
        setattr(base, name, globals()[f"_{name}"])

    def __init_subclass__(cls: Any, **kwargs: Any) -> None:  # noqa: N807
        super(base, cls).__init_subclass__(**kwargs)
        if "step" in vars(cls):
            _adopt(cls, base)

    base.__init_subclass__ = classmethod(__init_subclass__)


def _adopt(cls: Any, base: Any) -> None:
    """Let a class run its own step, in whose order the steps of all times are taken."""
    cls.couples_samples = True  # nobody knows what the step does
    cls.implementation, cls.consume_less = 2, "gpu"  # inputs come as they are
    cls._run = _run
    for name, first_name in _WEIGHTS.items():
        _add(cls, name, _OfCell(name))
        for gate in "ifcozrh":
            for prefix in (name, first_name):
                _add(cls, f"{prefix}_{gate}", _OfCell(name, gate))
    first_states = base._first_states

    def _first_states(self: Any, sequences: Any, initial_state: Any) -> list[Any]:
        own = type(self).get_initial_states is not base.get_initial_states
        if own and initial_state is None and not self.stateful:
            return list(self.get_initial_states(sequences))
        return first_states(self, sequences, initial_state)

    cls._first_states = _first_states


def _add(cls: Any, name: str, attribute: Any) -> None:
    if not hasattr(cls, name):
        setattr(cls, name, attribute)


class _OfCell:
    """A weight of the cell, or a gate's part of it, unless the layer has its own."""

    def __init__(self, weight: str, gate: str = ""):
        self.weight, self.gate = weight, gate

    def __get__(self, layer: Any, cls: Any = None) -> Any:
        if layer is None:
            return self
        weight, gates = getattr(layer.cell, self.weight), _GATES[layer.cell.gates]
        if not self.gate or weight is None:
            return weight
        if self.gate not in gates:
            raise AttributeError(
                f"{type(layer).__name__} has no gate '{self.gate}'. Use one of: "
                f"{', '.join(gates) or 'none'}."
            )
        first = gates.index(self.gate) * layer.units
        return weight[..., first : first + layer.units]


def _run(
    self: Any, sequences: Any, states: list[Any], mask: Any, training: bool
) -> tuple[Any, Any, list[Any]]:
    """Return the last output, all outputs and the last states."""
    object.__setattr__(self, "_in_training", training)
    self.cell.reset_dropout_mask()
    self.cell.reset_recurrent_dropout_mask()
    constants = list(self.get_constants(sequences))
    try:
        return over_time(
            lambda x, states: self.step(x, [*states, *constants]),
            self.preprocess_input(sequences),
            states,
            mask,
            self.go_backwards,
            self.zero_output_for_mask,
            self.return_sequences,
        )
    finally:
        self.cell.reset_dropout_mask()
        self.cell.reset_recurrent_dropout_mask()


def _step(self: Any, inputs: Any, states: Any) -> tuple[Any, list[Any]]:
    """Return the output and the states of one time; constants may follow the states."""
    own = list(states[: len(self.state_size)])
    output, after = run_cell(self.cell, inputs, own, self._in_training)
    return output, list(after) if isinstance(after, (list, tuple)) else [after]


def _get_constants(self: Any, inputs: Any, training: Any = None) -> list[Any]:
    """Return the masks of dropout, of inputs and of the state: one for each gate.

    They are 1 where nothing is dropped.
    """
    cell = self.cell
    masks: list[Any] = [None, None]
    if self._in_training:
        masks[0] = cell.get_dropout_mask(inputs[:, 0])
        state = np.zeros((inputs.shape[0], self.units), self.dtype)
        masks[1] = cell.get_recurrent_dropout_mask(state)
    return [_for_gates(mask, cell.gates) for mask in masks]


def _for_gates(mask: Any, gates: int) -> Any:
    if isinstance(mask, list):
        return mask
    one = 1.0 if mask is None else mask
    return [one] * gates if gates > 1 else one


def _preprocess_input(self: Any, inputs: Any, training: Any = None) -> Any:
    """Return what the steps get: the inputs."""
    return inputs


def _get_initial_states(self: Any, inputs: Any) -> list[Any]:
    """Return the states before the first step."""
    return self.get_initial_state(inputs.shape[0])
