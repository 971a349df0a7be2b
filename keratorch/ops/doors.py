"""Keras's way to call NumPy's functions: its arguments, by its names and in its order.

``ops.reshape(x, newshape=(2, 3))`` is ``np.reshape(x, (2, 3))``, and
``ops.sum(x, 1, True)`` is ``np.sum(x, 1, keepdims=True)``.  What Keras does not know,
such as ``out=``, goes to NumPy as it is.  Which types of numbers are computed with,
`promotion` says.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from keratorch.ops import demands, promotion, shortcuts
from keratorch.symbolic import lifted

# A rule for the arguments' types (arrays; what NumPy takes by place; by name) -> a rule
# for the result's type: names of the functions.
_TABLE = """
arrays(x)
    absolute abs bitwise_invert bitwise_not conjugate conj copy fliplr flipud imag
    isfinite isinf isnan isneginf isposinf isreal logical_not negative ravel real sign
    signbit trunc
numbers(x)
    square
floats(x)
    angle arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh
    deg2rad det eig eigh exp exp2 expm1 fabs floor i0 inv log log10 log1p log2 rad2deg
    reciprocal sin sinc sinh slogdet sqrt tan tanh
floats(x) -> as_first
    corrcoef
arrays(x) -> as_int32
    nonzero
common(x1, x2)
    add equal fmax fmin fmod floor_divide gcd greater greater_equal lcm less
    less_equal maximum minimum mod multiply not_equal power subtract
products(x1, x2)
    matmul
common_arrays(x1, x2)
    dot inner kron outer vdot
floats(x1, x2)
    arctan2 divide heaviside hypot logaddexp logaddexp2 nextafter true_divide
first_floats(x1, x2)
    ldexp
arrays(x1, x2)
    logical_and logical_or logical_xor
common(x, y)
    bitwise_and bitwise_or bitwise_xor bitwise_left_shift left_shift
    bitwise_right_shift right_shift
arrays(x; axis=None; keepdims=False)
    all any amax amin nanmax nanmin ptp
arrays(x; axis=None; keepdims=False) -> as_int32
    argmax argmin nanargmax nanargmin
arrays(x; axis=None; keepdims=False) -> as_total
    nanprod nansum sum
floats(x; axis=None; keepdims=False)
    mean median nanmean nanmedian nanstd nanvar std var
arrays(x; axis=None; keepdims=False, initial=None)
    max min
arrays(x; axis=None; keepdims=False, dtype=None) -> as_total
    prod
arrays(x; axis=None; dtype=None) -> as_cumulative
    cumprod cumsum nancumprod nancumsum
floats(x, q; axis=None; method='linear', keepdims=False)
    nanpercentile nanquantile percentile quantile
averaged(x; axis=None, weights=None)
    average
arrays(x; axis=None) -> as_int32
    count_nonzero
arrays(x; axis=None)
    flip squeeze
arrays(x; axis=-1)
    sort
arrays(x; axis=-1) -> as_int32
    argsort
arrays(x; kth, axis=-1) -> as_int32
    argpartition
arrays(x; k=0)
    diag diagflat tril triu
arrays(x; offset=0, axis1=0, axis2=1)
    diagonal
arrays(x; offset=0, axis1=0, axis2=1) -> as_total
    trace
arrays(x; dtype=None)
    empty_like ones_like zeros_like
arrays(x; fill_value, dtype=None)
    full_like
parts(xs)
    dstack hstack vstack
parts(xs; axis=0)
    concatenate
parts(x; axis=0)
    stack
common_arrays(x1, x2; axis=None)
    append
common_arrays(x1, x2; axes=2)
    tensordot
common(x1, x2; axisa=-1, axisb=-1, axisc=-1, axis=None)
    cross
floats(x1, x2; mode='valid')
    correlate
common(x1, x2; rtol=1e-05, atol=1e-08, equal_nan=False)
    allclose isclose
common(x1, x2; assume_unique=False, invert=False)
    isin
arrays(x; indices_or_sections)
    hsplit vsplit dsplit
