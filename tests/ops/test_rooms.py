"""The rooms in which Keras keeps its functions too: `ops.nn`, `ops.numpy` ..."""

import numpy as np
import pytest

from keratorch import ops


def test_the_functions_of_numpy_are_those_of_ops():
    assert dir(ops.numpy) == sorted(ops.numpy.__all__)
    for name in ops.numpy.__all__:
        assert getattr(ops.numpy, name) is getattr(ops, name)


def test_it_is_imported_by_name():
    from keratorch.ops import numpy as room
    from keratorch.ops.numpy import concatenate

    assert room is ops.numpy
    np.testing.assert_array_equal(concatenate([[1], [2]]), [1, 2])


def test_what_is_no_function_of_numpy_is_not_there():
    with pytest.raises(AttributeError, match="'softmax'; keratorch.ops may"):
        _ = ops.numpy.softmax
