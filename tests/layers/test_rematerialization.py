"""Layers that compute again what they do not keep have the same gradients."""

import copy
import threading

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers
from keratorch.transforms.checkpoint import RecomputeGrad

RNG = np.random.default_rng(9)
X = RNG.normal(size=(6, 5, 4)).astype(np.float32)


def net():
    return keras.Sequential(
        [
            keras.Input((5, 4)),
            layers.Dense(8, activation="gelu"),
            layers.LayerNormalization(),
            layers.LSTM(3, return_sequences=True),
            layers.BatchNormalization(),
            layers.Dropout(0.5, seed=3),
            layers.Flatten(),
            layers.Dense(2, activation="relu"),
        ]
    )


def recomputes(layer, x=X):
    """Whether the result of a layer comes from a step that computes it again."""
    steps = [layer(x)._grad_op]
    while steps:
        step = steps.pop()
        if isinstance(step, RecomputeGrad):
            return True
        steps += [getattr(x, "_grad_op", None) for x in getattr(step, "_inputs", ())]
    return False


def test_training_goes_as_without_the_scope():
    y = RNG.normal(size=(6, 2))
    plain = net()
    with keras.RematScope():
        model = net()
    model.set_weights(plain.get_weights())
    for one in (plain, model):
        one.compile("adam", "mse")
        one.fit(X, y, batch_size=3, epochs=3, shuffle=False, verbose=0)
    for a, b in zip(plain.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_modes_choose_layers():
    with keras.RematScope("list_of_layers", layer_names=["a"]):
        a, b = layers.Dense(3, name="a"), layers.Dense(3, name="b")
    assert recomputes(a)
    assert not recomputes(b)
    with keras.RematScope("larger_than", output_size_threshold=100):
        small, large = layers.Dense(3), layers.Dense(30)
    assert recomputes(large)
    assert not recomputes(small)
    with keras.RematScope("full"), keras.RematScope(None):
        assert not recomputes(layers.Dense(3))
    assert not recomputes(layers.Dense(3))


def test_layers_that_a_second_call_would_change_are_left_alone():
    inside = [layers.Dense(3), layers.GaussianNoise(0.1)]
    with keras.RematScope():
        dropout, average = layers.Dropout(0.5), layers.BatchNormalization()
        noisy = keras.Sequential(inside)
    for layer in (dropout, average, noisy):
        layer(X)
        assert not recomputes(layer)


class Shaken(layers.Dense):
    def call(self, inputs):
        return super().call(inputs) * keras.random.uniform((1,))


def test_layer_that_draws_by_no_seed_of_its_own_draws_once():
    with keras.RematScope():
        layer = Shaken(3, use_bias=False)
    plain = Shaken(3, use_bias=False)
    found = []
    for one in (plain, layer):
        one.build((None, 5, 4))
        one.kernel.assign(np.ones((4, 3)))
        keras.utils.set_random_seed(2)
        y = one(X)
        y.sum().backward()
        found.append((y.numpy(), one.kernel.grad))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_draws_of_another_thread_are_their_own():
    """They neither keep a layer from computing again, nor come twice."""
    waiting, drawn = threading.Event(), threading.Event()
    found = []

    class Waiting(layers.Dense):
        def call(self, inputs):
            if not waiting.is_set():
                waiting.set()
                assert drawn.wait(60)
            return super().call(inputs)

    def draw():
        assert waiting.wait(60)
        found.append(float(keras.random.uniform(())))
        drawn.set()
        found.append(float(keras.random.uniform(())))

    with keras.RematScope():
        layer = Waiting(3)
    layer.build((None, 5, 4))
    other = threading.Thread(target=draw)
    other.start()
    try:
        layer(X)
    finally:
        waiting.set()
        other.join()
    found.append(float(keras.random.uniform(())))
    assert len(set(found)) == 3
    assert recomputes(layer)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.LSTM(3, return_state=True),
        lambda: layers.RNN(layers.GRUCell(3)),
        lambda: layers.Lambda(lambda x: 2 * x),
        lambda: Shaken(3),
    ],
)
@pytest.mark.parametrize("threshold", [0, 10**6])
def test_sizes_are_known_of_any_layer(make, threshold):
    with keras.RematScope("larger_than", output_size_threshold=threshold):
        layer = make()
    plain = make()
    for one in (layer, plain):
        one(X)
    layer.set_weights(plain.get_weights())
    found = []
    for one in (layer, plain):
        x = keras.GradArray(X)
        keras.utils.set_random_seed(2)
        out = one(x)
        first = out[0] if isinstance(out, (list, tuple)) else out
        first.sum().backward()
        found.append((first.numpy(), x.grad))
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_a_scope_may_be_entered_again():
    scope = keras.RematScope()
    with scope:
        with scope:
            inner = layers.Dense(3)
        middle = layers.Dense(3)
    assert recomputes(inner) and recomputes(middle)
    assert not recomputes(layers.Dense(3))


def test_copies_compute_with_their_own_weights():
    with keras.RematScope():
        layer = layers.Dense(3)
    before = layer(X).numpy()
    other = copy.deepcopy(layer)
    other.kernel.assign(np.zeros((4, 3)))
    assert not other(X).numpy().any()
    np.testing.assert_array_equal(layer(X).numpy(), before)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ({"mode": "activations"}, "'full'.*'activations'"),
        ({"output_size_threshold": "big"}, "output_size_threshold.*'big'"),
    ],
)
def test_mistakes_are_named(arguments, parts):
    with pytest.raises(ValueError, match=parts):
        keras.RematScope(**arguments)
