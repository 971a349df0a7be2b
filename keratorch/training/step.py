"""One step of training: from a batch to a loss, its gradient, new weights, metrics."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from keratorch import metrics as metrics_module
from keratorch.core import GradArray
from keratorch.modes import no_grad
from keratorch.nested import is_nested, map_structure
from keratorch.training import micro_batches
from keratorch.training.compiled_loss import CompiledLoss
from keratorch.training.compiled_metrics import CompiledMetrics
from keratorch.training.completion import complete
from keratorch.training.conversion import sample_count, sliced
from keratorch.training.cutter import Cutter, Parts
from keratorch.training.results import names_in_order
from keratorch.training.user_warning import warn
from keratorch.transforms import gradients
from keratorch.utils.py_dataset import unpack_x_y_sample_weight


@dataclass
class Compiled:
    """What `compile` made of its arguments."""

    loss: CompiledLoss | None
    metrics: CompiledMetrics | None
    tracker: metrics_module.Mean
    arguments: dict[str, Any]
    first_outputs: Any = None  # `door.FirstOutputs`, once there are some


class TrainingStep:
    """What `fit`, `evaluate` and `predict` do with a batch.

    A subclass may override `train_step`, `test_step`, `predict_step`, `compute_loss`
    and `compute_metrics`.
    """

    optimizer: Any = None
    compiled = False
    _compiled: Compiled | None = None
    # what the layer has that a model also is
    trainable_variables: Any
    losses: Any
    built: bool
    _flat_layers: Any
    _signature: Any
    _is_told = False  # of a parameter that its call lacks
    weights: Any
    # known while `fit` runs, looked up otherwise
    _variables: list[Any] | None = None
    _possible_losses: list[Any] | None = None
    _cutter: Cutter | None = None
    _repeated: Any = None  # `RepeatedSteps`, in `fit`
    _parallel: Any = None  # `DataParallel`, in `fit`
    #: Whether samples may be longer than the Input says, where each layer takes them.
    _takes_other_lengths = False

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update the weights by the gradient of the loss on one batch.

        Parameters
        ----------
        data : x, (x, y) or (x, y, sample_weight).

        Returns
        -------
        dict from names to the values of loss and metrics so far.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        _, y_pred = self._train(x, y, sample_weight)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _train(self, x: Any, y: Any, sample_weight: Any) -> tuple[float, Any]:
        """Update the weights, and return the loss and the predictions before it."""
        if self._variables is None:
            complete(self, x)
        variables = self._variables or (self.trainable_variables if self.built else [])
        parts: Parts | None = None
        if variables and self._sums_losses:
            parallel = self._parallel
            parts = self._parts(x, parallel is not None and parallel.is_possible)
        step: Any = None
        if parts is not None:
            batch = x, y, sample_weight
            step = micro_batches.train(self, parts, variables, batch, self._parallel)
        elif self._repeated is not None:
            step = self._repeated.train(x, y, sample_weight)
        if step is not None:
            loss, found, y_pred = step
            self.optimizer.apply(found, variables)
            return self._track(loss, x), y_pred
        y_pred = self._called(x, True)
        loss = self._loss_of(x, y, y_pred, sample_weight, True)
        variables = variables or self.trainable_variables
        if variables:
            self.optimizer.apply(self._gradients(loss, variables), variables)
        else:
            warn("The model has no trainable weights: training changes nothing.")
        return self._track(loss, x), y_pred

    def _gradients(self, loss: Any, variables: Any) -> list[Any]:
        """Return the gradients of a loss, in the optimizer's scale."""
        if not getattr(loss, "requires_grad", False):
            raise ValueError(
                "The loss does not depend on the weights in a way that has a "
                "gradient. Compute it from y_pred by NumPy functions; argmax, "
                "round, comparisons, float(...) and .numpy() have none."
            )
        return gradients(self.optimizer.scale_loss(loss), variables)

    def _forward(self, x: Any) -> Any:
        """Return the predictions in inference, in micro-batches where that pays."""
        parts = self._parts(x)
        if parts is None:
            return self._called(x, False)
        outputs = micro_batches.compute(
            parts, lambda part: self._called(sliced(x, part.samples), False)
        )
        return micro_batches.joined(outputs)

    def _parts(self, x: Any, for_replicas: bool = False) -> Any:
        """Return the parts in which a batch is computed; None for the whole."""
        if not self.built:
            return None
        if self._cutter is None:
            self._cutter = Cutter(self)
        return self._cutter.cut(x, for_replicas)

    @property
    def _sums_losses(self) -> bool:
        """Whether the loss is that of `compile`, a sum over the samples."""
        return self._checks_loss and micro_batches.can_train(self)

    def _called(self, x: Any, training: bool) -> Any:
        """Return the predictions, as Keras 3 calls a model.

        One whose ``call`` has no parameter `training` is not told: the layers inside
        then do what they do by default, and drop nothing out.
        """
        if self._signature.takes_training:
            return self(x, training=training)  # type: ignore[operator]
        if training and not self._is_told and self._has_told_layers():
            self._is_told = True
            warn(
                f"{type(self).__name__}.call has no parameter `training`, so the "
                "layers inside behave as in inference while fit trains, as in Keras "
                "3: Dropout drops nothing. Write call(self, inputs, training=None)."
            )
        return self(x)  # type: ignore[operator]

    def _has_told_layers(self) -> bool:
        inside = [layer for layer in self._flat_layers() if layer is not self]
        return any(
            layer._signature.takes_training and not layer._signature.training
            for layer in inside
        )

    def test_step(self, data: Any) -> dict[str, Any]:
        """Return loss and metrics so far, with those of one batch taken in."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self._test(x, y, sample_weight)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _test(self, x: Any, y: Any, sample_weight: Any) -> Any:
        """Take the loss of a batch in, and return the predictions."""
        with no_grad():
            y_pred = self._forward(x)
            loss = self._loss_of(x, y, y_pred, sample_weight, False)
        self._track(loss, x)
        return y_pred

    def predict_step(self, data: Any) -> Any:
        """Return the outputs for one batch: x, (x, y) or (x, y, sample_weight)."""
        x, _, _ = unpack_x_y_sample_weight(data)
        with no_grad():
            return self._forward(x)

    def _loss_of(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool
    ) -> Any:
        """Return what `compute_loss` returns, whose older form knew no `training`."""
        if _takes_training(type(self).compute_loss):
            return self.compute_loss(x, y, y_pred, sample_weight, training=training)
        return self.compute_loss(x, y, y_pred, sample_weight)

    def _track(self, loss: Any, x: Any) -> float:
        value = loss.item() if hasattr(loss, "item") else float(loss)
        if self._compiled is not None:
            samples = len(x) if isinstance(x, np.ndarray) else sample_count(x)
            self._compiled.tracker.update_state(value, sample_weight=samples)
        return value

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the loss of a batch: the compiled losses plus `losses`.

        Raises
        ------
        ValueError : there is no loss at all.
        """
        total: Any = None
        if self._compiled is not None and self._compiled.loss is not None:
            total = self._compiled.loss(y, y_pred, sample_weight)
        for term in self.losses if self._may_have_losses() else ():
            if np.ndim(term):
                term = term.sum()
            total = term if total is None else total + term
        if total is None:
            raise ValueError(
                "The model has no loss to train on. Give one to compile(loss=...)."
            )
        return total

    def _may_have_losses(self) -> bool:
        """Return whether the layers add to the loss, without adding it up."""
        if self._possible_losses is None:
            return True
        return any(layer._call_losses for layer in self._possible_losses)

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Take a batch into the metrics of `compile`, and return all results so far."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _update_metrics(self, y: Any, y_pred: Any, sample_weight: Any) -> None:
        if y is not None and self._compiled is not None and self._compiled.metrics:
            self._compiled.metrics.update_state(y, y_pred, sample_weight)

    def get_metrics_result(self) -> dict[str, Any]:
        """Return the values so far of all `metrics` by name."""
        results: dict[str, Any] = {}
        for metric in self.metrics:
            value = metric.result()
            results.update(value if isinstance(value, dict) else {metric.name: value})
        return results

    @property
    def metrics(self) -> list[Any]:
        """The metric of the loss, those of `compile` as one, those that layers hold.

        With several outputs, the loss of each comes before the last.
        """
        found: list[Any] = []
        if self._compiled is not None:
            found.append(self._compiled.tracker)
            if self._compiled.metrics is not None:
                found.append(self._compiled.metrics)
            if self._compiled.loss is not None:
                found.extend(self._compiled.loss.metrics)
        return [*found, *super().metrics]  # type: ignore[misc]

    @property
    def metrics_names(self) -> list[str]:
        """The names of loss and metrics, in the order that `evaluate` returns."""
        names: list[str] = []
        for metric in self.metrics:
            names += getattr(metric, "names", None) or [metric.name]
        return names_in_order(names, self.metrics)

    def reset_metrics(self) -> None:
        """Begin all metrics anew."""
        for metric in self.metrics:
            metric.reset_state()

    def zero_grad(self) -> None:
        """Forget the gradients of all weights, as ``loss.backward()`` adds to them."""
        for variable in self.trainable_variables:
            variable.grad = None

    @property
    def _checks_loss(self) -> bool:
        """Whether the loss is that of `compile`, and no subclass's own."""
        return (
            self._compiled is not None
            and self._compiled.loss is not None
            and type(self).compute_loss is TrainingStep.compute_loss
            and type(self).train_step is TrainingStep.train_step
        )

    @property
    def _has_own_step(self) -> bool:
        return type(self).train_step is not TrainingStep.train_step


def as_values(outputs: Any) -> Any:
    """Return outputs as ndarrays, in their lists, tuples and dicts."""
    if isinstance(outputs, GradArray):
        return outputs.numpy()
    if is_nested(outputs):
        return map_structure(as_values, outputs)
    return outputs


@functools.lru_cache(maxsize=256)
def _takes_training(compute_loss: Any) -> bool:
    parameters = inspect.signature(compute_loss).parameters
    return "training" in parameters or any(
        p.kind is p.VAR_KEYWORD for p in parameters.values()
    )
