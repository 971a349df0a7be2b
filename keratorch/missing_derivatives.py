"""NumPy functions that no Grad differentiates, or not so: what to say of them."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable

import numpy as np

from keratorch.errors import location


def no_derivative(function: Callable) -> str:
    """Say that no Grad differentiates the function, and how to write one."""
    name = _numpy_name(function)
    if not name.replace(".", "").isidentifier():  # of np.frompyfunc
        return (
            f"{name} has no derivative in KeraTorch. Write a class of Grad with "
            "forward(self, x) and backward(self, grad), or use NumPy's functions in it."
        )
    noun = "".join(part.title() for part in re.split(r"[._]", name.removeprefix("np.")))
    return (
        f"{name} has no derivative in KeraTorch. Write one: "
        f"`class {noun}Grad(Grad, of={name})` with backward(self, grad), or call it "
        "on values without gradient: x.detach()."
    )


def misfit(
    function: Callable, derivative: Callable, args: tuple, kwargs: dict
) -> str | None:
    """Say why a call does not fit the Grad's constructor; None if it does."""
    signature = inspect.signature(derivative)
    name = _numpy_name(function)
    given, mismatch = kwargs, None
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        mismatch = error
    if given.get("out") is not None:
        return no_output(function)
    if isinstance(function, np.ufunc) and "where" in kwargs:
        return (
            f"{name}: where= leaves the other elements undefined. Say what they are: "
            f"np.where(mask, {name}(...), 0)."
        )
    if mismatch is not None:
        return (
            f"{name} is not differentiable with these arguments: {mismatch}. "
            f"Supported: {', '.join(signature.parameters)}."
        )
    return None


def no_output(function: Callable) -> str:
    """Say why ``out=`` cannot be recorded."""
    name = _numpy_name(function)
    return (
        f"{name}: out= cannot be recorded, since it overwrites an array that a graph "
        f"may need. Use the result: y = {name}(...)."
    )


def _numpy_name(function: Callable) -> str:
    """Return ``np.linalg.inv`` for that function, ``np.add.reduce`` for that method."""
    name = getattr(function, "__name__", str(function))
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{name}"
    if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
        return name  # somebody else's, such as SciPy's gammaln
    module = (getattr(function, "__module__", None) or "numpy").split(".")
    if module[-1] == "scimath":
        module = ["numpy", "emath"]
    inner = [part for part in module[1:] if not part.startswith("_")]
    rooms = (["emath"], ["fft"], ["linalg"], ["random"])
    return ".".join(["np", *(inner[:1] if inner[:1] in rooms else []), name])


def warn_of_replacement(function: Callable, old: type | None, new: type) -> None:
    """Warn that another class differentiates a function from now on."""
    if old is None:
        return
    place = (old.__module__, old.__qualname__)
    if place == (new.__module__, new.__qualname__):  # a notebook's cell run again
        return
    name = _numpy_name(function)
    warnings.warn(
        f"{new.__name__} replaces {old.__name__} ({location(old.backward)}) as the "  # type: ignore[attr-defined]
        f"derivative of {name} from now on. To keep both, leave out of={name} and call "
        f"{new.__name__}.apply.",
        UserWarning,
        stacklevel=3,
    )
