"""From one kind of array to another: dtypes, gradients, and what has neither."""

import numpy as np
import pytest

from keratorch import GradArray, ops


@pytest.mark.parametrize(
    "x, dtype",
    [(1.5, "float32"), ([1, 2], "int32"), (True, "bool"), (np.ones(2), "float64"),
     (np.arange(2), "int64"), (np.float16(1), "float16"), ([1j], "complex128")],
)  # fmt: skip
def test_tensor_has_the_dtype_of_keras(x, dtype):
    tensor = ops.convert_to_tensor(x)
    assert type(tensor) is GradArray
    assert ops.dtype(x) == str(tensor.dtype) == dtype
    assert not tensor.requires_grad


def test_tensor_stays_in_its_graph():
    x = GradArray([1.0, 2.0])
    assert ops.convert_to_tensor(x) is x
    ops.convert_to_tensor([x, [3.0, 4.0]], "float32").sum().backward()
    assert x.grad.tolist() == [1, 1]


def test_gradient_stops_and_values_leave():
    x = GradArray([1.0, 2.0])
    (x * ops.stop_gradient(x)).sum().backward()
    assert x.grad.tolist() == [1, 2]
    assert type(ops.convert_to_numpy(x)) is np.ndarray
    assert ops.stop_gradient(3) == 3


def test_cast_between_floats_is_recorded():
    x = GradArray([1.0, 2.0])
    y = ops.cast(x, "float32")
    y.sum().backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float64)
    assert ops.cast(x, "int32").tolist() == [1, 2]


def test_saturate_cast_gives_the_nearest_that_fits():
    assert ops.saturate_cast(np.float32([-9e9, 9e9]), "int32").tolist() == [
        -(2**31),
        2**31 - 128,  # the float32 below
    ]
    assert ops.saturate_cast(np.int64([-1, 300]), "uint8").tolist() == [0, 255]
    assert ops.saturate_cast(np.uint8([3]), "int64").tolist() == [3]
    assert ops.saturate_cast(np.array([-1e300]), "float32")[0] == -np.finfo("f4").max
    assert ops.saturate_cast([0.0, 7.0], "bool").tolist() == [False, True]


def test_view_has_no_gradient():
    with pytest.raises(TypeError, match="no gradient flows"):
        ops.view(GradArray([1.0]), "int64")
    assert ops.view(np.float32([1, 2]), "uint8").size == 8


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="neither sparse nor ragged"):
        ops.convert_to_tensor([1], sparse=True)
    with pytest.raises(ValueError, match="Pad them to one length"):
        ops.convert_to_tensor([[1], [2, 3]])
