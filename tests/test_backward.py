"""The walk back: what backward() stores, gradients() returns, and both refuse."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from keratorch import Grad, GradArray, enable_grad, gradients, no_grad
from keratorch.errors import GraphError


class SharedGrad(Grad):
    """out = a + b, whose backward returns one new array for both inputs."""

    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        grad = grad * 1.0
        return grad, grad


class StoredGrad(Grad):
    """out = sum of x, whose backward returns an array that the operation keeps."""

    def forward(self, x):
        self.ones = np.ones_like(x)
        return x.sum()

    def backward(self, grad):
        return self.ones


class WrappedGrad(Grad):
    """out = sum of x, whose backward returns a GradArray that the operation keeps."""

    def forward(self, x):
        self.ones = np.ones_like(x)
        self.wrapped = GradArray(self.ones)
        return x.sum()

    def backward(self, grad):
        return self.wrapped


def leaf(*shape, seed=0, **options):
    return GradArray(np.random.default_rng(seed).uniform(1, 2, shape), **options)


# Accumulation


def test_gradients_of_several_uses_add_up():
    x = GradArray([2.0, 3.0])
    (x * x + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [5.0, 7.0])


def test_gradients_of_several_backwards_add_up():
    x = GradArray([2.0, 3.0])
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [5.0, 5.0])
    np.testing.assert_array_equal(first, [2.0, 2.0])


def test_diamonds_are_walked_once_and_in_order():
    x = GradArray(1.5)
    y = x
    for _ in range(60):  # 2 ** 60 paths
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad == 1.0


def test_short_and_long_branches_join_correctly():
    x = GradArray(3.0)
    long = x
    for _ in range(5):
        long = long * 2
    (x + long * x).backward()
    assert x.grad == 1 + 2 * 32 * 3


def test_intermediates_keep_their_gradient():
    x, w, b = GradArray(2.0, requires_grad=False), GradArray(3.0), GradArray(1.0)
    product = x * w
    prediction = product + b
    loss = (prediction - 8.0) ** 2
    loss.backward()
    assert (loss.item(), loss.grad) == (1.0, 1.0)
    assert (prediction.grad, product.grad) == (-2.0, -2.0)
    assert (w.grad, b.grad, x.grad) == (-4.0, -2.0, None)


def test_intermediates_accumulate_too():
    x = GradArray([1.0, 2.0])
    h = x * 2
    h.sum().backward(retain_graph=True)
    (h * 3).sum().backward(retain_graph=True)
    np.testing.assert_array_equal(h.grad, [4.0, 4.0])
    np.testing.assert_array_equal(x.grad, [8.0, 8.0])


def test_every_wrapper_of_one_result_gets_its_gradient():
    x = GradArray([1.0, 2.0])
    y = x * 2
    y += 1
    z = y.sum()
    z.backward()
    assert z.grad == 1.0
    np.testing.assert_array_equal(y.grad, [1.0, 1.0])


def test_branch_without_gradient_is_left_alone():
    x, y = GradArray([1.0]), GradArray([2.0])
    unused = y * 3
    (x * 2).backward()
    assert y.grad is None
    assert unused.grad is None


def test_none_inside_a_tuple_means_no_gradient():
    class FirstGrad(Grad):
        def forward(self, a, b):
            return a * b

        def backward(self, grad):
            return grad * self.inputs[1], None

    a, b = GradArray([2.0]), GradArray([3.0])
    FirstGrad.apply(a, b).backward()
    assert a.grad == 3.0
    assert b.grad is None


# The gradient that arrives


def test_non_scalar_needs_a_gradient():
    y = leaf(2, 3) * 2
    with pytest.raises(GraphError, match=r"shape \(2, 3\).*\.sum\(\)\.backward\(\)"):
        y.backward()


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_one_element_needs_none(shape):
    x = GradArray(np.full(shape, 3.0))
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, np.full(shape, 6.0))


@pytest.mark.parametrize(
    "gradient",
    [[1, 2], np.array([1, 2]), np.float32([1, 2]), GradArray([1.0, 2.0])],
    ids=["list", "integers", "float32", "GradArray"],
)
def test_gradient_given_is_read_in_the_type_of_the_array(gradient):
    x = GradArray([1.0, 2.0])
    (x * 3).backward(gradient)
    np.testing.assert_array_equal(x.grad, [3.0, 6.0])
    assert x.grad.dtype == float


@pytest.mark.parametrize("shape", [(), (3,), (1, 2), (2, 1)])
def test_gradient_given_must_have_the_shape_of_the_array(shape):
    y = GradArray([1.0, 2.0]) * 2
    with pytest.raises(GraphError, match=r"\(2,\); received shape"):
        y.backward(np.ones(shape))


# Where there is nothing to walk


def test_leaf_has_nothing_to_go_back_through():
    with pytest.raises(GraphError, match=r"name=w.*is a leaf"):
        GradArray(1.0, name="w").backward()


def test_result_without_graph_says_why_it_may_have_none():
    x = GradArray(1.0)
    with no_grad():
        y = x * 2
    for result in (y, x.detach() * 2):
        with pytest.raises(GraphError, match=r"no_grad\(\).*GradArray\(x\)"):
            result.backward()
    with pytest.raises(GraphError, match=r"int64.*astype\(float\)"):
        (GradArray(np.array(1)) * 2).backward()


def test_parameter_written_into_after_its_use_is_found():
    for write in ("subtract", "set"):
        w = GradArray([1.0, 2.0], name="w")
        loss = (w * w).sum()
        with no_grad():
            if write == "subtract":
                w -= 1.0
            else:
                w[0] = 5.0
        with pytest.raises(GraphError, match=r"'w'.*MulGrad.*written into"):
            loss.backward()
        assert w.grad is None
        (w * w).sum().backward()
        np.testing.assert_array_equal(w.grad, 2 * w.numpy())


def test_update_outside_no_grad_is_asked_about():
    w = GradArray(1.0)
    for _ in range(2):
        loss = w * 2.0
        if w.grad_op is None:
            loss.backward()
            w = w - 0.1 * w.grad
            w.backward()
    with pytest.raises(GraphError, match=r"outside no_grad\(\)\?"):
        loss.backward()


def test_second_backward_is_refused_and_changes_nothing():
    x = GradArray([1.0, 2.0])
    y = (x * x).sum()
    y.backward()
    with pytest.raises(GraphError, match="retain_graph=True"):
        y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_second_backward_through_a_shared_part_is_refused():
    h = GradArray([1.0, 2.0]) * 2
    h.sum().backward()
    with pytest.raises(GraphError, match="retain_graph=True"):
        (h * h).sum().backward()


def test_retained_graph_can_be_walked_again_and_then_is_spent():
    x = GradArray([1.0, 2.0])
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_array_equal(x.grad, [4.0, 8.0])
    with pytest.raises(GraphError):
        y.backward()


def test_graph_is_made_anew_at_each_computation():
    x = GradArray(2.0)
    for power in (2, 3, 2):
        x.grad = None
        (x**power).backward()
        assert x.grad == power * 2.0 ** (power - 1)


# Memory: nobody writes into a neighbour


def test_incoming_gradient_is_read_only():
    seen = []

    class SpyGrad(Grad):
        def forward(self, x):
            return x * 1

        def backward(self, grad):
            seen.append(grad)
            return grad

    x = GradArray([1.0, 2.0])
    gradient = np.ones(2)
    SpyGrad.apply(SpyGrad.apply(x)).backward(gradient)
    assert [g.flags.writeable for g in seen] == [False, False]
    assert gradient.flags.writeable


def test_gradient_of_a_result_is_read_only_and_not_the_one_that_was_given():
    x, given = GradArray([1.0, 2.0]), np.ones(2)
    y = x * 2
    z = y + 0.0
    z.backward(given)
    given *= 5
    np.testing.assert_array_equal(z.grad, [1.0, 1.0])
    for result in (y, z):
        with pytest.raises(ValueError, match="read-only"):
            result.grad *= 2.0


MEMORY_PROGRAMS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "add to itself": lambda a, b: a + a + b,
    "one array for a leaf and a result": lambda a, b: SharedGrad.apply(a, b * 1.0),
    "one array for a result and a leaf": lambda a, b: SharedGrad.apply(a * 1.0, b),
    "one array for two leaves": lambda a, b: SharedGrad.apply(a, b),
    "one array for one leaf twice": lambda a, b: SharedGrad.apply(a, a) + b,
    "views": lambda a, b: a.reshape(3, 2).T.reshape(2, 3) + b.T.T,
    "concatenate": lambda a, b: np.concatenate([a, b])[1:3],
    "broadcast": lambda a, b: np.broadcast_to(a, (2, 2, 3))[0] + b.copy(),
    "sum": lambda a, b: a.sum() + b.mean() + StoredGrad.apply(a),
}


@pytest.mark.parametrize("program", MEMORY_PROGRAMS)
def test_gradient_of_a_leaf_is_writable_memory_of_its_own(program):
    a, b = leaf(2, 3, seed=1), leaf(2, 3, seed=2)
    y = MEMORY_PROGRAMS[program](a, b)
    gradient = np.ones(y.shape)
    y.backward(gradient)
    operations, others = [y.grad_op], [gradient, y.grad, a.numpy(), b.numpy()]
    while operations:
        for x in operations.pop()._inputs:
            if isinstance(x, GradArray) and x.grad_op is not None:
                operations.append(x.grad_op)
                others.append(x.grad)
                others += [v for v in vars(x.grad_op).values() if type(v) is np.ndarray]
    others += [v for v in vars(y.grad_op).values() if type(v) is np.ndarray]
    for x, other in [(a, b), (b, a)]:
        assert type(x.grad) is np.ndarray
        assert x.grad.flags.writeable
        for array in [*others, other.grad]:
            assert not np.shares_memory(x.grad, array)


@pytest.mark.parametrize("operation", [StoredGrad, WrappedGrad])
def test_gradient_kept_by_an_operation_is_not_handed_to_the_user(operation):
    x = leaf(3)
    y = operation.apply(x)
    y.backward()
    assert not np.shares_memory(x.grad, y.grad_op.ones)


def test_accumulated_gradient_of_a_scalar_stays_a_writable_array():
    x = GradArray(2.0)
    for count in (1, 2, 3):
        h = x * 2
        h.backward()
        assert type(x.grad) is np.ndarray
        assert type(h.grad) is np.ndarray
        assert x.grad.shape == ()
        x.grad[...] = 2 * count


def test_gradients_function_returns_writable_memory_of_its_own():
    x, given = leaf(3), np.ones(3)
    h = x + 1
    for y, target in [(x, x), (h, h), (h, x), (h * 1.0, h)]:
        result = gradients(y, target, given)
        np.testing.assert_array_equal(result, 1)
        assert result.flags.writeable
        assert not np.shares_memory(result, given)


# Errors in the middle


def test_nothing_changes_when_a_users_backward_raises():
    class FailingGrad(Grad):
        fails = True

        def forward(self, x):
            return x * 2

        def backward(self, grad):
            if self.fails:
                raise ZeroDivisionError("mine")
            return grad * 2

    x = GradArray([1.0, 2.0])
    h = FailingGrad.apply(x)
    y = (h * 3).sum() + x.sum()
    x.grad = before = np.array([7.0, 7.0])
    with pytest.raises(ZeroDivisionError, match="mine"):
        y.backward()
    assert x.grad is before
    assert h.grad is None
    assert y.grad is None
    assert (x * 2).requires_grad  # the mode of the walk is left
    FailingGrad.fails = False
    y.backward()
    np.testing.assert_array_equal(x.grad, [14.0, 14.0])


def test_backward_inside_a_backward_works():
    class CheckpointGrad(Grad):
        """out = exp(x) ** 2, computed again on the way back."""

        def forward(self, x):
            return np.exp(x) ** 2

        def backward(self, grad):
            x = GradArray(self.inputs[0])
            with enable_grad():
                y = np.exp(x) ** 2
            y.backward(grad)
            return x.grad

    x = GradArray([0.1, 0.2])
    CheckpointGrad.apply(x * 1.0).sum().backward()
    np.testing.assert_allclose(x.grad, 2 * np.exp(2 * x.numpy()), rtol=1e-12)


# gradients(): the functional door


def test_gradients_writes_nothing():
    x = GradArray([1.0, 2.0])
    h = x * x
    y = h.sum()
    result = gradients(y, x)
    np.testing.assert_array_equal(result, [2.0, 4.0])
    assert x.grad is None
    assert h.grad is None
    assert y.grad is None
    np.testing.assert_array_equal(gradients(y, x), result)
    y.backward()


def test_gradients_follow_the_structure_of_the_inputs():
    x, y, z = GradArray(2.0), GradArray(3.0), GradArray(4.0)
    product = x * y
    assert gradients(product, x) == 3.0
    assert gradients(product, [x]) == [3.0]
    assert gradients(product, (x, y, z)) in ([3.0, 2.0, None], (3.0, 2.0, None))
    assert gradients(product, []) in ([], ())


def test_gradients_of_several_outputs_are_those_of_their_sum():
    x = GradArray([1.0, 2.0])
    outputs = [(x * 2).sum(), (x * x).sum()]
    np.testing.assert_array_equal(gradients(outputs, x), [4.0, 6.0])
    seeds = [np.float64(10), None]
    np.testing.assert_array_equal(gradients(outputs, x, seeds), [22.0, 24.0])


def test_gradients_with_respect_to_a_result():
    x = GradArray([1.0, 2.0])
    h = x * 2
    y = (h * h * x).sum()
    np.testing.assert_array_equal(gradients(y, h), 2 * h.numpy() * x.numpy())
    by_x, by_h = gradients(y, [x, h])
    np.testing.assert_array_equal(by_x, 12 * x.numpy() ** 2)
    np.testing.assert_array_equal(by_h, 4 * x.numpy() ** 2)


def test_gradients_compute_only_what_leads_to_the_inputs():
    class ForbiddenGrad(Grad):
        def forward(self, x):
            return x * 1

        def backward(self, grad):
            raise AssertionError("no input asked for lies behind this operation")

    x, y = GradArray([1.0]), GradArray([2.0])
    np.testing.assert_array_equal(gradients(x * ForbiddenGrad.apply(y), x), [2.0])


def test_input_of_gradients_must_require_a_gradient():
    x = GradArray([1.0])
    for target in (x.detach(), np.ones(1), "x"):
        with pytest.raises(GraphError, match=r"inputs\[1\].*requires_grad=True"):
            gradients(x * 2, [x, target])


def test_output_of_gradients_must_be_a_gradarray():
    x = GradArray([1.0])
    for output in (np.ones(1), 3.0):
        with pytest.raises((GraphError, TypeError), match=r"outputs"):
            gradients([output], x)


def test_one_gradient_for_each_output_is_wanted():
    x = GradArray([1.0])
    with pytest.raises(ValueError, match=r"output_gradients.*2.*1"):
        gradients([x * 2, x * 3], x, [np.ones(1)])


def test_gradients_run_side_by_side_in_threads_over_one_graph():
    x = GradArray(np.linspace(0, 1, 50))
    h = x
    for _ in range(20):
        h = np.tanh(h * 1.1)
    outputs = [(h**power).sum() for power in range(1, 9)]
    alone = [gradients(y, x) for y in outputs]
    start = threading.Barrier(8)

    def work(y):
        start.wait()
        return [gradients(y, x) for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        for results, expected in zip(pool.map(work, outputs), alone, strict=True):
            for result in results:
                np.testing.assert_array_equal(result, expected)
    assert x.grad is None


# create_graph: derivatives of derivatives


def test_derivatives_of_any_order():
    x = GradArray(2.0)
    y = x**5
    for expected in (80.0, 160.0, 240.0, 240.0):
        y = gradients(y, x, create_graph=True)
        assert y.item() == expected


def test_backward_with_create_graph_stores_gradients_that_can_be_differentiated():
    x = GradArray([1.0, 2.0])
    (x**3).sum().backward(create_graph=True)
    first = x.grad
    assert isinstance(first, GradArray)
    x.grad = None
    first.sum().backward()
    np.testing.assert_array_equal(x.grad, [6.0, 12.0])


def test_hessian_of_a_mixed_function_is_symmetric_and_right():
    x = GradArray([1.0, 2.0])
    (gradient,) = gradients((x[0] ** 2 * x[1] ** 3).sum(), [x], create_graph=True)
    hessian = np.array([gradients(part, x) for part in gradient])
    np.testing.assert_allclose(hessian, [[16.0, 24.0], [24.0, 12.0]], rtol=1e-14)


def test_gradient_given_may_be_part_of_the_graph():
    # differentiating by the gradient given is how a forward-mode product is made
    x, v = GradArray([1.0, 2.0]), GradArray([1.0, 1.0])
    product = gradients(x**3, x, v, create_graph=True)
    jvp = gradients(product, v, np.array([1.0, 10.0]))
    np.testing.assert_allclose(jvp, [3.0, 120.0], rtol=1e-14)


def test_students_operation_is_differentiated_twice():
    class CubeGrad(Grad):
        def forward(self, x):
            return x * x * x

        def backward(self, grad):
            (x,) = self.inputs
            return 3 * grad * x * x

    x = GradArray([1.0, 2.0])
    (first,) = gradients(CubeGrad.apply(x).sum(), [x], create_graph=True)
    np.testing.assert_array_equal(gradients(first.sum(), x), [6.0, 12.0])


def test_inputs_and_output_record_inside_a_second_backward():
    kinds = []

    class SpyGrad(Grad):
        def forward(self, x):
            return x * 1

        def backward(self, grad):
            kinds.append({type(grad), type(self.inputs[0]), type(self.output)})
            return grad

    x = GradArray([1.0])
    gradients(SpyGrad.apply(x), x)
    gradients(SpyGrad.apply(x), x, create_graph=True)
    assert kinds == [{np.ndarray}, {GradArray}]


def test_gradients_are_plain_arrays_unless_a_graph_is_asked_for():
    x = GradArray([1.0])
    assert type(gradients(x * x, x)) is np.ndarray
    assert isinstance(gradients(x * x, x, create_graph=True), GradArray)
