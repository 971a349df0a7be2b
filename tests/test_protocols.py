"""Operators, NumPy functions and methods: three doors that lead to one record."""

import operator

import numpy as np
import pytest

from keratorch import GradArray, no_grad

OPERATORS = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.true_divide,
    operator.pow: np.power,
    operator.matmul: np.matmul,
}
IN_PLACE = {
    operator.iadd: np.add,
    operator.isub: np.subtract,
    operator.imul: np.multiply,
    operator.itruediv: np.true_divide,
    operator.ipow: np.power,
    operator.imatmul: np.matmul,
}


def square_matrix(seed=0):
    return np.random.default_rng(seed).uniform(1, 2, (3, 3))


def op_name(x):
    return type(x.grad_op).__name__


# Operators


@pytest.mark.parametrize("sign", OPERATORS, ids=lambda sign: sign.__name__)
def test_operator_and_numpy_function_record_the_same_operation(sign):
    a, b = GradArray(square_matrix(1)), GradArray(square_matrix(2))
    by_operator, by_function = sign(a, b), OPERATORS[sign](a, b)
    assert op_name(by_operator) == op_name(by_function)
    expected = sign(a.numpy(), b.numpy())
    np.testing.assert_allclose(by_operator.numpy(), expected, rtol=1e-15)
    np.testing.assert_allclose(by_function.numpy(), expected, rtol=1e-15)


@pytest.mark.parametrize("sign", OPERATORS, ids=lambda sign: sign.__name__)
@pytest.mark.parametrize("left", [np.asarray, np.ndarray.tolist])
def test_what_stands_on_the_left_of_an_operator_joins_the_graph(sign, left):
    other, x = square_matrix(1), GradArray(square_matrix(2))
    result = sign(left(other), x)
    assert isinstance(result, GradArray)
    np.testing.assert_allclose(result.numpy(), sign(other, x.numpy()), rtol=1e-15)
    result.sum().backward()
    assert x.grad.shape == (3, 3)


@pytest.mark.parametrize("scalar", [2, 2.5, True, np.float64(2.5), np.int64(2)])
@pytest.mark.parametrize("sign", list(OPERATORS)[:5], ids=lambda sign: sign.__name__)
def test_scalar_joins_on_both_sides_of_an_operator(sign, scalar):
    x = GradArray(square_matrix())
    for result, expected in [
        (sign(x, scalar), sign(x.numpy(), scalar)),
        (sign(scalar, x), sign(scalar, x.numpy())),
    ]:
        assert result.requires_grad
        np.testing.assert_allclose(result.numpy(), expected, rtol=1e-15)


@pytest.mark.parametrize("sign", [operator.neg, operator.pos, operator.abs])
def test_signs_before_an_array_are_recorded(sign):
    x = GradArray([1.0, -2.0])
    y = sign(x)
    np.testing.assert_array_equal(y.numpy(), sign(x.numpy()))
    y.sum().backward()
    assert x.grad.shape == (2,)


@pytest.mark.parametrize(
    "compare", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq]
)
def test_comparison_gives_a_plain_array_of_booleans(compare):
    x, y = GradArray([1.0, 2.0, 3.0]), GradArray([3.0, 2.0, 1.0])
    for result in (compare(x, y), compare(x, 2.0), compare(2.0, x)):
        assert type(result) is np.ndarray
        assert result.dtype == bool
    np.testing.assert_array_equal(compare(x, y), compare(x.numpy(), y.numpy()))


class Quantity:
    """A class that tells NumPy to leave operators to it."""

    __array_ufunc__ = None

    def __rmul__(self, other):
        return "mine"


def test_operator_leaves_the_answer_to_a_class_that_asks_for_it():
    assert isinstance(GradArray([1.0]) * Quantity(), str)


@pytest.mark.parametrize("other", [None, "text", object(), np.timedelta64(1)])
def test_operand_that_is_no_number_is_refused(other):
    with pytest.raises(TypeError):
        GradArray([1.0]) * other


def test_arrays_are_keys_by_identity():
    x, y = GradArray([1.0]), GradArray([1.0])
    assert {x: "x", y: "y"}[x] == "x"
    assert hash(x) != hash(y)


# In-place operators


@pytest.mark.parametrize("sign", IN_PLACE, ids=lambda sign: sign.__name__)
def test_in_place_operator_makes_a_new_array_and_leaves_the_old_one(sign):
    values = square_matrix()
    x = GradArray(values.copy())
    y = sign(x, square_matrix(1))
    assert y is not x
    assert isinstance(y, GradArray)
    np.testing.assert_array_equal(x.numpy(), values)
    expected = IN_PLACE[sign](values, square_matrix(1))
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-15)


def test_gradient_passes_through_in_place_operators():
    x = GradArray([2.0, 3.0])
    y = x
    y *= x
    y += 1
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [4.0, 6.0])


