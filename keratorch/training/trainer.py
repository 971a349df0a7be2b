"""Trainer: `compile`, `fit`, `evaluate` and `predict` of a model."""

from __future__ import annotations

import contextlib
import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from keratorch import config, optimizers
from keratorch import metrics as metrics_module
from keratorch.callbacks import CallbackList
from keratorch.callbacks.monitor_callback import check_monitors
from keratorch.nested import flatten, pack_like
from keratorch.training import checks, door
from keratorch.training.class_weights import check_class_weight
from keratorch.training.compiled_loss import CompiledLoss
from keratorch.training.compiled_metrics import CompiledMetrics
from keratorch.training.data import batches, holds_samples, model_takes
from keratorch.training.data_parallel import DataParallel
from keratorch.training.on_batch import OnBatch
from keratorch.training.repeated_steps import RepeatedSteps
from keratorch.training.results import in_order
from keratorch.training.step import Compiled
from keratorch.training.streams import noted
from keratorch.training.undoing import recovering, undone_by_errors


class Trainer(OnBatch):
    """The loops over batches; `Model` inherits from it and from `Layer`."""

    _has_one_input: bool = False  # known before it is built, in Sequential
    history: Any = None
    # what `compile` was told, and before it
    loss: Any = None
    run_eagerly = False
    steps_per_execution = 1
    jit_compile: bool | str = False
    _initial_epoch = 0

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
        loss : name, `Loss` or function ``(y_true, y_pred) -> loss per sample``; for
            several outputs also a list or a dict by their names, None for an output
            without loss.
        loss_weights : factor of the loss, or a list or dict of them.
        metrics : name, metric or function, or a list of them; for several outputs also
            a list with such for each, or a dict by their names. 'accuracy' means the
            accuracy that fits the shapes of the data.
        weighted_metrics : the same, weighted by sample and class weights.
        run_eagerly, steps_per_execution, jit_compile, auto_scale_loss : change
            nothing here, but the first three can be read as attributes. They steer
            Keras's compilers and float16; each step of KeraTorch is plain Python in
            full precision.

        Raises
        ------
        ValueError : an unknown name.
        """
        if isinstance(optimizer, type):
            optimizer = optimizer()
        optimizer = optimizers.get(optimizer)
        names = getattr(self, "output_names", None)
        compiled_loss = None
        if flatten(loss) != [None] * len(flatten(loss)):
            compiled_loss = CompiledLoss(loss, loss_weights, names)
        outputs = None if self._has_own_loss else getattr(self, "output", None)
        if compiled_loss is not None and outputs is not None:
            compiled_loss.build(outputs)
        compiled_metrics = CompiledMetrics(
            metrics, weighted_metrics, compiled_loss, names
        )
        door.check_output_activation(self, compiled_loss and compiled_loss.single)
        self.optimizer = optimizer
        self.loss = loss
        self.run_eagerly = run_eagerly
        self.steps_per_execution = steps_per_execution
        self.jit_compile = False if jit_compile == "auto" else jit_compile
        self._compiled = Compiled(
            compiled_loss,
            None if compiled_metrics.is_empty else compiled_metrics,
            metrics_module.Mean(name="loss"),
            {
                "optimizer": optimizer,
                "loss": loss,
                "loss_weights": loss_weights,
                "metrics": metrics,
                "weighted_metrics": weighted_metrics,
                "run_eagerly": run_eagerly,
                "steps_per_execution": steps_per_execution,
                "jit_compile": jit_compile,
            },
        )
        self.compiled = True
        self.stop_training = False

    @property
    def _has_own_loss(self) -> bool:
        """Whether a subclass says what is compared with what."""
        return type(self).compute_loss is not Trainer.compute_loss

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
        x : array, list or frame (samples, ...); a list of them, or a dict by the
            inputs' names; a `PyDataset`, a data loader or a generator, which give
            batches ``(x, y)`` or ``(x, y, sample_weight)``.
        y : targets (samples, ...), or a list or dict of them for several outputs.
        batch_size : int, samples per update; 32 by default.
        epochs : int, the number of the last epoch.
        verbose : 0 silent, 1 or 'auto' a progress bar, 2 one line per epoch.
        callbacks : list of `Callback` objects.
        validation_split : float in [0, 1), the share of the last samples to hold out.
        validation_data : ``(x, y)``, ``(x, y, sample_weight)``, or any source of
            batches. Of a generator each validation sees the first two batches again,
            as in Keras, and then those not seen yet.
        shuffle : bool, or 'batch'; ignored for generators, as in Keras.
        class_weight : dict from class to the weight of its samples in the loss.
        sample_weight : array (samples,), weights in the loss, or (samples, steps); for
            several outputs also a list or dict with an array for each.
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
        epochs = min(epochs, config.max_epochs() or epochs)
        checks.counts(
            batch_size=batch_size,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
        )
        if validation_split or validation_data is not None:
            checks.counts(validation_batch_size=validation_batch_size)
        checks.frequency(validation_freq)
        checks.shuffling(shuffle)
        check_class_weight(class_weight)
        door.check_compiled(self, "fit()")
        if validation_split and validation_data is None:
            if not holds_samples(x):
                raise ValueError(
                    "validation_split needs x as arrays, which can be cut; received "
                    f"{type(x).__name__}. Pass validation_data."
                )
            (x, y, sample_weight), validation_data = checks.split(
                x, y, sample_weight, validation_split, model_takes(self)
            )
        with undone_by_errors(self):
            data = batches(
                self,
                x,
                y,
                sample_weight,
                batch_size,
                steps_per_epoch,
                shuffle,
                class_weight,
                check_finite=check_finite,
            )
            door.check_ready(self, data, "fit()", check_finite=check_finite)
            validation = None
            if validation_data is not None:
                given = checks.validation_tuple(validation_data)
                size = validation_batch_size or batch_size
                validation = batches(
                    self,
                    *given,
                    batch_size=size if holds_samples(given[0]) else None,
                    steps=validation_steps,
                    role="validation_data: ",
                    check_finite=check_finite,
                )
                door.check_ready(
                    self, validation, "fit()", "validation_data: ", check_finite
                )
            check_monitors(flatten(callbacks), validation is not None)
            callbacks = self._callback_list(
                callbacks, verbose, data.steps, epochs, frequency=validation_freq
            )
        self.stop_training = False
        logs: dict[str, float] = {}
        self._initial_epoch = initial_epoch  # BackupAndRestore may set a later one
        callbacks.on_train_begin()
        initial_epoch = self._initial_epoch
        try:
            with self._settled():
                self._repeated = RepeatedSteps(self, data, callbacks)
                self._parallel = DataParallel(
                    self, data, callbacks, epochs - initial_epoch
                )
                for epoch in range(initial_epoch, epochs):
                    callbacks.on_epoch_begin(epoch)
                    logs = self._train_epoch(data, callbacks, epoch)
                    if validation is not None and _is_due(epoch, validation_freq):
                        with noted("raised while validating on validation_data"):
                            results = self._evaluate(validation, callbacks)
                        logs.update({f"val_{name}": v for name, v in results.items()})
                    callbacks.on_epoch_end(epoch, logs)
                    if data.exhausted:
                        self._end_with_data(epoch, epochs, steps_per_epoch)
                    if self.stop_training:
                        break
            if epochs > initial_epoch:
                self.optimizer.finalize_variable_values(self.trainable_variables)
        except BaseException:
            with contextlib.suppress(Exception):  # the first error is the one to see
                callbacks.on_train_end(logs)
            raise
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

        The list begins with the loss. For one output, its metrics follow in the order
        of `compile`; for several, the loss of each and then the metrics by name.

        Parameters are those of `fit`; `steps` is the number of batches.
        """
        checks.counts(batch_size=batch_size, steps=steps)
        door.check_compiled(self, "evaluate()")
        data = batches(
            self, x, y, sample_weight, batch_size, steps, check_finite=check_finite
        )
        door.check_ready(self, data, "evaluate()", check_finite=check_finite)
        callbacks = self._callback_list(callbacks, verbose, data.steps, history=False)
        with self._settled():
            results = self._evaluate(data, callbacks)
        return results if return_dict else in_order(results, self.metrics)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """Return the outputs for inputs, computed batch by batch.

        Parameters are those of `fit`; `steps` is the number of batches.

        Returns
        -------
        ndarray, or ndarrays in the lists and dicts in which the model returns them.
        """
        checks.counts(batch_size=batch_size, steps=steps)
        seen = type(self).predict_step is not Trainer.predict_step  # by one's own
        data = batches(self, x, batch_size=batch_size, steps=steps, targets=seen)
        door.check_inputs(self, data)
        if data.steps == 0:
            return door.empty_outputs(self, data.arrays[0])  # type: ignore[union-attr]
        callbacks = self._callback_list(callbacks, verbose, data.steps, history=False)
        with recovering():
            outputs = self._predict(data, callbacks)
        together = zip(*map(flatten, outputs), strict=True)
        return pack_like(outputs[0], [np.concatenate(parts) for parts in together])

    def _callback_list(
        self,
        callbacks: Any,
        verbose: int | str,
        steps: int | None,
        epochs: int = 1,
        history: bool = True,
        frequency: Any = 1,
    ) -> CallbackList:
        if not isinstance(verbose, numbers.Integral):
            # of other numbers, 3 say, Keras shows no more than 'Epoch 1/5'
            checks.one_of("verbose", verbose, ("auto", 0, 1, 2))
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


def _is_due(epoch: int, frequency: Any) -> bool:
    if isinstance(frequency, numbers.Integral):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency
