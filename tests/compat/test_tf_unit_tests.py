"""`tf.test.TestCase`."""

import unittest

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("installed")


def outcome(check):
    """Return whether a test case that calls a function passes."""
    import tensorflow as tf

    class Case(tf.test.TestCase):
        def test(self):
            check(self, tf)

    result = unittest.TestResult()
    Case("test").run(result)
    assert not result.errors
    return result.wasSuccessful()


@pytest.mark.parametrize(
    ("check", "passes"),
    [
        (lambda case, tf: case.assertAllEqual(tf.constant([1, 2]), [1, 2]), True),
        (lambda case, tf: case.assertAllEqual([1, 2], [1, 3]), False),
        (lambda case, tf: case.assertAllEqual([1, 1], 1), False),
        (lambda case, tf: case.assertAllClose(tf.ones(2), [1, 1 + 1e-7]), True),
        (lambda case, tf: case.assertAllClose([1.0], [1.1]), False),
        (lambda case, tf: case.assertAllClose([1.0], [1.1], atol=0.2), True),
        (lambda case, tf: case.assertAllClose([1.0, 1.0], 1.0), False),
        (lambda case, tf: case.assertShapeEqual(np.ones(2), tf.ones(2)), True),
        (lambda case, tf: case.assertEqual(case.evaluate([tf.ones(())]), [1.0]), True),
    ],
)
def test_arrays_are_compared(check, passes):
    assert outcome(check) is passes
