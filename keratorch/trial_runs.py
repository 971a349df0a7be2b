"""Functions tried on made-up values, before there are data: what do they return?

A symbolic array is known here by its `node`.  Where a length is unknown, a function is
run with two lengths: what differs between the results is unknown too.  Behind the axis
of the samples a third one is much longer, since windows and steps make the same of two
short ones: x[:, ::3] has one element of both.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.lengths import is_length, value_of
from keratorch.masks import get_mask, set_mask
from keratorch.modes import no_grad
from keratorch.nested import flatten, map_structure
from keratorch.protocols import NumPyProtocols

# Lengths that stand for an unknown one; some windows do not fit into the short ones.
_LENGTHS = ((2, 3), (32, 48))
# Much longer ones, of one or two axes behind the first, and of more.
_LONG, _LONG_OF_MANY = 32, 12
# With many divisors, for equal parts; few samples keep them small.
_DIVISIBLE = ((60, 2), (120, 3))
# Whether the values at hand are made up, so that nobody should object to them.
trying: ContextVar[bool] = ContextVar("trying", default=False)
# Sizes of a batch, for functions that take one size only.
_BATCHES = (32, 64, 128, 16, 8, 100, 10, *range(2, 51), 200, 256, 512, 1)


def runs(function: Callable, args: tuple, kwargs: dict) -> list:
    """Return the results of a function for two or three ways to make up the unknown.

    Parameters
    ----------
    args, kwargs : its arguments, with symbolic arrays in nested lists, tuples, dicts.

    Raises
    ------
    What the function raises for all lengths that were tried.
    """
    symbols = [x for x in flatten((args, kwargs)) if _is_symbol(x)]
    if not any(None in x.shape or is_length(x) for x in symbols):
        return [_tried(function, args, kwargs, 1)] * 2
    short = _of_two_lengths(function, args, kwargs)
    unknown = max(x.shape[1:].count(None) for x in symbols)
    long = _of_a_long_one(function, args, kwargs, unknown)
    return [*short, *(found for found in long if _are_alike(found, short[0]))]


def _is_symbol(x: Any) -> bool:
    return isinstance(x, NumPyProtocols) and hasattr(x, "node")


def _of_two_lengths(function: Callable, args: tuple, kwargs: dict) -> list:
    """Run a function on unknown lengths, or say why it takes none."""
    failures: list[Exception] = []
    for lengths in _LENGTHS:
        try:
            return [_tried(function, args, kwargs, n) for n in lengths]
        except (ValueError, IndexError) as error:
            failures.append(error)
    known = _known_lengths(args, kwargs)  # others may have to be as long
    try:
        return [_tried(function, args, kwargs, n, None, known) for n in _LENGTHS[0]]
    except (ValueError, IndexError):
        pass
    try:
        return [_tried(function, args, kwargs, n, batch) for n, batch in _DIVISIBLE]
    except (ValueError, IndexError):
        pass
    for batch in _batches(failures):
        for n, m in _LENGTHS:
            try:
                one = _tried(function, args, kwargs, n, batch)
            except (ValueError, IndexError):
                continue
            try:  # any multiple of this batch may do
                return [one, _tried(function, args, kwargs, m, 2 * batch)]
            except (ValueError, IndexError):
                pass
            try:  # or this one only
                return [one, _tried(function, args, kwargs, m, batch)]
            except (ValueError, IndexError):
                pass
    # lengths have nothing to do with it
    raise _of_unknown_lengths(failures[0], function, args, kwargs) from None


def _of_a_long_one(function: Callable, args: tuple, kwargs: dict, unknown: int) -> list:
    """Run a function on two samples with long axes; of none if it takes no such ones.

    Parameters
    ----------
    unknown : int, how many axes behind the first have unknown lengths.
    """
    if not unknown:
        return []
    try:
        length = _LONG if unknown <= 2 else _LONG_OF_MANY
        return [_tried(function, args, kwargs, length, _LENGTHS[0][0])]
    except Exception:  # a user's function may refuse long ones by any; it takes short
        return []


def _are_alike(one: Any, other: Any) -> bool:
    """Return whether results are as many, with as many axes each."""
    return [*map(np.ndim, flatten(one))] == [*map(np.ndim, flatten(other))]


def _of_unknown_lengths(
    error: Exception, function: Callable, args: tuple, kwargs: dict
) -> Exception:
    """Return an error that says None where it told a made-up length.

    Those are the numbers that differ when the lengths do: (2, 5) and (3, 5) were made
    up for (None, 5).
    """
    try:
        _tried(function, args, kwargs, _LENGTHS[0][1])
    except type(error) as other:
        one, two = (re.split(r"(\d+)", str(e)) for e in (error, other))
        if one[::2] == two[::2] and len(error.args) == 1:
            pairs = zip(one, two, strict=True)
            error.args = ("".join(a if a == b else "None" for a, b in pairs),)
    except Exception:  # another one says nothing of this
        pass
    return error


def _known_lengths(*nested: Any) -> dict[int, int]:
    """Return lengths that arrays have, by their axes counted from the end."""
    found: dict[int, int] = {}
    for x in flatten(nested):
        if isinstance(x, (GradArray, np.ndarray)) or _is_symbol(x):
            for axis, n in enumerate(x.shape):
                if n is not None and n != 1:
                    found.setdefault(axis - x.ndim, n)
    return found


def _batches(errors: list[Exception]) -> list[int]:
    """Return sizes of batch worth trying: lengths that errors name, then the usual."""
    named = [int(n) for error in errors for n in re.findall(r"\b\d+\b", str(error))]
    wanted = [n for n in named if 1 < n < 2**12]
    return list(dict.fromkeys([*wanted, *_BATCHES]))


def _tried(
    function: Callable,
    args: tuple,
    kwargs: dict,
    length: int,
    batch: int | None = None,
    lengths: dict[int, int] | None = None,
) -> Any:
    """Run a function on made-up values, unknown axes having the given length.

    Those in front are samples: they have the length `batch`, if it is given.  Of those
    counted from the end in `lengths` each has its own.
    """
    of_axis = lengths or {}
    random = np.random.default_rng(0)
    batch = length if batch is None else batch

    def known(shape: tuple) -> tuple:
        """Return a shape with a length for each that is unknown."""
        return tuple(
            n
            if n is not None
            else of_axis.get(axis - len(shape), length if axis else batch)
            for axis, n in enumerate(shape)
        )

    def made_up(x: Any) -> Any:
        if not _is_symbol(x):
            return x
        shape = known(x.shape)
        if is_length(x):
            values = value_of(x, known)
        elif np.dtype(x.dtype).kind == "f":
            values = random.random(shape, np.float32).astype(x.dtype, copy=False)
        else:
            values = np.zeros(shape, x.dtype)
        if values.dtype.kind not in "biufc":
            return values  # texts stay what they are
        array = GradArray(values, requires_grad=False)
        mask = get_mask(x)
        if mask is not None:
            set_mask(array, np.ones(known(mask.shape)))
        return array

    args, kwargs = map_structure(made_up, (args, kwargs))
    with no_grad(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token = trying.set(True)
        try:
            return function(*args, **kwargs)
        finally:
            trying.reset(token)
