"""What `ops` answer for an array they answer for a Variable of its values."""

import numpy as np
import pytest

from keratorch import Variable, layers, ops

VALUES = np.array([[1, 2, 1], [0, 3, 1], [2, 1, 4]])
# Ask for a function or a type; numbers that nobody set; no derivative.
APART = {"custom_gradient", "dtype", "empty_like", "i0"}


def answered(name, array):
    """Return the values of ops.name(array), or None where it asks for more."""
    try:
        with np.errstate(all="ignore"):
            found = getattr(ops, name)(array)
    except (TypeError, ValueError, IndexError, AttributeError, np.linalg.LinAlgError):
        return None
    return found if isinstance(found, (list, tuple)) else [found]


def assert_same(found, wanted):
    found, wanted = ops.convert_to_numpy(found), ops.convert_to_numpy(wanted)
    assert found.dtype == wanted.dtype
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


CASES = [
    (name, dtype)
    for name in sorted(vars(ops))
    if not name.startswith("_") and callable(getattr(ops, name)) and name not in APART
    for dtype in ("float32", "int32", "bool")
    if answered(name, VALUES.astype(dtype)) is not None
]


@pytest.mark.parametrize("name, dtype", CASES)
def test_a_variable_answers_as_its_value(name, dtype):
    array = VALUES.astype(dtype)
    found, wanted = answered(name, Variable(array, dtype=dtype)), answered(name, array)
    assert found is not None
    for one, other in zip(found, wanted, strict=True):
        assert_same(one, other)


def test_gradients_reach_a_variable_whose_sum_is_asked():
    weight = Variable(np.ones(3, "float32"))
    ops.sum(weight * ops.cumsum(weight)).backward()
    np.testing.assert_array_equal(weight.grad, [1 + 3, 2 + 2, 3 + 1])


def test_numbers_and_ids_may_be_variables():
    ids = Variable([0, 1, 1])
    counts = Variable([5, 2, 7])
    assert ops.segment_max(counts, ids).numpy().tolist() == [5, 7]
    assert_same(ops.logspace(Variable(0.0), 2, 3), np.array([1, 10, 100], "float32"))


def test_images_may_be_variables():
    pixels = np.linspace(0, 1, 48, dtype="float32").reshape(4, 4, 3)
    for function in (ops.image.rgb_to_grayscale, ops.image.rgb_to_hsv):
        assert_same(function(Variable(pixels)), function(pixels))
    moved = [ops.image.elastic_transform(x, seed=1) for x in (pixels, Variable(pixels))]
    assert_same(*moved)


def test_merged_variables_become_floats_beside_floats():
    found = layers.Add()([Variable([[1, 2]]), np.array([[0.5, 1.0]], "float32")])
    assert_same(found, np.array([[1.5, 3.0]], "float32"))
