import json

import pytest

from keratorch import metrics
from keratorch.metrics import METRICS


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
    ],
)
def test_names_of_keras_are_known(name, cls):
    assert type(metrics.get(name)) is cls


@pytest.mark.parametrize("cls", sorted({*METRICS.values()}, key=lambda c: c.__name__))
def test_each_metric_comes_back_from_its_configuration(cls):
    metric = cls(name="mine", dtype="float64")
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


def test_each_metric_says_its_direction():
    for cls in {*METRICS.values()} - {metrics.Mean, metrics.Sum}:
        better_high = "Accuracy" in cls.__name__ or "Similarity" in cls.__name__
        assert cls()._direction == ("up" if better_high else "down"), cls
