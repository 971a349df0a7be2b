"""Sums and means over batches, with weights: what most metrics are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import config, identifiers
from keratorch.custom_objects import known_objects
from keratorch.graph import value
from keratorch.logits import without_graph
from keratorch.losses.alignment import align
from keratorch.masks import get_mask
from keratorch.metrics import functions
from keratorch.metrics.alignment import as_array, squeeze_or_expand_to_same_rank
from keratorch.metrics.metric import Metric

_NUMBERS = (float, int, np.floating, np.integer)
_MAYBE_NUMBERS = (*_NUMBERS, type(None))


class Sum(Metric):
    """The weighted sum of all values seen.

    Parameters
    ----------
    name : str.
    dtype : dtype of the result, and of the values if it is one of integers; or None
        for `floatx()`.

    Examples
    --------
    >>> total = Sum()
    >>> total.update_state([1, 3, 5, 7], sample_weight=[1, 1, 0, 0])
    >>> float(total.result())
    4.0
    """

    def __init__(self, name: str = "sum", dtype: Any = None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable(dtype=np.float64, name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Add values of shape (batch, ...), each sample times its weight."""
        values = as_array(values)
        if self._dtype.kind != "f":
            values = values.astype(self._dtype)
        if sample_weight is not None:
            values, _ = weigh(values, sample_weight, np.sum)
        self.total.assign_add(np.add.reduce(values, axis=None, dtype=np.float64))

    def result(self) -> np.floating:
        """Return the sum."""
        return self._dtype.type(self.total)


