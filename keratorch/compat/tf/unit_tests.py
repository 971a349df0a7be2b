"""`tf.test`: tests of `unittest` that compare arrays."""

from __future__ import annotations

import unittest
from typing import Any

import numpy as np


class TestCase(unittest.TestCase):
    """A test case with TensorFlow's comparisons of arrays."""

    def evaluate(self, tensors: Any) -> Any:
        """Return the values of an array, or of each in a list."""
        if isinstance(tensors, (list, tuple)):
            return [self.evaluate(x) for x in tensors]
        return np.asarray(tensors)

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless two arrays have the same shape and values."""
        self.assertShapeEqual(np.asarray(a), np.asarray(b), msg)
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b), msg or "")

    def assertAllClose(  # noqa: N802
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        msg: str | None = None,
    ) -> None:
        """Fail unless two arrays have the same shape and nearly the same values."""
        self.assertShapeEqual(np.asarray(a), np.asarray(b), msg)
        np.testing.assert_allclose(
            np.asarray(a), np.asarray(b), rtol, atol, True, msg or ""
        )

    def assertShapeEqual(self, a: Any, b: Any, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless two arrays have the same shape."""
        self.assertEqual(tuple(a.shape), tuple(b.shape), msg)


main = unittest.main
