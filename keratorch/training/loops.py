"""The loops over the batches of an epoch: steps, callbacks and results."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from keratorch import config
from keratorch.training import door
from keratorch.training.array_batches import ArrayBatches
from keratorch.training.completion import complete
from keratorch.training.cutter import Cutter
from keratorch.training.results import as_floats
from keratorch.training.step import TrainingStep, as_values
from keratorch.training.undoing import recovering
from keratorch.training.user_warning import warn
from keratorch.utils.py_dataset import pack_x_y_sample_weight


class Loops(TrainingStep):
    """One epoch of training, and one pass of evaluation or prediction."""

    stop_training = False
    stop_evaluating = False
    stop_predicting = False
    _warned_of_nan = False

    def _train_epoch(self, data: Any, callbacks: Any, epoch: int) -> dict[str, float]:
        """Take one step for each batch, and return the results of the epoch."""
        self.reset_metrics()
        if self.built:
            self._settle()
        own_step = self._has_own("train_step")
        logs: Any = {}
        batches = iter(data)
        for step, batch in enumerate(batches):
            if step == 0:
                self._look_at(data, batch)
            self._parallel.look(step, batch, batches)
            callbacks.on_train_batch_begin(step)
            if self._repeated.is_watched and self._has_frozen():
                self._settle()
            if own_step:
                logs = self.train_step(pack_x_y_sample_weight(*batch))
            else:
                # The results are computed where a callback looks at them.
                loss, y_pred = self._train(*batch)
                self._update_metrics(batch[1], y_pred, batch[2])
                del y_pred  # and its graph, before the next step makes one
                logs = self.get_metrics_result
                if loss != loss:
                    self._warn_of_nan(epoch, step)
            callbacks.on_train_batch_end(step, logs)
            if self.stop_training or step + 1 == config.max_steps_per_epoch():
                break
        self._parallel.end_epoch()
        return as_floats(logs() if callable(logs) else logs)

    def _has_frozen(self) -> bool:
        """Return whether a callback has frozen a layer since weights were looked up."""
        return not all(weight.requires_grad for weight in self._variables or ())

    def _look_at(self, data: Any, batch: Any) -> None:
        """Check the first batch of a stream; note what will not change any more.

        Weights are made that no call has made yet.
        """
        made_weights = not self._has_own("train_step") and complete(self, batch[0])
        if not isinstance(data, ArrayBatches) and self._checks_loss:
            door.check_targets(self, batch)
        if self.built and (made_weights or self._variables is None):
            self._settle()

    def _end_with_data(self, epoch: int, epochs: int, steps: int | None) -> None:
        """Stop the training whose generator has ended."""
        if steps is None and epoch + 1 < epochs and not self.stop_training:
            warn(
                f"The generator ended in epoch {epoch + 1} of {epochs}, and training "
                "with it. Pass one that loops for ever together with steps_per_epoch, "
                "or a PyDataset."
            )
        self.stop_training = True

    def _evaluate(self, data: Any, callbacks: Any) -> dict[str, float]:
        self.reset_metrics()
        if self.built:
            self._settle()
        data.reset()
        own_step = self._has_own("test_step")
        logs: Any = {}
        self.stop_evaluating = False
        callbacks.on_test_begin()
        for step, batch in enumerate(data):
            callbacks.on_test_batch_begin(step)
            if own_step:
                logs = self.test_step(pack_x_y_sample_weight(*batch))
            else:
                self._update_metrics(batch[1], self._test(*batch), batch[2])
                logs = self.get_metrics_result
            callbacks.on_test_batch_end(step, logs)
            if self.stop_evaluating or step + 1 == config.max_steps_per_epoch():
                break
        results = as_floats(logs() if callable(logs) else logs)
        callbacks.on_test_end(results)
        return results

    def _predict(self, data: Any, callbacks: Any) -> list[Any]:
        """Return the outputs for each batch."""
        outputs: list[Any] = []
        self.stop_predicting = False
        callbacks.on_predict_begin()
        with contextlib.ExitStack() as settled:
            for step, batch in enumerate(data):
                if step == 1 and self._cutter is not None:
                    # The first batch may have made layers and weights.
                    settled.enter_context(self._cutter.settled())
                callbacks.on_predict_batch_begin(step)
                y_pred = self.predict_step(pack_x_y_sample_weight(*batch))
                outputs.append(as_values(y_pred))
                callbacks.on_predict_batch_end(step, {"outputs": outputs[-1]})
                if self.stop_predicting or step + 1 == config.max_steps_per_epoch():
                    break
        callbacks.on_predict_end()
        return outputs

    def _has_own(self, step: str) -> bool:
        """Return whether a subclass defines a step, or the metrics that it returns."""
        return any(
            getattr(type(self), name) is not getattr(TrainingStep, name)
            for name in (step, "compute_metrics", "get_metrics_result")
        )

    @contextlib.contextmanager
    def _settled(self) -> Iterator[None]:
        """While this lasts, layers and weights are looked up once an epoch."""
        self._warned_of_nan = False
        with recovering():
            try:
                try:
                    yield
                finally:
                    self._unsettle()
            except KeyboardInterrupt:
                self._unsettle()  # again: it may have been interrupted itself
                raise

    def _unsettle(self) -> None:
        self._variables = self._possible_losses = None
        if self._parallel is not None:
            self._parallel.close()
        self._repeated = self._parallel = None
        if self._cutter is not None:
            self._cutter.unsettle()

    def _settle(self) -> None:
        self._variables = list(self.trainable_variables)
        self._cutter = self._cutter or Cutter(self)
        self._cutter.settle()
        if all(variable.regularizer is None for variable in self._variables):
            self._possible_losses = self._cutter.layers
        if self._repeated is not None:
            self._repeated.begin_epoch()

    def _warn_of_nan(self, epoch: int, step: int) -> None:
        if self._warned_of_nan:
            return
        self._warned_of_nan = True
        name = getattr(self._compiled and self._compiled.loss, "name", "loss")
        warn(
            f"{name} became NaN in epoch {epoch + 1}, step {step + 1}. The weights are "
            "lost from here on. Use a smaller learning rate, clipnorm=1.0 in the "
            "optimizer, or scale the inputs; keratorch.detect_anomaly() finds the "
            "operation, and callbacks.TerminateOnNaN() stops."
        )
