"""An InputLayer knows shape and type of the data, and refuses contradictions."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import InputLayer

X = keras.KerasTensor((2, 3), dtype="int32")


def test_input_layer_says_what_it_expects():
    layer = InputLayer((3,), batch_size=2, dtype="int32")
    assert (layer.dtype, layer.batch_shape) == ("int32", (2, 3))
    assert (layer.sparse, layer.ragged) == (False, False)
    assert layer.output.dtype == "int32"


def test_tensor_says_shape_and_type():
    layer = InputLayer(input_tensor=X)
    assert layer.output is X
    assert (layer.batch_shape, layer.dtype) == ((2, 3), "int32")
    InputLayer((3,), batch_size=2, dtype="int32", input_tensor=X)
    InputLayer(batch_shape=[2, 3], input_tensor=X)


@pytest.mark.parametrize(
    "arguments",
    [
        {"shape": (4,)},
        {"batch_size": 5},
        {"batch_shape": (2, 4)},
        {"dtype": "float32"},
    ],
    ids=str,
)
def test_tensor_is_not_contradicted(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"{name}=.* does not fit"):
        InputLayer(**arguments, input_tensor=X)


def test_batch_is_said_once():
    with pytest.raises(ValueError, match="batch_size=4 too"):
        InputLayer(batch_shape=(2, 3), batch_size=4)


def test_tensor_is_symbolic():
    with pytest.raises(ValueError, match="symbolic"):
        InputLayer(input_tensor=np.ones((2, 3)))
