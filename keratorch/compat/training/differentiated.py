"""A tape in a model, or in its loss, while `fit` differentiates both.

    class Energy(Model):
        def call(self, x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                energy = self.net(x)
            return tape.gradient(energy, x)

In TensorFlow a tape of `fit` is open around these, so that the gradient is recorded.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

_TAPE = "keratorch.compat.tf.eager.tape"


def under_a_tape(train: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that trains on a batch, with a tape around if one may be asked.

    Parameters
    ----------
    train : method of a model, which computes outputs, loss and gradients.
    """

    @functools.wraps(train)
    def trained(model: Any, *args: Any) -> Any:
        if "tensorflow" not in sys.modules and _TAPE not in sys.modules:
            return train(model, *args)
        with _tape_of_fit()(watch_accessed_variables=False) as tape:
            tape._is_over = True
            return train(model, *args)

    return trained


@functools.cache
def _tape_of_fit() -> Any:
    tapes = importlib.import_module(_TAPE)

    class TapeOfFit(tapes.GradientTape):  # type: ignore[name-defined]
        """Is never asked itself: the step walks back before it changes a weight."""

        def may_ask(self, number: int) -> bool:
            return any(start < number < stop for start, stop in self._spans)

    return TapeOfFit
