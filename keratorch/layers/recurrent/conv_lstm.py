"""ConvLSTM: an LSTM whose products are convolutions, for sequences of images."""

from __future__ import annotations

from typing import Any

from keratorch.layers.recurrent.cell_layer import CellLayer
from keratorch.layers.recurrent.conv_lstm_cell import ConvLSTMCell

_AXES = ("", "steps", "height, width", "depth, height, width")


class ConvLSTM(CellLayer):
    """The base of `ConvLSTM1D`, `ConvLSTM2D` and `ConvLSTM3D`, with their arguments."""

    rank = 0
    data_format: str
    forwarded = (
        "filters",
        "kernel_size",
        "strides",
        "padding",
        "data_format",
        "dilation_rate",
        "recurrent_activation",
        "unit_forget_bias",
    )

    def __init__(
        self,
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
        **kwargs: Any,
    ):
        cell = ConvLSTMCell(
            self.rank,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
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
            name="conv_lstm_cell",
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
        )
        super().__init__(
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )

    @property
    def state_size(self) -> list[Any]:
        """The sizes of h and c, -1 each: the shape of the inputs decides."""
        return [-1, -1]

    def build(self, sequences_shape: tuple, initial_state_shape: Any = None) -> None:
        self._check(sequences_shape)
        super().build(sequences_shape, initial_state_shape)

    couples_samples = CellLayer.couples_samples

    def call(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        self._check(sequences.shape)
        return super().call(sequences, initial_state, mask, training)

    def _check(self, shape: tuple) -> None:
        axes = f"(batch, time, {_AXES[self.rank]}, channels)"
        if self.data_format == "channels_first":
            axes = f"(batch, time, channels, {_AXES[self.rank]})"
        self._check_axes(shape, self.rank + 3, axes)

    def compute_output_shape(
        self, sequences_shape: tuple, initial_state_shape: Any = None
    ) -> Any:
        batch, time, *step = sequences_shape
        state = self.cell.compute_output_shape((batch, *step))[0]
        output = state
        if self.return_sequences:
            output = (batch, time, *state[1:])
        return (output, state, state) if self.return_state else output


class ConvLSTM1D(ConvLSTM):
    """An LSTM whose products are convolutions, for sequences of sequences.

    As `ConvLSTM2D`, whose parameters it takes, with one spatial axis instead of two.

    Shapes
    ------
    inputs : (batch, time, steps, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ConvLSTM1D
    >>> ConvLSTM1D(4, 3)(np.ones((2, 5, 10, 1))).shape
    (2, 8, 4)
    """

    rank = 1


class ConvLSTM2D(ConvLSTM):
    """An LSTM whose products are convolutions, for sequences of images.

    At each time, with * for convolution and i, f, candidate, o side by side in the
    channels of inputs[:, t] * kernel + h * recurrent_kernel + bias:

    c = sigmoid(f) c + sigmoid(i) tanh(candidate)
    h = sigmoid(o) tanh(c)

    Parameters
    ----------
    filters : int > 0, number of channels of h, which is the output, and of c.
    kernel_size : int > 0, or one for each spatial axis, of both kernels.
    strides, dilation_rate : int > 0, or one for each spatial axis, of the convolution
        of the inputs; that of h has 1 of both.
    padding : 'valid' or 'same', of the inputs; h is padded as 'same'.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    The others, from `activation` to `stateful`, are those of `LSTM`. Each gate has
    dropout masks of its own.

    Call arguments
    --------------
    sequences, initial_state, mask, training : those of `RNN`.

    Shapes
    ------
    inputs : (batch, time, height, width, channels);
    outputs : (batch, new_height, new_width, filters), with `return_sequences` (batch,
    time, new_height, new_width, filters);
    kernel : (*kernel_size, channels, 4 * filters);
    recurrent_kernel : (*kernel_size, filters, 4 * filters); bias : (4 * filters,).

    Raises
    ------
    ValueError : an argument outside its range, or inputs that do not fit.

    Source: Shi et al. (2015), without the paths from c to the gates.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ConvLSTM2D
    >>> layer = ConvLSTM2D(4, 3, padding="same", return_sequences=True)
    >>> layer(np.ones((2, 5, 8, 8, 1))).shape
    (2, 5, 8, 8, 4)
    """

    rank = 2


class ConvLSTM3D(ConvLSTM):
    """An LSTM whose products are convolutions, for sequences of volumes.

    As `ConvLSTM2D`, whose parameters it takes, with three spatial axes instead of two.

    Shapes
    ------
    inputs : (batch, time, depth, height, width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import ConvLSTM3D
    >>> ConvLSTM3D(2, 2)(np.ones((1, 2, 3, 3, 3, 1))).shape
    (1, 2, 2, 2, 2)
    """

    rank = 3
