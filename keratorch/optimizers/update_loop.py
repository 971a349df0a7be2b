"""The training step: the loop over the weights around an optimizer's formula."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.optimizers.arguments import check_rate
from keratorch.optimizers.gradients import (
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    scale,
)
from keratorch.optimizers.pieces import Scratch, in_pieces
from keratorch.optimizers.state import State
from keratorch.variable import Variable


class UpdateLoop(ABC):
    """What happens to gradients and weights in one training step of an `Optimizer`.

    unscale -> accumulate -> clip -> decay weights -> `update` -> average -> constrain
    """

    weight_decay: float | None
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    learning_rate: Any
    iterations: Any
    _iterations: Variable
    _trainable_variables: list[GradArray]
    _decays: list[bool]
    _state: State
    _scratch: Scratch

    #: The arrays of zeros that `update` receives by these names, one for each weight.
    slots: tuple[str, ...] = ()

    @abstractmethod
    def update(self, *args: Any, **kwargs: Any) -> None:
        """Apply the formula to one weight, in place.

        ``update(self, weight, gradient, <each slot>, *, rate, step, scratch)``, called
        with these names; all arrays have one shape and one dtype. The formula must be
        elementwise: a large weight arrives in pieces.

        Parameters
        ----------
        weight : ndarray, to be changed in place.
        gradient : ndarray, not to be changed.
        each slot, by its name : ndarray, to be changed in place.
        rate : float, the learning rate.
        step : int, the number of this update, from 1.
        scratch : ndarray, for results in between.
        """

    def _advance(self, gradients: dict[int, np.ndarray]) -> None:
        """Make one training step with checked gradients, given by position."""
        rate = check_rate(self.learning_rate)  # raises before anything is changed
        step = int(self.iterations) + 1
        # A diverging model shows in its loss, as in Keras.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            for i, gradient in self._prepared(gradients).items():
                self._update_weight(i, gradient, rate, step)
            if self.use_ema:
                self._update_averages(step)
        for i in gradients:
            variable = self._trainable_variables[i]
            if getattr(variable, "constraint", None) is not None:
                constrain(variable)
        self._iterations._array += 1

    def _prepared(self, gradients: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        """Return the gradients to update with: unscaled, averaged over calls, clipped.

        While gradients are being accumulated there are none.
        """
        found = list(gradients.values())
        if self.loss_scale_factor is not None:
            found = scale(found, 1 / self.loss_scale_factor)
        if self.gradient_accumulation_steps:
            sums = [x._array for x in self._state.arrays["gradient_accumulator"]]
            for i, gradient in zip(gradients, found, strict=True):
                sums[i] += gradient
            if (int(self._iterations) + 1) % self.gradient_accumulation_steps:
                return {}
            found = scale(
                [sums[i] for i in gradients], 1 / self.gradient_accumulation_steps
            )
            for total in sums:
                total[...] = 0
        if self.clipnorm:
            found = clip_by_norm(found, self.clipnorm)
        elif self.clipvalue:
            found = clip_by_value(found, self.clipvalue)
        elif self.global_clipnorm:
            found = clip_by_global_norm(found, self.global_clipnorm)
        return dict(zip(gradients, found, strict=True))

    def _update_weight(
        self, i: int, gradient: np.ndarray, rate: float, step: int
    ) -> None:
        variable = self._trainable_variables[i]
        variable._mark_written()
        arrays = {"weight": variable._array, "gradient": gradient}
        for slot in self.slots:
            arrays[slot] = self._state.arrays[slot][i]._array
        for piece in in_pieces(arrays):
            weight = piece["weight"]
            scratch = self._scratch.like(weight)
            if self.weight_decay and self._decays[i]:
                np.multiply(weight, self.weight_decay * rate, out=scratch)
                weight -= scratch
            self.update(**piece, rate=rate, step=step, scratch=scratch)

    def _update_averages(self, step: int) -> None:
        """Move each average towards its weight, and write it there when it is time."""
        momentum = self.ema_momentum if step > 1 else 0.0
        averages = self._state.arrays["average"]
        for variable, mean in zip(self._trainable_variables, averages, strict=True):
            for piece in in_pieces({"x": variable._array, "mean": mean._array}):
                scratch = self._scratch.like(piece["x"])
                np.multiply(piece["x"], 1 - momentum, out=scratch)
                piece["mean"] *= momentum
                piece["mean"] += scratch
        if self.ema_overwrite_frequency and step % self.ema_overwrite_frequency == 0:
            self._write_averages(range(len(averages)))

    def _write_averages(self, positions: Iterable[int]) -> None:
        for i in positions:
            average = self._state.arrays["average"][i]._array
            self._trainable_variables[i]._array[...] = average
            self._trainable_variables[i]._mark_written()


@no_grad
def constrain(variable: Any) -> None:
    """Replace the values of a variable by what its constraint makes of them."""
    variable.assign(variable.constraint(variable))
