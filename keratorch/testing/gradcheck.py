"""`gradcheck`: the derivatives of any function, held to finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.testing import numeric
from keratorch.testing.evidence import reals, upstream_for
from keratorch.testing.mismatches import Gradcheck, Mismatch
from keratorch.testing.quiet import quietly
from keratorch.transforms.gradients import gradients
from keratorch.transforms.joining import joining

__all__ = ["Gradcheck", "gradcheck"]


def gradcheck(
    function: Callable,
    *arrays: Any,
    order: int = 2,
    eps: float | None = None,
    atol: float = 1e-7,
    rtol: float = 1e-5,
    directions: int | None = None,
    seed: int = 0,
    raise_exception: bool = True,
) -> Gradcheck:
    """Compare the derivatives of a function with finite differences, in float64.

    The gradient that comes in at the output is random, so that no mistake hides behind
    a sum of ones.  Slopes are measured by a complex step where the function takes
    complex arrays and the result agrees, else by central differences at several steps.

    Parameters
    ----------
    function : of GradArrays to a GradArray of any shape, or to a tuple of them.
    *arrays : array_like.  Those of floats are differentiated, in float64; those of
        integers or booleans are handed on as they are.
    order : 1, or 2 to check the derivative of the gradient too.
    eps : float, the step of central differences; None chooses it by itself.
    atol, rtol : float, how far a number may be off, as of `numpy.isclose`.
    directions : None to check every element, or for large arrays the number of random
        directions along which each is moved as a whole.
    seed : int, of the random incoming gradients and directions.
    raise_exception : bool, whether a mismatch raises.  If not, ask ``report.ok``.

    Returns
    -------
    report : true where all agree; ``print(report)`` lists what does not.

    Raises
    ------
    AssertionError : a derivative is wrong.
    TypeError, ValueError : no array of floats, an unknown order, or the function gives
        no GradArray.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.testing import gradcheck
    >>> gradcheck(lambda x, w: np.tanh(x @ w), np.ones((2, 3)), np.ones((3, 1)))
    gradcheck: ok, 20 numbers compared
    >>> report = gradcheck(lambda x: np.abs(x).sum(), np.array([-1.0, 0.0]), order=1)
    >>> report.kinks
    1
    """
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2; received {order!r}.")
    values = [np.asarray(graph.value(x)) for x in arrays]
    if all(x.dtype.kind in "iu" for x in values):
        values = [x.astype(float) for x in values]  # [1, 2] is meant to be a point
    if not any(x.dtype.kind in "fc" for x in values):
        raise TypeError("gradcheck needs an array of floats to differentiate by.")
    with np.errstate(all="ignore"):
        report = _checked(function, values, order, (atol, rtol, eps), directions, seed)
    if raise_exception and not report.ok:
        raise AssertionError(f"\n{report}")
    return report


def _checked(
    function: Callable,
    values: list[np.ndarray],
    order: int,
    tolerances: tuple,
    directions: int | None,
    seed: int,
) -> Gradcheck:
    report = Gradcheck()
    first = _First(function, values, seed)
    points = first.points
    once, again = first.value(*points), first.value(*points)
    if not np.array_equal(once, again, equal_nan=True):
        raise ValueError(
            "gradcheck needs a function that gives the same result each time; this one "
            "is random. Seed a generator inside it."
        )
    _compare(
        report,
        1,
        first.value,
        points,
        first.gradients(points),
        first.upstream,
        tolerances,
        directions,
        seed,
    )
    if order == 2 and report.ok:
        second = _Second(first, seed)
        points = [*points, first.upstream]
        found = second.derivatives()
        _compare(
            report,
            2,
            second.value,
            points,
            found,
            second.directions,
            tolerances,
            directions,
            seed,
        )
    return report


class _First:
    """A function of the arrays that are differentiated, to all its outputs in a row."""

    def __init__(self, function: Callable, values: list[np.ndarray], seed: int):
        self.function, self.values = function, values
        self.moves = [i for i, x in enumerate(values) if x.dtype.kind in "fc"]
        self.points = [as_double(values[i]) for i in self.moves]
        self.upstream = upstream_for(self.value(*self.points), seed)

    def outputs(self, leaves: list) -> list[GradArray]:
        """Return the outputs of the function, of arrays in the places of those."""
        given: list[Any] = list(self.values)
        for i, leaf in zip(self.moves, leaves, strict=True):
            given[i] = leaf
        with joining:
            result = self.function(*given)
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        for x in outputs:
            if not isinstance(x, GradArray):
                raise TypeError(
                    "gradcheck needs a function that returns a GradArray; received "
                    f"{type(x).__name__}. Does it leave the graph, by float() or "
                    ".numpy()?"
                )
        return outputs

    def value(self, *arrays: np.ndarray) -> np.ndarray:
        """Return all outputs, end to end, for plain arrays."""
        with no_grad():
            outputs = self.outputs([GradArray(x) for x in arrays])
        return np.concatenate([x.numpy().ravel() for x in outputs])

    def gradients(
        self, arrays: list, upstream: Any = None, create_graph: bool = False
    ) -> list:
        """Return the gradient of each array; `arrays` may be GradArrays."""
        leaves = [x if isinstance(x, GradArray) else GradArray(x) for x in arrays]
        upstream = self.upstream if upstream is None else upstream
        roots, seeds, start = [], [], 0
        for x in self.outputs(leaves):
            part = upstream[start : start + x.size].reshape(x.shape)
            start += x.size
            if x.requires_grad:
                roots.append(x)
                seeds.append(part)
        if not roots:
            return [None] * len(leaves)
        return gradients(roots, leaves, seeds, create_graph)


class _Second:
    """The gradient of a function, as a function of the arrays and what comes in."""

    def __init__(self, first: _First, seed: int):
        self.first = first
        self.parts = [upstream_for(x, seed + i) for i, x in enumerate(first.points, 1)]
        self.directions = np.concatenate([x.ravel() for x in self.parts])

    def value(self, *arrays: np.ndarray) -> np.ndarray:
        """Return the gradients of all arrays, end to end."""
        found = self.first.gradients(list(arrays[:-1]), arrays[-1])
        return np.concatenate(
            [
                np.zeros(x.size) if g is None else np.ravel(g)
                for g, x in zip(found, arrays, strict=False)
            ]
        )

    def derivatives(self) -> list:
        """Return the derivative of the gradients, along the directions."""
        leaves = [GradArray(x) for x in self.first.points]
        upstream = GradArray(self.first.upstream)
        found = self.first.gradients(leaves, upstream, create_graph=True)
        kept = [
            (g, d)
            for g, d in zip(found, self.parts, strict=True)
            if isinstance(g, GradArray) and g.requires_grad
        ]
        targets = [*leaves, upstream]
        if not kept:
            return [None] * len(targets)
        return gradients([g for g, _ in kept], targets, [d for _, d in kept])


def _compare(
    report: Gradcheck,
    order: int,
    function: Callable,
    points: list[np.ndarray],
    found: list,
    upstream: np.ndarray,
    tolerances: tuple,
    directions: int | None,
    seed: int,
) -> None:
    """Add to the report where gradients differ from the measured ones."""
    for i, (point, gradient) in enumerate(zip(points, found, strict=True)):
        analytic = reals(np.zeros(point.shape) if gradient is None else gradient)
        half = _reads_half(function, points, i)
        if directions is None:
            slopes = {
                index: _measured(function, points, i, index, tolerances[2])
                for index in numeric.elements(point)
            }
            numbers = {index: float(analytic[index]) for index in slopes}
            if half:
                numbers, slopes = _by_pairs(numbers), _by_pairs(slopes)
            for index, slope in slopes.items():
                _judge(
                    report,
                    order,
                    i,
                    index,
                    numbers[index],
                    slope,
                    upstream,
                    tolerances,
                )
            continue
        random = np.random.default_rng(seed)
        for k in range(directions):
            way = random.normal(size=analytic.shape)
            way = way + np.swapaxes(way, -1, -2) if half else way
            along = _along(function, points, i, way)
            slope = _measured(along, [np.zeros(())], 0, (), tolerances[2])
            total = float((analytic * way).sum())
            _judge(
                report, order, i, f"direction {k}", total, slope, upstream, tolerances
            )


def _reads_half(function: Callable, points: list, i: int) -> bool:
    """Return whether of a symmetric matrix one triangle alone is read.

    The gradient of such a function (a Cholesky decomposition, say) is right if it is
    right for symmetric changes: pairs of elements are compared together then.
    """
    point = points[i]
    if point.ndim < 2 or point.dtype.kind != "f" or point.shape[-1] < 2:
        return False
    turned = np.swapaxes(point, -1, -2)
    if turned.shape != point.shape or not np.array_equal(point, turned):
        return False
    here = function(*points)
    change = 0.01 * np.random.default_rng(0).uniform(size=point.shape)
    unread = []
    for half in (np.triu(change, 1), np.tril(change, -1)):
        there = function(*points[:i], point + half, *points[i + 1 :])
        unread.append(np.array_equal(here, there))
    return unread[0] != unread[1]


def _by_pairs(values: dict) -> dict:
    """Return values by element with those of mirrored elements added up."""
    found = {}
    for index, value in values.items():
        mirrored = (*index[:-2], index[-1], index[-2])
        if index[-2] < index[-1]:
            found[index] = _sum(value, values[mirrored])
        elif index == mirrored:
            found[index] = value
    return found


def _sum(one: Any, other: Any) -> Any:
    if not isinstance(one, numeric.Slope):
        return one + other
    return numeric.Slope(
        one.value + other.value,
        one.error + other.error,
        one.left + other.left,
        one.right + other.right,
        one.kink | other.kink,
        one.bounded & other.bounded,
    )


def _along(function: Callable, points: list, i: int, way: np.ndarray) -> Callable:
    """Return the function of one number: how far to go from a point along a way."""
    step = way[..., 0] + 1j * way[..., 1] if points[i].dtype.kind == "c" else way

    def moved(distance: np.ndarray) -> np.ndarray:
        return function(*points[:i], points[i] + distance * step, *points[i + 1 :])

    return moved


def _measured(
    function: Callable, points: list, i: int, index: tuple, eps: float | None
) -> numeric.Slope:
    steps = numeric.STEPS if eps is None else (2 * eps, eps, eps / 2)
    found = numeric.slope(function, points, i, index, steps)
    exact = quietly(numeric.complex_slope, function, points, i, index)
    if exact is None or found.kink.any():
        return found
    if np.allclose(exact, found.value, 1e-5, 1e-7):
        return found._replace(value=exact, error=np.zeros(exact.shape))
    return found


def _judge(
    report: Gradcheck,
    order: int,
    i: int,
    index: Any,
    analytic: float,
    slope: numeric.Slope,
    upstream: np.ndarray,
    tolerances: tuple,
) -> None:
    """Add one number to the report."""
    atol, rtol, _ = tolerances
    report.compared += 1
    measured, left, right = (
        float(np.real(np.conj(upstream) * x).sum())
        for x in (slope.value, slope.left, slope.right)
    )
    doubt = float((np.abs(upstream) * slope.error).sum())
    kink = bool(slope.kink.any())
    if kink and np.isfinite(left) and np.isfinite(right):
        report.kinks += 1
        margin = atol + 1e-4 * max(abs(left), abs(right))
        if min(left, right) - margin <= analytic <= max(left, right) + margin:
            return
    elif not np.isfinite(doubt) or doubt > 1e-2 * (1 + abs(measured)):
        report.unclear += 1
        return
    elif abs(analytic - measured) <= atol + rtol * abs(measured) + 20 * doubt:
        return
    report.mismatches.append(Mismatch(order, i, index, analytic, measured, kink))


def as_double(array: np.ndarray) -> np.ndarray:
    """Return a copy in double precision."""
    return array.astype(complex if array.dtype.kind == "c" else float)
