"""Arrays that remember where they came from: what they are and what they refuse."""

import numpy as np
import pytest

from keratorch import Grad, GradArray, enable_grad, graph, no_grad, registry
from keratorch.errors import GradContractError, GraphError


class SwishGrad(Grad):
    """out = x * sigmoid(x), as a student writes it."""

    def forward(self, x):
        return x / (1 + np.exp(-x))

    def backward(self, grad):
        (x,) = self.inputs
        s = 1 / (1 + np.exp(-x))
        return grad * s * (1 + x * (1 - s))


class DoubleGrad(Grad):
    """out = 2 * x, in the bare constructor style: no forward."""

    def backward(self, grad):
        return 2 * grad


# Making one


def test_value_is_not_copied():
    memory = np.array([1.0, 2.0])
    assert GradArray(memory).numpy() is memory


@pytest.mark.parametrize(
    "value, dtype",
    [
        (2.0, float),
        (2, float),
        ([0, 1, 2], float),
        (np.arange(3), np.arange(3).dtype),
        (np.float32(2), np.float32),
        (np.ones(2, np.float16), np.float16),
        ([True, False], bool),
    ],
)
def test_dtype_is_the_one_of_the_value_and_python_integers_become_floats(value, dtype):
    assert GradArray(value).dtype == dtype


def test_dtype_argument_converts():
    assert GradArray([1, 2], dtype="float32").dtype == np.float32
    assert GradArray([1, 2], dtype=int).dtype == int
    assert GradArray(np.array([1, 2]), dtype=float).requires_grad


def test_only_floats_require_a_gradient_by_default():
    assert GradArray([1.0]).requires_grad
    assert not GradArray(np.array([1])).requires_grad
    assert not GradArray([True]).requires_grad


@pytest.mark.parametrize("value", [np.array([0, 1, 2]), [0, 1, 2], [True]])
def test_gradient_asked_of_what_is_not_float_says_how_to_convert(value):
    with pytest.raises(TypeError, match=r"dtype (int64|bool).*x\.astype\(fl"):
        GradArray(value, requires_grad=True)


@pytest.mark.parametrize("value", ["text", None, [None, 1.0], {"a": 1}])
def test_value_that_is_not_numbers_is_refused(value):
    with pytest.raises(TypeError, match="must hold numbers"):
        GradArray(value)


def test_ragged_value_is_refused():
    with pytest.raises(ValueError, match="regular array of numbers"):
        GradArray([[1.0], [1.0, 2.0]])


def test_array_made_of_an_array_is_a_new_leaf_with_the_same_memory():
    x = GradArray([1.0, 2.0], name="x")
    y = GradArray(x * 2)
    assert y.grad_op is None
    assert np.shares_memory(GradArray(x).numpy(), x.numpy())


# The two classroom styles


def test_apply_computes_and_records_a_students_operation():
    x = GradArray([0.0, 1.0], name="x")
    y = SwishGrad.apply(x)
    assert repr(y) == "GradArray(name=swish(x), shape=(2,), grad_op=SwishGrad)"
    y.sum().backward()
    np.testing.assert_allclose(x.grad, [0.5, 0.9276705], rtol=1e-6)


def test_apply_takes_plain_arrays_and_numbers():
    y = SwishGrad.apply(1.0)
    assert isinstance(y, GradArray)
    assert not y.requires_grad
    assert SwishGrad.apply(np.ones(2)).shape == (2,)


def test_constructor_style_needs_backward_alone():
    x = GradArray([1.0, 2.0], name="x")
    y = GradArray(x.numpy() * 2, grad_op=DoubleGrad(x))
    assert y.requires_grad
    assert type(y.grad_op) is DoubleGrad
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, [8.0, 16.0])
    np.testing.assert_array_equal(y.grad, [4.0, 8.0])


def test_constructor_style_records_nothing_under_no_grad_or_from_constants():
    x = GradArray([1.0])
    with no_grad():
        assert GradArray([2.0], grad_op=DoubleGrad(x)).grad_op is None
    assert GradArray([2.0], grad_op=DoubleGrad(x.detach())).grad_op is None


def test_bare_gradient_serves_an_operation_of_one_input():
    x = GradArray([1.0])
    DoubleGrad(x)
    GradArray([2.0], grad_op=DoubleGrad(x)).backward()
    assert x.grad == 2.0


