import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray
from keratorch.testing import gradcheck
from keratorch.utils import normalize, to_categorical


def test_rows_are_one_hot_float64_as_in_keras():
    rows = to_categorical([0, 2, 1, 2])
    assert rows.dtype == np.float64
    np.testing.assert_array_equal(rows, np.eye(3)[[0, 2, 1, 2]])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), (4,)), ((5,), (5, 4)), ((5, 1), (5, 4)), ((2, 3), (2, 3, 4)), ((1,), (1, 4))],
)
def test_the_class_axis_is_added_and_a_last_axis_of_one_dropped(shape, expected):
    labels = np.full(shape, 3)
    rows = to_categorical(labels, 4)
    assert rows.shape == expected
    assert (rows.argmax(axis=-1) == 3).all()
    assert rows.sum() == labels.size


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "bool"])
def test_whole_numbers_of_any_dtype_are_labels(dtype):
    labels = np.array([0, 1, 1]).astype(dtype)
    np.testing.assert_array_equal(to_categorical(labels), np.eye(2)[[0, 1, 1]])


@pytest.mark.parametrize(
    "labels",
    [["0", "1", "1"], [b"0", b"1", b"1"], np.array([0, "1", 1.0], dtype=object)],
)
def test_texts_of_whole_numbers_are_labels_as_in_keras(labels):
    np.testing.assert_array_equal(to_categorical(labels), np.eye(2)[[0, 1, 1]])


def test_empty_labels_give_no_rows():
    assert to_categorical([], 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([0, 1, -1], None, r"received -1 at x\[2\]"),
        ([1, 2, 3], 3, r"received 3 at x\[2\]. Are the labels 1-based\?"),
        ([[0, 1], [5, 0]], 3, r"received 5 at x\[1, 0\]"),
        ([0, 0.5], None, r"must be integers; received 0.5 at x\[1\]"),
        ([np.nan], None, "received nan"),
        ([], None, "x is empty"),
        ([0, 1], 0, "num_classes must be an int > 0"),
        ([0, 1], 2.5, "num_classes must be an int > 0"),
    ],
)
def test_labels_without_a_column_are_named(labels, classes, message):
    with pytest.raises(ValueError, match=message):
        to_categorical(labels, classes)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["cat", "dog"], "Number the classes first"),
        ([[0], [0, 1]], "different lengths"),
    ],
)
def test_labels_that_are_no_numbers_are_refused(labels, message):
    with pytest.raises(TypeError, match=message):
        to_categorical(labels)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("order", [1, 2, np.inf])
def test_normalize_gives_norm_one_along_the_axis(axis, order):
    x = np.random.default_rng(1).normal(size=(3, 4))
    norms = np.linalg.norm(normalize(x, axis, order), order, axis)
    np.testing.assert_allclose(norms, 1)


def test_normalize_keeps_zero_vectors_and_float32():
    unit = normalize(np.array([[0, 0], [3, 4]], np.float32))
    assert unit.dtype == np.float32
    np.testing.assert_allclose(unit, [[0, 0], [0.6, 0.8]], rtol=1e-6)


def test_normalize_of_a_recorded_array_is_recorded_and_of_symbols_symbolic():
    x = GradArray(np.random.default_rng(2).normal(size=(2, 3)), requires_grad=True)
    np.testing.assert_allclose(normalize(x, 1).numpy(), normalize(x.numpy(), 1))
    gradcheck(lambda x: normalize(x, axis=1), x)
    assert normalize(keras.Input((3,)), axis=1).shape == (None, 3)
