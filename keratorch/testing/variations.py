"""Other inputs to try a class on: made from the sample's numbers, in other forms."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.testing.evidence import Evidence

_LENGTH = 3  # of each axis of what is made here


def laid_out(array: np.ndarray) -> np.ndarray:
    """Return the same values with gaps between them in memory, in Fortran's order."""
    if array.ndim == 0:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype, order="F")
    view = wide[..., ::-2]
    view[...] = array
    return view


def zero_d(evidence: Evidence) -> list[np.ndarray] | None:
    """Return one element of each input, without an axis."""
    if evidence.output.ndim == 0 or evidence.output.size == 0:
        return None
    return [x.ravel()[:1].reshape(()).copy() for x in _stretched(evidence)]


def broadcast(evidence: Evidence) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Yield inputs of which one is shorter than the others, in each way there is."""
    if evidence.output.ndim == 0 or evidence.output.size == 0:
        return
    full = _stretched(evidence)
    if len(full) < 2:
        return
    if full[0].ndim == 1:
        full = [np.stack([x, np.roll(x, 1)]) for x in full]
    full = corner(full, _LENGTH)
    for i, x in enumerate(full):
        for short in (x[0], x[..., :1], x.ravel()[:1].reshape(())):
            if short.shape != x.shape:
                arrays = [y.copy() for y in full]
                arrays[i] = short.copy()
                shapes = " and ".join(
                    f"{name} of shape {y.shape}"
                    for name, y in zip(evidence.subject.names, arrays, strict=True)
                )
                yield shapes, arrays


def fits_alone(evidence: Evidence) -> str:
    """Say that `backward` serves the shapes of the sample and fails on others."""
    return (
        f"{evidence.subject.place()} is right for the given shapes alone; it fails on "
        f"{evidence.label}. Leave out the sums over broadcast axes: the walk sums."
    )


def loops(evidence: Evidence) -> str:
    """Say that `backward` fails on inputs of other shapes, as a loop over axes does."""
    return (
        f"{evidence.subject.place()} fails on {evidence.label}, which forward takes; "
        "with order=1 it may."
    )


def _stretched(evidence: Evidence) -> list[np.ndarray]:
    shape = evidence.output.shape
    return [np.broadcast_to(x, shape).copy() for x in evidence.arrays]


def corner(arrays: list[np.ndarray], length: int = 4) -> list[np.ndarray]:
    """Return the first elements along each axis of each array."""
    return [x[tuple(slice(length) for _ in x.shape)].copy() for x in arrays]


def alike(arrays: list[np.ndarray]) -> Iterator[tuple[int, int]]:
    """Yield the positions of two inputs that may be one and the same array."""
    for j, y in enumerate(arrays):
        for i, x in enumerate(arrays[:j]):
            if x.shape == y.shape and x.dtype == y.dtype and x.size:
                yield i, j


def usual_inputs(cls: type[Grad], params: dict[str, Any]) -> list[tuple]:
    """Return inputs to try where the user gave none: of several shapes and ranges."""
    random = np.random.default_rng(0)
    found = []
    for count in _counts(cls, params):
        for shapes in _SHAPES.get(count, [[(2, 3)] * count]):
            for low, high in ((-2.0, 2.0), (0.1, 0.9)):
                found.append(tuple(random.uniform(low, high, s) for s in shapes))
    return found


_SHAPES: dict[int, list[list[tuple]]] = {
    1: [[(2, 3)], [(4,)], [(3, 2, 2)]],
    2: [[(2, 3), (2, 3)], [(2, 3), (3, 2)], [(4,), (4,)]],
    3: [[(2, 3), (2, 3), (2, 3)], [(2, 3), (3, 4), (4,)]],
}


def _counts(cls: type[Grad], params: dict[str, Any]) -> list[int]:
    """Return how many arrays the class may take."""
    own = cls.__init__ is not Grad.__init__
    if not own and cls.forward is Grad.forward:
        return [getattr(cls.of, "nin", 1)]
    method = cls.__init__ if own else cls.forward
    named = 0
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            return [1, 2, 3]
        required = parameter.default is parameter.empty
        if required and parameter.kind is not parameter.VAR_KEYWORD:
            named += name not in params
    return [max(named, 1)]
