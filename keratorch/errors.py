"""The errors that KeraTorch raises, and the help that they give."""

from __future__ import annotations

import difflib
import inspect
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

_MOST = 400  # characters of a list of names
_PACKAGE = os.path.dirname(os.path.abspath(__file__))


class GraphError(ValueError, RuntimeError):
    """The computational graph cannot answer what was asked of it."""


class GradContractError(TypeError, ValueError):
    """A `Grad` class does not keep the contract of its ``forward`` or ``backward``."""


class LayerTypeError(TypeError, ValueError):
    """A model was given something that is no layer, or no symbolic array."""


class ArgumentError(TypeError, ValueError):
    """An argument of a wrong type or name, which Keras may call a wrong value."""


class AnomalyError(ValueError, ArithmeticError):
    """`detect_anomaly` found a NaN, an Inf, or an overwritten array."""


def suggest(name: object, known: Iterable[str]) -> str:
    """Return a sentence with the known names nearest to `name`, then all of them.

    Where they are many, a near one is enough.

    Examples
    --------
    >>> suggest("adma", ["sgd", "adam"])
    "Did you mean 'adam'? Known: adam, sgd."
    """
    choices = sorted(known, key=str.lower)
    # of Adagrad and adagrad the one that begins like `name` comes last, and stays
    alike = sorted(choices, key=lambda choice: choice[:1] == str(name)[:1])
    lowered = {choice.lower(): choice for choice in alike}
    near = difflib.get_close_matches(str(name).lower(), lowered, n=2)
    question = ""
    if near:
        question = f"Did you mean {' or '.join(repr(lowered[n]) for n in near)}? "
    everything = f"Known: {', '.join(choices)}."
    if len(everything) > _MOST:
        everything = "" if near else f"{everything[:_MOST]}..."
    return (question + everything).strip()


def location(function: Callable) -> str:
    """Return ``file.py:line`` of the definition of a function, for an error message."""
    code = inspect.unwrap(function).__code__
    return f"{os.path.basename(code.co_filename)}:{code.co_firstlineno}"


def calling_line() -> str:
    """Return ``file.py:line`` of the innermost caller outside KeraTorch."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(_PACKAGE + os.sep):
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


def describe(x: Any) -> str:
    """Describe a value in a few words, never by its data."""
    if hasattr(x, "_grad_op"):
        return f"a GradArray of dtype {x.dtype} and shape {x.shape}"
    if isinstance(x, (np.ndarray, np.generic)):
        return f"an array of dtype {x.dtype} and shape {x.shape}"
    return "None" if x is None else f"a {type(x).__name__}"
