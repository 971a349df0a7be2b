"""Variables: what they begin with and hold, and what arithmetic makes of them."""

import threading

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, Variable
from keratorch.naming import current_path, name_scope


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (2, "int32"),
        ([3, 4], "int32"),
        (0.5, "float32"),
        ([1, 0.5], "float32"),
        (np.arange(2.0), "float32"),
        (True, "bool"),
        (np.arange(2, dtype="int64"), "int64"),
        (np.float16(1), "float16"),
    ],
)
def test_the_dtype_is_that_of_the_value_unless_it_is_given(value, dtype):
    assert Variable(value).dtype == dtype
    assert Variable(value, dtype="float32").dtype == "float32"


def test_an_initializer_may_be_named():
    assert Variable("ones", shape=[2]).numpy().tolist() == [1, 1]
    with pytest.raises(ValueError, match="shape is needed"):
        Variable("ones")
    with pytest.raises(ValueError, match="unknown initializer"):
        Variable("onse", shape=(2,))


@pytest.mark.parametrize("shape", [2, (2, None), (2, -1), (2, 3.0), ("2",)])
def test_a_shape_has_integers(shape):
    with pytest.raises(ValueError, match="tuple of integers"):
        Variable("zeros", shape=shape)


@pytest.mark.parametrize(
    "wrong",
    [{"name": 3}, {"name": "a/b"}, {"aggregation": "max"}, {"synchronization": "now"}],
)
def test_arguments_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Variable(0.0, **wrong)


def test_the_path_begins_with_the_open_scopes():
    assert keras.name_scope is name_scope
    with name_scope("left") as left, name_scope("deep"):
        assert left.name == "left"
        assert Variable(0.0, name="w").path == "left/deep/w"
    assert Variable(0.0, name="w").path == "w"


def test_scopes_of_one_caller_are_one_and_may_begin_anew():
    owner = object()
    with name_scope("a", owner), name_scope("a", owner):
        assert current_path() == "a"
        with name_scope("b", override_parent="/x/y"), name_scope("a", owner):
            assert current_path() == "x/y/b/a"
    assert current_path() == ""
    for wrong in ("a/b", 7):
        with pytest.raises(ValueError, match="without '/'"):
            name_scope(wrong)


def test_threads_do_not_share_scopes():
    seen = []
    with name_scope("here"):
        thread = threading.Thread(target=lambda: seen.append(current_path()))
        thread.start()
        thread.join()
    assert seen == [""]


def test_numbers_of_several_kinds_make_keras_dtypes():
    whole, real = Variable([1, 2], trainable=False), Variable([0.5, 1.5])
    small = Variable([1, 2], dtype="uint8", trainable=False)
    for x, y, dtype in [
        (whole, real, "float32"),
        (whole, 0.5, "float32"),
        (small, real.numpy(), "float32"),
        (small, whole, "int32"),
        (real, np.arange(2), "float32"),
        (GradArray(np.ones(2, "float32")), whole, "float32"),
        (whole, True, "int32"),
    ]:
        for result in (x + y, y - x, x * y, y // x, x**y, y % x):
            assert result.dtype == dtype
    assert (whole / 2).dtype == (2 / whole).dtype == "float32"
    assert (whole @ real).dtype == "float32"
    assert (whole & 2).tolist() == [True, True]  # each is true, as in Keras


def test_gradients_flow_through_a_change_of_dtype():
    whole, real = Variable([1, 2], trainable=False), Variable([0.5, 1.5])
    (whole * real + 2 * real).sum().backward()
    assert real.grad.tolist() == [3, 4]


def test_only_one_value_is_a_python_number():
    assert int(Variable([2.5])) == 2
    assert float(Variable(2)) == 2
    assert not Variable(False)
    for convert in (int, float, bool):
        with pytest.raises(TypeError, match="only one value"):
            convert(Variable([1.0, 2.0]))


@pytest.mark.parametrize("attribute", ["constraint", "regularizer"])
def test_a_rule_of_a_variable_is_a_function(attribute):
    weight = Variable([1.0, -1.0])
    setattr(weight, attribute, np.abs)
    assert getattr(weight, attribute) is np.abs
    setattr(weight, attribute, None)
    with pytest.raises(ValueError, match=f"{attribute} of a Variable"):
        setattr(weight, attribute, "l2")


def test_positional_arguments_are_those_of_keras():
    weight = Variable("zeros", (1,), "float32", False, False, "mean", "on_read", "w")
    assert (weight.autocast, weight.aggregation) == (False, "mean")
    assert (weight.synchronization, weight.name) == ("on_read", "w")
    assert keras.Variable is Variable
