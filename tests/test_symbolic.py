"""Symbolic arrays answer what arrays answer, with shapes that the data will fill."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, activations, losses, ops
from keratorch.symbolic import KerasTensor, infer, is_symbolic, lifted


def symbol(shape=(3, 4), dtype="float32"):
    return keras.Input(shape, dtype=dtype)


CASES = [
    (lambda x: x + 1, (None, 3, 4)),
    (lambda x: 1 - x, (None, 3, 4)),
    (lambda x: np.ones(4) * x, (None, 3, 4)),
    (lambda x: -x, (None, 3, 4)),
    (lambda x: x @ np.ones((4, 2)), (None, 3, 2)),
    (lambda x: x[:, 0], (None, 4)),
    (lambda x: x[..., None], (None, 3, 4, 1)),
    (lambda x: x.sum(axis=1), (None, 4)),
    (lambda x: x.reshape(-1, 12), (None, 12)),
    (lambda x: x.T, (4, 3, None)),
    (lambda x: np.mean(x), ()),
    (lambda x: np.exp(x), (None, 3, 4)),
    (lambda x: np.concatenate([x, x], axis=1), (None, 6, 4)),
    (lambda x: np.concatenate([x, x], axis=0), (None, 3, 4)),
    (lambda x: ops.relu(x), (None, 3, 4)),
    (lambda x: ops.stack([x, x], axis=1), (None, 2, 3, 4)),
    (lambda x: activations.tanh(x), (None, 3, 4)),
    (lambda x: losses.mean_squared_error(x, x), (None, 3)),
    (lambda x: np.argmax(x, axis=-1), (None, 3)),
]


@pytest.mark.parametrize(("function", "shape"), CASES)
def test_functions_of_a_symbolic_array_have_the_shape_of_their_results(function, shape):
    assert function(symbol()).shape == shape


def test_model_of_functions_computes_what_they_compute():
    x = symbol((2,))
    model = keras.Model(x, [np.exp(x[:, :1]) * 2, x.sum(axis=-1), x > 0])
    data = np.float32([[1, -2], [0, 3]])
    exp, total, positive = model(data)
    np.testing.assert_allclose(exp.numpy(), np.exp(data[:, :1]) * 2)
    np.testing.assert_allclose(total.numpy(), [-1, 3])
    np.testing.assert_array_equal(positive, data > 0)


def test_dtypes_are_those_of_the_results():
    assert symbol(dtype="int32").dtype == "int32"
    assert (symbol() > 0).dtype == "bool"
    assert symbol().astype("float16").dtype == "float16"


def test_shape_says_none_for_lengths_to_come():
    x = symbol()
    assert ops.shape(x) == np.shape(x) == x.shape == (None, 3, 4)
    assert x.ndim == np.ndim(x) == 3
    assert x.size is None


@pytest.mark.parametrize(
    "use", [bool, float, int, list, np.asarray, lambda x: x.numpy()]
)
def test_asking_for_values_says_what_to_do_instead(use):
    with pytest.raises(TypeError, match="has no values: it stands for data to come"):
        use(symbol())


def test_a_symbol_has_no_length_that_a_program_could_ask_for():
    assert not hasattr(symbol(), "__len__")  # as libraries tell one output from several


def test_known_first_axis_can_be_iterated():
    first, second = keras.Input(batch_shape=(2, 3))
    assert first.shape == second.shape == (3,)


def test_windows_that_do_not_fit_short_axes_are_tried_on_longer_ones():
    @lifted
    def last_of_twenty(x):
        if x.shape[1] < 20:
            raise ValueError
        return x[:, 19]

    assert last_of_twenty(symbol((None, 5))).shape == (None, 5)


def test_lifted_function_of_plain_arrays_is_the_function():
    double = lifted(lambda x: x * 2)
    assert double(3) == 6
    assert is_symbolic(double(x=symbol()))


def test_infer_leaves_the_state_of_numpy_alone():
    before = np.geterr()
    shape = infer(lambda x: np.log(x), (KerasTensor((None, 2)),), {}).shape
    assert shape == (None, 2)
    assert np.geterr() == before


def test_gradients_flow_through_the_functions_of_a_model():
    x = symbol((2,))
    model = keras.Model(x, np.sin(x) * x)
    data = keras.GradArray(np.float32([[1, 2]]))
    model(data).sum().backward()
    expected = np.sin(data.numpy()) + data.numpy() * np.cos(data.numpy())
    np.testing.assert_allclose(data.grad, expected, rtol=1e-6)


def test_arrays_with_values_give_way_to_symbolic_ones():
    values, x = GradArray(np.ones(4, np.float32)), symbol()
    for result in (values * x, values - x, np.maximum(values, x)):
        assert result.shape == (None, 3, 4)
    assert np.concatenate([values[None, None], x[:1, :1]], axis=1).shape[1:] == (2, 4)


def test_logic_of_symbolic_arrays():
    x = symbol((2,))
    model = keras.Model(x, ~(x > 0.5) | ((x > 0.1) & (x < 2)))
    np.testing.assert_array_equal(model([[0.0, 3.0]]), [[True, False]])


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (lambda x: x * np.ones((7, 1), "float32"), (7, 4)),
        (lambda x: np.reshape(x, (12, 2)), (12, 2)),
        (lambda x: np.ones((7, 1, 1), "float32") * x[:, None], (7, 1, 4)),
    ],
)
def test_function_of_one_size_of_batch_finds_that_size(function, shape):
    assert infer(function, (keras.Input((4,)),), {}).shape == shape


def test_an_unknown_length_is_that_of_the_other_array():
    x = keras.Input((None, None, 8))
    assert (x + np.ones((16, 8), "float32")).shape == (None, None, 16, 8)
    assert ops.add(x, keras.Input((7, 16, 8))).shape == (None, 7, 16, 8)
    rows, columns = keras.KerasTensor((None, 3)), keras.KerasTensor((2, None))
    assert ops.multiply(rows, columns).shape == (2, 3)
    assert ops.add(rows, keras.KerasTensor((None, 1))).shape == (None, 3)


def test_function_of_no_size_of_batch_says_why():
    with pytest.raises(ValueError, match="4 is different from 5|size 5"):
        infer(lambda x: x @ np.ones((5, 2), "float32"), (keras.Input((4,)),), {})


def test_a_list_that_its_caller_appends_to_stays_as_it_was_in_the_graph():
    images = keras.Input((2, 3))
    given, joined = [images], images
    for _ in range(3):  # as networks are written in which each layer takes all before
        given.append(joined)
        joined = keras.layers.Concatenate(axis=1)(given)
    model = keras.Model(images, joined)
    assert model(np.ones((1, 2, 3), "float32")).shape == (1, 16, 3)


def test_a_list_of_results_that_its_caller_appends_to_stays_as_it_was():
    x = keras.Input((4,))
    halves = keras.layers.Lambda(lambda x: [x[:, :2], x[:, 2:]])(x)
    outputs = list(halves)
    halves.append(x)
    model = keras.Model(x, outputs)
    first, second = model(np.arange(4.0)[None])
    assert (first.tolist(), second.tolist()) == ([[0, 1]], [[2, 3]])


def test_numbers_of_several_kinds_make_keras_dtypes():
    pixels = keras.Input((2,), dtype="uint8")
    for scaled in (pixels / 255, pixels * 0.5, 1 - pixels / 255.0):
        assert scaled.dtype == "float32"
        model = keras.Model(pixels, scaled)
        assert model(np.array([[0, 255]], "uint8")).dtype == "float32"
    assert (keras.Input((2,), dtype="int32") + pixels).dtype == "int32"


def test_values_are_refused_as_a_wrong_type_and_a_wrong_value():
    for error in (TypeError, ValueError):
        with pytest.raises(error, match="has no values"):
            np.asarray(keras.Input((2,)))


def test_a_symbol_is_found_in_a_list():
    a, b, c = (keras.Input(shape) for shape in ((3,), (2,), (3,)))
    assert [a, b, c].index(c) == 2
    assert c not in [a, b]
    assert a == a
    assert a != c
    assert bool(a == c) is False
    assert is_symbolic(a == 0)
    with pytest.raises(TypeError, match="has no values"):
        bool(a == 0)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x: x + keras.Input((5,)), r"shapes \(None,3,4\) \(None,5\)"),
        (
            lambda x: losses.mean_squared_error(x[:, 0], keras.Input((2,))),
            r"shape \(None, 4\) and",
        ),
        (lambda x: ops.concatenate([x, keras.Input((5, 2))], 0), "size"),
    ],
)
def test_errors_say_none_for_a_length_to_come(function, told):
    with pytest.raises(ValueError, match=told) as caught:
        function(symbol())
    assert "(2, 4)" not in str(caught.value)


def test_a_length_that_the_batch_determines_stays_unknown():
    x = keras.Input((3,))
    assert ops.reshape(x, (-1, 7)).shape == (None, 7)


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (lambda x: x[:, 5:], (None, None, 8)),
        (lambda x: x[:, 2:-2] + x[:, 4:], (None, None, 8)),
        (lambda x: ops.diff(x, n=4, axis=1), (None, None, 8)),
        (lambda x: ops.split(x, [1, 3], axis=1)[2], (None, None, 8)),
        (lambda x: ops.split(x, 3, axis=1)[0], (None, None, 8)),
    ],
)
def test_parts_of_an_unknown_length_stay_unknown(function, shape):
    assert function(symbol((None, 8))).shape == shape


def test_a_model_begins_at_a_later_step():
    x = symbol((None, 8))
    convolved = keras.layers.Conv1D(3, 3, padding="same")(x[:, 5:])
    model = keras.Model(x, [convolved + x[:, 5:, :3], ops.max(x[:, 5:], axis=1)])
    data = np.arange(320.0).reshape(2, 20, 8)
    added, largest = model.predict(data, verbose=0)
    assert added.shape == (2, 15, 3)
    np.testing.assert_array_equal(largest, data[:, -1])


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        (lambda x: x[:, ::3], (None, None, 8)),
        (lambda x: ops.max_pool(x, 6, padding="same"), (None, None, 8)),
        (
            lambda x: ops.conv(x, np.ones((3, 8, 2), "float32"), 4, padding="same"),
            (None, None, 2),
        ),
        (lambda x: ops.stft(x[..., 0], 4, 2, 4)[0], (None, None, 3)),
        (lambda x: x[:, ::3] * x[:, -1:], (None, None, 8)),
        (lambda x: ops.unstack(x, axis=-1)[0], (None, None)),
    ],
)
def test_windows_and_steps_of_unknown_lengths_stay_unknown(function, shape):
    assert function(symbol((None, 8))).shape == shape


def test_a_long_axis_may_be_refused_or_give_other_axes():
    x = symbol((None, 8))
    assert infer(lambda x: np.squeeze(x[:, ::3], 1), (x,), {}).shape == (None, 8)
    assert infer(lambda x: np.squeeze(x[:, ::3]), (x,), {}).shape == (None, 8)


def test_windows_over_images_of_unknown_size():
    pooled = ops.average_pool(symbol((None, None, 3)), 6, padding="same")
    assert pooled.shape == (None, None, None, 3)
    volumes = symbol((None, None, None, 3))
    assert volumes[:, ::4, ::4, ::4].shape == (None, None, None, None, 3)


def test_a_model_of_every_third_step():
    x = symbol((None, 8))
    model = keras.Model(x, keras.layers.Conv1D(3, 3)(x[:, ::3]))
    assert model.predict(np.ones((2, 15, 8)), verbose=0).shape == (2, 3, 3)
