"""Metrics over two updates, with and without sample weights."""

import keras
import numpy as np

from .plain import case_name, numbers

VALUES = [[1.0, 2.5, -3.0], [0.5, 4.0]]
PAIRS = {
    "labels": ([[0, 1, 2, 1], [2, 0]], [[0, 1, 1, 1], [2, 1]]),
    "bits": ([[0, 1, 1, 0], [1, 0]], [[0.1, 0.5, 0.51, 0.8], [0.9, 0.3]]),
    "one_hot": (
        [[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], [[1, 0, 0], [0, 0, 1]]],
        [
            [[0.4, 0.4, 0.2], [0.1, 0.8, 0.1], [0.3, 0.5, 0.2], [0.2, 0.3, 0.5]],
            [[0.1, 0.2, 0.7], [0.1, 0.1, 0.8]],
        ],
    ),
    "regression": (
        [[[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]], [[0.25, 1.5]]],
        [[[0.5, 2.5], [0.0, -2.0], [2.0, 1.0]], [[1.25, 1.0]]],
    ),
}
PAIRS["sparse"] = (
    [np.argmax(batch, axis=-1).tolist() for batch in PAIRS["one_hot"][0]],
    PAIRS["one_hot"][1],
)

CASES = [
    ("Accuracy", "labels", {}),
    ("BinaryAccuracy", "bits", {}),
    ("BinaryAccuracy", "bits", {"threshold": 0.6}),
    ("CategoricalAccuracy", "one_hot", {}),
    ("SparseCategoricalAccuracy", "sparse", {}),
    ("MeanSquaredError", "regression", {}),
    ("MeanAbsoluteError", "regression", {}),
]


def weights_like(batches):
    """Sample weights 0.5, 1.0, 1.5, ... for each batch."""
    return [[0.5 * (i + 1) for i in range(len(batch))] for batch in batches]


def record(name, pair, arguments, weighted):
    metric = getattr(keras.metrics, name)(**arguments)
    y_true, y_pred = PAIRS[pair]
    weights = weights_like(y_true) if weighted else [None] * len(y_true)
    results = []
    for true, pred, weight in zip(y_true, y_pred, weights, strict=True):
        metric.update_state(
            np.array(true, "float32"), np.array(pred, "float32"), sample_weight=weight
        )
        results.append(numbers(metric.result()))
    return {
        "name": case_name(name, weighted=weighted, **arguments),
        "class": name,
        "arguments": arguments,
        "y_true": y_true,
        "y_pred": y_pred,
        "sample_weight": weights,
        "results": results,
    }


def record_mean(weighted):
    metric = keras.metrics.Mean()
    weights = weights_like(VALUES) if weighted else [None] * len(VALUES)
    results = []
    for values, weight in zip(VALUES, weights, strict=True):
        metric.update_state(np.array(values, "float32"), sample_weight=weight)
        results.append(numbers(metric.result()))
    return {
        "name": case_name("Mean", weighted=weighted),
        "values": VALUES,
        "sample_weight": weights,
        "results": results,
    }


def make():
    return {
        "cases": [
            record(*case, weighted) for case in CASES for weighted in (False, True)
        ],
        "means": [record_mean(False), record_mean(True)],
    }
