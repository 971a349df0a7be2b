"""The base of losses that compare a student with its teacher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch import losses, ops, tree
from keratorch.saving import objects


class DistillationLoss:
    """How far the outputs of a student are from those of its teacher.

    A subclass defines `compute_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> class Distance(DistillationLoss):
    ...     def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
    ...         return np.abs(teacher_outputs - student_outputs).mean()
    >>> Distance().compute_loss(np.ones(3), np.zeros(3))
    np.float64(1.0)
    """

    def compute_loss(
        self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any
    ) -> Any:
        """Return one number: 0 where the student does as its teacher."""
        raise NotImplementedError(
            f"{type(self).__name__} has no compute_loss(self, teacher_outputs, "
            "student_outputs). Define it."
        )

    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None:
        """Raise unless both models have outputs in the same lists, tuples and dicts."""
        tree.assert_same_structure(teacher_outputs, student_outputs)

    def validate_model_compatibility(self, teacher: Any, student: Any) -> None:
        """Raise unless the loss can compare two models; here it compares any."""


def as_functions(loss: Any, place: str) -> Any:
    """Return a loss, or a structure of them, with functions in the place of names.

    Raises
    ------
    ValueError : all are None, or a name is unknown.
    """
    found = tree.map_structure(
        lambda x: losses.get(x) if isinstance(x, str) else x, loss
    )
    if all(x is None for x in tree.flatten(found)):
        raise ValueError(
            f"{place}: loss must name a loss for at least one output; received "
            f"{loss!r}. Such a name is 'mse'."
        )
    return found


def total(compare: Callable, loss: Any, teacher: Any, student: Any) -> Any:
    """Return the sum of what is compared of each output, without those of no loss."""

    def compared(function: Any, target: Any, output: Any) -> Any:
        return None if function is None else compare(function, target, output)

    found = tree.map_structure(compared, loss, teacher, student)
    terms = [term for term in tree.flatten(found) if term is not None]
    return ops.sum(ops.stack(terms))


def described(loss: Any) -> Any:
    """Return a loss, or a structure of them, ready for JSON."""
    return objects.serialize_keras_object(loss)


def restored(config: Any) -> Any:
    """Return the loss, or structure of them, that `described` described."""
    return objects.deserialize_keras_object(config)
