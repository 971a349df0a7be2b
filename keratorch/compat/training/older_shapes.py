"""Targets of another shape than the outputs: in scripts for Keras they are broadcast.

Keras 1 and 2 made (samples, 1) of targets (samples,) first, which fit outputs of shape
(samples, 1, 1) then.

KeraTorch raises there, since such a loss compares each target with several outputs. A
script that runs unchanged has passed through Keras with it; a warning says so.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import compat, lazy
from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once

# The losses are finished with what is here, and the metrics may come before them.
alignment: Any = lazy.Postponed("keratorch.losses.alignment")
Shape = tuple[int, ...]


def lenient_check(same_shape: Callable[..., None]) -> Callable[..., None]:
    """Return the check of targets that lets shapes pass which Keras broadcasts."""

    @functools.wraps(same_shape)
    def checked(name: str, y_true: Any, pred: Shape, **options: Any) -> None:
        serves = compat._finder.serves_keras
        shapes = _broadcast(y_true.shape, pred) if serves else None
        if shapes is None:
            same_shape(name, y_true, pred, **options)
        elif shapes[0] != shapes[1]:
            _say(y_true.shape, pred)

    return checked


def broadcasting(pair: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function of targets and predictions that gets them in one shape.

    `pair` is what a loss or metric brings both into one form by.
    """

    @functools.wraps(pair)
    def paired(y_true: Any, y_pred: Any) -> Any:
        if not compat._finder.serves_keras:
            return pair(y_true, y_pred)
        true, pred = np.shape(y_true), np.shape(y_pred)
        shapes = None if true == pred else _broadcast(true, pred)
        if shapes is None:
            return pair(y_true, y_pred)
        if shapes[0] != shapes[1]:
            _say(true, pred)
        whole = np.broadcast_shapes(*shapes)
        return pair(
            np.broadcast_to(np.reshape(y_true, shapes[0]), whole),
            np.broadcast_to(np.reshape(y_pred, shapes[1]), whole),
        )

    return paired


def in_columns(same_rank: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that makes shapes one rank, for the losses of older scripts.

    Targets (samples,) become (samples, 1) where the outputs have more axes.
    """

    @functools.wraps(same_rank)
    def ranked(a: Shape, b: Shape) -> tuple[Shape, Shape]:
        return same_rank(column_for(a, b), b)

    return ranked


def of_columns(align: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that makes arrays one shape, for metrics of older scripts.

    It broadcasts nothing: Keras refuses other shapes where it counts decisions.
    """

    @functools.wraps(align)
    def aligned(y_true: Any, y_pred: Any) -> Any:
        return align(y_true.reshape(column_for(y_true.shape, y_pred.shape)), y_pred)

    return aligned


def column_for(true: Shape, pred: Shape) -> Shape:
    """Return the shape that an older script gives targets for outputs of a shape."""
    column = len(true) == 1 and len(pred) > 2 and dialect.is_older()
    return (*true, 1) if column else true


def _broadcast(true: Shape, pred: Shape) -> tuple[Shape, Shape] | None:
    """Return the shapes of one rank that Keras broadcasts in a script; None if none.

    Older versions made (samples, 1) of targets (samples,) first. One number stands for
    all targets, and in a loss that is called by itself one sample for all samples.
    """
    if not pred:
        return None
    if not true:
        return (1,) * len(pred), pred
    column = len(true) == 1 and len(pred) > 1 and dialect.is_older()
    if column:
        true = (*true, 1)
    shapes = alignment.same_rank(true, pred)
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return None
    fit_already = shapes[0] == shapes[1] and not (column and len(pred) > 2)
    return None if fit_already else shapes


def _say(true: Shape, pred: Shape) -> None:
    if not true:
        return
    targets: tuple[int | None, ...] = true
    outputs: tuple[int | None, ...] = pred
    if true[0] == pred[0]:  # which is said once for all numbers of samples
        targets, outputs = (None, *true[1:]), (None, *pred[1:])
    warn_once(
        f"targets of shape {targets} stand against outputs of shape {outputs}: each "
        "target is compared with several outputs. Keras broadcasts them, and so does "
        "this script."
    )
