"""Metrics over several updates, with and without sample weights; configurations."""

import keras
import numpy as np

from .plain import case_name, config, numbers

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


SIZES = (8, 5, 1)  # samples of the batches of a stream

# (class, stream, arguments)
STREAMED = [
    ("RootMeanSquaredError", "regression", {}),
    ("MeanAbsolutePercentageError", "regression", {}),
    ("MeanSquaredLogarithmicError", "counts", {}),
    ("LogCoshError", "regression", {}),
    ("CosineSimilarity", "regression", {}),
    ("CosineSimilarity", "regression", {"axis": 0}),
    ("BinaryCrossentropy", "chance_column", {}),
    ("CategoricalCrossentropy", "one_hot", {}),
    ("SparseCategoricalCrossentropy", "sparse", {}),
    ("TopKCategoricalAccuracy", "one_hot", {"k": 2}),
    ("SparseTopKCategoricalAccuracy", "sparse", {"k": 2}),
    ("Hinge", "signs", {}),
    ("Hinge", "many_labels", {}),
    ("SquaredHinge", "signs", {}),
    ("CategoricalHinge", "one_hot", {}),
    ("KLDivergence", "distributions", {}),
    ("Poisson", "counts", {}),
    ("PearsonCorrelation", "series", {}),
    ("PearsonCorrelation", "long_regression", {"axis": 0}),
    ("ConcordanceCorrelation", "series", {}),
    ("ConcordanceCorrelation", "regression", {"axis": 0}),
    ("R2Score", "regression", {}),
    ("R2Score", "column", {}),
    ("R2Score", "regression", {"class_aggregation": None}),
    ("R2Score", "regression", {"class_aggregation": "variance_weighted_average"}),
    ("R2Score", "regression", {"num_regressors": 2}),
    ("TruePositives", "chances", {}),
    ("TruePositives", "labels_steps", {"thresholds": 0.3}),
    ("TrueNegatives", "chances", {"thresholds": [0.5, 0.1, 0.9]}),
    ("FalsePositives", "many_labels", {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}),
    ("FalseNegatives", "chance_column", {"thresholds": [0.3, 0.7]}),
    ("Precision", "chances", {}),
    ("Precision", "chance_column", {"thresholds": [0.8, 0.2]}),
    ("Precision", "many_labels", {"class_id": 1}),
    ("Precision", "one_hot", {"top_k": 2}),
    ("Precision", "one_hot", {"top_k": 2, "class_id": 0}),
    ("Precision", "one_hot", {"top_k": 2, "thresholds": 0.3}),
    ("Precision", "chances", {"thresholds": [0.0, 0.5, 1.0]}),
    ("Recall", "chances", {}),
    ("Recall", "labels_steps", {"thresholds": [0.2, 0.4, 0.6]}),
    ("Recall", "many_labels", {"class_id": 2, "thresholds": [0.3]}),
    ("Recall", "one_hot", {"top_k": 3}),
    ("SensitivityAtSpecificity", "chances", {"specificity": 0.5}),
    ("SensitivityAtSpecificity", "chances", {"specificity": 0.4, "num_thresholds": 1}),
    ("SpecificityAtSensitivity", "chances", {"sensitivity": 0.6}),
    ("SpecificityAtSensitivity", "many_labels", {"sensitivity": 0.8, "class_id": 0}),
    ("PrecisionAtRecall", "chances", {"recall": 0.75}),
    ("PrecisionAtRecall", "many_labels", {"recall": 0.5, "num_thresholds": 5}),
    ("RecallAtPrecision", "chances", {"precision": 0.6}),
    ("RecallAtPrecision", "chance_column", {"precision": 0.9, "num_thresholds": 21}),
    ("AUC", "chances", {}),
    ("AUC", "chance_column", {"num_thresholds": 5}),
    ("AUC", "labels_steps", {}),
    ("AUC", "chances", {"curve": "PR"}),
    ("AUC", "chances", {"curve": "PRGAIN"}),
    ("AUC", "chances", {"summation_method": "majoring"}),
    ("AUC", "chances", {"curve": "PR", "summation_method": "minoring"}),
    ("AUC", "chances", {"curve": "PR", "summation_method": "majoring"}),
    ("AUC", "chances", {"thresholds": [0.7, 0.1, 0.4]}),
    ("AUC", "chances", {"thresholds": [0.25, 0.5, 0.75]}),
    ("AUC", "bit_logits", {"from_logits": True}),
    ("AUC", "many_labels", {}),
    ("AUC", "many_labels", {"label_weights": [0.5, 1.0, 2.0]}),
    ("AUC", "many_labels", {"multi_label": True}),
    ("AUC", "many_labels", {"multi_label": True, "curve": "PR", "num_labels": 3}),
    ("AUC", "many_labels", {"multi_label": True, "label_weights": [0.5, 1.0, 2.0]}),
    ("AUC", "many_labels", {"multi_label": True, "thresholds": [0.2, 0.3]}),
    (
        "AUC",
        "many_labels",
        {"multi_label": True, "label_weights": [1.0, 0.0, 2.0], "curve": "PR"},
    ),
    ("F1Score", "one_hot", {}),
    ("F1Score", "one_hot", {"average": "macro"}),
    ("F1Score", "one_hot", {"average": "micro"}),
    ("F1Score", "one_hot", {"average": "weighted"}),
    ("F1Score", "many_labels", {"threshold": 0.5}),
    ("F1Score", "chance_column", {"threshold": 0.5, "average": "micro"}),
    ("FBetaScore", "many_labels", {"beta": 2.0, "threshold": 0.4, "average": "macro"}),
    ("FBetaScore", "one_hot", {"beta": 0.5}),
    ("IoU", "class_numbers", {"num_classes": 4, "target_class_ids": [0, 2]}),
    ("MeanIoU", "class_numbers", {"num_classes": 4}),
    ("MeanIoU", "class_numbers", {"num_classes": 3, "ignore_class": 1}),
    ("MeanIoU", "class_numbers", {"num_classes": 4, "dtype": "float32"}),
    ("MeanIoU", "images", {"num_classes": 3}),
    ("MeanIoU", "image_classes", {"num_classes": 4, "sparse_y_pred": False}),
    ("BinaryIoU", "chances", {}),
    ("BinaryIoU", "chances", {"target_class_ids": [1], "threshold": 0.25}),
    ("OneHotIoU", "one_hot", {"num_classes": 4, "target_class_ids": [1, 3]}),
    ("OneHotMeanIoU", "one_hot", {"num_classes": 4}),
    ("OneHotMeanIoU", "one_hot", {"num_classes": 4, "ignore_class": 0}),
]
# Where each sample has several places, Keras takes no weight per sample.
UNWEIGHTED = ("labels_steps", "images", "image_classes")

