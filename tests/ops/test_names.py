"""`ops` has Keras's names; where NumPy has the function, NumPy's own."""

import inspect
from pathlib import Path

import numpy as np
import pytest

from keratorch import GradArray, Input, ops, registry

KERAS = (Path(__file__).parents[1] / "data" / "keras_ops.txt").read_text().split()
SPELLED = {"trapezoid": "trapz"}  # in NumPy 1
SPELLED |= {"bitwise_invert": "invert"}
SPELLED |= {f"bitwise_{side}_shift": f"{side}_shift" for side in ("left", "right")}
# functions that take integers, or have no Grad yet
PLAIN = {np.bitwise_and, np.bitwise_not, np.bitwise_or, np.bitwise_xor, np.gcd, np.lcm}
PLAIN |= {np.left_shift, np.right_shift, np.nextafter, np.i0, np.vectorize}


def numpys(name):
    """The function itself, below the door that calls it as Keras does."""
    return inspect.unwrap(getattr(ops, name), stop=is_of_numpy)


def is_of_numpy(function):
    module = getattr(function, "__module__", None) or "numpy"
    return isinstance(function, np.ufunc) or module.startswith("numpy")


OF_NUMPY = [name for name in KERAS if callable(getattr(ops, name))]
OF_NUMPY = [name for name in OF_NUMPY if is_of_numpy(numpys(name))]


@pytest.mark.parametrize("name", KERAS)
def test_name_of_keras_is_there(name):
    assert hasattr(ops, name)


def test_neural_names_are_those_that_keras_gathers():
    for name in ops.nn.__all__:
        assert getattr(ops.nn, name) is getattr(ops, name)
    assert {"relu", "conv", "ctc_loss", "moments"} <= set(ops.nn.__all__)


def test_both_kinds_of_names_are_there():
    assert {"exp", "matmul", "mean", "concatenate", "argmax"} <= set(OF_NUMPY)
    assert not {"relu", "softmax", "one_hot", "zeros"} & set(OF_NUMPY)
    assert len(OF_NUMPY) > 200


@pytest.mark.parametrize("name", OF_NUMPY)
def test_name_is_the_one_of_numpy(name):
    homes = [np, np.linalg]
    spelled = [name, SPELLED.get(name, name)]
    found = [getattr(home, n) for home in homes for n in spelled if hasattr(home, n)]
    assert any(numpys(name) is function for function in found)


@pytest.mark.parametrize("name", OF_NUMPY)
def test_function_takes_grad_arrays(name):
    function = numpys(name)
    known = {*registry.derivatives, *registry.compositions, *registry.constants}
    assert (function in known) != (function in PLAIN)


def test_unknown_name_suggests_a_near_one():
    with pytest.raises(AttributeError, match="no 'softmaks'. Did you mean 'softmax'"):
        ops.softmaks  # noqa: B018


@pytest.mark.parametrize("name", ["sum", "mean", "max", "var", "any", "logsumexp"])
def test_reductions_take_a_list_of_axes(name):
    x = np.arange(12, dtype="float32").reshape(2, 3, 2)
    reduction = getattr(ops, name)
    expected = np.asarray(reduction(x, axis=(0, 2)))
    np.testing.assert_array_equal(np.asarray(reduction(x, axis=[0, 2])), expected)
    assert reduction(Input((3, 2)), axis=[1, 2]).shape == (None,)


def test_reductions_take_a_list_of_arrays_as_those_of_losses():
    x, y = GradArray([2.0]), GradArray([3.0])
    total = ops.sum([x, y])
    total.backward()
    assert (total.item(), x.grad.item(), y.grad.item()) == (5, 1, 1)
    assert ops.max([[x], [y]], axis=0).shape == (1, 1)
    assert ops.mean([Input((3,)), Input((3,))], axis=0).shape == (None, 3)
