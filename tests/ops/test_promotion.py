"""`ops` computes in Keras's types of numbers, where NumPy has others."""

import numpy as np
import pytest

from keratorch import GradArray, Input, Model, Variable, config, ops

FLOATS_OF_ONE = ["arctan", "cbrt", "ceil", "cos", "exp", "fabs", "log", "log2"]
FLOATS_OF_ONE += ["mean", "median", "reciprocal", "sqrt", "std", "tanh", "var"]
FLOATS_OF_TWO = ["arctan2", "divide", "heaviside", "hypot", "logaddexp", "true_divide"]
COMMON = ["add", "fmax", "matmul", "minimum", "multiply", "outer", "power", "subtract"]
COMMON += ["append", "dot", "equal", "floor_divide", "mod", "vdot"]


def pair(one, other):
    return np.array([1, 2, 3], one), np.array([2, 1, 3], other)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "bool"])
@pytest.mark.parametrize("name", FLOATS_OF_ONE + FLOATS_OF_TWO)
def test_integers_are_floats_of_keras(name, dtype):
    x = np.array([1, 2, 3]).astype(dtype)
    args = [x] if name in FLOATS_OF_ONE else [x, x]
    found = getattr(ops, name)(*args)
    floats = [arg.astype("float64") for arg in args]
    assert found.dtype == config.floatx()
    np.testing.assert_allclose(found, getattr(np, name)(*floats), rtol=1e-6, atol=1e-6)


def test_integers_stay_what_they_are_in_relu():
    for dtype in ("uint8", "int8", "int32", "int64"):
        found = ops.relu(np.array([0, 1], dtype))
        assert found.dtype == dtype
        assert found.numpy().tolist() == [0, 1]
    assert ops.relu(np.array([False, True])).dtype == "int32"
    assert ops.relu([-1, 2]).dtype == "int32"
    assert ops.relu(Variable([-1.0, 2.0])).numpy().tolist() == [0, 2]
    assert ops.relu([-1, 2]).numpy().tolist() == [0, 2]
    with pytest.raises(TypeError, match="text"):
        ops.relu(["a"])


@pytest.mark.parametrize("name", [name for name in COMMON if name != "equal"])
def test_the_float_wins_over_wider_integers(name):
    for integer, floating in [("int32", "float32"), ("int64", "float16")]:
        assert getattr(ops, name)(*pair(integer, floating)).dtype == floating
        assert getattr(ops, name)(*pair(floating, integer)).dtype == floating
    assert getattr(ops, name)(*pair("uint8", "int8")).dtype == "int16"


@pytest.mark.parametrize("name", FLOATS_OF_TWO)
def test_an_integer_beside_a_small_float_stays_small(name):
    assert getattr(ops, name)(*pair("int32", "float16")).dtype == "float16"


def test_numbers_of_python_take_the_type_of_arrays():
    assert ops.add(np.array([1], "uint8"), 1.5).dtype == "float32"
    assert ops.multiply(np.array([1], "float16"), 2.5).dtype == "float16"
    assert ops.where([True, False], np.int8([1, 2]), 0).dtype == "int8"
    assert ops.clip(np.int32([1, 5]), 2, 2.5).dtype == "float32"


@pytest.mark.parametrize("name", ["append", "dot", "inner", "kron", "outer"])
@pytest.mark.parametrize("number", [2, 2.0])
def test_numbers_that_numpy_makes_arrays_of_do_so_too(name, number):
    x = np.array([1, 2], "float32")
    for args in ((x, number), (number, x)):
        found = getattr(ops, name)(*args)
        assert found.dtype == "float32"
        np.testing.assert_array_equal(found, getattr(np, name)(*args))
    assert getattr(ops, name)(x.astype("int32"), 2).dtype == "int32"
    assert getattr(ops, name)(GradArray(x), number).dtype == "float32"


def test_functions_of_integers_alone_are_floats_of_keras():
    integers = np.array([3, 4], "int32")
    assert ops.tensordot(np.ones(2, "float32"), 2, axes=0).dtype == "float32"
    assert ops.norm(integers).dtype == "float32"
    assert ops.linspace(0, integers, 3).dtype == "float32"
    assert ops.linspace(0, GradArray([3.0, 4.0]), 3).dtype == "float64"
    between = ops.linspace(0, ops.convert_to_tensor(integers), 3)
    assert between.dtype == "float32"
    np.testing.assert_allclose(between, [[0, 0], [1.5, 2], [3, 4]])


