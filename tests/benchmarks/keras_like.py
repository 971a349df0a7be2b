"""Libraries that speak Keras: KeraTorch, and Keras on its backends."""

from __future__ import annotations

import importlib
import os
import time
from typing import Any

import numpy as np
import rows
from rows import CHECKED, Row


class KerasLike:
    """`fit` and `predict` of one library."""

    kinds = ["fit", "predict"]

    def __init__(self, row: Row, weights: list[np.ndarray] | None, keras: Any):
        self.row, self.keras = row, keras
        self.x, self.y = rows.data(row)
        self.notes: dict[str, str] = {}
        keras.utils.set_random_seed(0)
        self.model = rows.model(keras, row)
        if weights is not None:
            self.model.set_weights(weights)
        self.weights = self.model.get_weights()

    def check(self, kind: str) -> tuple[Any, Any]:
        """Return the mean loss of a few batches, and what is predicted after them.

        The model that is timed is checked, unless it has Dropout.
        """
        batch = self.row.batch
        few = slice(CHECKED * batch)
        model = self.checked_model()
        history = model.fit(
            self.x[few], self.y[few], batch_size=batch, shuffle=False, verbose=0
        )
        outputs = model.predict(self.x[:batch], batch_size=batch, verbose=0)
        return history.history["loss"][-1], outputs

    def checked_model(self) -> Any:
        """Return a model with the first weights and without Dropout."""
        if not self.row.drops:
            return self.model
        model = rows.model(self.keras, self.row, drop=False)
        model.set_weights(self.weights)
        return model

    def round(self, kind: str) -> float:
        """Return the seconds a step of one round."""
        return getattr(self, kind)() / (self.row.steps * self.row.epochs)

    def fit(self) -> float:
        """Return the seconds of one call of `fit`."""
        row = self.row
        start = time.perf_counter()
        self.model.fit(
            self.x,
            self.y,
            batch_size=row.batch,
            epochs=row.epochs,
            shuffle=False,
            verbose=0,
        )
        return time.perf_counter() - start

    def predict(self) -> float:
        """Return the seconds of as many calls of `predict` as there are epochs."""
        start = time.perf_counter()
        for _ in range(self.row.epochs):
            self.model.predict(self.x, batch_size=self.row.batch, verbose=0)
        return time.perf_counter() - start


class Keras(KerasLike):
    """Keras 3 on one backend, as `fit` comes: compiled where the backend compiles."""

    def __init__(self, row: Row, threads: int, weights: Any, backend: str):
        os.environ["KERAS_BACKEND"] = backend
        if backend == "torch":
            importlib.import_module("torch").set_num_threads(threads)
        elif backend == "tensorflow":
            threading = importlib.import_module("tensorflow").config.threading
            threading.set_intra_op_parallelism_threads(threads)
            threading.set_inter_op_parallelism_threads(threads)
        super().__init__(row, weights, importlib.import_module("keras"))


class KeraTorch(KerasLike):
    """This library: `fit`, `predict` and the plain loop."""

    kinds = ["fit", "loop", "predict"]

    def __init__(self, row: Row, threads: int, weights: Any, fast: bool = True):
        keras = importlib.import_module("keratorch")
        if not fast:
            keras.config.set_fast(False)
        super().__init__(row, weights, keras)
        self._looped: tuple[Any, Any] | None = None

    def check(self, kind: str) -> tuple[Any, Any]:
        """As for all, by the plain loop too."""
        if kind != "loop":
            return super().check(kind)
        model = rows.model(self.keras, self.row, drop=False)
        model.set_weights(self.weights)
        losses: list[float] = []
        self._steps(model, self._adam(model), CHECKED, losses)
        with self.keras.no_grad():
            outputs = model(self.x[: self.row.batch], training=False)
        return losses, np.asarray(outputs)

    def loop(self) -> float:
        """Return the seconds of one round of the plain loop."""
        if self._looped is None:
            model = rows.model(self.keras, self.row)
            self._looped = model, self._adam(model)
        start = time.perf_counter()
        for _ in range(self.row.epochs):
            self._steps(*self._looped, self.row.steps)
        return time.perf_counter() - start

    def _adam(self, model: Any) -> Any:
        return self.keras.optimizers.Adam(model.parameters(), lr=0.001)

    def _steps(
        self,
        model: Any,
        optimizer: Any,
        steps: int,
        losses: list[float] | None = None,
    ) -> None:
        keras, x, y, batch = self.keras, self.x, self.y, self.row.batch
        if rows.loss_name(self.row) == "binary_crossentropy":
            loss_function = keras.losses.BinaryCrossentropy()
        else:
            loss_function = keras.losses.SparseCategoricalCrossentropy()
        loss: Any = None
        for start in range(0, steps * batch, batch):
            some = slice(start, start + batch)
            optimizer.zero_grad()
            loss = loss_function(y[some], model(x[some], training=True))
            loss.backward()
            optimizer.step()
            if losses is not None:
                losses.append(loss.item())
        float(loss.item())
