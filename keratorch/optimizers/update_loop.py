"""The training step: the loop over the weights around an optimizer's formula."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.graph import now
from keratorch.kernels.blas import axpby
from keratorch.modes import no_grad
from keratorch.optimizers.arguments import check_rate
from keratorch.optimizers.gradients import (
    clip_by_value,
    global_norm_factor,
    norm_factor,
    scale,
)
from keratorch.optimizers.piece_loop import Gradients, PieceLoop
from keratorch.variable import Variable


class UpdateLoop(PieceLoop):
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
    _decays: list[bool]
    update_step: Callable[[np.ndarray, GradArray, float], None]

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Apply the formula to one weight, in place.

        ``update(self, weight, gradient, <each slot>, *, rate, step, scratch)``, called
        with these names; all arrays have one dtype, and the shape of the weight unless
        `first_value` says otherwise. A slot that this weight lacks is not given. Where
        the class says that it is `elementwise`, a large weight arrives in pieces, and
        small ones arrive side by side in one array, all of them flat.

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

    def _decay_settings(self) -> Any:
        """Return what `decay_of` depends on, which a user may change."""
        if type(self).decay_of is UpdateLoop.decay_of:
            return self.weight_decay
        return [self.decay_of(i) for i in range(len(self._trainable_variables))]

    def _advance(self, gradients: dict[int, np.ndarray]) -> None:
        """Make one training step with checked gradients, given by position."""
        rate = check_rate(self._rate_now())  # raises before anything is changed
        step = int(self.iterations) + 1
        self._renew_bundles()
        # A diverging model shows in its loss, as in Keras.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            prepared = self._prepared(gradients)
            if prepared:
                self.start(rate, step)
                self._update_weights(prepared, rate, step)
            if self.use_ema:
                self._update_averages(step)
        for i in gradients:
            variable = self._trainable_variables[i]
            if getattr(variable, "constraint", None) is not None:
                constrain(variable)
        self._iterations._array += 1

    def _prepared(self, gradients: dict[int, np.ndarray]) -> Gradients:
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
        factors: Iterable[float] = itertools.repeat(1.0)
        if self.clipnorm:
            factors = [norm_factor([gradient], self.clipnorm) for gradient in found]
        elif self.clipvalue:
            found = clip_by_value(found, self.clipvalue)
        elif self.global_clipnorm:
            factors = itertools.repeat(global_norm_factor(found, self.global_clipnorm))
        return dict(zip(gradients, zip(found, factors, strict=False), strict=True))

    def _update_weights(self, prepared: Gradients, rate: float, step: int) -> None:
        moment = now()
        for i in prepared:
            self._trainable_variables[i]._written = moment
        if self._in_keras_style:
            for i, (gradient, factor) in prepared.items():
                self._update_in_keras_style(i, gradient, factor, rate)
        else:
            formula = functools.partial(self._decay_and_update, rate, step)
            self._for_each(formula, self.slots, prepared.keys(), prepared)

    def _decay_and_update(
        self, rate: float, step: int, position: int, arrays: dict[str, np.ndarray]
    ) -> None:
        weight = arrays["weight"]
        scratch = self._scratch.like(weight)
        decay = self.decay_of(position)
        if decay:
            np.multiply(weight, decay * rate, out=scratch)
            weight -= scratch
        self.update(**arrays, rate=rate, step=step, scratch=scratch)

    @no_grad
    def _update_in_keras_style(
        self, position: int, gradient: np.ndarray, factor: float, rate: float
    ) -> None:
        variable, decay = self._trainable_variables[position], self.decay_of(position)
        if factor != 1:
            (gradient,) = scale([gradient], factor)
        if decay:
            variable._array -= variable._array * (decay * rate)
        self.update_step(gradient, variable, rate)

    def _update_averages(self, step: int) -> None:
        """Move each average towards its weight, and write it there when it is time."""
        positions = range(len(self._trainable_variables))
        formula = functools.partial(self._average, self.ema_momentum * (step > 1))
        self._for_each(formula, ("average",), positions)
        if self.ema_overwrite_frequency and step % self.ema_overwrite_frequency == 0:
            self._write_averages(positions)

    def _average(
        self, momentum: float, position: int, arrays: dict[str, np.ndarray]
    ) -> None:
        scratch = self._scratch.like(arrays["weight"])
        weight, average = arrays["weight"], arrays["average"]
        axpby(1 - momentum, weight, momentum, average, scratch)

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
