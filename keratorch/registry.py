"""Which NumPy functions are differentiable, and the room where all of them arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch import graph, missing_derivatives
from keratorch.modes import current_mode
from keratorch.nested import flatten

derivatives: dict[Callable, Any] = {}  # NumPy function -> its Grad
compositions: dict[Callable, Callable] = {}  # NumPy function -> the same, composed
constants: set[Callable] = set()  # NumPy functions whose result has no gradient


def composed(of: Callable | None) -> Callable[[Callable], Callable]:
    """Register what it decorates: a NumPy function written in differentiable ones.

    The graph then shows the functions that it is made of, and no class is needed.
    `of` is None where this NumPy is too old to have the function.
    """

    def register(composition: Callable) -> Callable:
        if of is not None:
            compositions[of] = composition
        return composition

    return register


def constant(*functions: Callable) -> None:
    """Declare NumPy functions whose result carries no gradient (``argmax``, ``==``)."""
    constants.update(functions)


def record(function: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Apply a NumPy function to arguments with GradArrays among them, and record it.

    Raises
    ------
    TypeError : no `Grad` differentiates the function, or not with these arguments.
    """
    derivative = derivatives.get(function)
    operation = derivative.apply if derivative else compositions.get(function)
    misfit = None
    if operation is not None:
        try:
            return operation(*args, **kwargs)
        except TypeError:
            for x in flatten((args, kwargs)):
                if _answers_itself(x):  # a symbolic array beside one with values
                    return x._record(function, args, kwargs)
            misfit = missing_derivatives.misfit(
                function, derivative or operation, args, kwargs
            )
            if misfit is None:
                raise
    if function not in constants and _loses_a_gradient(args, kwargs):
        raise TypeError(misfit or missing_derivatives.no_derivative(function)) from None
    return function(*graph.plain(args), **graph.plain(kwargs))


def _answers_itself(x: Any) -> bool:
    return hasattr(x, "_record") and not hasattr(x, "_array")


def _loses_a_gradient(*arguments: Any) -> bool:
    return current_mode.get().records and any(
        x._requires_grad for x in graph.arrays_in(*arguments)
    )
