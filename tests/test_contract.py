"""What a user's own Grad may get wrong, and what each mistake answers."""

import math

import numpy as np
import pytest

from keratorch import Grad, GradArray, gradients, registry
from keratorch.errors import GradContractError, GraphError


def add_up(self, *arrays):
    return sum(arrays) * 2.0


def grad_class(backward, forward=add_up, **attributes):
    methods = {"forward": forward, "backward": backward, **attributes}
    return type("BrokenGrad", (Grad,), methods)


def line_of(function):
    return f"test_contract.py:{function.__code__.co_firstlineno}"


def message_of(call, *args):
    with pytest.raises(GradContractError) as caught:
        call(*args)
    message = str(caught.value)
    assert len(message) < 600
    return message


def write_into_gradient(self, grad):
    grad *= 2
    return grad


def write_with_out(self, grad):
    return np.multiply(grad, 2, out=grad)


def write_an_element(self, grad):
    grad[0] = 0
    return grad


def write_into_input(self, grad):
    self.inputs[0][0] = 0
    return grad


def write_into_output(self, grad):
    self.output.fill(0)
    return grad


def forget_to_return(self, grad):
    grad * 2


BREACHES = {
    "returns None": (1, forget_to_return, ["returned None", "forget `return`"]),
    "returns None for two": (2, forget_to_return, ["returned None", "2 gradients"]),
    "too few": (2, lambda self, g: (g,), ["too few", "expected 2 gradients", "(2, 3)"]),
    "too many": (
        2,
        lambda self, g: (g, g, g),
        ["returned 3", "too many", "expected 2"],
    ),
    "too many for one": (1, lambda self, g: (g, g), ["too many", "one gradient"]),
    "one array for two": (
        2,
        lambda self, g: g,
        ["shape (2, 3) for 2 inputs", "tuple with one gradient per input"],
    ),
    "smaller shape": (
        1,
        lambda self, g: g[0],
        ["shape (3,)", "input 0 'a' of shape (2, 3)"],
    ),
    "larger shape": (
        1,
        lambda self, g: np.ones((4, 2, 3)),
        ["shape (4, 2, 3)", "input 0 'a' of shape (2, 3)"],
    ),
    "Python number": (
        1,
        lambda self, g: 1.0,
        ["shape ()", "input 0 'a' of shape (2, 3)"],
    ),
    "transposed": (
        1,
        lambda self, g: g.T,
        ["shape (3, 2)", "(2, 3)", "transposed?", ".T"],
    ),
    "flat": (1, lambda self, g: g.reshape(6), ["shape (6,)", ".reshape((2, 3))"]),
    "second wrong": (
        2,
        lambda self, g: (g, g.sum(axis=1)),
        ["shape (2,)", "input 1 'b' of shape (2, 3)"],
    ),
    "integers": (
        1,
        lambda self, g: np.ones((2, 3), int),
        ["dtype int64", "input 0 'a' of shape (2, 3)", "floats", ".astype(grad.dtype)"],
    ),
    "booleans": (1, lambda self, g: g > 0, ["dtype bool", "input 0 'a'", "floats"]),
    "complex": (1, lambda self, g: g * 1j, ["dtype complex128", "input 0 'a'"]),
    "text": (
        1,
        lambda self, g: "text",
        ["a str", "input 0 'a'", "array of shape (2, 3)"],
    ),
    "dict": (1, lambda self, g: {"a": g}, ["a dict", "input 0 'a'", "array of shape"]),
    "ragged list": (
        1,
        lambda self, g: ([[1.0], [1.0, 2.0]],),
        ["a list", "input 0 'a'"],
    ),
    "writes *=": (1, write_into_gradient, ["read-only", "`g = g * 2`"]),
    "writes out=": (1, write_with_out, ["read-only", "`g = g * 2`"]),
    "writes an element": (1, write_an_element, ["read-only"]),
    "writes its input": (1, write_into_input, ["read-only", "inputs"]),
    "writes its output": (1, write_into_output, ["read-only"]),
}


