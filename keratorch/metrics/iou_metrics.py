"""How well predicted and true regions overlap: intersection over union."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config
from keratorch.metrics.alignment import as_array
from keratorch.metrics.metric import Metric


class IoU(Metric):
    """The mean over some classes of ``TP / (TP + FP + FN)``, from counts of all pairs.

    Labels and predictions that are no class do not count. Of the classes, those that
    neither y_true nor y_pred has do not count.

    Parameters
    ----------
    num_classes : int, how many classes there are.
    target_class_ids : sequence of int, the classes whose mean is taken.
    name : str.
    dtype : dtype of labels, predictions and weights, int32 by default: fractions are
        cut off. The result is float32 always.
    ignore_class : int, a label whose pixels do not count; or None.
    sparse_y_true, sparse_y_pred : bool, whether they hold class numbers; if not, the
        class is the place of the highest number along `axis`.
    axis : int, the axis of the classes.

    Raises
    ------
    ValueError : a number of classes below 1, no target class, or one that is no class.

    Examples
    --------
    >>> metric = IoU(num_classes=2, target_class_ids=[0])
    >>> metric.update_state([0, 0, 1, 1], [0, 1, 0, 1])
    >>> print(f"{metric.result():.4f}")
    0.3333
    """

    _direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ):
        super().__init__(name=name, dtype="int32" if dtype in (None, "int") else dtype)
        _check_classes(type(self).__name__, num_classes)
        if not len(target_class_ids):
            raise ValueError(
                f"{type(self).__name__}: target_class_ids must name a class, such as "
                "[0]; received none."
            )
        for target in target_class_ids:
            if not 0 <= target < num_classes:
                raise ValueError(
                    f"{type(self).__name__}: target_class_ids must be from 0 to "
                    f"{num_classes - 1}, as there are {num_classes} classes; received "
                    f"{target}."
                )
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        # Sums in 64 bits: a float32 sum over millions of pixels stops growing.
        wide = np.float64 if self._dtype.kind == "f" else np.int64
        self.total_cm = self.add_variable(
            (num_classes, num_classes), dtype=wide, name="total_confusion_matrix"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and predictions."""
        true, pred = as_array(y_true), as_array(y_pred)
        true = true if self.sparse_y_true else true.argmax(self.axis)
        pred = pred if self.sparse_y_pred else pred.argmax(self.axis)
        if true.size != pred.size:
            raise ValueError(
                f"{type(self).__name__}: y_true and y_pred must hold as many labels; "
                f"received labels of shapes {true.shape} and {pred.shape}."
            )
        weight = self._weights(sample_weight, true.shape)
        true, pred = (x.ravel().astype(self._dtype, copy=False) for x in (true, pred))
        counts = (true >= 0) & (true < self.num_classes)
        counts &= (pred >= 0) & (pred < self.num_classes)
        if self.ignore_class is not None:
            counts &= true != self.ignore_class
        true, pred = true[counts].astype(np.intp), pred[counts].astype(np.intp)
        pairs = np.bincount(
            true * self.num_classes + pred,
            None if weight is None else weight[counts],
            minlength=self.num_classes**2,
        )
        self.total_cm.assign_add(pairs.reshape(self.num_classes, self.num_classes))

    def result(self) -> np.floating:
        """Return the mean over the target classes that there are."""
        matrix = self.total_cm.numpy().astype(np.float64)
        both = matrix.diagonal()
        either = matrix.sum(axis=0) + matrix.sum(axis=1) - both
        both, either = both[self.target_class_ids], either[self.target_class_ids]
        there = either > 1e-9
        shares = np.where(there, both / (either + config.epsilon()), 0)
        return np.float32(shares.sum() / (there.sum() + config.epsilon()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "target_class_ids": self.target_class_ids,
            "ignore_class": self.ignore_class,
            "sparse_y_true": self.sparse_y_true,
            "sparse_y_pred": self.sparse_y_pred,
            "axis": self.axis,
        }

    def _weights(self, sample_weight: Any, shape: tuple[int, ...]) -> Any:
        """Return a weight for each label, in the metric's dtype; None for none."""
        if sample_weight is None:
            return None
        given = as_array(sample_weight)
        weight = given.astype(self._dtype, copy=False)
        if self._dtype.kind != "f" and (weight != given).any():
            warnings.warn(
                f"{type(self).__name__} cuts the fractions of sample_weight off, as in "
                "Keras, since its dtype is an integer one. Pass dtype='float32'.",
                UserWarning,
                stacklevel=3,
            )
        if weight.size == np.prod(shape):
            return weight.ravel()
        weight = weight.reshape(weight.shape + (1,) * (len(shape) - weight.ndim))
        try:
            return np.broadcast_to(weight, shape).ravel()
        except ValueError as error:
            raise ValueError(
                f"sample_weight of shape {given.shape} does not belong to labels of "
                f"shape {shape}. Give one weight per label, or per sample."
            ) from error


class BinaryIoU(IoU):
    """`IoU` of class 0 and 1, of which y_pred holds the probability of 1.

    Parameters
    ----------
    target_class_ids : sequence of 0 and 1, the classes whose mean is taken.
    threshold : float, from which on a prediction is class 1.
    name, dtype : see `IoU`.

    Raises
    ------
    ValueError : a target class that is no class.

    Examples
    --------
    >>> metric = BinaryIoU(threshold=0.3)
    >>> metric.update_state([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])
    >>> print(f"{metric.result():.4f}")
    0.3333
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ):
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in one batch of labels and probabilities."""
        above = as_array(y_pred).astype(np.float32) >= self.threshold
        super().update_state(y_true, above, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "target_class_ids": self.target_class_ids,
            "threshold": self.threshold,
            "name": self.name,
            "dtype": self.dtype,
        }


class MeanIoU(IoU):
    """`IoU` of all classes.

    Parameters
    ----------
    num_classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis : see
        `IoU`.

    Examples
    --------
    >>> metric = MeanIoU(num_classes=2)
    >>> metric.update_state([0, 0, 1, 1], [0, 1, 0, 1])
    >>> print(f"{metric.result():.4f}")
    0.3333
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ):
        super().__init__(
            num_classes,
            range(_check_classes(type(self).__name__, num_classes)),
            name,
            dtype,
            ignore_class,
            sparse_y_true,
            sparse_y_pred,
            axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        config = super().get_config()
        del config["target_class_ids"]
        return config


class OneHotIoU(IoU):
    """`IoU` of one-hot labels.

    Parameters
    ----------
    num_classes, target_class_ids, name, dtype, ignore_class, sparse_y_pred, axis : see
        `IoU`.

    Raises
    ------
    ValueError : a target class that is no class.

    Examples
    --------
    >>> metric = OneHotIoU(num_classes=2, target_class_ids=[1])
    >>> metric.update_state([[1, 0], [0, 1]], [[0.4, 0.6], [0.1, 0.9]])
    >>> print(f"{metric.result():.4f}")
    0.5000
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ):
        super().__init__(
            num_classes,
            target_class_ids,
            name,
            dtype,
            ignore_class,
            False,
            sparse_y_pred,
            axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config


class OneHotMeanIoU(MeanIoU):
    """`IoU` of all classes, of one-hot labels.

    Parameters
    ----------
    num_classes, name, dtype, ignore_class, sparse_y_pred, axis : see `IoU`.

    Examples
    --------
    >>> metric = OneHotMeanIoU(num_classes=2)
    >>> metric.update_state([[1, 0], [0, 1]], [[0.4, 0.6], [0.1, 0.9]])
    >>> print(f"{metric.result():.4f}")
    0.2500
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ):
        super().__init__(
            num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config


def _check_classes(metric: str, num_classes: Any) -> int:
    """Return a number of classes, or raise for what is none."""
    whole = isinstance(num_classes, numbers.Integral)
    if not whole or isinstance(num_classes, bool) or num_classes < 1:
        raise ValueError(
            f"{metric}: num_classes must be an integer >= 1; received {num_classes!r}."
        )
    return int(num_classes)