def test_in_place_operator_on_a_leaf_writes_its_memory_under_no_grad():
    memory = np.array([2.0, 3.0])
    w = before = GradArray(memory)
    with no_grad():
        w -= 0.5 * GradArray([2.0, 2.0])
    assert w is before
    assert w.requires_grad
    np.testing.assert_array_equal(memory, [1.0, 2.0])


def test_in_place_operator_on_a_result_does_not_touch_the_graph_under_no_grad():
    x = GradArray([2.0, 3.0])
    y = graph = np.exp(x)
    with no_grad():
        y *= 2
    assert y is not graph
    np.testing.assert_array_equal(graph.numpy(), np.exp([2.0, 3.0]))


def test_in_place_operator_on_data_makes_a_new_array_under_no_grad():
    memory = np.array([2.0, 3.0])
    x = before = GradArray(memory, requires_grad=False)
    with no_grad():
        x += 1
    assert x is not before
    np.testing.assert_array_equal(x.numpy(), [3.0, 4.0])
    np.testing.assert_array_equal(memory, [2.0, 3.0])


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**", "@"])
def test_in_place_operator_on_an_ndarray_makes_a_new_array(sign):
    memory, x = square_matrix(), GradArray(square_matrix(1))
    names = {"total": memory, "x": x}
    exec(f"total {sign}= x; plain = memory {sign} x", names | {"memory": memory}, names)
    np.testing.assert_array_equal(memory, square_matrix())
    np.testing.assert_array_equal(names["total"].numpy(), names["plain"].numpy())
    names["total"].sum().backward()
    assert x.grad is not None


def test_output_argument_is_refused_even_if_it_is_an_operand():
    total, x = np.zeros(2), GradArray([1.0, 2.0])
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        np.add(total, x, out=total)
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        operator.iadd(total, x)
    np.testing.assert_array_equal(total, 0)


# NumPy functions


def test_numpy_functions_of_lists_of_arrays_record():
    a, b = GradArray([1.0, 2.0]), GradArray([3.0, 4.0])
    (np.concatenate([a, b]) * np.stack([a, [5.0, 6.0]]).reshape(4)).sum().backward()
    np.testing.assert_array_equal(a.grad, [2.0, 4.0])
    np.testing.assert_array_equal(b.grad, [5.0, 6.0])


METHODS = [
    ("sum", (), {"axis": 0}),
    ("mean", (1,), {"keepdims": True}),
    ("max", (), {}),
    ("min", (), {"axis": (0, 1)}),
    ("var", (), {"ddof": 1}),
    ("std", (0,), {}),
    ("reshape", (9,), {}),
    ("reshape", ((1, 9),), {}),
    ("reshape", (1, -1), {"order": "F"}),
    ("transpose", (), {}),
    ("transpose", (1, 0), {}),
    ("transpose", ((1, 0),), {}),
    ("swapaxes", (0, 1), {}),
    ("squeeze", (), {}),
    ("clip", (1.2, 1.8), {}),
    ("clip", (), {"max": 1.5}),
    ("astype", ("float32",), {}),
    ("copy", (), {}),
    ("__getitem__", ((0, slice(1)),), {}),
]


@pytest.mark.parametrize(
    "name, args, kwargs", METHODS, ids=[f"{m[0]}-{i}" for i, m in enumerate(METHODS)]
)
def test_method_records_and_gives_what_the_method_of_ndarray_gives(name, args, kwargs):
    x = GradArray(square_matrix())
    result = getattr(x, name)(*args, **kwargs)
    assert result.requires_grad
    expected = getattr(x.numpy(), name)(*args, **kwargs)
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-15)
    assert result.dtype == expected.dtype
    assert result.shape == expected.shape


def test_transposing_attributes_equal_those_of_ndarray():
    x = GradArray(np.random.default_rng(0).normal(size=(2, 3, 4)))
    assert x.T.shape == (4, 3, 2)
    assert x.mT.shape == (2, 4, 3)
    assert x.T.requires_grad


def test_attributes_of_shape_equal_those_of_ndarray():
    x = GradArray(np.zeros((2, 3, 4), np.float32))
    assert (x.shape, x.ndim, x.size, x.dtype) == ((2, 3, 4), 3, 24, np.float32)


@pytest.mark.parametrize(
    "function",
    [
        np.argmax,
        np.isnan,
        np.signbit,
        np.argsort,
        np.zeros_like,
        np.shape,
        np.flatnonzero,
    ],
)
def test_function_without_gradient_returns_plain_values(function):
    x = GradArray([3.0, 1.0, 2.0])
    result = function(x)
    assert not isinstance(result, GradArray)
    np.testing.assert_array_equal(result, function(x.numpy()))


@pytest.mark.parametrize("name", ["argmax", "argmin", "all", "any"])
def test_method_without_gradient_returns_plain_values(name):
    x = GradArray([3.0, 1.0, 2.0])
    assert getattr(x, name)() == getattr(x.numpy(), name)()


