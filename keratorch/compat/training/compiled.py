"""What `compile` made, under the names that it had in Keras 1, 2 and tf.keras.

K.gradients(model.total_loss, model.trainable_weights)
self.compiled_metrics.update_state(y, y_pred)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keratorch.layers import Input
from keratorch.nested import flatten
from keratorch.symbolic import record_function
from keratorch.training.compiled_metrics import CompiledMetrics
from keratorch.training.conversion import sample_count
from keratorch.training.door import check_compiled


class OlderLoss:
    """The loss of a compiled model, called as in tf.keras; its mean is `loss`."""

    def __init__(self, model: Any):
        check_compiled(model, "compiled_loss")
        self._compiled = model._compiled

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: Any = None,
        regularization_losses: Sequence[Any] | None = None,
    ) -> Any:
        """Return the loss of a batch, with what the layers add."""
        total = self._compiled.loss(y_true, y_pred, sample_weight)
        total = sum(regularization_losses or (), total)
        self._compiled.tracker.update_state(
            total.item(), sample_weight=sample_count(y_pred)
        )
        return total

    @property
    def metrics(self) -> list[Any]:
        """The mean loss, and that of each output, where there are several."""
        return [self._compiled.tracker, *self._compiled.loss.metrics]


def compiled_metrics(model: Any) -> Any:
    """Return the metrics that `compile` was given, as one."""
    check_compiled(model, "compiled_metrics")
    return model._compiled.metrics or CompiledMetrics(None, None)


def symbols(model: Any) -> dict[str, Any]:
    """Return the symbolic targets, weights of samples, and loss of a model.

    They are made when they are first asked for, and again after the next `compile`.
    """
    check_compiled(model, "total_loss")
    compiled = model._compiled
    made = model.__dict__.get("_loss_in_symbols")
    if made is None or made[0] is not compiled:
        made = (compiled, _made(model, compiled.loss))
        object.__setattr__(model, "_loss_in_symbols", made)
    return made[1]


def _made(model: Any, loss: Any) -> dict[str, Any]:
    targets, weights = [], []
    for output in model.outputs:
        name = output.node.operation.name
        targets.append(Input(batch_shape=output.shape, name=f"{name}_target"))
        weights.append(Input((), name=f"{name}_sample_weights"))

    def total(true: Any, pred: Any, weight: Any) -> Any:
        if len(targets) == 1:
            true, pred, weight = flatten(true)[0], flatten(pred)[0], flatten(weight)[0]
        return sum(model.losses, loss(true, pred, weight))

    found = record_function(total, (targets, model.output, weights), {})
    return {"targets": targets, "sample_weights": weights, "total_loss": found}
