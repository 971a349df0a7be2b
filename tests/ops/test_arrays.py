"""What comes in at a function's door becomes an array of floats, or an error."""

import numpy as np
import pytest

from keratorch import GradArray, Input, ops
from keratorch.ops.arrays import as_floats, as_numbers, cast


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_keep_their_dtype_and_their_memory(dtype):
    x = np.ones(3, dtype)
    assert as_floats(x).numpy() is x


@pytest.mark.parametrize("x", [[1, 2], [1.5], 3, True, np.arange(3), np.uint8(4)])
def test_lists_and_integers_become_floatx(x):
    assert as_floats(x).dtype == np.float32


def test_array_that_wants_gradients_comes_back_itself():
    x = GradArray([1.0])
    assert as_floats(x) is x
    assert cast(x, np.dtype("float64")) is x


def test_array_of_values_wants_no_gradient():
    assert not as_floats(np.ones(2)).requires_grad


def test_cast_of_an_array_that_wants_gradients_is_recorded():
    x = GradArray([1.0, 2.0])
    cast(x, "float32").sum().backward()
    assert x.grad.tolist() == [1, 1]


def test_cast_of_values_gives_the_values():
    constant = GradArray([1.0], requires_grad=False)
    assert cast(constant, "float32").tolist() == [1.0]
    assert type(cast(constant, "float32")) is np.ndarray


def test_ragged_list_is_refused():
    with pytest.raises(ValueError, match="different lengths. Pad them"):
        as_numbers([[1, 2], [3]])


@pytest.mark.parametrize("x", ["text", ["a"], [None], [1j], {"a": 1}])
def test_what_is_no_number_is_refused(x):
    with pytest.raises(TypeError, match="expected real numbers; received"):
        as_numbers(x)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "bool"])
@pytest.mark.parametrize(
    "function",
    [
        lambda x: ops.max_pool(x, 2, 1, "same"),
        lambda x: ops.adaptive_max_pool(inputs=x, output_size=3),
        lambda x: ops.depth_to_space(x, 2),
        lambda x: ops.space_to_depth(x=x, block_size=2),
        lambda x: ops.unfold(x, 2),
    ],
)
def test_what_moves_or_picks_numbers_leaves_integers_whole(function, dtype):
    x = np.random.default_rng(0).integers(0, 256, (2, 4, 6, 4)).astype(dtype)
    out = function(x)
    assert out.dtype == function(Input(batch_shape=x.shape, dtype=dtype)).dtype == dtype
    np.testing.assert_array_equal(out.numpy(), function(x.astype("float64")).numpy())