def test_class_statement_registers_a_numpy_function(monkeypatch):
    monkeypatch.setattr(registry, "derivatives", dict(registry.derivatives))

    monkeypatch.delitem(registry.derivatives, np.cbrt)

    class CbrtGrad(Grad, of=np.cbrt):
        def backward(self, grad):
            return grad / (3 * self.output**2)

    x = GradArray([8.0, 27.0], name="x")
    y = np.cbrt(x)
    assert repr(y) == "GradArray(name=cbrt(x), shape=(2,), grad_op=CbrtGrad)"
    y.sum().backward()
    np.testing.assert_allclose(x.grad, [1 / 12, 1 / 27], rtol=1e-15)


def test_inputs_and_output_of_a_users_class_are_read_only_values():
    class OwnGrad(Grad):
        def forward(self, a, b):
            return a * b

        def backward(self, grad):
            return grad, None

    x = GradArray([1.0, 2.0])
    y = OwnGrad.apply(x, 3)
    (a, b), out = y.grad_op.inputs, y.grad_op.output
    assert type(a) is type(out) is np.ndarray
    np.testing.assert_array_equal(a, x.numpy())
    np.testing.assert_array_equal(out, y.numpy())
    assert b == 3
    assert not a.flags.writeable
    assert not out.flags.writeable
    assert x.numpy().flags.writeable


def test_arrays_reach_a_users_forward_read_only():
    class WritingGrad(Grad):
        def forward(self, a, b):
            b *= a
            return b

        def backward(self, grad):
            return grad, None

    with pytest.raises(GradContractError, match="read-only"):
        WritingGrad.apply(GradArray([1.0, 2.0]), np.ones(2))


def test_gradient_is_that_of_the_values_that_were_used():
    x = GradArray([1.0, 2.0])
    y = (x * x).sum()
    x._array = x._array * 10
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_needs_is_true_only_for_inputs_that_want_a_gradient():
    x = GradArray([1.0])
    op = (x * x.detach()).grad_op
    assert op.needs(0)
    assert not op.needs(1)
    assert not (x * 2).grad_op.needs(1)
    assert not (x * np.array([1, 2])).grad_op.needs(1)


# requires_grad


def test_result_requires_a_gradient_if_an_input_does():
    x, c = GradArray([1.0]), GradArray([1.0], requires_grad=False)
    assert (x * c).requires_grad
    assert not (c * c).requires_grad
    assert (c * c).grad_op is None


def test_frozen_leaf_receives_no_gradient():
    x, c = GradArray([1.0, 2.0]), GradArray([3.0, 4.0], requires_grad=False)
    (x * c).sum().backward()
    assert c.grad is None
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_leaf_can_be_frozen_and_thawed():
    x = GradArray([1.0])
    x.requires_grad = False
    assert not (x * 2).requires_grad
    x.requires_grad = True
    assert (x * 2).requires_grad


def test_result_cannot_be_frozen():
    y = GradArray([1.0]) * 2
    with pytest.raises(GraphError, match=r"detach\(\)"):
        y.requires_grad = False
    assert y.requires_grad


def test_integer_array_cannot_be_thawed():
    with pytest.raises(TypeError, match=r"astype\(float\)"):
        GradArray(np.array([1])).requires_grad = True


def test_integer_inputs_get_no_gradient_beside_floats():
    x, n = GradArray([1.0, 2.0]), GradArray(np.array([3, 4]))
    (x * n).sum().backward()
    assert n.grad is None
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_integer_results_carry_no_graph():
    x = GradArray([1.7, 2.2])
    assert x.astype(int).grad_op is None
    assert (GradArray(np.array([1])) + 1).dtype.kind == "i"


def test_real_input_of_a_complex_result_gets_a_real_gradient():
    x = GradArray([2.0, 3.0])
    y = x * (1 + 2j)
    y.backward(np.array([1.0, 1j]))
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])
    assert x.grad.dtype == np.float64


def test_gradient_of_a_complex_array_is_the_direction_of_steepest_ascent():
    z = GradArray(np.array([1 + 2j, 3 - 1j]))
    (z * z).backward(np.array([1.0, 0.0]))  # L = real(z[0] ** 2) = a ** 2 - b ** 2
    np.testing.assert_array_equal(z.grad, [2 - 4j, 0])


def test_backward_from_a_complex_scalar_asks_for_its_gradient():
    with pytest.raises(GraphError, match=r"complex.*x\.real"):
        (GradArray(1.0) * 1j).backward()


def test_detach_shares_memory_and_leaves_the_graph():
    y = GradArray([1.0, 2.0]) * 2
    z = y.detach()
    assert not z.requires_grad
    assert z.grad_op is None
    assert np.shares_memory(z.numpy(), y.numpy())


def test_copy_and_astype_stay_in_the_graph_with_memory_of_their_own():
    x = GradArray(np.array([1.0, 2.0], np.float32))
    for y in (x.copy(), x.astype("float64")):
        assert not np.shares_memory(y.numpy(), x.numpy())
        y.sum().backward()
        assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])


