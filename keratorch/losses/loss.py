"""Loss: how far predictions are from targets, as one number to make small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from keratorch import config, dtype_policies, identifiers
from keratorch.core import GradArray
from keratorch.losses.alignment import align
from keratorch.losses.reduction import reduce_weighted_values, standardize_reduction
from keratorch.losses.targets import expectation
from keratorch.masks import get_mask
from keratorch.naming import auto_name
from keratorch.ops.arrays import as_numbers, cast


class Loss:
    """The base of losses: a formula per sample, weighted and reduced to one number.

    A subclass defines ``call(y_true, y_pred)``, which returns a loss per sample.

    Parameters
    ----------
    name : str, by default the class name, numbered.
    reduction : what becomes of the losses of the samples: 'sum_over_batch_size' or
        'mean' (their mean), 'mean_with_sample_weight' (divided by the sum of the
        weights), 'sum', or 'none' or None to keep them.
    dtype : float type of the computation, or a `DTypePolicy`; by default `floatx()`.

    Raises
    ------
    ValueError : an unknown reduction.
    TypeError : a dtype that holds no floats.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.losses import Loss
    >>> class LargestError(Loss):
    ...     def call(self, y_true, y_pred):
    ...         return np.max(np.abs(y_true - y_pred), axis=-1)
    >>> LargestError()([[1.0, 2.0]], [[1.5, 5.0]]).item()
    3.0
    """

    #: Whether the loss of a sample may depend on other samples. Where it does not,
    #: training may cut a batch into micro-batches.
    couples_samples: Any = True

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        own = "call" in vars(cls) or "__call__" in vars(cls)
        if own and "couples_samples" not in vars(cls):
            cls.couples_samples = True

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: Any = None,
    ):
        self.name = name or auto_name(type(self).__name__)
        self.reduction = standardize_reduction(reduction)
        name_of_type = dtype_policies.get(dtype or config.floatx()).compute_dtype
        self._dtype = np.dtype(name_of_type)
        if self._dtype.kind != "f":
            raise TypeError(
                f"dtype of a loss must be a float type; received {self._dtype}."
            )

    @property
    def dtype(self) -> str:
        """Name of the float type of the computation."""
        return self._dtype.name

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each sample."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call(self, y_true, y_pred). Define it."
        )

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss of predictions, after a look at targets and predictions.

        Parameters
        ----------
        y_true : array_like, the targets.
        y_pred : GradArray or array_like, the predictions.
        sample_weight : array_like, a factor for the loss of each sample.

        Returns
        -------
        GradArray : a number, or with reduction 'none' a loss per sample.

        Raises
        ------
        ValueError : targets, predictions and weights do not go together.
        """
        predictions = as_numbers(y_pred)
        self.validate_targets(y_true, predictions.shape)
        self.validate_outputs(predictions)
        return self._computed(y_true, y_pred, sample_weight)

    def compute(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss without a look at the values: a step of training.

        Predictions that carry a mask count where it is true. A subclass that replaces
        ``__call__`` itself is called.
        """
        if type(self).__call__ is Loss.__call__:
            return self._computed(y_true, y_pred, sample_weight)
        return self._values(self(self._targets(y_true), y_pred, sample_weight))

    def _computed(self, y_true: Any, y_pred: Any, sample_weight: Any) -> Any:
        steps = get_mask(y_pred)
        if not isinstance(y_pred, GradArray):
            y_pred = GradArray(cast(y_pred, self._dtype), requires_grad=False)
        elif y_pred._array.dtype != self._dtype:
            y_pred = y_pred.astype(self._dtype)
        y_true = self._targets(y_true)
        values = self.call(y_true, y_pred)
        if not isinstance(values, GradArray) or values._array.dtype != self._dtype:
            values = self._values(values)
        mask = self._mask(y_true, values)
        if steps is not None:
            mask = steps if mask is None else mask & steps
        return reduce_weighted_values(values, sample_weight, mask, self.reduction)

    def validate_targets(self, y_true: Any, y_pred_shape: tuple[int, ...]) -> None:
        """Raise if targets are wrong for predictions of a shape; here: never."""

    def validate_outputs(self, y_pred: Any) -> None:
        """Raise if predictions are not of the kind that the loss needs; here: never."""

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Loss:
        """Make the loss that `get_config` described."""
        return cls(**config)

    def _targets(self, y_true: Any) -> Any:
        return cast(y_true, self._dtype)

    def _values(self, values: Any) -> GradArray:
        """Return what `call` returned as a GradArray of the loss's float type."""
        if values is None:
            raise ValueError(
                f"The loss {self.name!r} returned None; expected a loss per sample. "
                "Did you forget `return`?"
            )
        if isinstance(values, GradArray):
            return values.astype(self._dtype)
        return GradArray(cast(values, self._dtype), requires_grad=False)

    def _mask(self, y_true: Any, values: Any) -> np.ndarray | None:
        """Return which values count, or None for all."""
        return None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, reduction={self.reduction}>"


class LossFunctionWrapper(Loss):
    """A loss made of a function ``(y_true, y_pred) -> loss per sample``.

    Parameters
    ----------
    fn : the function. It gets targets and predictions of one rank: a last axis of
        length 1 is added or dropped where that makes them equal.
    reduction, name, dtype : as for `Loss`.
    **kwargs : further arguments of the function.

    Raises
    ------
    ValueError : `fn` cannot be called.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.losses import LossFunctionWrapper
    >>> def cubic(y_true, y_pred, factor=1):
    ...     return factor * np.mean(np.abs(y_true - y_pred) ** 3, axis=-1)
    >>> LossFunctionWrapper(cubic, factor=2)([1.0, 2.0], [[3.0], [2.0]]).item()
    8.0
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(name, reduction, dtype)
        if not callable(fn):
            raise ValueError(
                "fn must be a function (y_true, y_pred) -> loss per sample; received a "
                f"{type(fn).__name__}. For a configuration use losses.deserialize."
            )
        self.fn = fn
        self._fn_kwargs = kwargs
        self._expects = expectation(fn)
        if type(self).call is LossFunctionWrapper.call:
            self.couples_samples = self._expects.couples_samples(kwargs)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        y_true, y_pred = align(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def validate_targets(self, y_true: Any, y_pred_shape: tuple[int, ...]) -> None:
        """Raise if targets are wrong for predictions of a shape.

        Raises
        ------
        ValueError : a shape, or a value that the loss has no meaning for.
        """
        self._expects.targets(
            self.name, as_numbers(y_true), tuple(y_pred_shape), **self._fn_kwargs
        )

    def validate_outputs(self, y_pred: Any) -> None:
        """Raise if predictions are no probabilities where the loss needs them.

        Raises
        ------
        ValueError : a prediction outside [0, 1].
        """
        self._expects.outputs(self.name, as_numbers(y_pred), **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {
            **config,
            "fn": identifiers.describe_function(self.fn),
            **self._fn_kwargs,
        }

    def _targets(self, y_true: Any) -> Any:
        if self._expects.labels:
            return as_numbers(y_true)
        return cast(y_true, self._dtype)

    def _mask(self, y_true: Any, values: Any) -> np.ndarray | None:
        if self._expects.mask is None:
            return None
        return self._expects.mask(y_true, values, **self._fn_kwargs)


class NamedLoss(LossFunctionWrapper):
    """A loss whose class stands for its function, so that its config names none."""

    #: Arguments that Keras's configuration leaves out: written where not the default.
    _unwritten: ClassVar[dict[str, Any]] = {}

    def get_config(self) -> dict[str, Any]:
        written = {
            name: value
            for name, value in self._fn_kwargs.items()
            if name not in self._unwritten or value != self._unwritten[name]
        }
        return {**Loss.get_config(self), **written}
