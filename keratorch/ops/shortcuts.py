"""Arguments in which a rule of `promotion` or `demands` has nothing to change.

Nearly all calls are of this kind: arrays of one type of floats, with Python's numbers
beside them.  To see that takes less time than to apply the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch.ops import demands, promotion

_NUMBERS = (float, int)
# The further arguments that go to NumPy as they are, None and lists excepted.
PLAIN = (int, tuple, bool, float)
SHARED = {"axis", "keepdims"}  # names that Keras and NumPy have in common


def _is_float(x: Any) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "") == "f"  # a symbol has a text


def _first(args: tuple) -> bool:
    return _is_float(args[0])


def _pair(x: Any, y: Any) -> bool:
    """Return whether two arrays have one type of floats, or a number is beside one."""
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        return type(x) in _NUMBERS and _is_float(y)
    if getattr(dtype, "kind", "") != "f":
        return False
    return type(y) in _NUMBERS or getattr(y, "dtype", None) is dtype


def _two(args: tuple) -> bool:
    return _pair(args[0], args[1])


def _bounds(args: tuple) -> bool:
    x, low, high = args[:3]
    return _is_float(x) and type(low) in _NUMBERS and type(high) in _NUMBERS


def _branches(args: tuple) -> bool:
    return len(args) == 3 and _pair(args[1], args[2])


def _parts(args: tuple) -> bool:
    parts = args[0]
    if type(parts) not in (list, tuple) or not parts or not _is_float(parts[0]):
        return False
    return len({getattr(x, "dtype", None) for x in parts}) == 1


def _shape(args: tuple) -> bool:
    if len(args) != 2 or not _is_float(args[0]):
        return False
    shape = args[1]
    if type(shape) is not tuple:
        return type(shape) is int and shape >= -1
    return set(map(type, shape)) <= {int} and min(shape, default=0) >= -1


_BY_RULE: dict[tuple[Any, int], Callable[[tuple], bool]] = {
    (demands.both_branches, 1): _branches,
    (demands.new_shape, 1): _shape,
    (promotion.arrays, 1): _first,
    (promotion.common, 2): _two,
    (promotion.common, 3): _bounds,
    (promotion.floats, 1): _first,
    (promotion.floats, 2): _two,
    (promotion.numbers, 1): _first,
    (promotion.parts, 1): _parts,
    (promotion.products, 2): _two,
}
# Rules whose test looks at the arguments after the arrays too.
SEES_ALL = {demands.both_branches, demands.new_shape}
_QUIET = {None, promotion.as_cumulative, promotion.as_total}


def of(before: Any, count: int) -> Callable[[tuple], bool] | None:
    """Return the test whether a rule has nothing to change; None: always apply it."""
    return _BY_RULE.get((before, count))


def keeps(after: Any) -> bool:
    """Return whether a rule for results leaves those of floats as they are."""
    return after in _QUIET
