"""What brings older arguments of single layers into the form of today."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import compat
from keratorch.compat.spoken import say_modern
from keratorch.compat.translation import Reordering


def counting(*names: str) -> Reordering:
    """Return what makes an int of a count such as ``Dense(128 / 2)``, in scripts.

    A program that says keratorch gets the error that names the argument.
    """

    def whole(args: tuple, kwargs: dict[str, Any]) -> tuple:
        if not compat._finder.serves_keras:
            return args
        for name in names:
            if isinstance(kwargs.get(name), (float, np.floating)):
                kwargs[name] = int(kwargs[name])
        if args and isinstance(args[0], (float, np.floating)):
            args = (int(args[0]), *args[1:])
        return args

    return whole


def halving(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the windows of a pooling layer be of 2 by default, as in Keras 1 and 2."""
    if not args and kwargs.keys().isdisjoint(("pool_size", "pool_length")):
        kwargs["pool_size"] = 2
    return args


def dropping_nothing(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Leave the shape of the noise out where the rate is 0: there is no noise."""
    given = {**dict(zip(("rate", "noise_shape"), args, strict=False)), **kwargs}
    if given.get("rate", given.get("p")) == 0:
        kwargs.pop("noise_shape", None)
        kwargs.update(zip(("seed",), args[2:], strict=False))
        return args[:1]
    return args


def several_hot(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let 'binary' be a mode of output, which is 'multi_hot' today."""
    if kwargs.get("output_mode") == "binary":
        kwargs["output_mode"] = "multi_hot"
    return args


def shape_first(layer: str) -> Reordering:
    """Return what takes the shape of the inputs away, which came first in Keras 0.

    Only that of rows: of images it meant a mean and a scale for each of their places.

    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     shape_first("PReLU")(((512,), "zero"), {})
    ('zero',)
    """

    def without(args: tuple, kwargs: dict[str, Any]) -> tuple:
        first = args[0] if args else None
        if not (isinstance(first, tuple) and len(first) == 1 and type(first[0]) is int):
            return args
        say_modern(f"{layer}(({first[0]},))", f"{layer}()")
        kwargs.setdefault("input_shape", first)
        return args[1:]

    return without


def dims_by_place(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the lengths of a shape stand one by one: Reshape(3, 32, 32) in Keras 0.

    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     dims_by_place((3, 32, 32), {})
    ((3, 32, 32),)
    """
    if not args or not all(isinstance(arg, (int, np.integer)) for arg in args):
        return args
    say_modern("Reshape(rows, columns)", "Reshape((rows, columns))")
    return (args,)


def in_turn(*orders: Reordering) -> Reordering:
    """Return what brings arguments into order by one function after the other."""

    def reorder(args: tuple, kwargs: dict[str, Any]) -> tuple:
        for order in orders:
            args = order(args, kwargs)
        return args

    return reorder
