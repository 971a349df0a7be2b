"""`tf.autodiff.ForwardAccumulator`: derivatives along directions of the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.tf.eager import tape_values
from keratorch.compat.tf.eager.tape import GradientTape
from keratorch.core import GradArray
from keratorch.nested import map_structure


class ForwardAccumulator:
    """Gives jacobian @ tangent of what is computed in a ``with`` block.

    The gradient J.T @ u of a result is linear in u: the derivative of its product with
    the tangents after u is J @ tangents (Townsend, 2017).

    Parameters
    ----------
    primals : array, or nested ones, from which the block computes.
    tangents : the same structure and shapes: the direction in which the primals move.

    Raises
    ------
    ValueError : tangents of another structure or shape.

    Examples
    --------
    >>> import keratorch
    >>> x = keratorch.Variable([1.0, 2.0])
    >>> with ForwardAccumulator(x, np.array([1.0, 0.5], "float32")) as forward:
    ...     y = x * x
    >>> forward.jvp(y).numpy()
    array([2., 2.], dtype=float32)
    """

    def __init__(self, primals: Any, tangents: Any):
        map_structure(_check_shapes, primals, tangents)
        self._primals = tape_values.arrays("primals", primals)
        self._tangents = tape_values.arrays("tangents", tangents)
        self._tape = GradientTape(persistent=True, watch_accessed_variables=False)

    def __enter__(self) -> ForwardAccumulator:
        self._tape.__enter__()
        self._tape.watch(self._primals)
        return self

    def __exit__(self, *error: object) -> None:
        self._tape.__exit__(*error)

    def jvp(self, primals: Any, unconnected_gradients: Any = "none") -> Any:
        """Return the derivatives of arrays, nested as you like, along the tangents.

        Parameters
        ----------
        primals : arrays that were computed in the block.
        unconnected_gradients : 'none' or 'zero', what one gets that does not depend on
            the accumulator's primals.
        """
        zero = tape_values.is_zero(unconnected_gradients)
        return map_structure(lambda y: self._of_one(y, zero), primals)

    def _of_one(self, y: Any, zero: bool) -> Any:
        for x, tangent in zip(self._primals, self._tangents, strict=True):
            if x is y:
                return tangent
        (y,) = tape_values.arrays("primals", y)
        with GradientTape() as outer:
            seed = GradArray(np.zeros(y.shape, y._array.dtype))
            outer.watch(seed)
            rows = self._tape.gradient(y, self._primals, seed)
            products = [
                np.sum(row * tangent)
                for row, tangent in zip(rows, self._tangents, strict=True)
                if row is not None
            ]
            total = sum(products[1:], products[0]) if products else None
        found = None if total is None else outer.gradient(total, seed)
        return tape_values.connected([found], [y], (), zero)[0]


def _check_shapes(primal: Any, tangent: Any) -> None:
    if np.shape(primal) != np.shape(tangent):
        raise ValueError(
            f"ForwardAccumulator: a tangent has the shape of its primal; received "
            f"{np.shape(tangent)} for {np.shape(primal)}."
        )
