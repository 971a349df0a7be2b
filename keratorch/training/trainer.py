"""Trainer: `compile`, `fit`, `evaluate` and `predict` of a model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import metrics as metrics_module
from keratorch import optimizers
from keratorch.callbacks import CallbackList
from keratorch.training import checks, door
from keratorch.training.compiled import (
    CompiledMetrics,
    compiled_loss,
    compiled_loss_weight,
)
from keratorch.training.data import Batch, GeneratorBatches, batches, packed
from keratorch.training.step import TrainingStep


class Trainer(TrainingStep):
    """The loops over batches; `Model` inherits from it and from `Layer`."""

    stop_training = False
    history: Any = None

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Say how the model is to be trained.

        Parameters
        ----------
        optimizer : name or `Optimizer`.
        loss : name, `Loss` or function ``(y_true, y_pred) -> loss per sample``.
        loss_weights : factor of the loss.
        metrics : list of names, metrics or functions; 'accuracy' means the accuracy
            that fits the shapes of the data.
        weighted_metrics : the same, weighted by sample and class weights.
        run_eagerly, steps_per_execution, jit_compile, auto_scale_loss : change
            nothing here. They steer Keras's compilers and float16; each step of
            KeraTorch is plain Python in full precision.

        Raises
        ------
        ValueError : an unknown name.
        """
        if isinstance(optimizer, type):
            optimizer = optimizer()
        self.optimizer = optimizers.get(optimizer)
        self.loss = loss
        self._loss = compiled_loss(loss)
        self._loss_weight = compiled_loss_weight(loss_weights)
        self._metrics = CompiledMetrics(metrics, weighted_metrics, self._loss)
        self._loss_tracker = metrics_module.Mean(name="loss")
        self.compiled = True
        self.stop_training = False
        door.check_output_activation(self, self._loss)

    # The three loops

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Iterable[int] = 1,
        check_finite: bool = True,
    ) -> Any:
        """Train the model for a number of passes over the data.

        Parameters
        ----------
        x : array or list (samples, ...), or a generator of batches ``(x, y)`` or
            ``(x, y, sample_weight)``.
        y : targets (samples, ...).
        batch_size : int, samples per update; 32 by default.
        epochs : int, the number of the last epoch.
        verbose : 0 silent, 1 or 'auto' a progress bar, 2 one line per epoch.
        callbacks : list of `Callback` objects.
        validation_split : float in [0, 1), the share of the last samples to hold out.
        validation_data : ``(x, y)``, ``(x, y, sample_weight)`` or a generator.
        shuffle : bool, or 'batch'; ignored for generators, as in Keras.
        class_weight : dict from class to the weight of its samples in the loss.
        sample_weight : array (samples,), weights in the loss.
        initial_epoch : int, the epoch to begin with.
        steps_per_epoch : int, batches per epoch; by default all.
        validation_steps, validation_batch_size : the same for the validation.
        validation_freq : int, or the epochs (from 1) after which to validate.
        check_finite : bool, whether NaN and Inf in the data are errors.

        Returns
        -------
        History : its `history` holds the losses and metrics of each epoch.

        Raises
        ------
        ValueError, TypeError : data, arguments and model do not fit together; the
            model is as it was.
        """
        checks.epochs(initial_epoch, epochs)
        checks.counts(
            batch_size=batch_size,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_batch_size=validation_batch_size,
        )
        checks.class_weight_is_dict(class_weight)
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = checks.split(
                x, y, sample_weight, validation_split
            )
        data = batches(
            x, y, sample_weight, batch_size, steps_per_epoch, shuffle, class_weight
        )
        door.check_ready(self, data, "fit()", check_finite=check_finite)
        validation = None
        if validation_data is not None:
            validation = batches(
                *checks.validation_tuple(validation_data),
                batch_size=validation_batch_size or batch_size
                if not hasattr(validation_data, "__next__")
                else None,
                steps=validation_steps,
                role="validation_data: ",
            )
            door.check_ready(
                self, validation, "fit()", "validation_data: ", check_finite
            )
        callbacks = self._callback_list(
            callbacks, verbose, data.steps, epochs, frequency=validation_freq
        )
        self.stop_training = False
        logs: dict[str, float] = {}
        callbacks.on_train_begin()
        try:
            for epoch in range(initial_epoch, epochs):
                callbacks.on_epoch_begin(epoch)
                logs = self._train_epoch(data, callbacks)
                if validation is not None and _is_due(epoch, validation_freq):
                    results = self._evaluate(validation, callbacks)
                    logs.update({f"val_{name}": v for name, v in results.items()})
                callbacks.on_epoch_end(epoch, logs)
                if self.stop_training:
                    break
            if epochs > initial_epoch:
                self.optimizer.finalize_variable_values(self.trainable_variables)
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is the one to see
                callbacks.on_train_end(logs)
            raise
        finally:
            self._variables = self._is_penalized = None
        callbacks.on_train_end(logs)
        return self.history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
        check_finite: bool = True,
    ) -> Any:
        """Return the loss and the metrics on data, as a list or as a dict by name.

        Parameters are those of `fit`; `steps` is the number of batches.
        """
        checks.counts(batch_size=batch_size, steps=steps)
        data = batches(x, y, sample_weight, batch_size, steps)
        door.check_ready(self, data, "evaluate()", check_finite=check_finite)
        callbacks = self._callback_list(callbacks, verbose, data.steps, history=False)
        results = self._evaluate(data, callbacks)
        return results if return_dict else self._in_order(results)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> np.ndarray:
        """Return the outputs for inputs, computed batch by batch, as one ndarray.

        Parameters are those of `fit`; `steps` is the number of batches.
        """
        checks.counts(batch_size=batch_size, steps=steps)
        data = batches(x, batch_size=batch_size, steps=steps)
        if data.steps == 0:
            return door.empty_output(self, data.arrays[0])  # type: ignore[union-attr]
        door.check_inputs(self, data)
        callbacks = self._callback_list(callbacks, verbose, data.steps, history=False)
        outputs = []
        callbacks.on_predict_begin()
        for step, (inputs, _, _) in enumerate(data):
            callbacks.on_predict_batch_begin(step)
            outputs.append(self.predict_step(inputs))
            callbacks.on_predict_batch_end(step, {"outputs": outputs[-1]})
        callbacks.on_predict_end()
        return np.concatenate(outputs)

    def _train_epoch(self, data: Any, callbacks: Any) -> dict[str, float]:
        """Take one step for each batch, and return the results of the epoch."""
        self.reset_metrics()
        if self.built:
            self._variables = self.trainable_variables
            self._is_penalized = self._has_penalties()
        own_step = type(self).train_step is not TrainingStep.train_step
        logs: Any = {}
        for step, batch in enumerate(data):
            if step == 0 and isinstance(data, GeneratorBatches) and self._checks_loss:
                door.check_targets(self, *batch[:2])
            callbacks.on_train_batch_begin(step)
            if own_step:
                logs = self.train_step(packed(batch))
            else:
                # The results are computed where a callback looks at them.
                self._train(batch)
                logs = self.get_metrics_result
            callbacks.on_train_batch_end(step, logs)
            if self.stop_training:
                break
        if getattr(data, "exhausted", False):
            self.stop_training = True
        return self._floats(logs() if callable(logs) else logs)

    def _evaluate(self, data: Any, callbacks: Any) -> dict[str, float]:
        self.reset_metrics()
        data.reset()
        logs: dict[str, float] = {}
        callbacks.on_test_begin()
        for step, batch in enumerate(data):
            callbacks.on_test_batch_begin(step)
            logs = self._floats(self.test_step(packed(batch)))
            callbacks.on_test_batch_end(step, logs)
        callbacks.on_test_end(logs)
        return logs

    # One batch

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Take one training step on a batch, and return its loss and metrics."""
        checks.class_weight_is_dict(class_weight)
        return self._on_batch(
            self.train_step, (x, y, sample_weight), class_weight, return_dict
        )

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss and the metrics of a batch."""
        return self._on_batch(self.test_step, (x, y, sample_weight), None, return_dict)

    def predict_on_batch(self, x: Any) -> np.ndarray:
        """Return the outputs for a batch."""
        return self.predict_step(checks.as_array(x, "x"))

    def _on_batch(
        self, step: Any, data: Batch, class_weight: Any, return_dict: bool
    ) -> Any:
        size = len(checks.as_array(data[0], "x"))
        one = batches(*data, batch_size=max(size, 1), class_weight=class_weight)
        door.check_ready(self, one, f"{step.__name__}()", check_finite=False)
        self.reset_metrics()
        (batch,) = one
        results = self._floats(step(packed(batch)))
        return results if return_dict else self._in_order(results)

    def _in_order(self, results: dict[str, float]) -> Any:
        names = [name for name in self.metrics_names if name in results]
        names += [name for name in results if name not in names]
        values = [results[name] for name in names]
        return values[0] if len(values) == 1 else values

    @staticmethod
    def _floats(results: dict[str, Any]) -> dict[str, Any]:
        """Return results as Python floats, sorted by name as in Keras's logs.

        A metric may give an array, such as one F1 score for each class.
        """
        return {
            name: float(value) if np.ndim(value) == 0 else np.asarray(value)
            for name, value in sorted(results.items())
        }

    def _callback_list(
        self,
        callbacks: Any,
        verbose: int | str,
        steps: int | None,
        epochs: int = 1,
        history: bool = True,
        frequency: Any = 1,
    ) -> CallbackList:
        checks.one_of("verbose", verbose, ("auto", 0, 1, 2, True, False))
        if isinstance(callbacks, CallbackList):
            return callbacks
        level = 1 if verbose == "auto" else int(verbose)
        return CallbackList(
            callbacks,
            add_history=history,
            add_progbar=level != 0,
            model=self,
            verbose=level,
            epochs=epochs,
            steps=steps,
            validation_freq=frequency,
        )


def _is_due(epoch: int, frequency: int | Iterable[int]) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency
