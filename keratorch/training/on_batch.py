"""Training, evaluation and prediction of a single batch."""

from __future__ import annotations

from typing import Any

from keratorch.training import checks, door
from keratorch.training.class_weights import check_class_weight
from keratorch.training.conversion import as_arrays
from keratorch.training.data import batches, model_takes
from keratorch.training.loops import Loops
from keratorch.training.results import as_floats, in_order
from keratorch.training.step import as_values
from keratorch.utils.py_dataset import pack_x_y_sample_weight


class OnBatch(Loops):
    """The methods of a model that take one batch, for loops of one's own."""

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        return_dict: bool = False,
        check_finite: bool = True,
    ) -> Any:
        """Take one training step on a batch, and return its loss and metrics.

        NaN and Inf in the batch are errors, unless `check_finite` is False.
        """
        check_class_weight(class_weight)
        data, method = (x, y, sample_weight), "train_on_batch()"
        return self._on_batch(method, data, class_weight, return_dict, check_finite)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
        check_finite: bool = True,
    ) -> Any:
        """Return the loss and the metrics of a batch.

        NaN and Inf in the batch are errors, unless `check_finite` is False.
        """
        data, method = (x, y, sample_weight), "test_on_batch()"
        return self._on_batch(method, data, None, return_dict, check_finite)

    def predict_on_batch(self, x: Any) -> Any:
        """Return the outputs for a batch."""
        x = as_arrays(x, "x", model_takes(self)[0])
        return as_values(self.predict_step(pack_x_y_sample_weight(x)))

    def _on_batch(
        self,
        method: str,
        data: tuple,
        class_weight: Any,
        return_dict: bool,
        check_finite: bool,
    ) -> Any:
        door.check_compiled(self, method)
        x, y, sample_weight = checks.aligned(data, "", model_takes(self))
        size = max(checks.sample_count(x), 1)
        one = batches(self, x, y, sample_weight, size, class_weight=class_weight)
        door.check_batch(self, one, method, check_finite)
        self.reset_metrics()
        (batch,) = one
        step = self.train_step if method.startswith("train") else self.test_step
        with self._settled():
            if self.built:
                self._settle()
            results = as_floats(step(pack_x_y_sample_weight(*batch)))
        return results if return_dict else in_order(results, self.metrics)
