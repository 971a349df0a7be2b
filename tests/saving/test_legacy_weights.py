"""Weights in files of Keras 0 and 1, written here by hand, compute what they did."""

import h5py
import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.saving.legacy_weights import Origin, modern_weights

RANDOM = np.random.default_rng(0)


def drawn(*shape):
    return RANDOM.normal(size=shape).astype("float32") * 0.5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loaded(path, model, stored):
    """Load weights by layer from a file as Keras 0 wrote it."""
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = len(stored)
        for k, arrays in enumerate(stored):
            group = file.create_group(f"layer_{k}")
            group.attrs["nb_params"] = len(arrays)
            for p, array in enumerate(arrays):
                group[f"param_{p}"] = array
    model.load_weights(path)
    return model


def named(path, model, stored, **attributes):
    """Load the weights of one layer from a file as Keras 1 and 2 wrote it."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"one"]
        file.attrs.update(attributes)
        group = file.create_group("one")
        names = [f"one_{i}".encode() for i in range(len(stored))]
        group.attrs["weight_names"] = names
        for name, array in zip(names, stored, strict=True):
            group[name.decode()] = array
    model.load_weights(path)
    return model


def gates(count, inputs, units):
    arrays = []
    for _ in range(count):
        arrays += [drawn(inputs, units), drawn(units, units), drawn(units)]
    return arrays


def test_the_gates_of_an_lstm(tmp_path):
    stored = gates(4, 3, 2)
    (wi, ui, bi, wc, uc, bc, wf, uf, bf, wo, uo, bo) = stored
    x, h, c = drawn(5, 4, 3), np.zeros((5, 2)), np.zeros((5, 2))
    for t in range(4):
        step = x[:, t]
        i, f = sigmoid(step @ wi + h @ ui + bi), sigmoid(step @ wf + h @ uf + bf)
        c = f * c + i * np.tanh(step @ wc + h @ uc + bc)
        h = sigmoid(step @ wo + h @ uo + bo) * np.tanh(c)
    lstm = layers.LSTM(2, recurrent_activation="sigmoid")
    model = keras.Sequential([keras.Input((4, 3)), lstm])
    loaded(tmp_path / "old.h5", model, [stored])
    np.testing.assert_allclose(model.predict(x, verbose=0), h, atol=1e-5)


def test_the_gates_of_a_gru(tmp_path):
    stored = gates(3, 3, 2)
    (wz, uz, bz, wr, ur, br, wh, uh, bh) = stored
    x, h = drawn(5, 4, 3), np.zeros((5, 2))
    for t in range(4):
        step = x[:, t]
        z, r = sigmoid(step @ wz + h @ uz + bz), sigmoid(step @ wr + h @ ur + br)
        h = z * h + (1 - z) * np.tanh(step @ wh + (r * h) @ uh + bh)
    gru = layers.GRU(2, recurrent_activation="sigmoid", reset_after=False)
    model = keras.Sequential([keras.Input((4, 3)), gru])
    loaded(tmp_path / "old.h5", model, [stored])
    np.testing.assert_allclose(model.predict(x, verbose=0), h, atol=1e-5)


def cudnn(count, features, units):
    """Return matrices of inputs and states, biases, and what CuDNN kept of them."""
    inputs = [drawn(units, features) for _ in range(count)]
    states = [drawn(units, units) for _ in range(count)]
    biases = drawn(2, count, units)
    kernel = np.concatenate([a.reshape(features, units) for a in inputs], axis=1)
    return inputs, states, biases, [kernel, np.concatenate(states, 1), biases.ravel()]


def test_an_lstm_of_cudnn(tmp_path):
    inputs, states, biases, stored = cudnn(4, 3, 2)
    x, h, c = drawn(5, 4, 3), np.zeros((5, 2)), np.zeros((5, 2))
    for t in range(4):
        i, f, new, o = (
            x[:, t] @ a.T + h @ r.T + b + d
            for a, r, b, d in zip(inputs, states, *biases, strict=True)
        )
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
    model = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2)])
    named(tmp_path / "old.h5", model, stored, keras_version="2.2.4")
    np.testing.assert_allclose(model.predict(x, verbose=0), h, atol=1e-5)


def test_a_gru_of_cudnn(tmp_path):
    inputs, states, biases, stored = cudnn(3, 3, 2)
    x, h = drawn(5, 4, 3), np.zeros((5, 2))
    for t in range(4):
        of_x = [x[:, t] @ a.T + b for a, b in zip(inputs, biases[0], strict=True)]
        of_h = [h @ r.T + b for r, b in zip(states, biases[1], strict=True)]
        z, r = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
        h = z * h + (1 - z) * np.tanh(of_x[2] + r * of_h[2])
    model = keras.Sequential([keras.Input((4, 3)), layers.GRU(2)])
    named(tmp_path / "old.h5", model, stored, keras_version="2.2.4")
    np.testing.assert_allclose(model.predict(x, verbose=0), h, atol=1e-5)


def test_both_directions(tmp_path):
    forward, backward = gates(4, 3, 2), gates(4, 3, 2)
    both = keras.Sequential([keras.Input((4, 3)), layers.Bidirectional(layers.LSTM(2))])
    one = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2)])
    named(tmp_path / "both.h5", both, [*forward, *backward])
    x = drawn(5, 4, 3)
    found = both.predict(x, verbose=0)
    named(tmp_path / "one.h5", one, forward)
    np.testing.assert_allclose(found[:, :2], one.predict(x, verbose=0), atol=1e-6)
    named(tmp_path / "one.h5", one, backward)
    back = one.predict(x[:, ::-1], verbose=0)
    np.testing.assert_allclose(found[:, 2:], back, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "stored", "kernel"),
    [
        (
            lambda: layers.Conv2D(4, (3, 2), data_format="channels_first"),
            (4, 5, 3, 2),
            lambda w: w.transpose(2, 3, 1, 0),
        ),
        (lambda: layers.Conv2D(4, (3, 2)), (3, 2, 5, 4), lambda w: w),
        (lambda: layers.Conv1D(4, 3), (3, 1, 5, 4), lambda w: w[:, 0]),
        (
            lambda: layers.Conv1D(4, 3),
            (4, 5, 3, 1),
            lambda w: w[..., 0].transpose(2, 1, 0),
        ),
        (
            lambda: layers.Conv2DTranspose(5, (3, 2)),
            (3, 2, 5, 5),
            lambda w: w.swapaxes(2, 3),
        ),
        (
            lambda: layers.Conv3D(4, (1, 3, 2), data_format="channels_first"),
            (4, 5, 1, 3, 2),
            lambda w: w.transpose(2, 3, 4, 1, 0),
        ),
    ],
)
def test_kernels_lie_as_today(tmp_path, layer, stored, kernel):
    made = layer()
    channels_first = getattr(made, "data_format", "") == "channels_first"
    lengths = (6, 6, 6)[: made.rank]
    shape = (5, *lengths) if channels_first else (*lengths, 5)
    model = keras.Sequential([keras.Input(shape), made])
    w, b = drawn(*stored), drawn(made.filters)
    loaded(tmp_path / "old.h5", model, [[w, b]])
    np.testing.assert_array_equal(made.get_weights()[0], kernel(w))
    np.testing.assert_array_equal(made.get_weights()[1], b)


@pytest.mark.parametrize(
    ("attributes", "turned"),
    [
        ({"keras_version": b"2.1.0", "backend": b"theano"}, True),
        ({"keras_version": b"2.1.0", "backend": b"tensorflow"}, False),
        ({}, False),
    ],
)
def test_kernels_of_theano_are_turned_around(tmp_path, attributes, turned):
    model = keras.Sequential([keras.Input((6, 6, 3)), layers.Conv2D(4, (3, 2))])
    w = drawn(3, 2, 3, 4)
    named(tmp_path / "w.h5", model, [w, drawn(4)], **attributes)
    expected = w[::-1, ::-1] if turned else w
    np.testing.assert_array_equal(model.get_weights()[0], expected)


def test_layers_without_weights_stand_between_others(tmp_path):
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), layers.Dropout(0.5), layers.Dense(1)]
    )
    stored = [[drawn(3, 2), drawn(2)], [], [drawn(2, 1), drawn(1)]]
    loaded(tmp_path / "old.h5", model, stored)
    expected = [*stored[0], *stored[2]]
    for found, array in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(found, array)


def test_other_weights_change_nothing(tmp_path):
    model = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2)])
    before = model.get_weights()
    with pytest.raises(ValueError, match="lstm"):
        loaded(tmp_path / "old.h5", model, [gates(4, 3, 5)])
    for found, array in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, array)


def test_a_damaged_count_is_named(tmp_path):
    path = tmp_path / "old.h5"
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = "many"
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="'nb_layers' is no number"):
        model.load_weights(path)
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = 10**12
    with pytest.raises(ValueError, match="'layer_0' is missing"):
        model.load_weights(path)


def test_weights_of_today_stay_as_they_are():
    layer = layers.Conv2D(3, 3, data_format="channels_first")
    layer.build((None, 3, 6, 6))
    kernel, bias = drawn(3, 3, 3, 3), drawn(3)
    assert modern_weights(layer, [kernel, bias])[0] is kernel
    first = modern_weights(layer, [kernel, bias], Origin(first=True))[0]
    np.testing.assert_array_equal(first, kernel.transpose(2, 3, 1, 0))


def test_a_sequence_of_one_channel_may_have_its_filters_first():
    layer = layers.Conv1D(4, 3)
    layer.build((None, 6, 1))
    kernel = drawn(4, 1, 3, 1)
    found = modern_weights(layer, [kernel, drawn(4)])[0]
    np.testing.assert_array_equal(found, kernel[..., 0].transpose(2, 1, 0))
