"""Segments of TensorFlow: what is 0, lowest or highest where there are no rows."""

import numpy as np
import pytest

X = np.float32([[1, -2], [4, 8], [-3, 0.5]])
LOWEST = np.finfo("float32").min


@pytest.fixture
def tf(installed):
    import tensorflow

    return tensorflow


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sum", [[0, 0], [-2, -1.5], [4, 8]]),
        ("mean", [[0, 0], [-1, -0.75], [4, 8]]),
        ("sqrt_n", [[0, 0], [-1.4142135, -1.0606602], [4, 8]]),
        ("max", [[LOWEST, LOWEST], [1, 0.5], [4, 8]]),
        ("min", [[-LOWEST, -LOWEST], [-3, -2], [4, 8]]),
        ("prod", [[1, 1], [-3, -1], [4, 8]]),
    ],
)
def test_rows_in_any_order(name, expected, tf):
    reduce = getattr(tf.math, f"unsorted_segment_{name}")
    found = reduce(X, [1, 2, 1], num_segments=3)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
    flat = reduce(X, [[1, 1], [2, 2], [1, -1]], 3)  # ids of several axes
    assert flat.shape == (3,)
    column = reduce(X[:, :1], [1, 2, 1], 3).numpy()
    np.testing.assert_allclose(column[:, 0], found.numpy()[:, 0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sum", [[5, 6], [0, 0], [-3, 0.5]]),
        ("mean", [[2.5, 3], [0, 0], [-3, 0.5]]),
        ("max", [[4, 8], [0, 0], [-3, 0.5]]),
        ("min", [[1, -2], [0, 0], [-3, 0.5]]),
        ("prod", [[4, -16], [1, 1], [-3, 0.5]]),
    ],
)
def test_rows_in_order(name, expected, tf):
    found = getattr(tf.math, f"segment_{name}")(X, [0, 0, 2])
    np.testing.assert_allclose(found.numpy(), expected)


def test_integers_have_limits_too(tf):
    found = tf.math.unsorted_segment_max([3, 5], [1, 1], 2)
    assert found.numpy().tolist() == [np.iinfo("int32").min, 5]


@pytest.mark.parametrize(
    ("name", "expected"), [("mean", [0.5, 1.0, 0.5]), ("max", [1.0, 1.0, 0.0])]
)
def test_gradients_reach_the_rows_of_a_variable(name, expected, tf):
    x = tf.Variable(X[:, 0])
    with tf.GradientTape() as tape:
        means = getattr(tf.math, f"unsorted_segment_{name}")(x, [0, 1, 0], 2)
        loss = tf.reduce_sum(means)
    np.testing.assert_allclose(tape.gradient(loss, x), expected)
