"""One step of an LSTM whose products are convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations, ops
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.convolution import check_strides_or_dilation
from keratorch.layers.recurrent.recurrent_cell import RecurrentCell, forget_bias
from keratorch.layers.spatial_arguments import (
    check_data_format,
    check_rule,
    check_sizes,
)
from keratorch.ops.arrays import as_floats


class ConvLSTMCell(RecurrentCell):
    """One step of a ConvLSTM layer, whose formula stands at `ConvLSTM2D`.

    Parameters
    ----------
    rank : int, 1 to 3, the number of spatial axes.

    The others are those of `ConvLSTM2D`.
    """

    couples_samples = RecurrentCell.couples_samples
    gates = 4
    options = (
        "filters",
        "kernel_size",
        "strides",
        "padding",
        "data_format",
        "dilation_rate",
        "activation",
        "recurrent_activation",
        "use_bias",
        "unit_forget_bias",
    )
    state_size = -1  # a shape, which the shape of the inputs decides

    def __init__(
        self,
        rank: int,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
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
        **kwargs: Any,
    ):
        super().__init__(
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
            implementation=1,
            **kwargs,
        )
        layer = f"ConvLSTM{rank}D"
        self.rank = rank
        self.filters = check_positive_integer(layer, "filters", filters)
        self.kernel_size = check_sizes(layer, "kernel_size", kernel_size, rank)
        self.strides = check_sizes(layer, "strides", strides, rank)
        self.padding = check_rule(layer, padding, ("valid", "same"))
        self.data_format = check_data_format(layer, data_format)
        self.dilation_rate = check_sizes(layer, "dilation_rate", dilation_rate, rank)
        check_strides_or_dilation(layer, self.strides, self.dilation_rate)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = bool(unit_forget_bias)

    def build(self, input_shape: tuple) -> None:
        if None in input_shape[1:]:
            raise ValueError(
                f"ConvLSTM{self.rank}D needs to know the spatial axes and the channels "
                f"of its input; received the shape {input_shape} of a step. Give them "
                "in Input(shape=...)."
            )
        _, channels = self._split(input_shape)
        width = 4 * self.filters
        size = self.kernel_size
        self.kernel = self._weight("kernel", (*size, channels, width))
        self.recurrent_kernel = self._weight("recurrent", (*size, self.filters, width))
        self.bias = None
        if self.use_bias:
            initializer = self.bias_initializer
            if self.unit_forget_bias:
                initializer = forget_bias(initializer, self.filters)
            self.bias = self._weight("bias", (width,), initializer)
        self._state_shape = self.compute_output_shape(input_shape)[0][1:]

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        h, c = states[0], as_floats(states[1])
        masks = self.get_dropout_mask(inputs) if training else None
        z = self._gates(
            self._dropped(as_floats(inputs), masks),
            self.kernel,
            self.strides,
            self.padding,
            self.dilation_rate,
        )
        masks = self.get_recurrent_dropout_mask(h) if training else None
        parts = self._dropped(as_floats(h), masks)
        z = z + self._gates(parts, self.recurrent_kernel, 1, "same", 1)
        axis = 1 if self.data_format == "channels_first" else -1
        if self.bias is not None:
            tail = (1,) * self.rank if axis == 1 else ()
            z = z + np.reshape(self.bias, (-1, *tail))
        i, f, candidate, o = np.split(z, 4, axis=axis)
        gate = self.recurrent_activation
        c = gate(f) * c + gate(i) * self.activation(candidate)
        h = gate(o) * self.activation(c)
        return h, [h, c]

    def _gates(self, parts: list[Any], kernel: Any, *arguments: Any) -> Any:
        """Return the gates side by side: each part convolved with its own filters."""
        strides, padding, dilation = arguments

        def convolved(x: Any, kernel: Any) -> Any:
            return ops.conv(x, kernel, strides, padding, self.data_format, dilation)

        if all(part is parts[0] for part in parts):
            return convolved(parts[0], kernel)
        kernels = np.split(kernel, len(parts), axis=-1)
        axis = 1 if self.data_format == "channels_first" else -1
        return np.concatenate(list(map(convolved, parts, kernels)), axis=axis)

    def _split(self, shape: tuple) -> tuple[tuple, Any]:
        """Return the lengths of the spatial axes and the number of channels."""
        if self.data_format == "channels_first":
            return tuple(shape[2:]), shape[1]
        return tuple(shape[1:-1]), shape[-1]

    def compute_output_shape(self, input_shape: tuple, states_shape: Any = None) -> Any:
        lengths, _ = self._split(input_shape)
        counts = []
        for length, size, stride, rate in zip(
            lengths, self.kernel_size, self.strides, self.dilation_rate, strict=True
        ):
            reach = 1 if self.padding == "same" else (size - 1) * rate + 1
            count = None if length is None else (length - reach) // stride + 1
            if count is not None and count < 1:
                raise ValueError(
                    f"ConvLSTM{self.rank}D with kernel_size={self.kernel_size} and "
                    f"padding='valid' expects spatial axes of {reach} at least; "
                    f"received {lengths}. Use padding='same' or smaller kernels."
                )
            counts.append(count)
        state = (input_shape[0], *counts, self.filters)
        if self.data_format == "channels_first":
            state = (input_shape[0], self.filters, *counts)
        return state, [state, state]

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return zeros for h and c."""
        shape = (batch_size, *self._state_shape)
        return [np.zeros(shape, self.dtype) for _ in range(2)]