class Mean(Metric):
    """The weighted mean of all values seen: sum(weight * value) / sum(weight).

    The values of one sample are averaged first. Without values, the mean is 0.

    Parameters
    ----------
    name : str.
    dtype : float dtype of the result, or None for `floatx()`.

    Examples
    --------
    >>> mean = Mean()
    >>> mean.update_state([1, 3, 5, 7])
    >>> float(mean.result())
    4.0
    """

    _kinds = "f"

    def __init__(self, name: str | None = "mean", dtype: Any = None):
        super().__init__(name=name, dtype=dtype)
        # float64: a float32 sum over millions of samples stops growing.
        self.total = self.add_variable(dtype=np.float64, name="total")
        self.count = self.add_variable(dtype=np.float64, name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Take in values of shape (batch, ...), and one weight per sample or value."""
        if isinstance(values, _NUMBERS) and isinstance(sample_weight, _MAYBE_NUMBERS):
            # A loss with the size of its batch, in each training step.
            count = 1.0 if sample_weight is None else float(sample_weight)
            self.total.assign_add(float(values) * count)
            self.count.assign_add(count)
            return
        values = as_array(values)
        if sample_weight is not None:
            values, weight = weigh(values, sample_weight, np.mean)
            self.total.assign_add(values.sum())
            self.count.assign_add(weight.sum())
        elif values.size:
            samples = values.shape[0] if values.ndim else 1
            total = np.add.reduce(values, axis=None, dtype=np.float64)
            self.total.assign_add(total * (samples / values.size))
            self.count.assign_add(samples)

    def result(self) -> np.floating:
        """Return the mean."""
        count = float(self.count)
        return self._dtype.type(float(self.total) / count if count else 0.0)


class MeanMetricWrapper(Mean):
    """The mean of a function of (y_true, y_pred) over all samples.

    Parameters
    ----------
    fn : function ``fn(y_true, y_pred, **kwargs)`` that returns one value per sample,
        or one per batch.
    name : str, or None for 'mean_metric_wrapper', numbered.
    dtype : float dtype of the result, or None for `floatx()`.
    **kwargs : further arguments of `fn`.

    Raises
    ------
    TypeError : `fn` cannot be called.

    Examples
    --------
    >>> largest_error = MeanMetricWrapper(lambda t, p: np.abs(t - p).max(axis=-1))
    >>> largest_error.update_state(np.zeros((1, 2)), np.array([[3.0, 4.0]]))
    >>> float(largest_error.result())
    4.0
    """

    def __init__(
        self, fn: Callable, name: str | None = None, dtype: Any = None, **kwargs: Any
    ):
        super().__init__(name=name, dtype=dtype)
        if not callable(fn):
            raise TypeError(
                f"fn must be a function of y_true, y_pred; received {fn!r}."
            )
        self._fn = fn
        self._fn_kwargs = kwargs
        knows_them = type(self).update_state.__module__.startswith("keratorch.")
        self._takes_logits = _is_loss(fn) and knows_them
        if self._direction is None and _is_loss(fn):
            self._direction = "down"

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take in one batch of targets and predictions.

        Predictions that carry a mask count where it is true.
        """
        mask = get_mask(y_pred)
        if mask is not None:
            sample_weight = masked_weight(sample_weight, mask)
        if self._takes_logits and hasattr(y_pred, "_logits"):
            pair = align(as_array(y_true), without_graph(y_pred))
        else:
            pair = value(y_true), value(y_pred)
        values = value(self._fn(*pair, **self._fn_kwargs))
        Mean.update_state(self, values, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments: the function by its name."""
        function = identifiers.describe_function(self._fn)
        return {**super().get_config(), "fn": function, **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> MeanMetricWrapper:
        """Return a metric from `get_config`'s dict.

        Raises
        ------
        ValueError : a function that is neither one of `keratorch.metrics` nor one
            that is registered.
        """
        fn = config.get("fn")
        if isinstance(fn, dict):
            name, known = fn["config"], known_objects(functions.FUNCTIONS)
            if name not in known:
                raise ValueError(
                    f"unknown metric function {name!r}: a configuration holds only "
                    "its name. Put the function itself under 'fn', register it with "
                    "@keratorch.saving.register_keras_serializable(), or name it in "
                    "custom_objects."
                )
            config = {**config, "fn": known[name]}
        return cls(**config)


class FormulaMetric(MeanMetricWrapper):
    """A `MeanMetricWrapper` whose class names the function: `get_config` need not."""

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {"name": self.name, "dtype": self.dtype, **self._fn_kwargs}


def weigh(
    values: np.ndarray, sample_weight: Any, reduce: Callable
) -> tuple[np.ndarray, np.ndarray]:
    """Return each sample's weighted value, and its weight.

    Parameters
    ----------
    values : (batch, ...).
    sample_weight : (batch,), or with more of the axes of `values`, of which some may
        have length 1; a number for all.
    reduce : np.sum or np.mean, over all axes but the first.

    Raises
    ------
    ValueError : weights that do not belong to these values.
    """
    weight = as_array(sample_weight)
    values, weight = squeeze_or_expand_to_same_rank(values, weight)
    if values.ndim > weight.ndim:
        values = reduce(values, axis=tuple(range(weight.ndim, values.ndim)))
    # one weight for many samples is more likely a mistake than one row for all
    if weight.ndim == 1 and weight.shape[:1] != values.shape[:1]:
        raise ValueError(_mismatch(values, sample_weight))
    try:
        weight = np.broadcast_to(weight, values.shape)
    except ValueError as error:
        raise ValueError(_mismatch(values, sample_weight)) from error
    weight = weight.astype(np.float64)
    return _per_sample(values * weight, reduce), _per_sample(weight, reduce)


def masked_weight(sample_weight: Any, mask: np.ndarray) -> np.ndarray:
    """Return the weights, 0 where the mask is false."""
    counts = mask.astype(config.floatx())
    if sample_weight is None:
        return counts
    counts, weight = squeeze_or_expand_to_same_rank(counts, as_array(sample_weight))
    return weight * counts


def _per_sample(values: np.ndarray, reduce: Callable) -> np.ndarray:
    if values.ndim < 2:
        return values
    return reduce(values, axis=tuple(range(1, values.ndim)))


def _mismatch(values: np.ndarray, sample_weight: Any) -> str:
    return (
        f"sample_weight of shape {np.shape(sample_weight)} does not belong to values "
        f"of shape {values.shape}. Give one weight per sample."
    )


def _is_loss(fn: Callable) -> bool:
    # Losses are named by their module, not imported: they stand beside the metrics.
    module = getattr(fn, "__module__", None) or ""
    return fn in functions.ERRORS or module.startswith("keratorch.losses")
