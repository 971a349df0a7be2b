"""`ops` takes Keras's arguments, by Keras's names and in its order."""

import inspect
import pickle

import numpy as np
import pytest

from keratorch import GradArray, Input, KerasTensor, Model, models, ops
from keratorch.ops.doors import FACES

X = np.arange(6.0, dtype="float32").reshape(2, 3)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("reshape", {"newshape": (3, 2)}, X.reshape(3, 2)),
        ("tile", {"repeats": (1, 2)}, np.tile(X, (1, 2))),
        ("clip", {"x_min": 1, "x_max": 4}, np.clip(X, 1, 4)),
        (
            "pad",
            {"pad_width": 1, "constant_values": 7},
            np.pad(X, 1, constant_values=7),
        ),
        ("pad", {"pad_width": 1, "mode": "reflect"}, np.pad(X, 1, "reflect")),
        ("sum", {"axis": [0], "keepdims": True}, X.sum(0, keepdims=True)),
        ("max", {"axis": 1, "initial": 4}, np.array([4, 5])),
        ("quantile", {"q": 0.5, "axis": 1}, np.array([1, 4])),
        ("moveaxis", {"source": 0, "destination": 1}, X.T),
        ("repeat", {"repeats": 2, "axis": 0}, np.repeat(X, 2, 0)),
        ("nan_to_num", {"nan": 1.0}, X),
        ("split", {"indices_or_sections": 2}, np.split(X, 2)),
        ("trace", {"axis1": 1, "axis2": 0}, np.array(4)),
    ],
)
def test_arguments_have_names_of_keras(name, arguments, expected):
    np.testing.assert_array_equal(getattr(ops, name)(x=X, **arguments), expected)
    symbol = Input(batch_shape=X.shape)
    found = getattr(ops, name)(symbol, **arguments)
    found = found[0] if isinstance(found, list) else found
    assert found.shape == (expected[0] if name == "split" else expected).shape


def test_two_arrays_are_x1_and_x2():
    for name in ["add", "dot", "outer", "isclose", "cross", "append", "kron"]:
        x1, x2 = np.arange(3.0), np.ones(3)
        found = getattr(ops, name)(x1=x1, x2=x2)
        np.testing.assert_array_equal(found, getattr(np, name)(x1, x2))
    np.testing.assert_array_equal(ops.where([True, False], x1=1, x2=2), [1, 2])
    np.testing.assert_array_equal(ops.bitwise_and(x=np.int8([3]), y=np.int8([6])), [2])


def test_arguments_come_in_the_order_of_keras():
    assert ops.sum(X, 1, True).shape == (2, 1)
    assert ops.max(X, 0, True, 9.0).tolist() == [[9, 9, 9]]
    assert ops.std(X, [0, 1], True).shape == (1, 1)
    assert ops.quantile(X, 0.5, 0, "nearest", True).shape == (1, 3)
    assert ops.nan_to_num(np.array([np.nan]), 2.0).tolist() == [2]
    assert ops.prod(X, 0, False, "float64").dtype == "float64"


def test_what_only_numpy_knows_goes_to_numpy():
    out = np.empty(3, "float32")
    assert ops.sum(X, axis=0, out=out) is out
    assert ops.mean(X, where=X > 2) == 4
    np.testing.assert_array_equal(ops.reshape(X, order="F", newshape=6), X.ravel("F"))


def test_wrong_arguments_say_which():
    with pytest.raises(TypeError, match=r"ops.clip\(x, x_min, x_max\) needs 'x_min'"):
        ops.clip(X, x_max=1)
    with pytest.raises(TypeError, match="takes 3 arguments by place; received 4"):
        ops.mean(X, 0, True, None)
    with pytest.raises(TypeError, match="'keepdims' by place and by name"):
        ops.mean(X, 0, True, keepdims=False)
    with pytest.raises(TypeError, match="unexpected keyword argument 'axes'"):
        ops.sum(X, axes=1)


@pytest.mark.parametrize("name", FACES)
def test_functions_show_what_they_take(name):
    function = getattr(ops, name)
    assert inspect.signature(function) == FACES[name].signature
    assert function.__name__ == name
    assert pickle.loads(pickle.dumps(function)) is function


def test_a_list_of_recorded_arrays_is_one_array():
    x, y = GradArray([2.0]), GradArray([3.0])
    ops.sum([x, y]).backward()
    assert (x.grad.item(), y.grad.item()) == (1, 1)


def test_a_model_with_names_of_keras_comes_back_from_its_json():
    inputs = Input((3, 4))
    x = ops.clip(ops.abs(inputs), 0.1, x_max=0.9)
    x = ops.reshape(ops.max(x, 1, True), newshape=(-1, 4))
    x = ops.concatenate([x, ops.tile(x, repeats=(1, 2))], -1)
    x = ops.pad(ops.where(x > 0.5, x1=x, x2=1), ((0, 0), (1, 1)), constant_values=2)
    model = Model(inputs, ops.einsum("ij->ji", x))
    data = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    again = models.model_from_json(model.to_json())
    expected = model.predict_on_batch(data)
    np.testing.assert_array_equal(again.predict_on_batch(data), expected)
    assert expected.shape == (14, 2)