# Types: what NumPy gives, and float32 stays float32

SCALAR_PROGRAMS = {
    "x * 2": lambda x: x * 2,
    "2.5 * x": lambda x: 2.5 * x,
    "x + 1": lambda x: x + 1,
    "1 - x": lambda x: 1 - x,
    "x / 3": lambda x: x / 3,
    "1 / x": lambda x: 1 / x,
    "x ** 2": lambda x: x**2,
    "x ** 0.5": lambda x: x**0.5,
    "2 ** x": lambda x: 2**x,
    "x * True": lambda x: x * True,
    "-x": lambda x: -x,
    "exp(x) / 2": lambda x: np.exp(x) / 2,
    "maximum(x, 0)": lambda x: np.maximum(x, 0),
    "minimum(0.1, x)": lambda x: np.minimum(0.1, x),
    "clip(x, 0, 1)": lambda x: np.clip(x, 0, 1),
    "where(True, x, 0.0)": lambda x: np.where(np.True_, x, 0.0),
    "mean(x)": lambda x: np.mean(x),
    "std(x)": lambda x: np.std(x),
    "sum(x) * 0.1": lambda x: x.sum() * 0.1,
}


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("program", SCALAR_PROGRAMS)
def test_python_scalars_never_promote(program, dtype, shape):
    x = GradArray(np.full(shape, 0.7, dtype))
    y = SCALAR_PROGRAMS[program](x)
    assert y.dtype == dtype
    y.sum().backward()
    assert x.grad.dtype == y.grad.dtype == dtype


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)], ids=str)
def test_students_operation_keeps_float32_without_care_for_it(shape):
    x = GradArray(np.full(shape, 0.7, np.float32))
    y = SwishGrad.apply(x)
    assert y.dtype == np.float32
    y.sum().backward()
    assert x.grad.dtype == np.float32


def test_arrays_of_two_float_types_promote_and_each_gradient_keeps_its_own():
    x = GradArray(np.ones(2, np.float32))
    y = GradArray(np.ones(2, np.float64))
    z = x * y
    assert z.dtype == np.float64
    z.sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


def test_result_is_always_an_array_never_a_numpy_scalar():
    x = GradArray(2.0)
    for y in (x * 2, x.sum(), np.exp(x), GradArray([1.0, 2.0])[0]):
        assert type(y.numpy()) is np.ndarray


# Names


def test_classroom_demo_prints_as_in_the_course():
    A = GradArray([[2, 3], [5, 6]], np.float32, name="A")
    B = GradArray([[3], [5]], name="B")
    C = A @ B
    assert repr(C) == "GradArray(name=A @ B, shape=(2, 1), grad_op=MatMulGrad)"
    np.testing.assert_array_equal(C.numpy(), [[21], [45]])
    C.backward(np.ones_like(C._array))
    np.testing.assert_array_equal(A._grad, [[3, 5], [3, 5]])
    np.testing.assert_array_equal(B._grad, [[7], [9]])


def test_repr_of_a_leaf():
    assert repr(GradArray(1.0)) == "GradArray(shape=(), grad_op=None)"
    named = GradArray([1.0], name="x")
    assert repr(named) == "GradArray(name=x, shape=(1,), grad_op=None)"


EXPRESSIONS = [
    (lambda x, y: x + y * x, "x + (y * x)"),
    (lambda x, y: x - (y - x), "x - (y - x)"),
    (lambda x, y: (x - y) - x, "(x - y) - x"),
    (lambda x, y: -(x**2), "-(x ** 2)"),
    (lambda x, y: (-x) ** 2, "(-x) ** 2"),
    (lambda x, y: x**-2.0, "x ** -2"),
    (lambda x, y: -(x + y), "-(x + y)"),
    (lambda x, y: (x + y).T, "(x + y).T"),
    (lambda x, y: (x @ y).T, "(x @ y).T"),
    (lambda x, y: x[0] + y, "x[0] + y"),
    (lambda x, y: (x + y)[0], "(x + y)[0]"),
    (lambda x, y: 2 * x, "2 * x"),
    (lambda x, y: x / 0.5, "x / 0.5"),
    (lambda x, y: np.exp(-x), "exp(-x)"),
    (lambda x, y: np.exp(x + y) * 2, "exp(x + y) * 2"),
    (lambda x, y: (x + y).sum(), "sum(x + y)"),
    (lambda x, y: np.concatenate([x, y]), "concatenate(x, y)"),
    (lambda x, y: x * np.ones((2, 2)), "x * array"),
    (lambda x, y: SwishGrad.apply(x), "swish(x)"),
]