@pytest.mark.parametrize("mistake", BREACHES)
def test_mistake_in_backward_names_class_line_input_and_cause(mistake):
    count, backward, fragments = BREACHES[mistake]
    inputs = [GradArray(np.ones((2, 3)), name=name) for name in "ab"[:count]]
    result = grad_class(backward).apply(*inputs)
    message = message_of(result.backward, np.ones((2, 3)))
    for fragment in [f"BrokenGrad.backward ({line_of(backward)})", *fragments]:
        assert fragment in message
    assert all(x.grad is None for x in [*inputs, result])


@pytest.mark.parametrize("mistake", BREACHES)
def test_mistake_is_found_by_gradients_too(mistake):
    count, backward, fragments = BREACHES[mistake]
    inputs = [GradArray(np.ones((2, 3)), name=name) for name in "ab"[:count]]
    result = grad_class(backward).apply(*inputs)
    assert fragments[0] in message_of(gradients, result, inputs, np.ones((2, 3)))


@pytest.mark.parametrize("mistake", [m for m in BREACHES if "writes" not in m])
def test_mistake_is_found_under_create_graph_too(mistake):
    count, backward, _ = BREACHES[mistake]
    inputs = [GradArray(np.ones((2, 3)), name=name) for name in "ab"[:count]]
    result = grad_class(backward).apply(*inputs)
    message = message_of(result.backward, np.ones((2, 3)), None, True)
    assert f"BrokenGrad.backward ({line_of(backward)})" in message
    assert "(2, 3)" in message


def test_incoming_gradient_cannot_be_written_into_under_create_graph_either():
    x, given = GradArray(np.ones((2, 3))), np.ones((2, 3))
    result = grad_class(write_an_element).apply(x)
    with pytest.raises((GradContractError, GraphError)):
        gradients(result, x, given, create_graph=True)
    np.testing.assert_array_equal(given, 1)


def test_in_place_operator_in_a_backward_makes_a_new_array_under_create_graph():
    x, given = GradArray(np.ones((2, 3))), np.ones((2, 3))
    result = grad_class(write_into_gradient).apply(x)
    gradient = gradients(result, x, given, create_graph=True)
    np.testing.assert_array_equal(gradient.numpy(), 2)
    np.testing.assert_array_equal(given, 1)


def test_swapped_gradients_are_guessed():
    swap = lambda self, g: (g.sum(axis=0), g.sum(axis=1, keepdims=True))  # noqa: E731
    a, b = GradArray(np.ones((2, 1)), name="a"), GradArray(np.ones(3), name="b")
    message = message_of(grad_class(swap).apply(a, b).backward, np.ones((2, 3)))
    for fragment in ("shape (3,)", "input 0 'a' of shape (2, 1)", "swapped?"):
        assert fragment in message


def test_class_that_promises_to_undo_broadcasting_itself_is_held_to_it():
    x = GradArray(np.ones(3), name="x")
    kept = grad_class(lambda self, g: g, lambda self, x: x + np.zeros((2, 3)))
    kept.apply(x).backward(np.ones((2, 3)))
    np.testing.assert_array_equal(x.grad, [2.0, 2.0, 2.0])
    lesson = grad_class(
        lambda self, g: g, lambda self, x: x + np.zeros((2, 3)), unbroadcasts=False
    )
    message = message_of(lesson.apply(x).backward, np.ones((2, 3)))
    for fragment in ("shape (2, 3)", "'x' of shape (3,)", "broadcast", "unbroadcasts"):
        assert fragment in message


def test_only_axes_that_were_broadcast_are_summed_away():
    wrong = grad_class(lambda self, g: np.ones((2, 3)), lambda self, x: x.sum())
    message = message_of(wrong.apply(GradArray(np.ones(3))).backward)
    assert "shape (2, 3)" in message