@pytest.mark.parametrize(
    "call, name",
    [
        (np.i0, "np.i0"),
        (np.emath.sqrt, "np.emath.sqrt"),
        (lambda x: np.nextafter(x, 1.0), "np.nextafter"),
        (np.logaddexp.reduce, "np.logaddexp.reduce"),
    ],
)
def test_function_without_derivative_names_itself_and_says_what_to_write(call, name):
    with pytest.raises(TypeError, match="has no derivative") as caught:
        call(GradArray(square_matrix()))
    message = str(caught.value)
    assert name in message
    assert f"(Grad, of={name}" in message
    assert "x.detach()" in message
    assert len(message) < 600


def test_function_without_derivative_works_on_values_without_gradient():
    x = GradArray([1.0, 2.0])
    np.testing.assert_array_equal(np.i0(x.detach()), np.i0([1.0, 2.0]))
    with no_grad():
        np.testing.assert_array_equal(np.i0(x), np.i0([1.0, 2.0]))


def test_unsupported_argument_is_refused_by_name():
    with pytest.raises(TypeError, match=r"np\.multiply: where="):
        np.multiply(GradArray([1.0]), 2.0, where=[True])


def test_out_is_refused_where_it_would_lose_a_gradient():
    with pytest.raises(TypeError, match=r"np\.add: out= cannot be recorded"):
        np.add(GradArray([1.0]), 1, out=np.zeros(1))


def test_out_and_other_arguments_serve_where_nothing_is_recorded():
    x, out = GradArray([1.0, 2.0]), np.zeros(2)
    np.add(x.detach(), 1, out=out)
    np.testing.assert_array_equal(out, [2.0, 3.0])
    with no_grad():
        out += x
    np.testing.assert_array_equal(out, [3.0, 5.0])
    assert np.sum(x.detach(), dtype=np.float32).dtype == np.float32


# Plain values


def test_item_tolist_and_numpy_give_the_values_without_graph():
    memory = np.array([[1.5]])
    x = GradArray(memory)
    assert x.item() == 1.5
    assert type(x.item()) is float
    assert x.tolist() == [[1.5]]
    assert x.numpy() is memory


def test_item_of_many_elements_is_refused():
    with pytest.raises(ValueError, match="size 1"):
        GradArray([1.0, 2.0]).item()


def test_asarray_of_a_detached_array_shares_its_memory():
    x = GradArray([1.0, 2.0])
    assert np.shares_memory(np.asarray(x.detach()), x.numpy())
    assert not np.shares_memory(np.array(x.detach()), x.numpy())
    assert np.asarray(x.detach(), dtype=np.float32).dtype == np.float32
    np.testing.assert_array_equal(np.array([x.detach(), x.detach()]), [[1, 2], [1, 2]])


@pytest.mark.parametrize("take", [np.asarray, np.array, lambda x: np.array([x, x])])
def test_asarray_of_a_recorded_array_says_what_to_write(take):
    for x in (GradArray([1.0, 2.0]), GradArray([1.0, 2.0]) * 2):
        with pytest.raises(TypeError, match="gradient would be lost") as caught:
            take(x)
        for fix in ("x.numpy()", "x.detach()", "np.stack"):
            assert fix in str(caught.value)


def test_len_and_iteration_go_along_the_first_axis():
    x = GradArray([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert len(x) == 3
    first, _, last = x
    (first * last).sum().backward()
    np.testing.assert_array_equal(x.grad, [[5, 6], [0, 0], [1, 2]])
    assert list(GradArray(np.zeros((0, 2)))) == []


@pytest.mark.parametrize("use", [len, list])
def test_zero_dimensional_array_has_no_length(use):
    with pytest.raises(TypeError, match="unsized|0-d"):
        use(GradArray(2.0))


def test_truth_of_one_element_is_its_value():
    assert GradArray([[2.0]])
    assert not GradArray(0.0)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(GradArray([1.0, 2.0]))


def test_python_numbers_come_from_one_element():
    assert float(GradArray([3.5])) == 3.5
    assert int(GradArray(3.7)) == 3
    assert "abc"[GradArray(np.array(1))] == "b"
    with pytest.raises(TypeError):
        "abc"[GradArray(1.0)]
    with pytest.raises(ValueError):
        float(GradArray([1.0, 2.0]))


def test_format_writes_a_number_with_a_specification_and_else_the_repr():
    x = GradArray([3.14159], name="x")
    assert f"{x:.2f}" == "3.14"
    assert f"{x}" == repr(x) == str(x)


def test_membership_compares_values():
    assert 2.0 in GradArray([1.0, 2.0])
    assert 3.0 not in GradArray([1.0, 2.0])


def test_the_elements_in_one_row_have_gradients_and_are_not_written():
    x = GradArray(np.arange(6.0).reshape(2, 3))
    (x.flat[4] * 2 + sum(x.flat)).backward()
    assert x.grad.tolist() == [[1, 1, 1], [1, 3, 1]]
    with pytest.raises(RuntimeError, match=r"x\.at\[index\]\.set"):
        x.flat[1] = 3.0
    with no_grad():
        x.flat[1] = 3.0
    assert x.numpy()[0, 1] == 3
