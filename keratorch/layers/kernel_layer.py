"""The base of convolutions: windows, kernels, a bias and an activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch import activations, constraints, initializers, regularizers
from keratorch.layers.spatial import SpatialLayer
from keratorch.layers.spatial_arguments import check_rule, check_sizes
from keratorch.ops.convolving import After, Lying

_ROOMS: dict[str, Any] = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}


class KernelLayer(SpatialLayer):
    """A layer that slides kernels over its inputs, adds a bias, and activates.

    A subclass names in `roles` its weights, each of which has arguments
    ``ROLE_initializer``, ``ROLE_regularizer`` and ``ROLE_constraint``, and in `rules`
    the ways of padding that it knows.

    Parameters
    ----------
    weight_arguments : dict from roles to initializer, regularizer and constraint.

    The others are those of `Conv2D`.
    """

    roles: tuple[str, ...] = ("kernel", "bias")
    rules: tuple[str, ...] = ("valid", "same")
    bias: Any

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        weight_arguments: dict[str, tuple[Any, Any, Any]],
        **kwargs: Any,
    ):
        super().__init__(data_format, **kwargs)
        layer, rank = type(self).__name__, self.rank
        self.kernel_size = check_sizes(layer, "kernel_size", kernel_size, rank)
        self.strides = check_sizes(layer, "strides", strides, rank)
        self.padding = check_rule(layer, padding, self.rules)
        self.dilation_rate = check_sizes(layer, "dilation_rate", dilation_rate, rank)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        for role, arguments in weight_arguments.items():
            for (kind, room), argument in zip(_ROOMS.items(), arguments, strict=True):
                setattr(self, f"{role}_{kind}", room.get(argument))
        self._channels = 0

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        spans = tuple(
            (size - 1) * rate + 1
            for size, rate in zip(self.kernel_size, self.dilation_rate, strict=True)
        )
        windows = f"kernel_size={self.kernel_size}"
        if max(self.dilation_rate) > 1:
            windows += f", dilation_rate={self.dilation_rate}"
        counts = self._counts(input_shape, spans, self.strides, self.padding, windows)
        _, channels = self._split(input_shape)
        return self._joined(input_shape[0], counts, self._output_channels(channels))

    def _output_channels(self, channels: Any) -> Any:
        """Return the number of channels of the output for inputs of so many."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        config = {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
        }
        for role in self.roles:
            for kind, room in _ROOMS.items():
                value = getattr(self, f"{role}_{kind}")
                config[f"{role}_{kind}"] = room.serialize(value)
        return config

    def _channels_for_build(self, shape: tuple) -> int:
        """Return the number of channels, after a look at the whole shape."""
        _, channels = self._split(shape)
        if channels is None:
            raise ValueError(
                f"{self._named} needs to know the channels of its input; received "
                f"shape {shape} with data_format='{self.data_format}'. Give them in "
                "Input(shape=...)."
            )
        self.compute_output_shape(shape)
        self._channels = channels
        return channels

    def _weight(self, role: str, shape: tuple, name: str | None = None) -> Any:
        """Make the weight of a role."""
        return self.add_weight(
            name=name or role,
            shape=shape,
            initializer=getattr(self, f"{role}_initializer"),
            regularizer=getattr(self, f"{role}_regularizer"),
            constraint=getattr(self, f"{role}_constraint"),
        )

    def _bias_for(self, channels: int) -> Any:
        return self._weight("bias", (channels,)) if self.use_bias else None

    def _check_inputs(self, shape: tuple) -> None:
        """Raise unless the layer was built for such inputs."""
        _, channels = self._split(shape)
        if channels != self._channels:
            other = "channels_first"
            if self.data_format == other:
                other = "channels_last"
            raise ValueError(
                f"{self._named} expects inputs with {self._channels} channels, for "
                f"which it was built; received {channels}, in shape {shape} with "
                f"data_format='{self.data_format}'. Give it the same channels, make a "
                f"new layer, or say data_format='{other}' if they are there."
            )
        self.compute_output_shape(shape)

    @property
    def _lying(self) -> Lying:
        return Lying(self.strides, self.padding, self.data_format, self.dilation_rate)

    def _computed(self, convolve: Callable, *arguments: Any) -> Any:
        """Convolve, add the bias and apply the activation, at once where that goes."""
        if self.activation is activations.relu:
            return convolve(*arguments, after=After(self.bias, "relu"))
        outputs = convolve(*arguments, after=After(self.bias))
        return outputs if self.activation is None else self.activation(outputs)