def test_integers_beside_floats_make_no_64_bits():
    small, integers = pair("float32", "int32")
    square = np.array([[1, 2], [0, 1]], "int32")
    assert ops.trapezoid(integers, small).dtype == "float32"
    assert ops.trapezoid(small, integers).dtype == "float32"
    assert ops.trapezoid(small, None, 2).dtype == "float32"
    assert ops.lstsq(square, small[:2]).dtype == "float32"
    assert ops.histogram(integers)[1].dtype == "float32"
    assert ops.histogram(integers.astype("float64"))[1].dtype == "float64"
    for args in ((np.float16([1, 0]), 2), (2, np.float16([1, 0]))):
        assert ops.divide_no_nan(*args).dtype == "float16"
    assert ops.view_as_real([1.0]).dtype == "float32"


def test_numbers_and_lists_alone_are_of_32_bits():
    assert ops.sqrt(2.0).dtype == "float32"
    assert (np.float32([1]) * ops.sqrt(2.0)).dtype == "float32"
    assert ops.add(1, 2).dtype == "int32"
    assert ops.divide([1, 2], 2).dtype == "float32"
    assert ops.square([1.5, 2]).dtype == "float32"
    assert ops.concatenate([[1, 2], [0.5]]).dtype == "float32"


@pytest.mark.parametrize("name", ["concatenate", "stack", "hstack", "vstack", "dstack"])
def test_parts_are_joined_in_their_common_type(name):
    assert getattr(ops, name)(pair("int32", "float32")).dtype == "float32"


def test_sums_of_integers_keep_their_type():
    for name in ["sum", "prod", "cumsum", "cumprod", "nansum"]:
        assert getattr(ops, name)(np.int32([1, 2])).dtype == "int32", name
        assert getattr(ops, name)(np.array([True])).dtype == "int32", name
    assert ops.sum(np.uint8([200, 100])) == 300
    assert ops.cumsum(np.int8([1, 2])).dtype == "int8"
    assert ops.sum(np.int32([1]), dtype="float64").dtype == "float64"
    assert ops.trace(np.eye(2, dtype="int8")).dtype == "int32"


def test_places_and_counts_have_32_bits():
    x = np.array([[2.0, 1.0], [0.0, 3.0]])
    for name in ["argmax", "argmin", "argsort", "count_nonzero", "nanargmax"]:
        assert getattr(ops, name)(x, axis=1).dtype == "int32", name
    assert [places.dtype for places in ops.nonzero(x)] == ["int32", "int32"]
    assert ops.searchsorted([1.0, 2.0], [1.5]).dtype == "int32"
    assert ops.digitize([1.5], [1.0, 2.0]).dtype == "int32"
    assert ops.count_nonzero(x).dtype == "int32"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_stay_what_they_are(dtype):
    x = np.array([1, 2, 4], dtype)
    for name in ["sqrt", "mean", "sum", "vander", "square"]:
        assert getattr(ops, name)(x).dtype == dtype, name
    assert ops.corrcoef(np.stack([x, -x])).dtype == dtype
    assert ops.divide(x, 2).dtype == dtype


def test_numpy_itself_keeps_its_types():
    assert np.add(*pair("int32", "float32")).dtype == "float64"
    x = GradArray(np.ones(2, "float32"))
    assert np.add(x, np.int32([1, 2])).dtype == "float64"


def test_an_average_has_the_type_of_values_and_weights():
    x, weights = pair("int32", "float16")
    assert ops.average(x, weights=weights).dtype == "float16"
    assert ops.average(x).dtype == "float32"


def test_gradients_pass_the_change_of_type():
    x = GradArray(np.array([4.0, 9.0], "float32"))
    ops.sqrt(x).sum().backward()
    np.testing.assert_allclose(x.grad, [0.25, 1 / 6])
    x.grad = None
    ops.multiply(x, np.array([2, 3])).sum().backward()
    np.testing.assert_allclose(x.grad, [2, 3])
    assert x.grad.dtype == "float32"
    weight = Variable(np.ones(2, "float32"))
    assert ops.add(weight, np.array([1, 2])).dtype == "float32"


def test_symbols_have_the_types_of_their_values():
    integers, floats = Input((2,), dtype="int32"), Input((2,))
    mixed = ops.add(integers, floats)
    place = ops.argmax(mixed, axis=-1)
    total = ops.sum(integers, axis=-1)
    assert [x.dtype for x in (mixed, place, total)] == ["float32", "int32", "int32"]
    model = Model([integers, floats], [ops.sqrt(integers), mixed, place, total])
    x, y = np.array([[4, 9]], "int32"), np.array([[0.5, 0.5]], "float32")
    found = model.predict([x, y], verbose=0)
    assert [a.dtype for a in found] == ["float32", "float32", "int32", "int32"]
    np.testing.assert_allclose(found[0], [[2.0, 3.0]])
