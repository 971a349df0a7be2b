"""The circle loss: vectors of one class near each other, of different classes far."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.losses.loss import NamedLoss
from keratorch.losses.targets import Shape, expects
from keratorch.ops import softplus
from keratorch.ops.arrays import as_floats, as_numbers
from keratorch.ops.special import logsumexp


def one_vector_per_label(
    name: str, y_true: np.ndarray, pred: Shape, **options: Any
) -> None:
    """Raise unless there is a vector for each label."""
    if len(pred) != 2 or y_true.shape not in ((pred[0],), (pred[0], 1)):
        raise ValueError(
            f"{name} needs y_pred of shape (batch, features), and one integer label "
            f"per sample; received y_pred of shape {pred} and y_true of shape "
            f"{y_true.shape}."
        )


def _positive(y_true: Any, values: Any, **options: Any) -> np.ndarray:
    return graph.value(values) > 0


@expects(one_vector_per_label, labels=True, mask=_positive, by_sample=False)
def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Any:
    """softplus(logsumexp(positive terms) + logsumexp(negative terms)), row by row.

    With the distances d = max(1 - y_pred @ ref_embeddings.T, 0): a vector of the same
    class has the term gamma * (margin + d) * (d - margin), one of another class
    gamma * max(1 + margin - d, 0) * (1 - margin - d). Both factors shrink as a pair
    comes to its place.

    Parameters
    ----------
    y_true : array_like of integers, (batch,) or (batch, 1), the class of each vector.
    y_pred : array_like (batch, features), vectors of length 1.
    ref_labels, ref_embeddings : (n,) and (n, features), the vectors to compare with;
        by default `y_true` and `y_pred` themselves.
    remove_diagonal : bool, whether row i of `ref_embeddings` is no pair of row i of
        `y_pred`, being the same.
    gamma : float > 0, how sharply the worst pair stands out.
    margin : float in [0, 1], how much nearer than needed pairs must be.

    Source: Sun et al. (2020), Circle Loss: A Unified Perspective of Pair Similarity
    Optimization, in Keras's form.

    Examples
    --------
    >>> from keratorch import losses
    >>> vectors = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    >>> losses.circle([0, 1, 0], vectors, gamma=1.0).numpy().round(4)
    array([0.5459, 0.    , 0.5459], dtype=float32)
    """
    y_pred, labels = as_floats(y_pred), as_numbers(y_true).reshape(-1)
    others = y_pred if ref_embeddings is None else as_floats(ref_embeddings)
    if ref_labels is None:
        other_labels = labels
    else:
        other_labels = as_numbers(ref_labels).reshape(-1)
    distance = np.maximum(1 - y_pred @ others.T, 0)
    same = labels.astype(np.intp)[:, None] == other_labels.astype(np.intp)
    different = ~same
    if remove_diagonal:
        np.fill_diagonal(same, False)
    near = gamma * (margin + distance) * (distance - margin)
    far = gamma * np.maximum(1 + margin - distance, 0) * (1 - margin - distance)
    return softplus(_over(near, same) + _over(far, different))


def _over(terms: Any, pairs: np.ndarray) -> Any:
    """Return the logsumexp of the terms of some pairs, row by row."""
    return logsumexp(np.where(pairs, terms, -np.inf), axis=1)


class Circle(NamedLoss):
    """Mean of `circle` over the samples that cost something.

    Parameters
    ----------
    gamma : float > 0, how sharply the worst pair stands out.
    margin : float in [0, 1], how much nearer than needed pairs must be.
    remove_diagonal : bool, whether a vector is no pair of its own.
    reduction, name, dtype : as for `Loss`.

    Examples
    --------
    >>> from keratorch.losses import Circle
    >>> vectors = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    >>> round(Circle(gamma=1.0)([0, 1, 0], vectors).item(), 4)
    0.5459
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str = "circle",
        dtype: Any = None,
    ):
        super().__init__(
            circle,
            reduction,
            name,
            dtype,
            gamma=gamma,
            margin=margin,
            remove_diagonal=remove_diagonal,
        )
        self.gamma = gamma
        self.margin = margin
        self.remove_diagonal = remove_diagonal
