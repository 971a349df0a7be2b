import numpy as np
import pytest

from keratorch import metrics
from keratorch.metrics.alignment import (
    align_classes,
    as_array,
    as_float,
    squeeze_or_expand_to_same_rank,
)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    # Keras 3.15: keras.src.losses.loss.squeeze_or_expand_to_same_rank
    [
        ((5,), (5, 1), ((5, 1), (5, 1))),
        ((5, 1), (5,), ((5, 1), (5, 1))),
        ((5, 2), (5, 2, 1), ((5, 2), (5, 2))),
        ((5, 2, 1), (5, 2), ((5, 2), (5, 2))),
        ((5,), (5, 3), ((5,), (5, 3))),
        ((5,), (5, 1, 1), ((5,), (5, 1, 1))),
        ((), (1,), ((), ())),
    ],
)
def test_ranks_are_matched_as_in_keras(a, b, expected):
    a, b = squeeze_or_expand_to_same_rank(np.zeros(a), np.zeros(b))
    assert (a.shape, b.shape) == expected


def test_arrays_pass_unchanged_and_python_floats_become_floatx():
    for given in (np.zeros(2), np.zeros(2, np.float16), np.zeros(2, bool)):
        assert as_array(given) is given
    assert as_array([1.0, 2.0]).dtype == np.float32
    assert as_array(np.float64(1.0)).dtype == np.float64
    assert as_float([1, 2]).dtype == np.float32


def test_one_number_has_no_axis_of_classes():
    with pytest.raises(ValueError, match="must have an axis of classes"):
        align_classes(np.zeros(()), np.zeros(()))


def test_one_number_is_its_own_mean():
    assert metrics.MeanAbsoluteError()(1.0, 3.0) == 2
    assert metrics.MeanSquaredError(dtype="float16")(1.0, 3.0) == 4
