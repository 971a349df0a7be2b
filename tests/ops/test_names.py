"""Where NumPy has the function, `ops` hands on NumPy's own."""

import numpy as np
import pytest

from keratorch import core, ops
from keratorch.ops import nn

NAMES = [name for name, value in vars(ops).items() if callable(value)]
OF_NUMPY = [name for name in NAMES if not hasattr(nn, getattr(ops, name).__name__)]


def test_both_kinds_of_names_are_there():
    assert {"exp", "matmul", "mean", "concatenate", "argmax"} <= set(OF_NUMPY)
    assert {"relu", "softmax", "one_hot", "swish"} <= set(NAMES) - set(OF_NUMPY)


@pytest.mark.parametrize("name", OF_NUMPY)
def test_name_is_the_one_of_numpy(name):
    assert getattr(ops, name) is getattr(np, name)


@pytest.mark.parametrize("name", OF_NUMPY)
def test_function_takes_grad_arrays(name):
    function = getattr(ops, name)
    assert function in core._derivatives or function in core._constants
