"""Arguments of convolutions in Keras 1's order: Conv2D(filters, rows, columns)."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from keratorch.compat.layers.older_orders import behind_sizes
from keratorch.compat.spoken import say_modern

#: Layers whose kernel Keras 1 took as integers -> of how many.
RANKS = {
    "Conv1D": 1,
    "Conv2D": 2,
    "Conv3D": 3,
    "Conv2DTranspose": 2,
    "Conv3DTranspose": 3,
    "ConvLSTM2D": 2,
    "LocallyConnected1D": 1,
    "LocallyConnected2D": 2,
    "SeparableConv2D": 2,
}
#: What these integers were called.
_SIZES = {
    1: ("filter_length",),
    2: ("nb_row", "nb_col"),
    3: ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
}
_SIDES = (("top_pad", "bottom_pad"), ("left_pad", "right_pad"))
_ORDERINGS = ("th", "tf", "default")


def kernel_of_ints(args: tuple, kwargs: dict[str, Any], rank: int) -> tuple:
    """Return arguments of Keras 1's convolution with its kernel as one tuple.

    The last sizes may come by their names. A shape behind the sizes is the output's,
    of `Deconvolution2D`.

    In Keras 0 the number of the inputs' channels stood there, too.

    Examples
    --------
    >>> kernel_of_ints((32, 3, 3, "glorot_uniform"), {}, 2)
    (32, (3, 3))
    >>> kernel_of_ints((32, 1, 3, 3), {}, 2)
    (32, (3, 3))
    >>> kernel_of_ints((32, 3), {"nb_col": 5}, 2)
    (32, (3, 5))
    """
    args = _without_channels(args, rank)
    sizes = tuple(itertools.takewhile(is_size, args[1 : rank + 1]))
    named = _SIZES[rank][len(sizes) :]
    if not sizes or not all(name in kwargs for name in named):
        return args
    rest = args[len(sizes) + 1 :]
    sizes += tuple(kwargs.pop(name) for name in named)
    if rest and isinstance(rest[0], (list, tuple)):
        if len(rest[0]) > rank:
            kwargs["output_shape"] = rest[0]
        rest = rest[1:]
    behind_sizes(rank, rest, kwargs)
    return (args[0], sizes)


def _without_channels(args: tuple, rank: int) -> tuple:
    """Return Keras 0's arguments without the channels of the inputs."""
    if len(args) < rank + 2 or not all(map(is_size, args[: rank + 2])):
        return args
    return args[1:] if rank == 1 else (args[0], *args[2:])


def is_size(size: Any) -> bool:
    """Return whether an argument is a number, of Python or NumPy, and no bool."""
    return isinstance(size, (int, np.integer)) and not isinstance(size, bool)


def two_initializers(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let Keras 1's `init` be of both kernels of a separable convolution."""
    if "init" in kwargs:
        say_modern(
            "SeparableConv2D(init=...)",
            "SeparableConv2D(depthwise_initializer=..., pointwise_initializer=...)",
        )
        init = kwargs.pop("init")
        kwargs.update(depthwise_initializer=init, pointwise_initializer=init)
    return args


def padding_of_sides(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the padding of images be a dict of their sides, as in Keras 1.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     padding_of_sides(({"top_pad": 1, "left_pad": 2},), {})
    (((1, 0), (2, 0)),)
    """
    given = args[0] if args else kwargs.get("padding")
    if isinstance(given, (list, tuple)) and len(given) == 4:  # of Keras 1.1
        given = dict(zip(itertools.chain(*_SIDES), given, strict=True))
    if not isinstance(given, dict) or not given.keys() <= {*_SIDES[0], *_SIDES[1]}:
        return args
    say_modern(
        "ZeroPadding2D({'top_pad': ...})",
        "ZeroPadding2D(((top, bottom), (left, right)))",
    )
    pairs = tuple(tuple(given.get(side, 0) for side in pair) for pair in _SIDES)
    if args:
        return (pairs, *args[1:])
    kwargs["padding"] = pairs
    return args


def padding_of_ends(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the padding of sequences be a dict of their ends, as in Keras 1."""
    given = args[0] if args else kwargs.get("padding")
    if not isinstance(given, dict):
        return args
    say_modern("ZeroPadding1D({'left_pad': ...})", "ZeroPadding1D((before, after))")
    kwargs["padding"] = (given.get("left_pad", 0), given.get("right_pad", 0))
    return ()


def ordering_by_place(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Let the last argument of a pooling layer be the order of its axes, as in Keras 1.

    Examples
    --------
    >>> kwargs = {}
    >>> ordering_by_place(((2, 2), None, "valid", "th"), kwargs), kwargs
    (((2, 2), None, 'valid'), {'dim_ordering': 'th'})
    """
    if args and isinstance(args[-1], str) and args[-1] in _ORDERINGS:
        kwargs["dim_ordering"], args = args[-1], args[:-1]
    return args
