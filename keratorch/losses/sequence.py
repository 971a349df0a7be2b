"""The loss of label sequences that nobody has aligned with the steps in time."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import Shape, expects
from keratorch.ops.arrays import as_floats, as_numbers
from keratorch.ops.ctc import ctc_loss


def label_sequences(name: str, y_true: np.ndarray, pred: Shape, **options: Any) -> None:
    """Raise unless there is a row of labels for each sample of steps."""
    if y_true.ndim != 2 or len(pred) != 3 or len(y_true) != pred[0]:
        raise ValueError(
            f"{name} needs labels of shape (batch, labels) for y_pred of shape (batch, "
            f"steps, classes); received y_true of shape {y_true.shape} and y_pred of "
            f"shape {pred}. Fill short rows of labels up with 0."
        )


@expects(label_sequences, labels=True)
def ctc(y_true: Any, y_pred: Any) -> Any:
    """-log of the probability that the steps spell the labels, sample by sample.

    Parameters
    ----------
    y_true : array_like (batch, labels) of integers, short rows filled up with 0,
        which stands for no label.
    y_pred : array_like (batch, steps, classes), before the softmax; all steps count.

    Raises
    ------
    ValueError : shapes that do not fit, or a label that is no class.

    Source: Graves et al. (2006), Connectionist Temporal Classification.

    Examples
    --------
    >>> from keratorch import losses
    >>> losses.ctc([[1]], [[[0.0, 0.0], [0.0, 0.0]]]).numpy().round(4)
    array([0.2877], dtype=float32)
    """
    y_pred, labels = as_floats(y_pred), as_numbers(y_true)
    label_sequences("ctc", labels, y_pred.shape)
    lengths = np.count_nonzero(labels, axis=-1)
    steps = np.full(len(labels), y_pred.shape[1])
    return ctc_loss(labels, y_pred, lengths, steps, mask_index=0)


class CTC(NamedLoss):
    """Mean of `ctc` over the samples.

    Parameters
    ----------
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import CTC
    >>> round(CTC()([[1]], [[[0.0, 0.0], [0.0, 0.0]]]).item(), 4)
    0.2877
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "ctc",
        dtype: Any = None,
    ):
        super().__init__(ctc, reduction, name, dtype)