@pytest.mark.parametrize("make", [lambda cls, x: cls.apply(x), lambda cls, x: cls(x)])
def test_init_that_does_not_call_super_says_so(make):
    class ForgetfulGrad(Grad):
        def __init__(self, x):
            self.x = x

        def backward(self, grad):
            return grad

    x = GradArray([1.0])
    with pytest.raises(GradContractError, match=r"super\(\)\.__init__\(x\)") as caught:
        GradArray([1.0], grad_op=make(ForgetfulGrad, x))
    line = line_of(ForgetfulGrad.__init__)
    assert f"ForgetfulGrad.__init__ ({line})" in str(caught.value)


def test_class_without_forward_says_what_to_define():
    cls = type("LostGrad", (Grad,), {"backward": lambda self, grad: grad})
    message = message_of(cls.apply, GradArray([1.0]))
    assert "LostGrad" in message
    assert "forward" in message
    assert "of=" in message


def test_class_without_backward_cannot_be_used():
    cls = type("OneWayGrad", (Grad,), {"forward": add_up})
    with pytest.raises(TypeError, match=r"OneWayGrad.*backward"):
        cls.apply(GradArray([1.0]))


def give_nothing(self, x):
    x * 2


def give_gradarray(self, x):
    return GradArray(x)


def give_text(self, x):
    return "text"


def give_ragged(self, x):
    return [[1.0], [1.0, 2.0]]


def write_into_argument(self, x):
    x *= 2
    return x


@pytest.mark.parametrize(
    "forward, fragments",
    [
        (give_nothing, ["None", "forget `return`"]),
        (give_gradarray, ["GradArray", "ndarray"]),
        (give_text, ["a str", "ndarray"]),
        (give_ragged, ["a list", "ndarray"]),
    ],
)
def test_mistake_in_forward_names_class_line_and_cause(forward, fragments):
    cls = grad_class(lambda self, grad: grad, forward)
    message = message_of(cls.apply, GradArray([1.0]))
    for fragment in [f"BrokenGrad.forward ({line_of(forward)})", *fragments]:
        assert fragment in message


def test_forward_may_return_a_list_or_a_number():
    x = GradArray([1.0, 2.0])
    as_list = grad_class(lambda self, g: g, lambda self, x: [1.0, 2.0]).apply(x)
    assert as_list.shape == (2,)
    as_number = grad_class(lambda self, g: [1.0, 1.0] * g, lambda self, x: 3.0).apply(x)
    assert as_number.shape == ()


@pytest.mark.parametrize("op", [Grad, "op", 3, np.add])
def test_grad_op_must_be_an_operation(op):
    with pytest.raises(TypeError, match="grad_op must be"):
        GradArray([1.0], grad_op=op)


def test_class_given_as_operation_says_to_call_it():
    cls = grad_class(lambda self, grad: grad)
    with pytest.raises(TypeError, match=r"grad_op=BrokenGrad\(x\)"):
        GradArray([1.0], grad_op=cls)


def test_float_gradients_of_other_widths_are_converted():
    narrow = grad_class(lambda self, g: g.astype(np.float16))
    x = GradArray(np.ones(2, np.float32))
    narrow.apply(x).backward(np.ones(2))
    assert x.grad.dtype == np.float32


def test_gradarray_returned_by_a_plain_backward_is_read_as_its_value():
    x = GradArray([1.0, 2.0])
    grad_class(lambda self, g: GradArray(g) * 2).apply(x).backward([1.0, 1.0])
    assert type(x.grad) is np.ndarray
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])


def test_gradient_of_a_constant_input_is_not_looked_at():
    careless = grad_class(lambda self, g: (g * 2, "nothing of use"))
    x = GradArray([1.0])
    careless.apply(x, np.ones(1)).backward()
    assert x.grad == 2.0


def test_error_of_the_users_own_goes_through_unchanged():
    def fail(self, grad):
        raise ValueError("mine")

    with pytest.raises(ValueError) as caught:
        grad_class(fail).apply(GradArray([1.0])).backward()
    assert caught.value.args == ("mine",)
    for note in getattr(caught.value, "__notes__", []):  # from Python 3.11 on
        assert "BrokenGrad.backward (test_contract.py:" in note
        assert "inputs of shapes (1,)" in note


