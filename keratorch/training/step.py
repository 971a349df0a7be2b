"""One step of training: from a batch to a loss, its gradient, new weights, metrics."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.training.compiled import CompiledMetrics
from keratorch.training.data import Batch, unpacked
from keratorch.transforms import gradients


class TrainingStep:
    """What `fit`, `evaluate` and `predict` do with a batch.

    A subclass may override `train_step`, `test_step`, `predict_step`, `compute_loss`
    and `compute_metrics`.
    """

    optimizer: Any = None
    compiled = False
    _loss: Any = None
    _loss_weight: float | None = None
    _metrics: CompiledMetrics | None = None
    _loss_tracker: Any
    trainable_variables: Any  # those of the layer that a model also is
    losses: Any
    built: bool
    _has_penalties: Any
    _variables: list[Any] | None = None  # known while `fit` runs, looked up otherwise
    _is_penalized: bool | None = None

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update the weights by the gradient of the loss on one batch.

        Parameters
        ----------
        data : x, (x, y) or (x, y, sample_weight).

        Returns
        -------
        dict from names to the values of loss and metrics so far.
        """
        self._train(unpacked(data))
        return self.get_metrics_result()

    def _train(self, data: Batch) -> None:
        x, y, sample_weight = data
        y_pred = self(x, training=True)  # type: ignore[operator]
        loss = self.compute_loss(x, y, y_pred, sample_weight)
        variables = self._variables or self.trainable_variables
        scaled = self.optimizer.scale_loss(loss)
        self.optimizer.apply(gradients(scaled, variables), variables)
        self._loss_tracker.update_state(loss.item(), sample_weight=len(x))
        self._update_metrics(y, y_pred, sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """Return loss and metrics so far, with those of one batch taken in."""
        x, y, sample_weight = unpacked(data)
        with no_grad():
            y_pred = self(x, training=False)  # type: ignore[operator]
            loss = self.compute_loss(x, y, y_pred, sample_weight)
        self._loss_tracker.update_state(loss.item(), sample_weight=len(x))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> np.ndarray:
        """Return the outputs for one batch of inputs."""
        with no_grad():
            outputs = self(data, training=False)  # type: ignore[operator]
        return outputs.numpy() if isinstance(outputs, GradArray) else outputs

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the loss of a batch: the compiled loss plus all penalties."""
        terms = list(self.losses) if self._is_penalized is not False else []
        if self._loss is not None:
            loss = self._loss.compute(y, y_pred, sample_weight)
            if self._loss_weight is not None:
                loss = loss * self._loss_weight
            terms.insert(0, loss)
        if not terms:
            raise ValueError(
                "The model has no loss to train on. Give one to compile(loss=...)."
            )
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Take a batch into the metrics, and return all results so far."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _update_metrics(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        if self._metrics is not None and y is not None:
            values = y_pred.numpy() if isinstance(y_pred, GradArray) else y_pred
            self._metrics.update(y, values, sample_weight)

    def get_metrics_result(self) -> dict[str, Any]:
        """Return loss and metrics so far by name."""
        results = {"loss": self._loss_tracker.result()}
        return results if self._metrics is None else results | self._metrics.results()

    @property
    def metrics(self) -> list[Any]:
        """The metric of the loss, then those of `compile`."""
        if not self.compiled:
            return []
        return [self._loss_tracker, *(self._metrics.metrics if self._metrics else ())]

    @property
    def metrics_names(self) -> list[str]:
        """The names of loss and metrics, in the order that `evaluate` returns."""
        names = self._metrics.names if self._metrics is not None else []
        return ["loss", *names] if self.compiled else []

    def reset_metrics(self) -> None:
        """Begin all metrics anew."""
        for metric in self.metrics:
            metric.reset_state()

    @property
    def _checks_loss(self) -> bool:
        """Whether the loss is that of `compile`, and no subclass's own."""
        own = type(self)
        return (
            self._loss is not None
            and own.compute_loss is TrainingStep.compute_loss
            and own.train_step is TrainingStep.train_step
        )
