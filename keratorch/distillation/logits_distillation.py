"""LogitsDistillation: a student imitates the outputs of its teacher."""

from __future__ import annotations

import numbers
from typing import Any

from keratorch import losses, ops, tree
from keratorch.distillation.distillation_loss import (
    DistillationLoss,
    as_functions,
    described,
    restored,
    total,
)


class LogitsDistillation(DistillationLoss):
    """The distance of a student's scores from those of its teacher.

    out = mean(loss(teacher / temperature, student / temperature)); for a `KLDivergence`
    object temperature**2 * mean(loss(softmax(teacher / temperature), softmax(student /
    temperature)))

    Parameters
    ----------
    temperature : float > 0; the larger, the more the small scores count.
    loss : name, function or `Loss`, called on scaled scores; a list, tuple or dict of
        them for models with such outputs, None for outputs that are left out. As in
        Keras the name 'kl_divergence' stands for the function, which takes the scores
        for probabilities: pass ``KLDivergence()`` to compare softmaxes.

    Raises
    ------
    ValueError : no loss at all, or a temperature that is no number above 0.

    Source: Hinton, Vinyals & Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.losses import KLDivergence
    >>> loss = LogitsDistillation(temperature=2.0, loss=KLDivergence())
    >>> teacher, student = np.array([[4.0, 0.0]]), np.array([[0.0, 0.0]])
    >>> round(float(loss.compute_loss(teacher, student)), 3)
    1.311
    """

    def __init__(self, temperature: float = 3.0, loss: Any = "kl_divergence"):
        number = isinstance(temperature, numbers.Real)
        if not number or isinstance(temperature, bool) or not temperature > 0:
            raise ValueError(
                "LogitsDistillation: temperature must be a number above 0; received "
                f"{temperature!r}."
            )
        self.temperature = temperature
        self.loss = as_functions(loss, "LogitsDistillation")

    def compute_loss(
        self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any
    ) -> Any:
        """Return the loss of scaled scores, summed over the outputs."""
        teacher, student = (
            tree.map_structure(lambda x: x / self.temperature, outputs)
            for outputs in (teacher_outputs, student_outputs)
        )
        return total(self._compared, self.loss, teacher, student)

    def _compared(self, loss: Any, teacher: Any, student: Any) -> Any:
        if isinstance(loss, losses.KLDivergence):
            probabilities = ops.softmax(teacher), ops.softmax(student)
            return ops.mean(loss(*probabilities)) * self.temperature**2
        return ops.mean(loss(teacher, student))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, ready for JSON."""
        return {"temperature": self.temperature, "loss": described(self.loss)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LogitsDistillation:
        """Make the loss that `get_config` described."""
        return cls(**{**config, "loss": restored(config["loss"])})
