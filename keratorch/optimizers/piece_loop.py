"""The loop over the weights around a formula: one by one, in pieces, or in bundles."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from keratorch import speed
from keratorch.core import GradArray
from keratorch.optimizers.bundles import Bundle, Bundles
from keratorch.optimizers.pieces import Job, Scratch, do, in_pieces
from keratorch.optimizers.state import State
from keratorch.variable import Variable

#: Called with the position of a weight and arrays by name, which it changes in place.
Formula = Callable[[int, dict[str, np.ndarray]], None]

#: For each position a gradient, and a number to multiply it by.
Gradients = Mapping[int, tuple[np.ndarray, float]]


class PieceLoop:
    """How an `Optimizer` calls its formula.

    Where the formula treats each element by itself, large weights come in pieces that
    fit the cache, small ones side by side in one array, and all of them on several
    threads where they are many. By ``config.set_fast(False)`` they come one by one,
    with the same results within rounding.
    """

    _trainable_variables: list[GradArray]
    _state: State
    _scratch: Scratch
    _bundles: Bundles
    decay_of: Callable[[int], float | None]
    _decay_settings: Callable[[], Any]

    #: The arrays that `update` receives by these names, one for each weight.
    slots: tuple[str, ...] = ()
    #: Whether `update` treats each element by itself and keeps nothing in `self`, so
    #: that it may get parts of weights and many weights in one, on several threads. A
    #: class that overrides `update` says it again.
    elementwise: bool = False

    _in_keras_style = False  # whether `update_step` is called, in place of `update`

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "update" in vars(cls) and "elementwise" not in vars(cls):
            cls.elementwise = False
        # Of the two ways to write a formula, the one nearest in the line of classes.
        formulas = (
            {"update", "update_step"} & vars(kind).keys() for kind in cls.__mro__
        )
        cls._in_keras_style = next(filter(None, formulas), {}) == {"update_step"}

    def _cuts(self) -> bool:
        return self.elementwise and speed.is_fast()

    def _renew_bundles(self) -> None:
        """See that the bundles fit the weights as they are now."""
        if self._cuts():
            self._bundles.renew(
                self._trainable_variables,
                self._decay_settings(),
                self.decay_of,
                self._slots_of,
            )

    def _slots_of(self, position: int) -> dict[str, Variable]:
        """Return the arrays of the state that a weight has, by name."""
        rows = {name: row[position] for name, row in self._state.arrays.items()}
        return {name: kept for name, kept in rows.items() if kept is not None}

    def _for_each(
        self,
        formula: Formula,
        slots: tuple[str, ...],
        positions: Collection[int],
        gradients: Gradients | None = None,
    ) -> None:
        """Call a formula for the weights at these positions.

        It gets the arrays 'weight', with gradients 'gradient', and those slots that the
        weight has. Weights of one bundle have the same decay, and the position is that
        of the first. Without gradients, a formula must not change weights.
        """
        bundles, others = self._in_bundles(positions)
        on_bundle = functools.partial(self._on_bundle, formula, slots, gradients)
        jobs: list[tuple[int, Job]] = [
            (bundle.size, functools.partial(on_bundle, bundle)) for bundle in bundles
        ]
        for i in others:
            arrays, factor = self._arrays_of(i, slots, gradients)
            on_piece = functools.partial(self._on_piece, formula, i, factor)
            for piece in in_pieces(arrays) if self._cuts() else [arrays]:
                jobs.append((piece["weight"].size, functools.partial(on_piece, piece)))
        in_order = self._bundles.share_memory or not self._cuts()
        do(jobs, passes=2 + 3 * len(slots), in_order=in_order)

    def _arrays_of(
        self, position: int, slots: tuple[str, ...], gradients: Gradients | None
    ) -> tuple[dict[str, np.ndarray], float]:
        """Return the arrays for a formula, and by what to multiply the gradient."""
        arrays, factor = {"weight": self._trainable_variables[position]._array}, 1.0
        if gradients is not None:
            arrays["gradient"], factor = gradients[position]
        for slot in slots:
            kept = self._state.arrays[slot][position]
            if kept is not None:
                arrays[slot] = kept._array
        return arrays, factor

    def _in_bundles(
        self, positions: Collection[int]
    ) -> tuple[list[Bundle], Collection[int]]:
        """Return the bundles whose weights are all among these, and the other ones."""
        if not self._cuts():
            return [], positions
        if len(positions) == len(self._trainable_variables):
            return self._bundles.bundles, self._bundles.others
        wanted = set(positions)
        whole = [x for x in self._bundles.bundles if wanted.issuperset(x.positions)]
        wanted.difference_update(*(bundle.positions for bundle in whole))
        return whole, sorted(wanted)

    def _on_bundle(
        self,
        formula: Formula,
        slots: tuple[str, ...],
        gradients: Gradients | None,
        bundle: Bundle,
    ) -> None:
        bundle.gather_weights()
        arrays = {"weight": bundle.weight}
        if gradients is not None:
            bundle.gather_gradients(gradients)
            arrays["gradient"] = bundle.gradient
        for slot in slots:
            if slot in bundle.slots:
                arrays[slot] = bundle.slots[slot]
        formula(bundle.positions[0], arrays)
        if gradients is not None:
            bundle.scatter_weights()

    def _on_piece(
        self, formula: Formula, position: int, factor: float, arrays: dict
    ) -> None:
        if factor != 1:
            gradient = arrays["gradient"]
            # A formula that is told nothing of scratch memory may keep its gradient.
            out = self._scratch.like(gradient, "gradient") if self._cuts() else None
            scaled = np.multiply(gradient, gradient.dtype.type(factor), out=out)
            arrays = {**arrays, "gradient": scaled}
        formula(position, arrays)
