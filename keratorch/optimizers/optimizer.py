"""What all optimizers share.

An optimizer is a formula for one weight, its gradient and the arrays ("slots") that it
keeps for that weight.  `Optimizer` is made with the arguments that all have in common,
and takes gradients from Keras's or PyTorch's training loop; `UpdateLoop` calls the
formula for each weight in turn.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from keratorch import memory
from keratorch.core import GradArray
from keratorch.naming import auto_name
from keratorch.optimizers.arguments import (
    check_count,
    check_number,
    check_optional,
    check_positive,
    check_rate,
)
from keratorch.optimizers.bundles import Bundles
from keratorch.optimizers.gradients import check_gradient
from keratorch.optimizers.keras_style import KerasStyle
from keratorch.optimizers.learning_rate import (
    LearningRate,
    current_rate,
    rate_config,
    rate_from_config,
)
from keratorch.optimizers.parameters import check_variables, label, positions_of
from keratorch.optimizers.pieces import Scratch
from keratorch.optimizers.pytorch_loop import PyTorchLoop, either_style
from keratorch.optimizers.saved_state import SavedState
from keratorch.optimizers.state import State
from keratorch.optimizers.stateless import StatelessApply
from keratorch.optimizers.update_loop import UpdateLoop
from keratorch.variable import Variable

_Self = TypeVar("_Self", bound="Optimizer")


class Optimizer(UpdateLoop, PyTorchLoop, KerasStyle, StatelessApply, SavedState):
    """A rule that changes weights by their gradients.

    It serves Keras's ``fit``, where the model brings the weights, and PyTorch's loop,
    where they come first: ``SGD(model.parameters(), lr=0.1)``, then `zero_grad`,
    ``loss.backward()`` and `step`.

    A subclass names its `slots` and writes the formula in `update`; or, in Keras's way,
    makes its arrays in `build` and writes the formula in `update_step`.

    Parameters
    ----------
    learning_rate : float >= 0, LearningRateSchedule, or function without arguments; or
        the parameters, and then the rate is given by name, as `learning_rate` or `lr`.
    weight_decay : float >= 0, the part of a weight lost per update at learning rate 1,
        apart from the gradient; None for none.
    clipnorm : float, the largest norm of each gradient; None or 0 for no limit.
    clipvalue : float, the largest absolute value of an element.
    global_clipnorm : float, the largest norm of all gradients together.
    use_ema : bool, whether a running average of the weights is kept.
    ema_momentum : float in [0, 1], decay of that average per update.
    ema_overwrite_frequency : int >= 1, updates after which the average is written into
        the weights; None for only in `finalize_variable_values`.
    loss_scale_factor : float > 0, by which `scale_loss` multiplied the loss: gradients
        are divided by it.
    gradient_accumulation_steps : int >= 2, calls whose gradients are averaged for one
        update.
    name : str, or None for the class's name in snake_case, numbered.

    Raises
    ------
    ValueError : a number outside its range, or more than one kind of clipping.
    TypeError : parameters that are no arrays of floats; a subclass without a formula.

    Examples
    --------
    >>> import numpy as np
    >>> class SignDescent(Optimizer):
    ...     def update(self, weight, gradient, *, rate, step, scratch):
    ...         np.sign(gradient, out=scratch)
    ...         scratch *= rate
    ...         weight -= scratch
    >>> w = Variable([1.0, 2.0])
    >>> SignDescent(learning_rate=0.5).apply([np.array([3.0, -0.1])], [w])
    >>> w.numpy()
    array([0.5, 2.5], dtype=float32)
    """

    @either_style
    def __init__(
        self,
        learning_rate: LearningRate | Iterable[GradArray],
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ):
        _check_formula(type(self))
        limits = {
            "clipnorm": clipnorm,
            "clipvalue": clipvalue,
            "global_clipnorm": global_clipnorm,
        }
        given = {key: x for key, x in limits.items() if x is not None}
        if len(given) > 1:
            raise ValueError(f"Give only one of {', '.join(limits)}; received {given}.")
        self.name = name or auto_name(type(self).__name__)
        self.weight_decay = check_optional("weight_decay", weight_decay)
        self.clipnorm = check_optional("clipnorm", clipnorm)
        self.clipvalue = check_optional("clipvalue", clipvalue)
        self.global_clipnorm = check_optional("global_clipnorm", global_clipnorm)
        self.use_ema = bool(use_ema)
        self.ema_momentum = check_number("ema_momentum", ema_momentum, high=1.0)
        self.ema_overwrite_frequency = check_count(
            "ema_overwrite_frequency", ema_overwrite_frequency, least=1
        )
        if loss_scale_factor is not None:
            check_positive("loss_scale_factor", loss_scale_factor)
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = check_count(
            "gradient_accumulation_steps", gradient_accumulation_steps, least=2
        )
        self.built = False
        self._trainable_variables: list[GradArray] = []
        self._state = State(self.name)
        self._added: list[Variable] = []
        self._scratch = Scratch()
        self._bundles = Bundles()
        self._undecayed: list[GradArray] = []
        self._undecayed_names: list[re.Pattern] = []
        self._decays: list[bool] = []  # by position
        self._missing: list[str] = []  # what the last warning named
        self._iterations = self._state.number("iteration", 0, "int64")
        if not callable(learning_rate):
            # float64: the rate that is read is the rate that was given.
            rate = check_rate(learning_rate)
            learning_rate = self._state.number("learning_rate", rate, "float64")
        self._learning_rate: Any = learning_rate

    # What it is

    @property
    def iterations(self) -> Any:
        """The number of updates so far."""
        if self.gradient_accumulation_steps:
            return self._iterations // self.gradient_accumulation_steps
        return self._iterations

    def _rate_now(self) -> Any:
        """Return the rate of the next update."""
        return current_rate(self._learning_rate, int(self._iterations))

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the next update; it can be assigned.

        Raises
        ------
        ValueError : a negative rate, or NaN, is assigned.
        TypeError : a number is assigned where a schedule or a function computes it.
        """
        return self._rate_now()

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        if callable(learning_rate):
            self._learning_rate = learning_rate
        elif isinstance(self._learning_rate, Variable):
            self._learning_rate.assign(check_rate(learning_rate))
        else:
            raise TypeError(
                "The learning rate of this optimizer is computed by "
                f"{type(self._learning_rate).__name__}, which would overrule a number. "
                "Assign another schedule, or make the optimizer with a number."
            )

    @property
    def variables(self) -> list[Variable]:
        """The numbers and arrays that are its state, in Keras's order."""
        numbers = [self._iterations, self._learning_rate]
        common = [(name,) for name in self._state.arrays if name not in self.slots]
        groups = (*common, *self.slot_groups) if self.built else ()
        return [
            *(x for x in numbers if isinstance(x, Variable)),
            *self._state.listed(groups),
            *self._added,
        ]

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`slots` in the order of `variables`, where a group goes weight by weight."""
        return (self.slots,)

    def first_value(self, slot: str, variable: GradArray, position: int) -> Any:
        """Return what a slot of a variable holds before the first update.

        A number for all elements, an array, or None where this variable has no such
        slot.
        """
        return 0.0

    def build(self, variables: Iterable[GradArray]) -> None:
        """Make the slots for these variables; once built, do nothing.

        Raises
        ------
        TypeError, ValueError : a variable that cannot be optimized, or one twice.
        """
        if self.built:
            return
        variables = list(variables)
        check_variables(variables, type(self).__name__)
        memory.keep_freed()  # what trains has an optimizer, in fit and in plain loops
        if self.use_ema:
            self._state.add("average", variables)
        if self.gradient_accumulation_steps:
            self._state.add("gradient_accumulator", variables)
        for name in self.slots:
            first_value = functools.partial(self.first_value, name)
            self._state.add(name, variables, first_value)
        self._decays = [
            not any(variable is x for x in self._undecayed)
            and not any(x.search(variable.name or "") for x in self._undecayed_names)
            for variable in variables
        ]
        self._trainable_variables = variables
        self.built = True

    # The training step

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, GradArray]]) -> Any:
        """Change variables by gradients given in pairs, and return `iterations`.

        Raises
        ------
        TypeError, ValueError : see `apply`.
        """
        pairs = list(grads_and_vars)
        self.apply([grad for grad, _ in pairs], [variable for _, variable in pairs])
        return self.iterations

    def apply(
        self,
        grads: Iterable[Any],
        trainable_variables: Iterable[GradArray] | None = None,
    ) -> None:
        """Change variables by their gradients.

        Parameters
        ----------
        grads : for each variable an array of its shape, or None to leave it as it is.
        trainable_variables : variables with which the optimizer was built; the first
            call builds it. Default: all of them.

        Raises
        ------
        TypeError, ValueError : gradients and variables do not fit together, or there
            are no gradients at all. No variable is changed.
        """
        grads = list(grads)
        if not grads:
            return
        if trainable_variables is None:
            trainable_variables = self._parameters()
        variables = list(trainable_variables)
        if len(variables) != len(grads):
            raise ValueError(
                f"There must be one gradient for each variable; received {len(grads)} "
                f"gradients for {len(variables)} variables."
            )
        if not self.built:
            self.build(variables)
        gradients = {}
        for i, gradient in zip(
            positions_of(variables, self._trainable_variables), grads, strict=True
        ):
            if gradient is not None:
                variable = self._trainable_variables[i]
                gradients[i] = check_gradient(gradient, variable, i)
        if len(gradients) < len(grads):
            self._report_missing(grads, variables)
        self._advance(gradients)

    def _report_missing(
        self, grads: Sequence[Any], variables: Sequence[GradArray]
    ) -> None:
        names = [label(v, i) for i, v in enumerate(variables) if grads[i] is None]
        if len(names) == len(grads):
            raise ValueError(
                "No gradients provided for any variable. Does the loss depend on the "
                "weights, and does the model have a loss?"
            )
        if names and names != self._missing:
            self._missing = names
            warnings.warn(
                f"Gradients do not exist for variables {names}: they stay as they are. "
                "Does the loss depend on them?",
                stacklevel=3,
            )

    # What a user may ask for

    def scale_loss(self, loss: Any) -> Any:
        """Return the loss multiplied by `loss_scale_factor`, before ``backward()``."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def exclude_from_weight_decay(
        self,
        var_list: Iterable[GradArray] | None = None,
        var_names: Iterable[str] | None = None,
    ) -> None:
        """Let some variables not decay; to be called before the first update.

        Parameters
        ----------
        var_list : the variables.
        var_names : regular expressions: a variable with a match in its name.

        Raises
        ------
        ValueError : the optimizer is built already.
        """
        if self.built:
            raise ValueError(
                "exclude_from_weight_decay() must be called before the optimizer is "
                "built, that is before compile, fit or the first update."
            )
        self._undecayed = list(var_list or [])
        self._undecayed_names = [re.compile(name) for name in var_names or []]

    def finalize_variable_values(self, var_list: Iterable[GradArray]) -> None:
        """Write the running averages into these variables, if `use_ema`."""
        # Before the first update the averages are zeros.
        if self.use_ema and int(self._iterations):
            self._write_averages(
                positions_of(list(var_list), self._trainable_variables)
            )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer.

        As in Keras, the learning rate is rounded to `floatx()`.
        """
        return {
            "name": self.name,
            "learning_rate": rate_config(self._learning_rate),
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }

    @classmethod
    def from_config(
        cls: type[_Self],
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> _Self:
        """Return an optimizer from `get_config`'s dict, in its first state.

        `custom_objects` is a dict from names to schedules that are found as well.
        """
        if "learning_rate" in config:
            rate = rate_from_config(config["learning_rate"], custom_objects)
            config = {**config, "learning_rate": rate}
        return cls(**config)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(learning_rate={float(self.learning_rate):g})"


def _check_formula(kind: type[Optimizer]) -> None:
    """Raise a TypeError unless a class says how it changes weights."""
    if (
        kind.update is UpdateLoop.update
        and vars(KerasStyle)["update_step"] is getattr(kind, "update_step", None)
        and kind._advance is UpdateLoop._advance
    ):
        raise TypeError(
            f"{kind.__name__} must define its formula, in update(self, weight, "
            "gradient, *, rate, step, scratch) or in Keras's update_step(self, "
            "gradient, variable, learning_rate)."
        )
