"""Activations with weights that Keras 1 had: `SReLU` and `ParametricSoftplus`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import activations, initializers, layers


class _WithWeights(layers.Layer):
    """An activation with weights for each unit, or for units of some axes together.

    Parameters
    ----------
    shared_axes : int or list of int, axes whose units have the same weights.
    weights : list of arrays, the first values; None to draw them.
    """

    def __init__(self, shared_axes: Any = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = True
        if shared_axes is None or isinstance(shared_axes, (list, tuple)):
            self.shared_axes = list(shared_axes or [])
        else:
            self.shared_axes = [shared_axes]

    def _weight(self, name: str, input_shape: Sequence[Any], first: Any) -> Any:
        shape = list(input_shape[1:])
        for axis in self.shared_axes:
            shape[axis - 1] = 1
        return self.add_weight(shape, initializer=first, name=name)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "shared_axes": self.shared_axes}


class ParametricSoftplus(_WithWeights):
    """alpha * log(1 + exp(beta * x)), with learned alpha and beta.

    Parameters
    ----------
    alpha_init, beta_init : float, first values.
    shared_axes : axes whose units have the same weights.
    """

    def __init__(self, alpha_init: float = 0.2, beta_init: float = 5.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.alpha_init, self.beta_init = alpha_init, beta_init

    def build(self, input_shape: Sequence[Any]) -> None:
        """Make both weights."""
        first = initializers.Constant
        self.alphas = self._weight("alphas", input_shape, first(self.alpha_init))
        self.betas = self._weight("betas", input_shape, first(self.beta_init))

    def call(self, inputs: Any) -> Any:
        return activations.softplus(self.betas * inputs) * self.alphas

    def get_config(self) -> dict[str, Any]:
        own = {"alpha_init": self.alpha_init, "beta_init": self.beta_init}
        return {**super().get_config(), **own}


class SReLU(_WithWeights):
    """x between two learned borders, and learned slopes beyond them.

    Below t_left it is t_left + a_left * (x - t_left); above t = t_left + |t_right| it
    is t + a_right * (x - t).

    Parameters
    ----------
    t_left_init, a_left_init, t_right_init, a_right_init : initializers.
    shared_axes : axes whose units have the same weights.

    Source: Jin et al. (2016), Deep Learning with S-shaped Rectified Linear Activation
    Units.
    """

    def __init__(
        self,
        t_left_init: Any = "zeros",
        a_left_init: Any = "glorot_uniform",
        t_right_init: Any = "glorot_uniform",
        a_right_init: Any = "ones",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.first = {
            "t_left": initializers.get(t_left_init),
            "a_left": initializers.get(a_left_init),
            "t_right": initializers.get(t_right_init),
            "a_right": initializers.get(a_right_init),
        }

    def build(self, input_shape: Sequence[Any]) -> None:
        """Make the borders and the slopes."""
        weights = [self._weight(n, input_shape, f) for n, f in self.first.items()]
        self.t_left, self.a_left, self.t_right, self.a_right = weights

    def call(self, inputs: Any) -> Any:
        last = self.t_left + np.abs(self.t_right)
        below = np.minimum(inputs - self.t_left, 0) * self.a_left
        between = np.minimum(np.maximum(inputs, self.t_left), last)
        return below + between + np.maximum(inputs - last, 0) * self.a_right

    def get_config(self) -> dict[str, Any]:
        own = {f"{k}_init": initializers.serialize(v) for k, v in self.first.items()}
        return {**super().get_config(), **own}
