"""Many small weights are updated as if they were one.

A formula of a dozen passes makes a dozen calls for a weight of ten elements as for one
of ten thousand.  So small weights are copied side by side into one flat array before
the formula, and back after it.  The weights themselves stay where they are: they are
the user's.  Their slots are the optimizer's, and lie side by side from the first.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.pieces import PIECE

# Elements up to which a weight is small: copying them takes less than the calls.
SMALL = 8_192


class Bundle:
    """Small weights of one kind, with their slots and memory for their gradients.

    Parameters
    ----------
    positions : where the weights stand among those of the optimizer.
    weights : their arrays, of one dtype.
    slots : by name, for each weight the Variable of its shape. It changes into a view
        of the flat array.
    """

    def __init__(
        self,
        positions: Sequence[int],
        weights: Sequence[np.ndarray],
        slots: Mapping[str, Sequence[Any]],
    ):
        shapes = [weight.shape for weight in weights]
        self.positions = positions
        self.size = sum(weight.size for weight in weights)
        self.weight = np.empty(self.size, weights[0].dtype)
        self.gradient = np.empty_like(self.weight)
        self.slots = {name: np.empty_like(self.weight) for name in slots}
        self._weights = list(zip(_split(self.weight, shapes), weights, strict=True))
        gradients = _split(self.gradient, shapes)
        self._gradients = list(zip(positions, gradients, strict=True))
        for name, row in slots.items():
            for variable, view in zip(
                row, _split(self.slots[name], shapes), strict=True
            ):
                view[...] = variable._array
                variable._array = view

    def gather_weights(self) -> None:
        """Copy the weights side by side."""
        for view, weight in self._weights:
            view[...] = weight

    def gather_gradients(self, gradients: Mapping[int, tuple]) -> None:
        """Copy the gradients side by side, each multiplied by its factor."""
        for position, view in self._gradients:
            gradient, factor = gradients[position]
            if factor == 1:
                view[...] = gradient
            else:
                np.multiply(gradient, view.dtype.type(factor), out=view)

    def scatter_weights(self) -> None:
        """Copy what the formula made of the weights to where they are."""
        for view, weight in self._weights:
            weight[...] = view


class Bundles:
    """The bundles of an optimizer, which are made anew when its weights are replaced.

    `others` are the positions of weights in no bundle. Where weights share memory there
    are no bundles: they must be updated one after the other.
    """

    def __init__(self) -> None:
        self.bundles: list[Bundle] = []
        self.others: list[int] = []
        self.share_memory = False
        self._arrays: list[np.ndarray] = []
        self._settings: Any = None

    def renew(
        self,
        variables: Sequence[GradArray],
        settings: Any,
        kind_of: Callable[[int], Hashable],
        slots_of: Callable[[int], dict[str, Any]],
    ) -> None:
        """See that the bundles are those of these variables.

        Parameters
        ----------
        variables : all that the optimizer changes.
        settings : what the kinds depend on: with another, the bundles are made anew.
        kind_of : function from a position to what must be equal for an update in one.
        slots_of : function from a position to the Variables of its slots, by name.
        """
        arrays = [variable._array for variable in variables]
        if settings == self._settings and _are_same(arrays, self._arrays):
            return
        self._arrays, self._settings = arrays, settings
        self.share_memory = share_memory(arrays)
        self.bundles = []
        if not self.share_memory:
            kinds = [kind_of(i) for i in range(len(arrays))]
            self.bundles = _bundled(arrays, kinds, slots_of)
        bundled = {i for bundle in self.bundles for i in bundle.positions}
        self.others = [i for i in range(len(arrays)) if i not in bundled]

    def __reduce__(self) -> tuple:
        return Bundles, ()  # a copy has slots of its own, which are no views


def share_memory(arrays: Sequence[np.ndarray]) -> bool:
    """Return whether two of the arrays may have an element in common.

    Examples
    --------
    >>> x = np.zeros(5)
    >>> share_memory([x[:3], x[3:]]), share_memory([x[:3], x[2:]])
    (False, True)
    """
    spans = sorted(_span(array) for array in arrays if array.size)
    return any(before[1] > after[0] for before, after in itertools.pairwise(spans))


def _span(array: np.ndarray) -> tuple[int, int]:
    """Return the addresses of the first byte and after the last one."""
    start = array.__array_interface__["data"][0]
    steps = [
        (n - 1) * stride for n, stride in zip(array.shape, array.strides, strict=True)
    ]
    low, high = sum(x for x in steps if x < 0), sum(x for x in steps if x > 0)
    return start + low, start + high + array.itemsize


def _bundled(
    arrays: Sequence[np.ndarray],
    kinds: Sequence[Hashable],
    slots_of: Callable[[int], dict[str, Any]],
) -> list[Bundle]:
    """Put small weights of one kind together, up to the size of a piece."""
    groups: dict[tuple, list[list[int]]] = {}
    for i, array in enumerate(arrays):
        slots = slots_of(i)
        if array.size <= SMALL and all(x.shape == array.shape for x in slots.values()):
            found = groups.setdefault((array.dtype, kinds[i], *slots), [[]])
            if sum(arrays[j].size for j in found[-1]) + array.size > PIECE:
                found.append([])
            found[-1].append(i)
    return [
        _bundle(group, arrays, slots_of)
        for found in groups.values()
        for group in found
        if len(group) > 1
    ]


def _bundle(
    positions: Sequence[int],
    arrays: Sequence[np.ndarray],
    slots_of: Callable[[int], dict[str, Any]],
) -> Bundle:
    rows = [slots_of(i) for i in positions]
    slots = {name: [row[name] for row in rows] for name in rows[0]}
    return Bundle(positions, [arrays[i] for i in positions], slots)


def _split(flat: np.ndarray, shapes: Iterable[tuple[int, ...]]) -> list[np.ndarray]:
    """Return views of one part after the other, in these shapes."""
    views, start = [], 0
    for shape in shapes:
        stop = start + int(np.prod(shape))
        views.append(flat[start:stop].reshape(shape))
        start = stop
    return views


def _are_same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(map(operator.is_, some, others))