def test_counts_of_rows_and_weights():
    assert ops.bincount([[0, 1], [2, 2]]).tolist() == [[1, 1, 0], [0, 0, 2]]
    weighed = ops.bincount(np.array([1, 1]), weights=np.float32([0.5, 1]))
    assert (weighed.dtype, weighed.tolist()) == ("float32", [0, 1.5])
    with pytest.raises(ValueError, match="sparse"):
        ops.bincount([1], sparse=True)


def test_an_unknown_length_in_a_new_shape_is_the_one_of_the_array():
    x = Input((4, 5))
    batch = ops.shape(x)[0]
    assert batch is None
    for shape in [(batch, -1), (batch, 20), (-1, 20)]:
        assert ops.reshape(x, shape).shape == (None, 20)
    model = Model(x, ops.reshape(x, (batch, -1)))
    assert model.predict_on_batch(np.ones((3, 4, 5))).shape == (3, 20)
    with pytest.raises(ValueError, match=r"received newshape=\(-2, 3\)"):
        ops.reshape(X, (-2, 3))


def test_both_branches_or_none():
    places = ops.where(X > 4)
    assert [place.tolist() for place in places] == [[1], [2]]
    with pytest.raises(ValueError, match="needs both x1 and x2"):
        ops.where(X > 4, X)
    with pytest.raises(ValueError, match="needs both x1 and x2"):
        ops.where(X > 4, x2=X)


def test_arrays_of_the_wrong_axes_are_refused():
    with pytest.raises(ValueError, match="axis 4 is out of bounds"):
        ops.take_along_axis(X, np.zeros((2, 1), "int32"), axis=4)
    with pytest.raises(ValueError, match=r"needs x of shape \(n,\)"):
        ops.histogram(X)


def test_each_nan_is_unique():
    found = ops.unique(np.array([np.nan, 1, np.nan, 1]))
    np.testing.assert_array_equal(found, [1, np.nan, np.nan])


def test_calls_that_need_no_change_are_those_of_numpy():
    x, y = X, X + 1
    calls = [
        lambda room: room.add(x, 2),
        lambda room: room.subtract(1.5, x),
        lambda room: room.maximum(x, y),
        lambda room: room.clip(x, 0.5, 2),
        lambda room: room.sum(x, 1),
        lambda room: room.mean(x, axis=(0, 1), keepdims=True),
        lambda room: room.concatenate((x, y), 1),
        lambda room: room.stack([x, y], axis=-1),
        lambda room: room.reshape(x, (3, -1)),
        lambda room: room.where(x > 2, x, 0.0),
        lambda room: room.transpose(x, (1, 0)),
    ]
    for call in calls:
        found, expected = call(ops), call(np)
        assert found.dtype == expected.dtype == "float32"
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["add", "concatenate", "where", "reshape", "sum"])
def test_symbols_among_plain_arguments_are_recorded(name):
    x = Input(batch_shape=(2, 3))
    arguments = {
        "add": [(X, x), (x, 2.0)],
        "concatenate": [([X, x],), ((x, X), 1)],
        "where": [(x > 0, X, 1.0), (X > 0, x, X)],
        "reshape": [(x, (3, 2)), (x, 6)],
        "sum": [(x, 1), (x, None)],
    }
    for args in arguments[name]:
        assert getattr(ops, name)(*args).node is not None


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ops.matmul(x, x),
        lambda x: ops.einsum("ij,jk->ik", x, x),
        lambda x: ops.einsum("ij,jk,kl->il", x, x, np.int8([[1, 0], [0, 1]])),
    ],
)
def test_sums_of_products_of_int8_do_not_overflow(function):
    x = np.full((2, 2), 100, "int8")
    made = function(x)
    assert made.dtype == np.int32
    assert np.array_equal(made, [[20000] * 2] * 2)
    assert function(KerasTensor((2, 2), "int8")).dtype == "int32"


def test_products_of_other_integers_keep_their_type():
    for dtype in ("uint8", "int16", "bool"):
        x = np.ones((2, 2), dtype)
        assert ops.matmul(x, x).dtype == ops.einsum("ij,jk", x, x).dtype == dtype
    assert ops.matmul(np.int8([[1]]), np.uint8([[1]])).dtype == np.int16
    assert ops.einsum("i,i", np.int8([1]), np.float32([1])).dtype == np.float32


def test_the_square_of_booleans_is_an_integer():
    assert ops.square([True, False]).dtype == np.int32
    assert ops.square(KerasTensor((2,), "bool")).dtype == "int32"
    assert ops.square(np.int8([3])).dtype == np.int8
    with pytest.raises(TypeError):
        ops.square(None)