@pytest.mark.parametrize(
    "program, name", EXPRESSIONS, ids=[name for _, name in EXPRESSIONS]
)
def test_name_of_a_result_is_the_expression_that_made_it(program, name):
    x = GradArray(np.full((2, 2), 0.5), name="x")
    y = GradArray(np.full((2, 2), 0.5), name="y")
    assert program(x, y).name == name


def test_name_given_to_a_result_stands_for_it_in_later_names():
    x = GradArray([1.0], name="x")
    h = x + 1
    h.name = "h"
    assert h.name == "h"
    assert (h * 2).name == "h * 2"


def test_leaf_without_name_has_none():
    x = GradArray([1.0])
    assert x.name is None
    assert (x * 2).name == "array * 2"


def test_long_names_are_cut():
    x = GradArray([1.0], name="x")
    y = x
    for _ in range(50):
        y = np.tanh(y) + x
    assert len(y.name) <= 60
    assert "..." in y.name
    wide = np.concatenate([x] * 1000)
    assert len(wide.name) <= 60
    assert "..." in wide.name


def test_name_of_a_wide_graph_is_not_spelled_out_before_it_is_cut(monkeypatch):
    y = GradArray([1.0], name="x")
    for _ in range(3):
        y = np.stack([y.sum()] * 100)  # a million x in full
    calls, spelled = [], graph._expression
    monkeypatch.setattr(
        graph,
        "_expression",
        lambda *args, **kw: calls.append(1) or spelled(*args, **kw),
    )
    assert len(y.name) <= 60
    assert 1 < len(calls) < 1000


def test_operation_shows_its_class_and_its_inputs():
    x, w = GradArray([1.0], name="x"), GradArray([2.0], name="w")
    assert repr((x * w + 1).grad_op) == "AddGrad(x * w, 1)"
    assert repr(np.stack([x] * 9).grad_op) == "StackGrad(x, x, x, x, ...)"


# Writing into one


def test_writing_into_an_array_that_records_is_refused():
    x = GradArray([1.0, 2.0], name="x")
    for target in (x, x * 2):
        with pytest.raises(GraphError, match=r"np\.where\(mask, value, x\).*no_grad"):
            target[0] = 5.0
    np.testing.assert_array_equal(x.numpy(), [1.0, 2.0])


def test_writing_a_recorded_value_into_a_buffer_is_refused():
    buffer = GradArray(np.zeros(2), requires_grad=False)
    with pytest.raises(GraphError, match="gradient.*would be lost"):
        buffer[0] = GradArray(1.0)
    np.testing.assert_array_equal(buffer.numpy(), 0)


def test_writing_into_a_leaf_is_allowed_where_nothing_records():
    x = GradArray([1.0, 2.0, 3.0])
    with no_grad():
        x[GradArray([True, False, True])] = 5.0
        with enable_grad(), pytest.raises(GraphError):
            x[0] = 7.0
    np.testing.assert_array_equal(x.numpy(), [5.0, 2.0, 5.0])
    constant = x.detach()
    constant[1:] = constant[:2] * 2
    np.testing.assert_array_equal(x.numpy(), [5.0, 10.0, 4.0])


def test_writing_into_a_result_is_refused_under_no_grad_too():
    y = GradArray([1.0, 2.0]) * 2
    with no_grad(), pytest.raises(GraphError):
        y[0] = 1.0


# The stored gradient


def test_grad_can_be_reset_and_replaced():
    x = GradArray(np.ones(2, np.float32))
    (x * 2).sum().backward()
    x.grad = None
    assert x.grad is None
    x.grad = np.array([3, 4])
    assert x.grad.dtype == np.float32
    (x * 2).sum().backward()
    np.testing.assert_array_equal(x.grad, [5.0, 6.0])


@pytest.mark.parametrize("value", [np.ones(3), 1.0, [[1.0, 2.0]], "text"])
def test_grad_of_another_shape_is_refused(value):
    x = GradArray([1.0, 2.0])
    with pytest.raises((ValueError, TypeError), match=r"\(2,\)"):
        x.grad = value
    assert x.grad is None


def test_misspelled_attribute_is_refused():
    with pytest.raises(AttributeError, match="require_grad"):
        GradArray([1.0]).require_grad = True


def test_operation_is_made_by_a_constructor_of_its_own():
    class TaggedGrad(Grad):
        def __new__(cls, *inputs):
            op = super().__new__(cls)
            op.factor = 3.0
            return op

        def forward(self, x):
            return x * self.factor

        def backward(self, grad):
            return grad * self.factor

    x = GradArray([1.0, 2.0])
    TaggedGrad.apply(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 3.0])
