"""How well a model does: numbers gathered over batches, on plain ndarrays.

    metric = SparseCategoricalAccuracy()
    for x, y in batches:
        metric.update_state(y, model.predict(x))
    print(metric.result())

Each metric's formula is a function too, with one value per sample: see ``functions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keratorch import lazy

if TYPE_CHECKING:
    from keratorch.metrics.accuracy_metrics import (
        Accuracy,
        BinaryAccuracy,
        CategoricalAccuracy,
        SparseCategoricalAccuracy,
        SparseTopKCategoricalAccuracy,
        TopKCategoricalAccuracy,
    )
    from keratorch.metrics.auc import AUC
    from keratorch.metrics.confusion_metrics import (
        FalseNegatives,
        FalsePositives,
        Precision,
        Recall,
        TrueNegatives,
        TruePositives,
    )
    from keratorch.metrics.correlation_metrics import (
        ConcordanceCorrelation,
        PearsonCorrelation,
    )
    from keratorch.metrics.f_score_metrics import F1Score, FBetaScore
    from keratorch.metrics.functions import (
        accuracy,
        binary_accuracy,
        binary_crossentropy,
        binary_focal_crossentropy,
        categorical_accuracy,
        categorical_crossentropy,
        categorical_focal_crossentropy,
        categorical_hinge,
        concordance_correlation,
        cosine_similarity,
        hinge,
        huber,
        kl_divergence,
        log_cosh,
        mean_absolute_error,
        mean_absolute_percentage_error,
        mean_squared_error,
        mean_squared_logarithmic_error,
        pearson_correlation,
        poisson,
        sparse_categorical_accuracy,
        sparse_categorical_crossentropy,
        sparse_top_k_categorical_accuracy,
        squared_hinge,
        top_k_categorical_accuracy,
    )
    from keratorch.metrics.hinge_metrics import CategoricalHinge, Hinge, SquaredHinge
    from keratorch.metrics.iou_metrics import (
        BinaryIoU,
        IoU,
        MeanIoU,
        OneHotIoU,
        OneHotMeanIoU,
    )
    from keratorch.metrics.metric import Metric, MetricVariable
    from keratorch.metrics.operating_points import (
        PrecisionAtRecall,
        RecallAtPrecision,
        SensitivityAtSpecificity,
        SpecificityAtSensitivity,
    )
    from keratorch.metrics.probabilistic_metrics import (
        BinaryCrossentropy,
        CategoricalCrossentropy,
        KLDivergence,
        Poisson,
        SparseCategoricalCrossentropy,
    )
    from keratorch.metrics.r2_score import R2Score
    from keratorch.metrics.reduction_metrics import Mean, MeanMetricWrapper, Sum
    from keratorch.metrics.regression_metrics import (
        CosineSimilarity,
        LogCoshError,
        MeanAbsoluteError,
        MeanAbsolutePercentageError,
        MeanSquaredError,
        MeanSquaredLogarithmicError,
        RootMeanSquaredError,
    )
    from keratorch.metrics.resolve import (
        METRICS,
        deserialize,
        get,
        is_binary_or_sparse_categorical,
        require_known,
        resolve_accuracy,
        serialize,
    )

_FILES = {
    "accuracy_metrics": (
        "Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy "
        "SparseTopKCategoricalAccuracy TopKCategoricalAccuracy"
    ),
    "auc": "AUC",
    "confusion_metrics": (
        "FalseNegatives FalsePositives Precision Recall TrueNegatives TruePositives"
    ),
    "correlation_metrics": "ConcordanceCorrelation PearsonCorrelation",
    "f_score_metrics": "F1Score FBetaScore",
    "functions": (
        "accuracy binary_accuracy binary_crossentropy binary_focal_crossentropy "
        "categorical_accuracy categorical_crossentropy categorical_focal_crossentropy "
        "categorical_hinge concordance_correlation cosine_similarity hinge huber "
        "kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error "
        "mean_squared_error mean_squared_logarithmic_error pearson_correlation "
        "poisson sparse_categorical_accuracy sparse_categorical_crossentropy "
        "sparse_top_k_categorical_accuracy squared_hinge top_k_categorical_accuracy"
    ),
    "hinge_metrics": "CategoricalHinge Hinge SquaredHinge",
    "iou_metrics": "BinaryIoU IoU MeanIoU OneHotIoU OneHotMeanIoU",
    "metric": "Metric MetricVariable",
    "operating_points": (
        "PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity "
        "SpecificityAtSensitivity"
    ),
    "probabilistic_metrics": (
        "BinaryCrossentropy CategoricalCrossentropy KLDivergence Poisson "
        "SparseCategoricalCrossentropy"
    ),
    "r2_score": "R2Score",
    "reduction_metrics": "Mean MeanMetricWrapper Sum",
    "regression_metrics": (
        "CosineSimilarity LogCoshError MeanAbsoluteError MeanAbsolutePercentageError "
        "MeanSquaredError MeanSquaredLogarithmicError RootMeanSquaredError"
    ),
    "resolve": (
        "METRICS deserialize get is_binary_or_sparse_categorical require_known "
        "resolve_accuracy serialize"
    ),
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "BinaryIoU",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "ConcordanceCorrelation",
    "CosineSimilarity",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "Hinge",
    "IoU",
    "KLDivergence",
    "LogCoshError",
    "METRICS",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "MetricVariable",
    "OneHotIoU",
    "OneHotMeanIoU",
    "PearsonCorrelation",
    "Poisson",
    "Precision",
    "PrecisionAtRecall",
    "R2Score",
    "Recall",
    "RecallAtPrecision",
    "RootMeanSquaredError",
    "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SpecificityAtSensitivity",
    "SquaredHinge",
    "Sum",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "accuracy",
    "binary_accuracy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "concordance_correlation",
    "cosine_similarity",
    "deserialize",
    "get",
    "hinge",
    "huber",
    "is_binary_or_sparse_categorical",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "pearson_correlation",
    "poisson",
    "require_known",
    "resolve_accuracy",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
    "squared_hinge",
    "top_k_categorical_accuracy",
]
