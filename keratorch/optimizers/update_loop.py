"""The training step: the loop over the weights around an optimizer's formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


class UpdateLoop:
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
    _rate_now: Any
    iterations: Any
    _iterations: Variable
    _trainable_variables: list[GradArray]
    _decays: list[bool]
    _state: State
    _scratch: Scratch
    update_step: Callable[[np.ndarray, GradArray, float], None]

    #: The arrays that `update` receives by these names, one for each weight.
    slots: tuple[str, ...] = ()
    #: Whether `update` treats each element by itself, so that it may get parts.
    elementwise: bool = True

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Apply the formula to one weight, in place.

        ``update(self, weight, gradient, <each slot>, *, rate, step, scratch)``, called
        with these names; all arrays have one dtype, and the shape of the weight unless
        `first_value` says otherwise. Where the class is `elementwise`, a large weight
        arrives in pieces. A slot that this weight lacks is not given.

        Parameters
        ----------
        weight : ndarray, to be changed in place.
        gradient : ndarray, not to be changed.
        each slot, by its name : ndarray, to be changed in place.
        rate : float, the learning rate.
        step : int, the number of this update, from 1.
        scratch : ndarray, for results in between.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update().")

    def start(self, rate: float, step: int) -> None:
        """Do what comes once before the weights are updated; here nothing."""

    def decay_of(self, position: int) -> float | None:
        """Return the weight decay of the variable at a position."""
        return self.weight_decay if self._decays[position] else None

    def _advance(self, gradients: dict[int, np.ndarray]) -> None:
        """Make one training step with checked gradients, given by position."""
        rate = check_rate(self._rate_now())  # raises before anything is changed
        step = int(self.iterations) + 1
        # A diverging model shows in its loss, as in Keras.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            prepared = self._prepared(gradients)
            if prepared:
                self.start(rate, step)
            for i, gradient in prepared.items():
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
        if type(self).update is UpdateLoop.update:
            self._update_in_keras_style(variable, gradient, rate, self.decay_of(i))
            return
        arrays = {"weight": variable._array, "gradient": gradient}
        for slot in self.slots:
            kept = self._state.arrays[slot][i]
            if kept is not None:
                arrays[slot] = kept._array
        decay = self.decay_of(i)
        for piece in in_pieces(arrays) if self.elementwise else [arrays]:
            weight = piece["weight"]
            scratch = self._scratch.like(weight)
            if decay:
                np.multiply(weight, decay * rate, out=scratch)
                weight -= scratch
            self.update(**piece, rate=rate, step=step, scratch=scratch)

    @no_grad
    def _update_in_keras_style(
        self,
        variable: GradArray,
        gradient: np.ndarray,
        rate: float,
        decay: float | None,
    ) -> None:
        if decay:
            variable._array -= variable._array * (decay * rate)
        self.update_step(gradient, variable, rate)

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

    def swap_averages(self) -> None:
        """Exchange all weights and their running averages.

        Raises
        ------
        ValueError : there are no averages: `use_ema` is off, or no update was made.
        """
        for variable, mean in zip(
            self._trainable_variables, self._averages(), strict=True
        ):
            weight = variable._array.copy()
            variable._array[...] = mean._array
            variable._mark_written()
            mean.assign(weight)

    def weights_to_averages(self) -> None:
        """Let the running averages be the weights as they are.

        Raises
        ------
        ValueError : see `swap_averages`.
        """
        for variable, mean in zip(
            self._trainable_variables, self._averages(), strict=True
        ):
            mean.assign(variable._array)

    def _averages(self) -> list[Variable]:
        if "average" not in self._state.arrays:
            found = "before its first update" if self.use_ema else "with use_ema=False"
            raise ValueError(
                f"{type(self).__name__} keeps no running averages of the weights "
                f"{found}. Make it with use_ema=True and train."
            )
        return self._state.arrays["average"]


@no_grad
def constrain(variable: Any) -> None:
    """Replace the values of a variable by what its constraint makes of them."""
    variable.assign(variable.constraint(variable))