FUNCTIONS = [
    ("hinge", "signs", {}),
    ("squared_hinge", "signs", {}),
    ("categorical_hinge", "one_hot", {}),
    ("kl_divergence", "distributions", {}),
    ("poisson", "counts", {}),
    ("huber", "regression", {}),
    ("huber", "regression", {"delta": 0.5}),
    ("log_cosh", "regression", {}),
    ("binary_focal_crossentropy", "many_labels", {}),
    (
        "binary_focal_crossentropy",
        "many_labels",
        {"apply_class_balancing": True, "label_smoothing": 0.1, "gamma": 1.5},
    ),
    ("binary_focal_crossentropy", "bit_logits", {"from_logits": True}),
    ("categorical_focal_crossentropy", "one_hot", {}),
    (
        "categorical_focal_crossentropy",
        "one_hot",
        {"alpha": [0.1, 0.2, 0.3, 0.4], "from_logits": True, "label_smoothing": 0.1},
    ),
    ("pearson_correlation", "series", {}),
    ("pearson_correlation", "regression", {"axis": 0}),
    ("concordance_correlation", "series", {}),
]

CONFIGS = [
    *((name, {}) for name in ("TruePositives", "Precision", "AUC", "F1Score")),
    *((name, {}) for name in ("FBetaScore", "R2Score", "BinaryIoU", "Hinge")),
    *((name, {}) for name in ("SquaredHinge", "CategoricalHinge", "KLDivergence")),
    *((name, {}) for name in ("Poisson", "PearsonCorrelation", "Sum", "Recall")),
    ("RootMeanSquaredError", {}),
    ("LogCoshError", {}),
    ("TopKCategoricalAccuracy", {"k": 3}),
    ("FalseNegatives", {"thresholds": [0.25, 0.5], "name": "mine"}),
    ("Precision", {"thresholds": 0.25, "top_k": 3, "class_id": 1}),
    ("SensitivityAtSpecificity", {"specificity": 0.5, "num_thresholds": 20}),
    ("SpecificityAtSensitivity", {"sensitivity": 0.5, "class_id": 1}),
    ("PrecisionAtRecall", {"recall": 0.25}),
    ("RecallAtPrecision", {"precision": 0.25, "name": "mine"}),
    ("AUC", {"curve": "PR", "summation_method": "majoring", "num_thresholds": 50}),
    ("AUC", {"thresholds": [0.75, 0.25], "label_weights": [1.0, 2.0]}),
    ("AUC", {"multi_label": True, "num_labels": 3, "from_logits": True}),
    ("F1Score", {"average": "macro", "threshold": 0.5}),
    ("FBetaScore", {"average": "weighted", "beta": 2.0, "name": "mine"}),
    ("R2Score", {"class_aggregation": None, "num_regressors": 2}),
    ("IoU", {"num_classes": 3, "target_class_ids": [0, 1], "ignore_class": 2}),
    ("IoU", {"num_classes": 3, "target_class_ids": [0], "dtype": "float32"}),
    ("BinaryIoU", {"target_class_ids": [1], "threshold": 0.25}),
    ("MeanIoU", {"num_classes": 3, "sparse_y_pred": False, "axis": 1}),
    ("OneHotIoU", {"num_classes": 3, "target_class_ids": [0], "sparse_y_pred": True}),
    ("OneHotMeanIoU", {"num_classes": 3, "ignore_class": 0}),
    ("ConcordanceCorrelation", {"axis": 0}),
]