arrays(x; indices_or_sections, axis=0)
    array_split split
arrays(x, indices; axis=None)
    take
known_axis(x, indices; axis=None)
    take_along_axis
arrays(array; k=1, axes=(0, 1))
    rot90
arrays(x; shape)
    broadcast_to
new_shape(x; newshape)
    reshape
arrays(x; axes=None)
    transpose
arrays(x; axis)
    expand_dims
arrays(x; axis1, axis2)
    swapaxes
arrays(x; source, destination)
    moveaxis
arrays(x; repeats)
    tile
arrays(x; repeats, axis=None)
    repeat
arrays(x; shift, axis=None)
    roll
arrays(x; decimals=0)
    round
arrays(x; pad_width, mode='constant'; constant_values=None)
    pad
common(x, x_min, x_max)
    clip
arrays(x; ; nan=0.0, posinf=None, neginf=None)
    nan_to_num
arrays(x, bins) -> as_int32
    digitize
common(sorted_sequence, values; side='left') -> as_int32
    searchsorted
one_axis(x; bins=10, range=None) -> as_edges
    histogram
arrays(indices; shape) -> as_first
    unravel_index
both_branches(condition; x1=None, x2=None)
    where
operands(subscripts; *operands)
    einsum
every(; *x; indexing='xy')
    meshgrid
arrays(a; n=1, axis=-1)
    diff
arrays(x; N=None, increasing=False) -> as_first
    vander
floats(x; mode='reduced')
    qr
floats(x; full_matrices=True, compute_uv=True)
    svd
floats(x; tol=None)
    matrix_rank
floats(x; rcond=None)
    pinv
both_floats(y; x=None, dx=1.0, axis=-1)
    trapezoid
"""


class Face(NamedTuple):
    """How Keras calls a function of NumPy.

    Attributes
    ----------
    before, after : rules of `promotion` or `demands`; after may be None.
    arrays : int, how many of the first arguments are arrays.
    places : names of the arguments that NumPy takes in this order.
    names : names of those that NumPy has under the same name elsewhere.
    axis : the place of ``axis``, beyond all others if it has none.
    variadic : whether any number of arrays is taken.
    signature : what Keras's users see.
    """

    before: Callable[..., tuple]
    after: Callable[..., Any] | None
    arrays: int
    places: tuple[str, ...]
    names: tuple[str, ...]
    axis: int
    variadic: bool
    signature: inspect.Signature


_PARAMETER = re.compile(r"(\*?)(\w+)(?:=(\([^)]*\)|[^,]+))?(?:, |$)")


def _parsed(table: str) -> dict[str, Face]:
    found: dict[str, Face] = {}
    pattern = r"^(\w+)\((.*)\)(?: -> (\w+))?\n((?:    .*\n)+)"
    for match in re.finditer(pattern, table, re.MULTILINE):
        before, inside, after, functions = match.groups()
        parts = [_PARAMETER.findall(part.strip()) for part in f"{inside};;".split(";")]
        names = [tuple(name for star, name, _ in part if not star) for part in parts]
        parameters = _parameters([parameter for part in parts for parameter in part])
        face = Face(
            getattr(demands, before, None) or getattr(promotion, before),
            getattr(promotion, after) if after else None,
            len(names[0]),
            names[0] + names[1],
            names[2],
            names[1].index("axis") + len(names[0])
            if "axis" in names[1]
            else sys.maxsize,
            any(star for part in parts for star, _, _ in part),
            inspect.Signature(parameters),
        )
        found.update(dict.fromkeys(functions.split(), face))
    return found


def _parameters(texts: list[tuple[str, str, str]]) -> list[inspect.Parameter]:
    found = []
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    for star, name, default in texts:
        value = ast.literal_eval(default) if default else inspect.Parameter.empty
        own = inspect.Parameter.VAR_POSITIONAL if star else kind
        found.append(inspect.Parameter(name, own, default=value))
        if star:
            kind = inspect.Parameter.KEYWORD_ONLY
    return found


FACES = _parsed(_TABLE)


def door(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a function of NumPy as Keras calls it.

    Examples
    --------
    >>> import numpy as np
    >>> tile = door(np.tile, "tile")
    >>> tile(x=[1.5, 2.5], repeats=2)
    array([1.5, 2.5, 1.5, 2.5], dtype=float32)
    """
    face = FACES[name]
    slow = lifted(_named(_changing(function, name, face), function, name))
    quick = _unchanging(function, slow, face)
    return slow if quick is None else _named(quick, function, name)


