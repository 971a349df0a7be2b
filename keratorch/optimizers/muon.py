"""Muon."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.kernels.blas import axpby
from keratorch.optimizers.adam import bias_correction
from keratorch.optimizers.arguments import (
    check_count,
    check_decay,
    check_number,
    check_optional,
)
from keratorch.optimizers.gradients import norm
from keratorch.optimizers.learning_rate import LearningRate
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.parameters import label
from keratorch.optimizers.pytorch_loop import either_style


class Muon(Optimizer):
    """Muon: steps that are matrices with singular values near 1; Adam for the rest.

    m = momentum * m + g
    step = orthogonalized(g + momentum * m), with nesterov, else orthogonalized(m)
    w = w - learning_rate * rms_rate * sqrt(max(rows, columns)) * step

    for matrices. Weights of other shapes, embeddings and `exclude_layers` are left to
    `Adam`. `orthogonalized` makes ``ns_steps`` steps of

    x = a * x + (b * x @ x.T + c * (x @ x.T) @ (x @ x.T)) @ x,  from x / norm(x)

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule or function, the step size.
    adam_beta_1, adam_beta_2, epsilon : see `Adam`.
    adam_weight_decay : float >= 0 or None, `weight_decay` where Adam is used.
    weight_decay, clipnorm, ... : see `Optimizer`.
    exclude_layers : list of str, regular expressions: a variable with a match in its
        path, such as the last layer's, is left to Adam.
    exclude_embeddings : bool, whether those with 'embedding' in their path are, too.
    muon_a, muon_b, muon_c : float, a, b and c of the formula.
    adam_lr_ratio : float, factor of the rate where Adam is used.
    momentum : float in [0, 1], how much of the sum of gradients is kept.
    ns_steps : int >= 0, steps of Newton and Schulz.
    nesterov : bool, whether the momentum is Nesterov's.
    rms_rate : float, size of a step's elements; None to leave their size as it is.

    Raises
    ------
    ValueError : a number outside its range.

    Source: Jordan et al. (2024), 'Muon'; rms_rate: Liu et al. (2025), 'Muon is
    Scalable for LLM Training'.

    Examples
    --------
    >>> from keratorch import Variable
    >>> w = Variable([[1.0, 2.0]])
    >>> Muon(learning_rate=0.5, weight_decay=0.0).apply([np.array([[3.0, 0.0]])], [w])
    >>> w.numpy().round(2)
    array([[0.9, 2. ]], dtype=float32)
    """

    slots: tuple[str, ...] = ("momentum", "velocity")

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray] = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.7750,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
    ):
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
        )
        self.adam_beta_1 = check_decay("adam_beta_1", adam_beta_1)
        self.adam_beta_2 = check_decay("adam_beta_2", adam_beta_2)
        self.adam_weight_decay = check_optional("adam_weight_decay", adam_weight_decay)
        self.epsilon = check_number("epsilon", epsilon)
        self.exclude_layers = list(exclude_layers or [])
        self.exclude_embeddings = bool(exclude_embeddings)
        self.muon_a = muon_a
        self.muon_b = muon_b
        self.muon_c = muon_c
        self.adam_lr_ratio = adam_lr_ratio
        self.momentum = check_number("momentum", momentum, high=1.0)
        check_count("ns_steps", ns_steps, least=0)
        self.ns_steps = ns_steps
        self.nesterov = bool(nesterov)
        self.rms_rate = check_optional("rms_rate", rms_rate)

    def first_value(self, slot: str, variable: GradArray, position: int) -> Any:
        """Return 0; None for the velocity of a matrix, which has none."""
        is_matrix = slot == "velocity" and not self._is_for_adam(variable, position)
        return None if is_matrix else 0.0

    def decay_of(self, position: int) -> float | None:
        """Return the weight decay of the variable at a position."""
        if (
            self._decays[position]
            and self._state.arrays["velocity"][position] is not None
        ):
            return self.adam_weight_decay
        return super().decay_of(position)

    def _is_for_adam(self, variable: GradArray, position: int) -> bool:
        path = label(variable, position)
        return (
            variable.ndim != 2
            or (self.exclude_embeddings and "embedding" in path.lower())
            or any(re.search(pattern, path) for pattern in self.exclude_layers)
        )

    def update(
        self,
        weight: np.ndarray,
        gradient: np.ndarray,
        momentum: np.ndarray,
        velocity: np.ndarray | None = None,
        *,
        rate: float,
        step: int,
        scratch: np.ndarray,
    ) -> None:
        """Apply the formula to one weight, in place."""
        if velocity is None:
            momentum *= self.momentum
            momentum += gradient
            towards = momentum
            if self.nesterov:
                towards = np.multiply(momentum, self.momentum, out=scratch)
                towards += gradient
            if self.rms_rate is not None:
                rate *= self.rms_rate * math.sqrt(max(weight.shape))
            weight -= rate * self._orthogonalized(towards)
            return
        beta_1, beta_2 = self.adam_beta_1, self.adam_beta_2
        axpby(1 - beta_1, gradient, beta_1, momentum, scratch)
        np.multiply(gradient, gradient, out=scratch)
        axpby(1 - beta_2, scratch, beta_2, velocity, scratch)
        np.sqrt(velocity, out=scratch)
        scratch += self.epsilon
        np.divide(momentum, scratch, out=scratch)
        rate *= self.adam_lr_ratio
        rate *= bias_correction(beta_1, beta_2, step, weight.dtype)
        axpby(-rate, scratch, 1, weight, scratch)

    def _orthogonalized(self, matrix: np.ndarray) -> np.ndarray:
        """Move the singular values of a matrix near to 1."""
        a, b, c = self.muon_a, self.muon_b, self.muon_c
        is_tall = matrix.shape[0] > matrix.shape[1]
        x = matrix.T if is_tall else matrix
        x = x / (norm([x]) + 1e-7)
        for _ in range(self.ns_steps):
            square = x @ x.T
            x = a * x + (b * square + c * (square @ square)) @ x
        return x.T if is_tall else x

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            **super().get_config(),
            "adam_beta_1": self.adam_beta_1,
            "adam_beta_2": self.adam_beta_2,
            "epsilon": self.epsilon,
            "exclude_layers": self.exclude_layers,
            "muon_a": self.muon_a,
            "muon_b": self.muon_b,
            "muon_c": self.muon_c,
            "adam_lr_ratio": self.adam_lr_ratio,
            "momentum": self.momentum,
            "ns_steps": self.ns_steps,
            "nesterov": self.nesterov,
            "exclude_embeddings": self.exclude_embeddings,
            "adam_weight_decay": self.adam_weight_decay,
            "rms_rate": self.rms_rate,
        }
