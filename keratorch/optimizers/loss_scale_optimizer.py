"""Losses that are scaled so that small gradients are not rounded to 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.arguments import check_count, check_positive
from keratorch.optimizers.gradients import scale
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.serialization import deserialize, serialize
from keratorch.variable import Variable

_Self = TypeVar("_Self", bound="LossScaleOptimizer")

# What older configurations hold beside the arguments, and say nothing by.
_NOTHING: dict[str, Any] = {
    "weight_decay": None,
    "clipnorm": None,
    "global_clipnorm": None,
    "clipvalue": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "dynamic": True,
}


class LossScaleOptimizer(Optimizer):
    """Another optimizer with a scaled loss, whose scale finds itself.

    `scale_loss` multiplies the loss, and what reaches the inner optimizer is divided
    again. A step with a NaN or Inf among its gradients is left out, and halves the
    scale; `dynamic_growth_steps` good steps in a row double it. With float16 this saves
    small gradients from being rounded to 0; with float32 and float64 there is nothing
    to save, and only the bad steps are left out.

    Parameters
    ----------
    inner_optimizer : Optimizer, the one that changes the weights. Its own
        `loss_scale_factor` is set to None.
    initial_scale : float > 0, the first scale.
    dynamic_growth_steps : int >= 1, good steps after which the scale doubles.
    name : str.
    **kwargs : what older configurations hold beside these, all with the values that
        change nothing.

    Raises
    ------
    TypeError : `inner_optimizer` is no optimizer.
    ValueError : a number outside its range, or another argument.

    Source: Micikevicius et al. (2018), 'Mixed Precision Training'.

    Examples
    --------
    >>> from keratorch.optimizers import SGD
    >>> optimizer = LossScaleOptimizer(SGD(0.5), initial_scale=8.0)
    >>> w = Variable([1.0])
    >>> optimizer.apply([np.array([16.0])], [w])
    >>> w.numpy(), optimizer.scale_loss(2.0)
    (array([0.], dtype=float32), 16.0)
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ):
        _refuse_arguments(kwargs)
        if not isinstance(inner_optimizer, Optimizer):
            raise TypeError(
                "inner_optimizer must be an Optimizer, such as Adam(); received "
                f"{type(inner_optimizer).__name__}."
            )
        self.inner_optimizer = inner_optimizer
        super().__init__(learning_rate=0.0, name=name)
        self.initial_scale = check_positive("initial_scale", initial_scale)
        if not check_count("dynamic_growth_steps", dynamic_growth_steps, least=1):
            raise ValueError("dynamic_growth_steps must be an integer; received None.")
        self.dynamic_growth_steps = dynamic_growth_steps
        inner_optimizer.loss_scale_factor = None
        self.step_counter = self._state.number("step_counter", 0, "int64")
        self.dynamic_scale = self._state.number(
            "dynamic_scale", initial_scale, "float32"
        )
        self._trainable_variables = inner_optimizer._trainable_variables

    @property
    def iterations(self) -> Any:
        """The number of updates of the inner optimizer so far."""
        return self.inner_optimizer.iterations

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the inner optimizer; it can be assigned."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        self.inner_optimizer.learning_rate = learning_rate

    @property
    def variables(self) -> list[Variable]:
        """Its own numbers, then the state of the inner optimizer."""
        own = [self._iterations, self._learning_rate]
        if self.built:
            own += [self.step_counter, self.dynamic_scale]
        return [*own, *self.inner_optimizer.variables]

    def build(self, variables: Iterable[GradArray]) -> None:
        """Build the inner optimizer; once built, do nothing."""
        if not self.built:
            self.inner_optimizer.build(variables)
            self._trainable_variables = self.inner_optimizer._trainable_variables
            self.built = True

    def _advance(self, gradients: dict[int, np.ndarray]) -> None:
        if not all(np.isfinite(gradient).all() for gradient in gradients.values()):
            self.step_counter.assign(0)
            self.dynamic_scale.assign(self.dynamic_scale.item() * 0.5)
            return
        found = scale(list(gradients.values()), 1 / self.dynamic_scale.item())
        self.inner_optimizer._advance(dict(zip(gradients, found, strict=True)))
        if self.step_counter.item() == self.dynamic_growth_steps - 1:
            self.step_counter.assign(0)
            self.dynamic_scale.assign(self.dynamic_scale.item() * 2.0)
        else:
            self.step_counter.assign(self.step_counter.item() + 1)

    def scale_loss(self, loss: Any) -> Any:
        """Return the loss multiplied by the scale, before ``backward()``."""
        return loss * self.dynamic_scale.item()

    def exclude_from_weight_decay(
        self,
        var_list: Iterable[GradArray] | None = None,
        var_names: Iterable[str] | None = None,
    ) -> None:
        """Let some variables not decay in the inner optimizer."""
        self.inner_optimizer.exclude_from_weight_decay(var_list, var_names)

    def finalize_variable_values(self, var_list: Iterable[GradArray]) -> None:
        """Write the running averages into these variables, if there are any."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def swap_averages(self) -> None:
        """Exchange all weights and their running averages."""
        self.inner_optimizer.swap_averages()

    def weights_to_averages(self) -> None:
        """Let the running averages be the weights as they are."""
        self.inner_optimizer.weights_to_averages()

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer."""
        return {
            "name": self.name,
            "inner_optimizer": serialize(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(
        cls: type[_Self],
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> _Self:
        """Return an optimizer from `get_config`'s dict, in its first state."""
        kept = {key: value for key, value in config.items() if key != "learning_rate"}
        inner = deserialize(kept["inner_optimizer"], custom_objects)
        return cls(**{**kept, "inner_optimizer": inner})


def _refuse_arguments(arguments: Mapping[str, Any]) -> None:
    """Raise for an argument of another optimizer that would change something."""
    for name, value in arguments.items():
        if name not in _NOTHING:
            raise ValueError(
                f"LossScaleOptimizer has no argument {name!r}; it has "
                "inner_optimizer, initial_scale, dynamic_growth_steps and name."
            )
        if value is not _NOTHING[name] and value != _NOTHING[name]:
            fix = f"Set {name} on the inner_optimizer."
            if name == "dynamic":
                fix = "For a fixed scale set loss_scale_factor on the inner optimizer."
            raise ValueError(
                f"LossScaleOptimizer does not take {name}={value!r}. {fix}"
            )
