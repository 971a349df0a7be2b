import json

import numpy as np
import pytest

from keratorch import metrics
from keratorch.custom_objects import register_keras_serializable
from keratorch.metrics import METRICS

NEEDED = {
    "IoU": {"num_classes": 3, "target_class_ids": [0, 2]},
    "MeanIoU": {"num_classes": 3},
    "OneHotIoU": {"num_classes": 3, "target_class_ids": [1]},
    "OneHotMeanIoU": {"num_classes": 3},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
}
each_class = pytest.mark.parametrize(
    "cls", sorted({*METRICS.values()}, key=lambda c: c.__name__)
)


@pytest.mark.parametrize(
    ("name", "cls"),
    # Keras 3.15: the aliases of keras.metrics.get
    [
        ("mse", metrics.MeanSquaredError),
        ("MSE", metrics.MeanSquaredError),
        ("mae", metrics.MeanAbsoluteError),
        ("MAPE", metrics.MeanAbsolutePercentageError),
        ("msle", metrics.MeanSquaredLogarithmicError),
        ("bce", metrics.BinaryCrossentropy),
        ("accuracy", metrics.Accuracy),
        ("mean_absolute_error", metrics.MeanAbsoluteError),
        ("SparseCategoricalAccuracy", metrics.SparseCategoricalAccuracy),
        ("sparse_top_k_categorical_accuracy", metrics.SparseTopKCategoricalAccuracy),
        ("log_cosh_error", metrics.LogCoshError),
        ("AUC", metrics.AUC),
        ("auc", metrics.AUC),
        ("Precision", metrics.Precision),
        ("recall", metrics.Recall),
        ("F1Score", metrics.F1Score),
        ("f1_score", metrics.F1Score),
        ("f_beta_score", metrics.FBetaScore),
        ("r2_score", metrics.R2Score),
        ("binary_io_u", metrics.BinaryIoU),
        ("true_positives", metrics.TruePositives),
        ("kl_divergence", metrics.KLDivergence),
        ("hinge", metrics.Hinge),
        ("poisson", metrics.Poisson),
        ("pearson_correlation", metrics.PearsonCorrelation),
        # Keras 2
        ("kullback_leibler_divergence", metrics.KLDivergence),
        ("cosine_proximity", metrics.CosineSimilarity),
        ("logcosh", metrics.LogCoshError),
    ],
)
def test_names_of_keras_are_known(name, cls):
    assert type(metrics.get(name)) is cls


@each_class
def test_each_metric_comes_back_from_its_configuration(cls):
    metric = cls(name="mine", dtype="float64", **NEEDED.get(cls.__name__, {}))
    description = json.loads(json.dumps(metrics.serialize(metric)))
    assert description["module"] == "keras.metrics"
    again = metrics.deserialize(description)
    assert type(again) is cls
    assert again.get_config() == metric.get_config()


def test_classes_functions_instances_and_none_are_taken():
    assert type(metrics.get(metrics.MeanSquaredError)) is metrics.MeanSquaredError
    assert metrics.get(metrics.mean_squared_error) is metrics.mean_squared_error
    instance = metrics.Mean()
    assert metrics.get(instance) is instance
    assert metrics.get(None) is None


@pytest.mark.parametrize("name", ["acuracy", "mean_sqared_error", "nothing like it"])
def test_an_unknown_name_gets_a_short_error_with_suggestions(name):
    with pytest.raises(ValueError, match=f"unknown metric '{name}'") as caught:
        metrics.get(name)
    assert len(str(caught.value)) < 600
    if name == "acuracy":
        assert "Did you mean 'accuracy'" in str(caught.value)


