"""LSTM: a cell that gates fill, empty and show."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations, ops
from keratorch.layers.recurrent.cell_layer import (
    SequenceLayer,
    activation_name,
    check_use_cudnn,
)
from keratorch.layers.recurrent.recurrent_cell import VectorCell, forget_bias
from keratorch.ops.arrays import as_floats


class LSTMCell(VectorCell):
    """One step of an `LSTM`, whose formula stands there.

    Parameters
    ----------
    units, activation, ... : those of `LSTM`.

    Call arguments
    --------------
    inputs : (batch, features).
    states : list of h and c, each (batch, units).
    training : bool, whether to drop.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LSTMCell
    >>> cell = LSTMCell(4)
    >>> output, (h, c) = cell(np.ones((2, 3)), cell.get_initial_state(2))
    >>> output.shape, c.shape
    ((2, 4), (2, 4))
    """

    couples_samples = VectorCell.couples_samples
    gates = 4
    options = (
        "units",
        "activation",
        "recurrent_activation",
        "use_bias",
        "unit_forget_bias",
    )

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
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
        self.unit_forget_bias = bool(unit_forget_bias)

    @property
    def state_size(self) -> list[int]:
        """The lengths of h and c."""
        return [self.units, self.units]

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return zeros for h and c."""
        return [np.zeros((batch_size, self.units), self.dtype) for _ in range(2)]

    def _first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer
        return forget_bias(self.bias_initializer, self.units)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        h, c = states[0], as_floats(states[1])
        z = self._projected(inputs, training, self.bias)
        z = z + self._through(self._states_of(h, training), self.recurrent_kernel)
        i, f, candidate, o = np.split(z, 4, axis=-1)
        gate = self.recurrent_activation
        c = gate(f) * c + gate(i) * self.activation(candidate)
        h = gate(o) * self.activation(c)
        return h, [h, c]


class LSTM(SequenceLayer):
    """Long short-term memory: a cell that gates fill, empty and show.

    At each time, with i, f, candidate, o side by side in
    inputs[:, t] @ kernel + h @ recurrent_kernel + bias:

    c = sigmoid(f) * c + sigmoid(i) * tanh(candidate)
    h = sigmoid(o) * tanh(c)

    Parameters
    ----------
    units : int > 0, length of h, which is the output, and of c.
    activation, recurrent_activation : name or function, what stands for tanh and for
        the sigmoid; None for none.
    use_bias : bool.
    kernel_initializer, recurrent_initializer, bias_initializer : name, function or
        object.
    unit_forget_bias : bool, whether the bias of the gate f begins at 1.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : penalty added to the
        loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    kernel_constraint, recurrent_constraint, bias_constraint : function applied after
        each update.
    dropout, recurrent_dropout : float from 0 to 1, share of the inputs and of the state
        to drop in training, the same ones at each step of a sequence. With
        `recurrent_dropout` each gate has masks of its own.
    seed : int, or None to draw dropout from the global stream.
    return_sequences, return_state, go_backwards, stateful, unroll : those of `RNN`. The
        states are h and c.
    use_cudnn : 'auto', True or False; it changes nothing here.
    implementation : 1 or 2: whether each gate has a dropout mask of its own for the
        inputs, or (2, the default) all share one. 0, of older files, is as 2.

    Call arguments
    --------------
    sequences, initial_state, mask, training : those of `RNN`.

    Shapes
    ------
    inputs : (batch, time, features); outputs : (batch, units), or (batch, time, units)
    with `return_sequences`; kernel : (features, 4 * units); recurrent_kernel : (units,
    4 * units); bias : (4 * units,).

    Raises
    ------
    ValueError : an argument outside its range, or inputs that do not fit.

    Source: Hochreiter & Schmidhuber (1997); the gate f: Gers et al. (2000); its bias of
    1: Jozefowicz et al. (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LSTM
    >>> output, h, c = LSTM(4, return_state=True)(np.ones((2, 5, 3)))
    >>> output.shape, c.shape
    ((2, 4), (2, 4))
    """

    forwarded = ("units", "recurrent_activation", "unit_forget_bias")

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
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
        use_cudnn: Any = "auto",
        implementation: int = 2,
        **kwargs: Any,
    ):
        cell = LSTMCell(
            units,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            unit_forget_bias,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            name="lstm_cell",
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
        self.use_cudnn = check_use_cudnn("LSTM", use_cudnn)

    def _fused(
        self, sequences: Any, states: list[Any], kernel: Any, **arguments: Any
    ) -> Any:
        cell = self.cell
        return ops.lstm(
            sequences,
            states[0],
            states[1],
            kernel,
            cell.recurrent_kernel,
            cell.bias,
            activation_name(cell.activation),
            activation_name(cell.recurrent_activation),
            **arguments,
        )