def _changing(function: Callable[..., Any], name: str, face: Face) -> Callable:
    """Return a call of a function with all arguments as NumPy takes them."""
    before, after, count = face.before, face.after, face.arrays

    def called(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) > count:
            args = _arranged(face, name, args, kwargs)
        if len(args) < count:
            return function(*args, **kwargs)  # by NumPy's own names, or an error
        args = before(args, count)
        result = function(*args, **kwargs)
        if after is None or "dtype" in kwargs or "out" in kwargs:
            return result
        return after(result, args[0])

    return called


def _unchanging(
    function: Callable[..., Any], slow: Callable[..., Any], face: Face
) -> Callable[..., Any] | None:
    """Return a call that is quick where nothing is to be changed; None: always is."""
    count, after = face.arrays, face.after
    nothing_to_do = shortcuts.of(face.before, count)
    if nothing_to_do is None or face.variadic:
        return None
    finish = None if shortcuts.keeps(after) else after
    limit, plain, shared = len(face.places), shortcuts.PLAIN, shortcuts.SHARED
    others = limit if face.before in shortcuts.SEES_ALL else count

    def quick(*args: Any, **kwargs: Any) -> Any:
        if not count <= len(args) <= limit or not nothing_to_do(args):
            return slow(*args, **kwargs)
        for x in args[others:]:
            if type(x) not in plain:
                return slow(*args, **kwargs)
        for key, x in kwargs.items():
            if key not in shared or type(x) not in plain:
                return slow(*args, **kwargs)
        result = function(*args, **kwargs)
        return result if finish is None else finish(result, args[0])

    return quick


def _named(door: Any, function: Callable[..., Any], name: str) -> Callable[..., Any]:
    functools.update_wrapper(door, function)
    door.__module__ = "keratorch.ops"
    door.__name__ = door.__qualname__ = name
    of = _numpy_name(function)
    door.__doc__ = f"``np.{of}`` with Keras's arguments and types."
    door.__signature__ = FACES[name].signature
    return door


def _numpy_name(function: Callable[..., Any]) -> str:
    room = ".linalg" in (getattr(function, "__module__", None) or "")
    return f"{'linalg.' if room else ''}{function.__name__}"


def _arranged(face: Face, name: str, args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Return what NumPy takes by place, and leave the other arguments in kwargs."""
    limit = len(args) if face.variadic else len(face.places)
    if len(args) > limit + len(face.names):
        raise TypeError(
            f"ops.{name}{face.signature} takes {limit + len(face.names)} arguments by "
            f"place; received {len(args)}. Give those of NumPy's own by name: out=..."
        )
    for key, value in zip(face.names, args[limit:], strict=False):
        if key in kwargs:
            raise TypeError(f"ops.{name} was given {key!r} by place and by name.")
        kwargs[key] = value
    found = list(args[:limit])
    while any(key in kwargs for key in face.places[len(found) :]):
        key = face.places[len(found)]
        found.append(kwargs.pop(key, face.signature.parameters[key].default))
        if found[-1] is inspect.Parameter.empty:
            raise TypeError(f"ops.{name}{face.signature} needs {key!r}. Add {key}=...")
    for key in face.names:
        if kwargs.get(key, ...) is None:
            del kwargs[key]
    if face.axis < len(found) and isinstance(found[face.axis], list):
        found[face.axis] = tuple(found[face.axis])
    if isinstance(kwargs.get("axis"), list):
        kwargs["axis"] = tuple(kwargs["axis"])
    return tuple(found)
