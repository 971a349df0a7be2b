"""Broadcasting and indexing at shapes that hypothesis makes up.

What is linear in its inputs has a gradient that can be checked without differences:
the sum of ``upstream * function(x)`` equals the sum of ``gradient * x``.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keratorch import GradArray, gradients

# The same examples at each run: a failure is found again, and by everyone.
reproducible = settings(derandomize=True, deadline=None, database=None, max_examples=50)

SHAPES = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3)


def array(shape, seed):
    return np.random.default_rng(seed).uniform(0.5, 2.0, shape)


def leaf(shape, seed):
    return GradArray(array(shape, seed))


def spread(values, shape, to):
    """Return the sum of values over the axes along which a shape was broadcast."""
    total = np.zeros(shape)
    for index in np.ndindex(to):
        own = index[len(to) - len(shape) :]
        place = tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))
        total[place] += values[index]
    return total


PARTIALS = {
    np.add: (lambda a, b: 1 + 0 * a * b, lambda a, b: 1 + 0 * a * b),
    np.subtract: (lambda a, b: 1 + 0 * a * b, lambda a, b: -1 + 0 * a * b),
    np.multiply: (lambda a, b: b + 0 * a, lambda a, b: a + 0 * b),
    np.true_divide: (lambda a, b: 1 / b + 0 * a, lambda a, b: -a / b**2),
    np.power: (lambda a, b: b * a ** (b - 1), lambda a, b: a**b * np.log(a)),
}


@pytest.mark.parametrize("function", PARTIALS, ids=lambda f: f.__name__)
@reproducible
@given(shapes=SHAPES)
def test_broadcast_gradients_are_the_partials_summed_over_all_uses(function, shapes):
    (one, two), to = shapes.input_shapes, shapes.result_shape
    a, b, grad = leaf(one, 1), leaf(two, 2), array(to, 3)
    result = function(a, b)
    assert result.shape == to
    result.backward(grad)
    for x, partial in zip((a, b), PARTIALS[function], strict=True):
        slopes = grad * partial(a.numpy(), b.numpy())
        np.testing.assert_allclose(x.grad, spread(slopes, x.shape, to), rtol=1e-12)


@reproducible
@given(shapes=SHAPES)
def test_broadcast_gradients_of_the_second_order_have_the_shapes_of_their_inputs(
    shapes,
):
    a, b = (leaf(shape, seed) for seed, shape in enumerate(shapes.input_shapes))
    total = (a * b * b).sum()
    (first,) = gradients(total, [b], create_graph=True)
    by_a, by_b = gradients(first.sum(), [a, b])
    np.testing.assert_allclose(by_a, gradients((2 * a * b).sum(), a), rtol=1e-12)
    assert by_b.shape == b.shape


@reproducible
@given(
    shapes=hnp.mutually_broadcastable_shapes(
        signature=np.matmul.signature, max_dims=2, max_side=3
    )
)
def test_matmul_gradients_are_adjoint_at_every_rank(shapes):
    one, two = shapes.input_shapes
    a, b, grad = leaf(one, 1), leaf(two, 2), array(shapes.result_shape, 3)
    result = a @ b
    assert result.shape == shapes.result_shape
    result.backward(grad)
    total = (grad * result.numpy()).sum()
    for x in (a, b):
        assert x.grad.shape == x.shape
        np.testing.assert_allclose((x.grad * x.numpy()).sum(), total, rtol=1e-12)
    direction = array(one, 4)
    slope = (grad * (direction @ b.numpy())).sum()
    np.testing.assert_allclose((a.grad * direction).sum(), slope, rtol=1e-12)


@st.composite
def indexed(draw):
    """An array shape and an index into it, of any kind that NumPy knows."""
    shape = draw(hnp.array_shapes(max_dims=4, max_side=4))
    kind = draw(st.sampled_from(["basic", "integers", "mask", "rows"]))
    if kind == "basic":
        return shape, draw(hnp.basic_indices(shape, allow_newaxis=True))
    if kind == "integers":
        return shape, draw(hnp.integer_array_indices(shape))
    if kind == "mask":
        return shape, draw(hnp.arrays(bool, shape[: draw(st.integers(1, len(shape)))]))
    rows = draw(st.lists(st.integers(-shape[0], shape[0] - 1), max_size=3))
    return shape, (np.array(rows, int), ...)


@settings(reproducible, max_examples=200)
@given(case=indexed())
def test_gradient_of_indexing_is_added_up_where_it_was_read(case):
    shape, index = case
    x = leaf(shape, 1)
    result = x[index]
    np.testing.assert_array_equal(result.numpy(), x.numpy()[index])
    grad = array(result.shape, 2)
    result.backward(grad)
    expected = np.zeros(shape)
    np.add.at(expected, index, grad)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-15)


@reproducible
@given(
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=3),
    choice=st.data(),
    keepdims=st.booleans(),
)
@pytest.mark.parametrize("function", [np.sum, np.mean], ids=lambda f: f.__name__)
def test_gradients_of_reductions_are_adjoint_along_any_axes(
    function, shape, choice, keepdims
):
    axes = hnp.valid_tuple_axes(len(shape)) | st.none()
    axis = choice.draw(axes)
    x = leaf(shape, 1)
    result = function(x, axis=axis, keepdims=keepdims)
    grad = array(result.shape, 2)
    result.backward(grad)
    assert x.grad.shape == shape
    total = (grad * result.numpy()).sum()
    np.testing.assert_allclose((x.grad * x.numpy()).sum(), total, rtol=1e-12)


@reproducible
@given(shapes=SHAPES, permutation=st.data())
def test_moving_elements_there_and_back_gives_the_gradient_back(shapes, permutation):
    shape = shapes.result_shape
    order = permutation.draw(st.permutations(range(len(shape))))
    x = leaf(shape, 1)
    moved = np.transpose(np.reshape(x, (1, *shape))[0], order)
    back = np.transpose(moved, np.argsort(order)) if order else moved
    grad = array(shape, 2)
    np.reshape(back, -1).backward(grad.reshape(-1))
    np.testing.assert_array_equal(x.grad, grad)
    np.testing.assert_array_equal(back.numpy(), x.numpy())
