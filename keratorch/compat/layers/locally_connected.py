"""LocallyConnected1D and LocallyConnected2D, which Keras 3 dropped.

They are convolutions with a kernel of its own at every place: each patch of the inputs
is multiplied by the kernel of its place.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from keratorch import activations, constraints, initializers, layers, regularizers
from keratorch.backend.tensors import tensor
from keratorch.compat.functions.conv_utils import (
    conv_output_length,
    normalize_data_format,
    normalize_tuple,
)
from keratorch.compat.layers import older_attributes
from keratorch.compat.layers.layer_arguments import LAYERS, of_object, reordering
from keratorch.compat.translation import answering
from keratorch.symbolic import lifted


def local_conv(
    inputs: Any, kernel: Any, kernel_size: Sequence[int], strides: Sequence[int]
) -> Any:
    """Multiply each patch of the inputs by the kernel of its place.

    Parameters
    ----------
    inputs : (batch, *lengths, channels).
    kernel : (places, patch, filters); a patch goes through the places of the kernel,
        channels last.
    kernel_size, strides : int for each axis of lengths.

    Returns
    -------
    (batch, *output lengths, filters).
    """
    lengths = [
        conv_output_length(n, size, "valid", stride)
        for n, size, stride in zip(
            inputs.shape[1:-1], kernel_size, strides, strict=True
        )
    ]
    shifted = []
    for start in itertools.product(*map(range, kernel_size)):
        steps = [
            slice(first, first + (n - 1) * stride + 1, stride)
            for first, n, stride in zip(start, lengths, strides, strict=True)
        ]
        shifted.append(inputs[(slice(None), *steps)])
    patches = np.concatenate(shifted, axis=-1)
    rows = patches.reshape(len(inputs), kernel.shape[0], kernel.shape[1])
    outputs = np.swapaxes(np.swapaxes(rows, 0, 1) @ kernel, 0, 1)
    return outputs.reshape(len(inputs), *lengths, kernel.shape[2])


class LocallyConnected(layers.Layer):
    """The base of both layers, whose arguments it takes.

    Parameters
    ----------
    filters : int > 0, channels of the outputs.
    kernel_size, strides : int, or one for each axis.
    padding : 'valid', the only one.
    data_format : 'channels_last' or 'channels_first'; None for the one set.
    activation, use_bias, *_initializer, *_regularizer, *_constraint : as in `Conv2D`.

    Raises
    ------
    ValueError : another padding, or an input of unknown lengths.
    """

    rank: ClassVar[int]

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if padding != "valid":
            raise ValueError(
                f"{type(self).__name__}: padding must be 'valid', since places beside "
                f"the inputs have no kernel; received {padding!r}."
            )
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = padding
        self.data_format = normalize_data_format(data_format)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make a kernel for each place.

        Raises
        ------
        ValueError : an input of unknown lengths.
        """
        first = self.data_format == "channels_first"
        lengths, channels = input_shape[1:-1], input_shape[-1]
        if first:
            lengths, channels = input_shape[2:], input_shape[1]
        for n, size in zip(lengths, self.kernel_size, strict=True):
            if n is not None and n < size:
                raise ValueError(
                    f"{type(self).__name__} '{self.name}' with "
                    f"kernel_size={self.kernel_size} expects inputs of spatial shape "
                    f"{self.kernel_size} at least; received shape "
                    f"{tuple(input_shape)}. Use smaller windows, or larger inputs."
                )
        places = [
            conv_output_length(n, size, "valid", stride)
            for n, size, stride in zip(
                lengths, self.kernel_size, self.strides, strict=True
            )
        ]
        if channels is None or None in places:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' has weights for each place, and "
                f"needs inputs of known lengths; received shape {tuple(input_shape)}. "
                "Give them to Input."
            )
        patch = math.prod(self.kernel_size) * channels
        self.kernel = self.add_weight(
            (math.prod(places), patch, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (*places, self.filters),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def call(self, inputs: Any) -> Any:
        first = self.data_format == "channels_first"
        x = np.moveaxis(inputs, 1, -1) if first else inputs
        outputs = local_conv(x, self.kernel, self.kernel_size, self.strides)
        if self.use_bias:
            outputs = outputs + self.bias
        outputs = self.activation(outputs)
        return np.moveaxis(outputs, -1, 1) if first else outputs

    def get_config(self) -> dict[str, Any]:
        names = ("filters", "kernel_size", "strides", "padding", "data_format")
        config = {name: getattr(self, name) for name in (*names, "use_bias")}
        config["activation"] = activations.serialize(self.activation)
        for room, kind in (
            (initializers, "initializer"),
            (regularizers, "regularizer"),
            (constraints, "constraint"),
        ):
            for weight in ("kernel", "bias"):
                name = f"{weight}_{kind}"
                config[name] = room.serialize(getattr(self, name))
        return {**super().get_config(), **config}


class LocallyConnected1D(LocallyConnected):
    """A kernel of its own for each stretch of a sequence."""

    rank = 1


class LocallyConnected2D(LocallyConnected):
    """A kernel of its own for each patch of an image."""

    rank = 2


def _let_older_arguments_be(layer: type[LocallyConnected]) -> None:
    table = LAYERS[layer.__name__]
    reorder = of_object(reordering(layer.__name__, table))
    layer.__init__ = answering(layer.__init__, "", table, reorder)  # type: ignore[method-assign]
    older_attributes.give(layer, table)


_let_older_arguments_be(LocallyConnected1D)
_let_older_arguments_be(LocallyConnected2D)


@lifted
def local_conv1d(
    inputs: Any,
    kernel: Any,
    kernel_size: Sequence[int],
    strides: Sequence[int],
    data_format: str | None = None,
) -> Any:
    """Multiply each stretch of a sequence by the kernel of its place."""
    return _local_conv(inputs, kernel, kernel_size, strides, data_format)


@lifted
def local_conv2d(
    inputs: Any,
    kernel: Any,
    kernel_size: Sequence[int],
    strides: Sequence[int],
    output_shape: Sequence[int] | None = None,
    data_format: str | None = None,
) -> Any:
    """Multiply each patch of an image by the kernel of its place.

    `output_shape` follows from the others: it changes nothing.
    """
    return _local_conv(inputs, kernel, kernel_size, strides, data_format)


def _local_conv(
    inputs: Any,
    kernel: Any,
    kernel_size: Sequence[int],
    strides: Sequence[int],
    data_format: str | None,
) -> Any:
    inputs, kernel = tensor(inputs), tensor(kernel)
    if normalize_data_format(data_format) == "channels_last":
        return local_conv(inputs, kernel, kernel_size, strides)
    outputs = local_conv(np.moveaxis(inputs, 1, -1), kernel, kernel_size, strides)
    return np.moveaxis(outputs, -1, 1)
