"""SimpleRNN: at each time a dense layer of input and state."""

from __future__ import annotations

from typing import Any

from keratorch import ops
from keratorch.layers.recurrent.cell_layer import SequenceLayer, activation_name
from keratorch.layers.recurrent.recurrent_cell import VectorCell
from keratorch.nested import is_nested


class SimpleRNNCell(VectorCell):
    """One step of a `SimpleRNN`.

    h = activation(inputs @ kernel + h @ recurrent_kernel + bias)

    Parameters
    ----------
    units, activation, ... : those of `SimpleRNN`.

    Call arguments
    --------------
    sequence : (batch, features).
    states : list of the state, (batch, units).
    training : bool, whether to drop.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SimpleRNNCell
    >>> output, states = SimpleRNNCell(4)(np.ones((2, 3)), [np.zeros((2, 4))])
    >>> output.shape, len(states)
    ((2, 4), 1)
    """

    couples_samples = VectorCell.couples_samples

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
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
        seed: int | None = None,
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
            **kwargs,
        )

    def call(self, sequence: Any, states: Any, training: bool = False) -> Any:
        before = states[0] if is_nested(states) else states
        projected = self._projected(sequence, training, self.bias)
        (h,) = self._states_of(before, training)
        h = self.activation(projected + h @ self.recurrent_kernel)
        return h, [h] if is_nested(states) else h


class SimpleRNN(SequenceLayer):
    """A recurrent network without gates.

    h = activation(inputs[:, t] @ kernel + h @ recurrent_kernel + bias)

    Parameters
    ----------
    units : int > 0, length of the state, which is the output.
    activation : name or function; None for none.
    use_bias : bool.
    kernel_initializer, recurrent_initializer, bias_initializer : name, function or
        object.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : penalty added to the
        loss.
    activity_regularizer : penalty of the output, averaged over the batch.
    kernel_constraint, recurrent_constraint, bias_constraint : function applied after
        each update.
    dropout, recurrent_dropout : float from 0 to 1, share of the inputs and of the state
        to drop in training, the same ones at each step of a sequence.
    return_sequences, return_state, go_backwards, stateful, unroll : those of `RNN`.
    seed : int, or None to draw dropout from the global stream.

    Call arguments
    --------------
    sequences, initial_state, mask, training : those of `RNN`.

    Shapes
    ------
    inputs : (batch, time, features); outputs : (batch, units), or (batch, time, units)
    with `return_sequences`; kernel : (features, units); recurrent_kernel : (units,
    units); bias : (units,).

    Raises
    ------
    ValueError : an argument outside its range, or inputs that do not fit.

    Source: Elman (1990), "Finding Structure in Time".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import SimpleRNN
    >>> SimpleRNN(4, return_sequences=True)(np.ones((2, 5, 3))).shape
    (2, 5, 4)
    """

    forwarded = ("units",)
    unsaved = ("seed",)

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
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
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ):
        cell = SimpleRNNCell(
            units,
            activation,
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
            seed,
            name="simple_rnn_cell",
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
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

    def _fused(
        self, sequences: Any, states: list[Any], kernel: Any, **arguments: Any
    ) -> Any:
        cell = self.cell
        return ops.simple_rnn(
            sequences,
            states[0],
            kernel,
            cell.recurrent_kernel,
            cell.bias,
            activation_name(cell.activation),
            **arguments,
        )
