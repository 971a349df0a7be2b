"""GRU: a state that gates keep or replace."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations, ops
from keratorch.layers.recurrent.cell_layer import (
    SequenceLayer,
    activation_name,
    check_use_cudnn,
)
from keratorch.layers.recurrent.recurrent_cell import VectorCell
from keratorch.nested import is_nested
from keratorch.ops.arrays import as_floats


class GRUCell(VectorCell):
    """One step of a `GRU`, whose formula stands there.

    Parameters
    ----------
    units, activation, ... : those of `GRU`.

    Call arguments
    --------------
    inputs : (batch, features).
    states : list of the state, (batch, units).
    training : bool, whether to drop.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GRUCell
    >>> output, states = GRUCell(4)(np.ones((2, 3)), [np.zeros((2, 4))])
    >>> output.shape, len(states)
    ((2, 4), 1)
    """

    couples_samples = VectorCell.couples_samples
    gates = 3
    options = ("units", "activation", "recurrent_activation", "use_bias", "reset_after")

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        implementation: int = 2,
        **kwargs: Any,
    ):
        super().__init__(
            units,
            activation,
            use_bias,
            {
                "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
                "recurrent": (
                    recurrent_initializer,
                    recurrent_regularizer,
                    recurrent_constraint,
                ),
                "bias": (bias_initializer, bias_regularizer, bias_constraint),
            },
            dropout,
            recurrent_dropout,
            seed,
            implementation,
            **kwargs,
        )
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = bool(reset_after)

    def _bias_shape(self) -> tuple[int, ...]:
        width = 3 * self.units
        return (2, width) if self.reset_after else (width,)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        before = states[0] if is_nested(states) else states
        of_input, of_state = self.bias, None
        if self.reset_after and self.bias is not None:
            of_input, of_state = self.bias[0], self.bias[1]
        projected = self._projected(inputs, training, of_input)
        z, r, candidate = np.split(projected, 3, axis=-1)
        gate, parts = self.recurrent_activation, self._states_of(before, training)
        to_gates, to_candidate = np.split(
            self.recurrent_kernel, [2 * self.units], axis=-1
        )
        if self.reset_after:
            reached = self._through(parts, self.recurrent_kernel)
            reached = reached if of_state is None else reached + of_state
            of_z, of_r, inner = np.split(reached, 3, axis=-1)
            z, r = gate(z + of_z), gate(r + of_r)
            candidate = self.activation(candidate + r * inner)
        else:
            of_z, of_r = np.split(self._through(parts[:2], to_gates), 2, axis=-1)
            z, r = gate(z + of_z), gate(r + of_r)
            candidate = self.activation(candidate + (r * parts[2]) @ to_candidate)
        h = z * as_floats(before) + (1 - z) * candidate
        return h, [h] if is_nested(states) else h


class GRU(SequenceLayer):
    """Gated recurrent units: a state that gates keep or replace.

    At each time, with z, r, candidate side by side in inputs[:, t] @ kernel + bias[0],
    and of_z, of_r, inner in h @ recurrent_kernel + bias[1]:

    z, r = sigmoid(z + of_z), sigmoid(r + of_r)
    h = z * h + (1 - z) * tanh(candidate + r * inner)

    Parameters
    ----------
    units : int > 0, length of the state, which is the output.
    activation, recurrent_activation : name or function, what stands for tanh and for
        the sigmoid; None for none.
    use_bias : bool.
    kernel_initializer, recurrent_initializer, bias_initializer : name, function or
        object.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : penalty added to the
        loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    kernel_constraint, recurrent_constraint, bias_constraint : function applied after
        each update.
    dropout, recurrent_dropout : float from 0 to 1, share of the inputs and of the state
        to drop in training, the same ones at each step of a sequence. With
        `recurrent_dropout` each gate has masks of its own.
    seed : int, or None to draw dropout from the global stream.
    return_sequences, return_state, go_backwards, stateful, unroll : those of `RNN`.
    reset_after : bool, whether r multiplies ``inner``, or (False) h before its product
        with the recurrent kernel, which then has no bias of its own.
    use_cudnn : 'auto', True or False; it changes nothing here.
    implementation : 1 or 2: whether each gate has a dropout mask of its own for the
        inputs, or (2, the default) all share one. 0, of older files, is as 2.

    Call arguments
    --------------
    sequences, initial_state, mask, training : those of `RNN`.

    Shapes
    ------
    inputs : (batch, time, features); outputs : (batch, units), or (batch, time, units)
    with `return_sequences`; kernel : (features, 3 * units); recurrent_kernel : (units,
    3 * units); bias : (2, 3 * units), without `reset_after` (3 * units,).

    Raises
    ------
    ValueError : an argument outside its range, or inputs that do not fit.

    Source: Cho et al. (2014), the first version of the preprint with `reset_after`, the
    third without.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import GRU
    >>> GRU(4)(np.ones((2, 5, 3))).shape
    (2, 4)
    """

    forwarded = ("units", "recurrent_activation", "reset_after")

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: Any = "auto",
        implementation: int = 2,
        **kwargs: Any,
    ):
        cell = GRUCell(
            units,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            reset_after,
            seed,
            name="gru_cell",
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            implementation=implementation,
        )
        super().__init__(
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.use_cudnn = check_use_cudnn("GRU", use_cudnn)

    def _fused(
        self, sequences: Any, states: list[Any], kernel: Any, **arguments: Any
    ) -> Any:
        cell = self.cell
        return ops.gru(
            sequences,
            states[0],
            kernel,
            cell.recurrent_kernel,
            cell.bias,
            activation_name(cell.activation),
            activation_name(cell.recurrent_activation),
            cell.reset_after,
            **arguments,
        )