def streams():
    """The batches that the cases name: pairs of lists of (y_true, y_pred)."""
    rng = np.random.default_rng(60)
    edges = [0.0, 1.0, 0.5, 0.25, 0.75]

    def chances(*shape):
        values = np.round(rng.uniform(size=shape), 2)
        values.flat[: min(len(edges), values.size - 1)] = edges[: values.size - 1]
        return values

    def bits(*shape):
        return rng.integers(0, 2, shape)

    def rows(*shape):
        values = rng.uniform(0.05, 1, shape)
        return np.round(values / values.sum(axis=-1, keepdims=True), 2)

    def normal(*shape):
        return np.round(rng.normal(size=shape), 2)

    makers = {
        "chances": lambda n: (bits(n), chances(n)),
        "chance_column": lambda n: (bits(n, 1), chances(n, 1)),
        "many_labels": lambda n: (bits(n, 3), chances(n, 3)),
        "labels_steps": lambda n: (bits(n, 4, 2), chances(n, 4, 2)),
        "bit_logits": lambda n: (bits(n, 1), normal(n, 1) * 2),
        "one_hot": lambda n: (np.eye(4)[rng.integers(0, 4, n)], rows(n, 4)),
        "sparse": lambda n: (rng.integers(0, 4, n), rows(n, 4)),
        "distributions": lambda n: (rows(n, 3), rows(n, 3)),
        "signs": lambda n: (2 * bits(n, 2) - 1, normal(n, 2)),
        "regression": lambda n: (normal(n, 2), normal(n, 2)),
        "long_regression": lambda n: (normal(n + 2, 2), normal(n + 2, 2)),
        "column": lambda n: (normal(n, 1), normal(n, 1)),
        "series": lambda n: (normal(n, 5), normal(n, 5)),
        "counts": lambda n: (rng.poisson(2, (n, 2)), chances(n, 2) + 0.25),
        "class_numbers": lambda n: (rng.integers(0, 4, n), rng.integers(-1, 5, n)),
        "images": lambda n: tuple(rng.integers(0, 3, (2, n, 2, 2))),
        "image_classes": lambda n: (rng.integers(0, 4, (n, 2, 2)), rows(n, 2, 2, 4)),
    }
    return {name: [make(n) for n in SIZES] for name, make in makers.items()}


def stream_weights(batches):
    """Weights 2, 1, 3, 2, 1, 3, ... that int metrics take, for each batch."""
    return [np.resize([2.0, 1.0, 3.0], len(true)) for true, _ in batches]


def record_stream(name, stream, arguments, weighted, batches):
    metric = getattr(keras.metrics, name)(**arguments)
    weights = stream_weights(batches) if weighted else [None] * len(batches)
    results = []
    for (true, pred), weight in zip(batches, weights, strict=True):
        metric.update_state(np.float32(true), np.float32(pred), sample_weight=weight)
        results.append(numbers(metric.result()))
    return {
        "name": case_name(name, stream, weighted=weighted, **arguments),
        "class": name,
        "arguments": arguments,
        "stream": stream,
        "weighted": weighted,
        "results": results,
    }


def record_function(name, stream, arguments, batches):
    """The values of the first batch."""
    true, pred = (np.float32(array) for array in batches[0])
    value = getattr(keras.metrics, name)(true, pred, **arguments)
    return {
        "name": case_name(name, stream, **arguments),
        "function": name,
        "arguments": arguments,
        "stream": stream,
        "value": numbers(value),
    }


def record_config(name, arguments):
    keras.backend.clear_session()
    metric = getattr(keras.metrics, name)(**arguments)
    return {
        "name": case_name(name, **arguments),
        "class": name,
        "arguments": arguments,
        "config": config(metric.get_config()),
    }


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
    batches = streams()
    streamed = [
        record_stream(name, stream, arguments, weighted, batches[stream])
        for name, stream, arguments in STREAMED
        for weighted in (False, True)
        if not (weighted and (stream in UNWEIGHTED or arguments.get("axis") == 0))
    ]
    return {
        "cases": [
            record(*case, weighted) for case in CASES for weighted in (False, True)
        ],
        "means": [record_mean(False), record_mean(True)],
        "streams": {
            name: [[numbers(array) for array in pair] for pair in pairs]
            for name, pairs in batches.items()
        },
        "weights": [numbers(weight) for weight in stream_weights(batches["chances"])],
        "streamed": streamed,
        "functions": [
            record_function(name, stream, arguments, batches[stream])
            for name, stream, arguments in FUNCTIONS
        ],
        "configs": [record_config(*case) for case in CONFIGS],
    }
