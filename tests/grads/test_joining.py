"""What the samples of joining and splitting cannot state: kinds, dtypes, errors."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch.grads.joining import StackGrad


def array(*shape):
    return GradArray(np.arange(1.0, np.prod(shape, dtype=int) + 1).reshape(shape))


@pytest.mark.parametrize("function", [np.concatenate, np.stack])
def test_out_is_an_error_that_says_what_to_do(function):
    with pytest.raises(TypeError, match="out= cannot be recorded"):
        function([array(2), array(2)], out=np.zeros(4))


def test_numbers_and_integers_join_without_a_gradient():
    x, i = array(2), GradArray(np.arange(2))
    y = np.concatenate([x, i, [5]])
    y.sum().backward()
    np.testing.assert_array_equal(y.numpy(), [1, 2, 0, 1, 5])
    np.testing.assert_array_equal(x.grad, [1, 1])
    assert i.grad is None


def test_lists_with_recorded_numbers_join():
    x, scale = array(2), GradArray(3.0)
    for join in (np.concatenate, np.hstack):
        scale.grad = None
        y = join([[scale, 1.0, scale], x])
        np.testing.assert_array_equal(y.numpy(), [3, 1, 3, 1, 2])
        (y * y).sum().backward()
        assert scale.grad == 12


def test_joining_to_integers_ends_the_gradient():
    x = array(2)
    y = np.concatenate([x, x], dtype=int, casting="unsafe")
    assert y.dtype.kind == "i"
    assert not y.requires_grad


def test_casting_that_is_forbidden_is_an_error():
    with pytest.raises(TypeError, match="Cannot cast"):
        np.concatenate([array(2)], dtype=np.float32, casting="safe")


@pytest.mark.parametrize("deep", [[[1.0], 2.0], [[], [1.0]], [[[1.0]], [1.0]]])
def test_block_of_lists_that_are_nested_unequally_is_an_error(deep):
    with pytest.raises(ValueError, match="nested equally deep"):
        np.block([array(2), deep])
    with pytest.raises(ValueError, match="nested equally deep"):
        np.block([*deep, array(2)])


def test_block_of_tuples_is_an_error():
    with pytest.raises(TypeError, match="tuple"):
        np.block([(array(2), array(2))])


def test_split_gives_a_list_and_unstack_a_tuple():
    x = array(4, 2)
    assert type(np.split(x, 2)) is list
    assert type(np.array_split(x, 3)) is list
    if hasattr(np, "unstack"):
        assert type(np.unstack(x)) is tuple


def test_split_into_sections_of_different_lengths_is_an_error():
    with pytest.raises(ValueError, match=r"no 3 sections .*np\.array_split"):
        np.split(array(4), 3)


@pytest.mark.parametrize("sections", [0, -1])
@pytest.mark.parametrize("function", [np.split, np.array_split])
def test_number_of_sections_is_positive(function, sections):
    with pytest.raises(ValueError, match="must be positive"):
        function(array(4), sections)


@pytest.mark.parametrize(
    "function, ndim", [(np.hsplit, 0), (np.vsplit, 1), (np.dsplit, 2)]
)
def test_split_along_an_axis_that_is_not_there_is_an_error(function, ndim):
    with pytest.raises(ValueError, match=f"{ndim + 1} axes or more"):
        function(array(*(2,) * ndim), 2)


def test_inserted_values_do_not_lose_their_gradient_in_integers():
    with pytest.raises(TypeError, match=r"lose their gradient.*astype\(float\)"):
        np.insert([1, 2], 1, GradArray(0.5))


def test_insert_keeps_the_dtype_of_the_array():
    x, value = GradArray(np.ones(2, np.float32)), GradArray(0.5)
    y = np.insert(x, 1, value)
    y.sum().backward()
    assert y.dtype == np.float32
    assert value.grad.dtype == np.float64


def test_gradient_of_delete_is_zero_at_what_was_deleted():
    x = array(2, 3)
    np.delete(x, [0, -1], axis=1).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0, 1, 0], [0, 1, 0]])


@pytest.mark.parametrize("trim", ["f", "b", "fb"])
def test_nothing_is_left_of_zeros(trim):
    assert np.trim_zeros(GradArray(np.zeros(3)), trim).shape == (0,)


def test_side_to_trim_is_front_or_back():
    with pytest.raises(ValueError, match="'f', 'b' or 'fb'"):
        np.trim_zeros(array(3), "x")


def test_apply_along_axis_needs_a_slice():
    with pytest.raises(ValueError, match="no slice along axis 1"):
        np.apply_along_axis(np.sum, 1, array(0, 3))


def test_stacks_refuse_a_cast_as_numpy_does():
    for stack in (np.hstack, np.vstack):
        assert stack([array(2)], dtype=np.float32).dtype == np.float32
        with pytest.raises(TypeError, match="Cannot cast"):
            stack([array(2)], dtype=np.float32, casting="safe")


def test_integers_take_plain_integers():
    joined = np.insert(GradArray(np.arange(2)), 1, np.array([7]))
    np.testing.assert_array_equal(joined.numpy(), [0, 7, 1])


def test_parts_have_the_shape_that_numpy_gives_them():
    x = array(4, 2, 2)
    for split, sections in [(np.vsplit, 2), (np.array_split, 1), (np.split, 1)]:
        parts, expected = split(x, sections), split(x.numpy(), sections)
        assert [part.shape for part in parts] == [part.shape for part in expected]


@pytest.mark.parametrize(
    ("shapes", "axis"),
    [([(2, 3), (2, 3)], 3), ([(2, 3)], -4), ([(2, 3), (3, 2)], 0), ([], 0)],
    ids=str,
)
def test_stack_refuses_what_numpy_refuses(shapes, axis):
    with pytest.raises(ValueError) as expected:
        np.stack([np.ones(shape) for shape in shapes], axis)
    with pytest.raises(type(expected.value)):
        StackGrad.apply([GradArray(np.ones(shape)) for shape in shapes], axis)


@pytest.mark.parametrize("axis", range(-3, 3))
def test_stack_puts_the_new_axis_where_numpy_does(axis):
    arrays = [np.arange(6.0).reshape(2, 3), np.ones((2, 3), np.float32)]
    y = np.stack(list(map(GradArray, arrays)), axis)
    np.testing.assert_array_equal(y.numpy(), np.stack(arrays, axis), strict=True)
