"""The base of cells: kernels, gates side by side in them, and dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations, constraints, initializers, random, regularizers
from keratorch.layers.arguments import check_positive_integer, check_rate
from keratorch.layers.layer import Layer
from keratorch.ops.arrays import as_floats

_ROOMS: dict[str, Any] = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}
_ROLES = ("kernel", "recurrent", "bias")


class RecurrentCell(Layer):
    """A step with a kernel for the inputs, one for the state, a bias, and dropout.

    A subclass says how many `gates` its kernels hold side by side and which ``options``
    stand in its configuration beside the common ones.

    Parameters
    ----------
    weight_arguments : dict from 'kernel', 'recurrent' and 'bias' to initializer,
        regularizer and constraint.
    implementation : 1 or 2: whether each gate has a dropout mask of its own, or (2) all
        have one; 0 is as 2. With `recurrent_dropout` it is always 1.

    The others are those of `LSTMCell`.
    """

    gates = 1
    options: tuple[str, ...] = ("units", "activation", "use_bias")
    bias: Any
    bias_initializer: Any
    _dropout_mask: Any
    _recurrent_dropout_mask: Any

    def __init__(
        self,
        activation: Any,
        use_bias: bool,
        weight_arguments: dict[str, tuple[Any, Any, Any]],
        dropout: float,
        recurrent_dropout: float,
        seed: int | None,
        implementation: int = 2,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        name = type(self).__name__
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        for role, arguments in weight_arguments.items():
            for (kind, room), argument in zip(_ROOMS.items(), arguments, strict=True):
                setattr(self, f"{role}_{kind}", room.get(argument))
        self.dropout = check_rate(name, dropout, "dropout")
        self.recurrent_dropout = check_rate(
            name, recurrent_dropout, "recurrent_dropout"
        )
        if implementation not in (0, 1, 2):  # 0, an older one, computes as 2
            raise ValueError(
                f"{name}: implementation must be 1 or 2; received {implementation!r}."
            )
        self.implementation = 1 if self.recurrent_dropout else implementation
        self.seed = seed
        self.seed_generator = None if seed is None else random.SeedGenerator(seed)
        self.reset_dropout_mask()
        self.reset_recurrent_dropout_mask()

    def _weight(self, role: str, shape: tuple, initializer: Any = None) -> Any:
        """Make the weight of a role."""
        name = "recurrent_kernel" if role == "recurrent" else role
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer or getattr(self, f"{role}_initializer"),
            regularizer=getattr(self, f"{role}_regularizer"),
            constraint=getattr(self, f"{role}_constraint"),
        )

    # Dropout: a mask is drawn once for a sequence, and kept until it is reset

    @property
    def couples_samples(self) -> bool:
        """Whether the cell keeps a mask of its samples from step to step."""
        return bool(self.dropout or self.recurrent_dropout)

    def get_dropout_mask(self, inputs: Any) -> Any:
        """Return the mask of the inputs, or a list of one for each gate, or None."""
        if self._dropout_mask is None:
            self._dropout_mask = self._drawn(inputs, self.dropout)
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, state: Any) -> Any:
        """Return the mask of the state, or a list of one for each gate, or None."""
        if self._recurrent_dropout_mask is None:
            self._recurrent_dropout_mask = self._drawn(state, self.recurrent_dropout)
        return self._recurrent_dropout_mask

    def reset_dropout_mask(self) -> None:
        """Let the next step draw a new mask of the inputs."""
        object.__setattr__(self, "_dropout_mask", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Let the next step draw a new mask of the state."""
        object.__setattr__(self, "_recurrent_dropout_mask", None)

    def _drawn(self, like: Any, rate: float) -> Any:
        if not 0 < rate < 1:  # as in Keras, a rate of 1 drops nothing
            return None
        ones = np.ones(like.shape, self.dtype)
        if not self._masks_gates:
            return random.dropout(ones, rate, seed=self.seed_generator)
        return [
            random.dropout(ones, rate, seed=self.seed_generator)
            for _ in range(self.gates)
        ]

    @property
    def _masks_gates(self) -> bool:
        """Whether each gate has a mask of its own."""
        return self.implementation == 1 and self.gates > 1

    def _dropped(self, x: Any, masks: Any) -> list[Any]:
        """Return for each gate what reaches it."""
        masks = masks if isinstance(masks, list) else [masks] * self.gates
        return [x if mask is None else x * mask for mask in masks]

    def _through(self, parts: list[Any], kernel: Any) -> Any:
        """Return the gates side by side: each part times its part of the kernel."""
        if all(part is parts[0] for part in parts):
            return parts[0] @ kernel
        kernels = np.split(kernel, len(parts), axis=-1)
        products = [part @ own for part, own in zip(parts, kernels, strict=True)]
        return np.concatenate(products, axis=-1)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        for option in self.options:
            value = getattr(self, option)
            if option.endswith("activation"):
                value = activations.serialize(value)
            config[option] = value
        for role in _ROLES:
            for kind, room in _ROOMS.items():
                value = getattr(self, f"{role}_{kind}")
                config[f"{role}_{kind}"] = room.serialize(value)
        rates = {"dropout": self.dropout, "recurrent_dropout": self.recurrent_dropout}
        return {**config, **rates, "seed": self.seed}


class VectorCell(RecurrentCell):
    """A cell whose state is a vector of `units` numbers, the base of `LSTMCell`."""

    def __init__(self, units: int, *arguments: Any, **kwargs: Any):
        super().__init__(*arguments, **kwargs)
        self.units = check_positive_integer(type(self).__name__, "units", units)

    @property
    def state_size(self) -> Any:
        """The length of the state, or a list of lengths."""
        return self.units

    @property
    def output_size(self) -> int:
        """The length of the output."""
        return self.units

    def get_initial_state(self, batch_size: int | None = None) -> list[Any]:
        """Return zeros."""
        return [np.zeros((batch_size, self.units), self.dtype)]

    def build(self, input_shape: tuple) -> None:
        width = self.gates * self.units
        if input_shape[-1] is None:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' needs to know the length of its "
                f"input; received shape {input_shape}. Give it in Input(shape=...)."
            )
        self.kernel = self._weight("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._weight("recurrent", (self.units, width))
        self.bias = None
        if self.use_bias:
            self.bias = self._weight("bias", self._bias_shape(), self._first_bias())

    def _bias_shape(self) -> tuple[int, ...]:
        return (self.gates * self.units,)

    def _first_bias(self) -> Any:
        """Return the initializer of the bias."""
        return self.bias_initializer

    def _projected(self, inputs: Any, training: bool, bias: Any) -> Any:
        """Return inputs @ kernel + bias, after dropout."""
        masks = self.get_dropout_mask(inputs) if training else None
        parts = self._dropped(as_floats(inputs), masks)
        projected = self._through(parts, self.kernel)
        return projected if bias is None else projected + bias

    def _states_of(self, state: Any, training: bool) -> list[Any]:
        """Return for each gate the state that reaches it, after dropout."""
        masks = self.get_recurrent_dropout_mask(state) if training else None
        return self._dropped(as_floats(state), masks)


def forget_bias(initializer: Any, units: int) -> Any:
    """Return an initializer of the bias of four gates: 1 for the second, to forget."""

    def first_values(shape: Any, dtype: Any = None) -> np.ndarray:
        ones = np.ones((units,), dtype)
        parts = (
            initializer((units,), dtype=dtype),
            initializer((2 * units,), dtype=dtype),
        )
        return np.concatenate([parts[0], ones, parts[1]])

    return first_values