def test_forward_cannot_write_into_the_arrays_of_the_caller():
    def greedy(self, x):
        x += 1
        return x

    mine = np.array([1.0, 2.0])
    with pytest.raises(GradContractError, match=r"forward .*read-only.*np\.where"):
        grad_class(lambda self, g: g, greedy).apply(GradArray(mine))
    np.testing.assert_array_equal(mine, [1.0, 2.0])


def test_init_that_saves_other_inputs_than_forward_takes_is_named():
    class NothingSavedGrad(Grad):
        def __init__(self, x):
            super().__init__()

        def forward(self, x):
            return x * 2

        def backward(self, grad):
            return grad * 2

    with pytest.raises(GradContractError, match=r"__init__ .*saved 0 inputs"):
        NothingSavedGrad.apply(GradArray([1.0]))


def test_forgotten_comma_of_one_input_is_named():
    def negated(self, grad):
        x = self.inputs
        return -x

    def multiplied(self, grad):
        x = self.inputs
        return grad * x

    for backward in (negated, multiplied):
        message = message_of(
            grad_class(backward).apply(GradArray(np.ones(3))).sum().backward
        )
        assert "(x,) = self.inputs" in message


def test_float_of_a_recorded_array_in_backward_is_refused():
    def through_math(self, grad):
        (x,) = self.inputs
        return grad * math.exp(x)

    y = grad_class(through_math).apply(GradArray(1.5))
    y.backward(retain_graph=True)
    with pytest.raises(GradContractError, match=r"np\.exp\(x\), not math\.exp"):
        y.backward(create_graph=True)


def test_constant_inputs_are_read_only_under_create_graph_too():
    def spoil(self, grad):
        _, c = self.inputs
        c *= 0
        return grad * c, None

    c = np.array([3.0, 4.0])
    y = grad_class(spoil, lambda self, x, c: x * c).apply(GradArray([1.0, 2.0]), c)
    with pytest.raises(GradContractError, match="read-only"):
        y.backward(np.ones(2), create_graph=True)
    np.testing.assert_array_equal(c, [3.0, 4.0])


def test_replacing_a_derivative_warns_and_running_a_cell_again_does_not():
    def define():
        class TwiceGrad(Grad, of=np.nextafter):
            def backward(self, grad):
                return grad

        return TwiceGrad

    try:
        define()
        define()
        with pytest.warns(
            UserWarning, match=r"OtherGrad replaces TwiceGrad.*np\.nextafter"
        ):

            class OtherGrad(Grad, of=np.nextafter):
                def backward(self, grad):
                    return grad

    finally:
        registry.derivatives.pop(np.nextafter, None)


def test_backward_with_other_arguments_says_how_to_write_it():
    class GreedyGrad(Grad):
        def forward(self, x):
            return x * 2

        def backward(self, grad, x):
            return grad * 2

    with pytest.raises(GradContractError, match=r"def backward\(self, grad\)"):
        GreedyGrad.apply(GradArray([1.0])).sum().backward()


def test_lesson_class_that_forgets_to_sum_is_told_so():
    class LessonGrad(Grad):
        unbroadcasts = False

        def forward(self, a, b):
            return a + b

        def backward(self, grad):
            return grad, grad

    y = LessonGrad.apply(GradArray(np.ones((2, 3))), GradArray(np.ones(3)))
    with pytest.raises(GradContractError, match="Sum over the axes"):
        y.sum().backward()


def test_function_without_a_name_gets_advice_that_can_be_followed():
    half = np.frompyfunc(lambda x: x / 2, 1, 1)
    with pytest.raises(TypeError, match=r"forward\(self, x\)"):
        half(GradArray([1.0]))


def test_forward_that_returns_a_tuple_is_named():
    class WithCache(Grad):
        def forward(self, x):
            return x * 2, x

        def backward(self, grad):
            return grad * 2

    with pytest.raises(GradContractError, match="returned a tuple of 2; expected one"):
        WithCache.apply(GradArray([1.0, 2.0]))