@pytest.mark.parametrize(
    ("y_true", "y_pred", "accuracy", "crossentropy"),
    # Keras 3.15: keras.src.trainers.compile_utils.is_binary_or_sparse_categorical
    [
        ((8,), (8, 1), "BinaryAccuracy", "BinaryCrossentropy"),
        ((8, 1), (8, 1), "BinaryAccuracy", "BinaryCrossentropy"),
        ((8,), (8, 3), "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
        ((8, 1), (8, 3), "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
        ((8, 3), (8, 3), "CategoricalAccuracy", "CategoricalCrossentropy"),
        ((8, 5), (8, 5, 3), "SparseCategoricalAccuracy", None),
        ((8, 5, 1), (8, 5, 3), "SparseCategoricalAccuracy", None),
        ((8, 5, 3), (8, 5, 3), "CategoricalAccuracy", None),
    ],
)
def test_accuracy_means_what_the_shapes_say(y_true, y_pred, accuracy, crossentropy):
    for name in ("accuracy", "acc", "Accuracy"):
        metric = metrics.resolve_accuracy(name, y_true, y_pred)
        assert type(metric).__name__ == accuracy
        assert metric.name == name
    if crossentropy:
        metric = metrics.resolve_accuracy("ce", y_true, y_pred)
        assert type(metric).__name__ == crossentropy


def test_other_names_are_left_to_get():
    assert metrics.resolve_accuracy("mse", (8,), (8, 1)) is None


DOWN = ("Error", "Crossentropy", "Hinge", "Divergence", "Poisson")
NEITHER = ("Mean", "Sum", "TruePositives", "TrueNegatives", "FalsePositives")


@each_class
def test_each_metric_says_its_direction(cls):
    direction = "down" if cls.__name__.endswith(DOWN) else "up"
    if cls.__name__ in (*NEITHER, "FalseNegatives"):
        direction = None
    assert cls(**NEEDED.get(cls.__name__, {}))._direction == direction


@pytest.mark.parametrize("name", ["mean_io_u", "MeanIoU", metrics.MeanIoU])
def test_a_metric_that_needs_arguments_says_which(name):
    with pytest.raises(
        ValueError, match=r"Pass the object: MeanIoU\(num_classes=...\)"
    ):
        metrics.get(name)


def test_functions_are_described_by_their_names():
    described = json.loads(json.dumps(metrics.serialize(metrics.hinge)))
    assert metrics.deserialize(described) is metrics.hinge
    with pytest.raises(ValueError, match="unknown metric 'mine'"):
        metrics.deserialize({**described, "config": "mine"})


def test_configurations_find_what_the_user_made():
    class Mine(metrics.Mean):
        pass

    def largest(y_true, y_pred, factor=1):
        return factor * np.abs(y_true - y_pred).max(axis=-1)

    made = metrics.deserialize(
        {"class_name": "Mine", "config": {"name": "m"}}, {"Mine": Mine}
    )
    assert type(made) is Mine
    wrapper = metrics.MeanMetricWrapper(largest, name="largest", factor=2)
    described = json.loads(json.dumps(metrics.serialize(wrapper)))
    again = metrics.deserialize(described, {"largest": largest})
    assert again([[0.0, 1.0]], np.array([[3.0, 1.0]])) == 6
    with pytest.raises(ValueError, match="unknown metric 'largest'"):
        metrics.deserialize(described)


def test_all_names_of_keras_are_here():
    missing = {
        "binary_focal_crossentropy",
        "categorical_focal_crossentropy",
        "categorical_hinge",
        "concordance_correlation",
        "hinge",
        "huber",
        "kl_divergence",
        "pearson_correlation",
        "poisson",
        "squared_hinge",
    } - set(metrics.__all__)
    assert not missing


def test_registered_metric_is_found_by_its_configuration():
    @register_keras_serializable(package="tests")
    class Seen(metrics.Mean):
        """Counts nothing else than `Mean` does."""

    described = metrics.serialize(Seen(name="seen"))
    assert isinstance(metrics.deserialize(described), Seen)


@pytest.mark.parametrize("name", ["mse", "MeanSquaredError", "auc"])
def test_a_name_alone_is_deserialized_to_a_metric(name):
    assert isinstance(metrics.deserialize(name), metrics.Metric)
