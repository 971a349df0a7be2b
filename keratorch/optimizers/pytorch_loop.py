"""PyTorch's way to use an optimizer: it is made with the parameters.

    optimizer = Adam(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

The rate may be called `learning_rate` here, too.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.gradients import check_gradient
from keratorch.optimizers.parameters import check_variables


def either_style(init: Callable[..., None]) -> Callable[..., None]:
    """Let an optimizer's ``__init__`` be called in PyTorch's style too.

    Parameters in the place of `learning_rate` are kept for ``step()``; the rate then
    has its default, or comes by name: as `learning_rate`, or as PyTorch's `lr`.
    """

    @functools.wraps(init)
    def construct(self: Any, *args: Any, **kwargs: Any) -> None:
        kind, parameters = type(self).__name__, None
        if args and _are_parameters(args[0]):
            if len(args) > 1:
                raise TypeError(
                    f"{kind}: after the parameters, give everything by name, as in "
                    f"{kind}(model.parameters(), lr=0.01); received {len(args)} "
                    "arguments without a name."
                )
            parameters = _listed(args[0], kind)
            args = ()
        if "lr" in kwargs:
            if args or "learning_rate" in kwargs:
                raise TypeError(
                    f"{kind}: lr and learning_rate are two names of one argument; "
                    "received both. Give one."
                )
            kwargs["learning_rate"] = kwargs.pop("lr")
        init(self, *args, **kwargs)
        if parameters is not None:
            self._trainable_variables = parameters

    return construct


class PyTorchLoop:
    """The two methods of an optimizer that PyTorch's training loop calls."""

    built: bool
    _trainable_variables: list[GradArray]
    build: Callable[[Iterable[GradArray]], None]
    _advance: Callable[[dict[int, np.ndarray]], None]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to 0.

        Raises
        ------
        ValueError : the optimizer was made without parameters.
        """
        for variable in self._parameters():
            variable._grad = None if set_to_none else np.zeros_like(variable._array)

    def step(self) -> None:
        """Change each parameter by the gradient that ``backward()`` left in it.

        Frozen parameters, and those without a gradient, stay as they are.

        Raises
        ------
        ValueError : the optimizer was made without parameters.
        """
        parameters = self._parameters()
        if not self.built:
            self.build(parameters)
        gradients = {
            i: check_gradient(variable._grad, variable, i)
            for i, variable in enumerate(parameters)
            if variable._grad is not None and variable.requires_grad
        }
        if gradients:
            self._advance(gradients)
        elif any(variable.requires_grad for variable in parameters):
            warnings.warn(
                "step() found no gradient and changed nothing. Call loss.backward() "
                "before it, and optimizer.zero_grad() before that.",
                stacklevel=2,
            )

    def _parameters(self) -> list[GradArray]:
        if not self._trainable_variables:
            kind = type(self).__name__
            raise ValueError(
                f"This {kind} has no parameters. Make it with them, as in "
                f"{kind}(model.parameters(), lr=0.01), or call build(variables)."
            )
        return self._trainable_variables


def _listed(parameters: Iterable[Any], kind: str) -> list[GradArray]:
    """Return the parameters of a PyTorch-style loop as a list.

    Raises
    ------
    TypeError, ValueError : see `check_variables`; or there are none.
    """
    if isinstance(parameters, GradArray):
        raise TypeError(
            f"{kind}: parameters come as a list, even a single one: write "
            f"{kind}([weight], lr=0.01)."
        )
    if isinstance(parameters, (set, frozenset)):
        raise TypeError(
            f"{kind}: parameters need an order; received a set. Give a list."
        )
    found = list(parameters)
    if not found:
        raise ValueError(
            f"{kind} received no parameters. Has the model its weights already? Call "
            "it on data once, or begin it with an Input."
        )
    check_variables(found, kind)
    return found


def _are_parameters(value: Any) -> bool:
    """Return whether `value` has items, or is itself a parameter, and so is no rate."""
    if isinstance(value, GradArray) and value.requires_grad:
        return True
    if isinstance(value, (str, bytes)) or callable(value):
        return False
    return isinstance(value, Iterable) and getattr(value, "ndim", 1) > 0
