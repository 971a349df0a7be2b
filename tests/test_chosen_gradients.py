"""The gradient of a maximum over all places goes back as one at these places alone."""

import contextlib

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, config, detect_anomaly, gradients
from keratorch.grads import pooling
from keratorch.grads.convolution import ConvActivationGrad
from keratorch.grads.pooling import GlobalMaxPoolGrad
from keratorch.kernels import chosen_windows
from keratorch.partial import ChosenGradient

RNG = np.random.default_rng(0)
SHAPE = (2, 20, 16, 3)  # of images: 252 windows each, of which one is few
WEIGHTS = RNG.normal(size=(2, 4))


@pytest.fixture(autouse=True)
def seen(monkeypatch):
    """Return the gradients that convolutions went back from, place by place."""
    found: list = []
    monkeypatch.setattr(pooling, "_MANY", 200)
    original = chosen_windows.gradients

    def watched(x, kernel, grad, *others):
        found.append(grad)
        return original(x, kernel, grad, *others)

    monkeypatch.setattr(chosen_windows, "gradients", watched)
    return found


@contextlib.contextmanager
def textbook():
    config.set_fast(False)
    try:
        yield
    finally:
        config.set_fast(True)


def images():
    return GradArray(np.random.default_rng(1).normal(size=SHAPE), name="x")


def convolved(x, activation="relu"):
    rng = np.random.default_rng(2)
    kernel, bias = (
        GradArray(rng.normal(size=(3, 3, 3, 4))),
        GradArray(rng.normal(size=4)),
    )
    return ConvActivationGrad.apply(x, kernel, bias, activation), kernel, bias


def pooled(y):
    return (GlobalMaxPoolGrad.apply(y) * WEIGHTS).sum()


@pytest.mark.parametrize("activation", [None, "relu"])
def test_it_equals_the_textbook(activation, seen):
    x = images()
    y, *weights = convolved(x, activation)
    found = gradients(pooled(y), [x, *weights])
    assert len(seen) == 1 and len(seen[0][0]) == 8
    with textbook():
        y, *weights = convolved(x, activation)
        expected = gradients(pooled(y), [x, *weights])
    assert len(seen) == 1
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_backward_leaves_an_array_at_the_result_between(seen):
    x = images()
    y, _, bias = convolved(x)
    pooled(y).backward()
    assert type(y.grad) is np.ndarray and y.grad.shape == y.shape
    assert np.count_nonzero(y.grad) == 8 and len(seen) == 1
    np.testing.assert_allclose(bias.grad, (y.grad * (y.numpy() > 0)).sum((0, 1, 2)))


def test_a_gradient_that_is_asked_for_is_an_array(seen):
    x = images()
    y, kernel, _ = convolved(x)
    of_y, of_kernel = gradients(pooled(y), [y, kernel])
    assert type(of_y) is np.ndarray and np.count_nonzero(of_y) == 8
    np.testing.assert_allclose(of_kernel, gradients(pooled(y), kernel))
    assert len(seen) == 1  # the second time, when nobody asked for that of y


@pytest.mark.parametrize("pools_first", [True, False])
def test_other_uses_of_the_result_are_added(pools_first, seen):
    x = images()
    y, *_ = convolved(x)
    uses = [lambda: pooled(y), lambda: (y * 0.5).sum(), lambda: y[0, 0].sum()]
    losses = [use() for use in (uses if pools_first else uses[::-1])]
    found = gradients(sum(losses), x)
    expected = sum(gradients(loss, x) for loss in losses)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_two_maxima_of_one_result_are_added(seen):
    x = images()
    y, *_ = convolved(x)
    found = gradients(pooled(y) + 2 * pooled(y), x)
    np.testing.assert_allclose(found, 3 * gradients(pooled(y), x))


def test_hooks_see_an_array(seen):
    x = images()
    y, *_ = convolved(x)
    shown = []
    y.register_hook(lambda grad: shown.append(grad) or grad * 2)
    found = gradients(pooled(y), x)
    assert type(shown[0]) is np.ndarray and not seen
    y, *_ = convolved(x)
    np.testing.assert_allclose(found, 2 * gradients(pooled(y), x))


def test_anomalies_are_looked_for(seen):
    x = images()
    with detect_anomaly():
        y, *_ = convolved(x)
        found = gradients(pooled(y), x)
    y, *_ = convolved(x)
    np.testing.assert_allclose(found, gradients(pooled(y), x))


def test_second_derivatives_go_through_the_textbook(seen):
    x = images()
    y, kernel, _ = convolved(x)
    (first,) = gradients(pooled(y), [x], create_graph=True)
    second = gradients((first**2).sum(), kernel)
    assert not seen and np.abs(second).max() > 0


def test_few_places_and_float16_are_left_to_the_products(seen, monkeypatch):
    x = images()
    half, kernel = x.astype("float16"), np.ones((3, 3, 3, 4), "float16")
    gradients(pooled(ConvActivationGrad.apply(half, kernel)), half)
    monkeypatch.setattr(pooling, "_MANY", 1000)
    gradients(pooled(convolved(x)[0]), x)
    assert not seen


def test_subclasses_of_the_users_get_arrays(seen):
    class MyConvGrad(ConvActivationGrad):
        def gradients(self, grad):
            assert type(grad) is np.ndarray
            return super().gradients(grad)

    x = images()
    kernel = GradArray(RNG.normal(size=(3, 3, 3, 4)))
    gradients(pooled(MyConvGrad.apply(x, kernel, None, "relu")), kernel)
    assert not seen


def test_groups_of_filters_are_left_to_the_products(seen):
    x = GradArray(RNG.normal(size=(2, 20, 16, 4)))
    kernel = GradArray(RNG.normal(size=(3, 3, 2, 4)))
    gradients(pooled(ConvActivationGrad.apply(x, kernel)), kernel)
    assert not seen


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_ties_share_the_gradient(value, seen):
    x = GradArray(np.full(SHAPE, value))
    kernel = GradArray(np.ones((3, 3, 3, 4)))
    found = gradients(pooled(ConvActivationGrad.apply(x, kernel)), x)
    with textbook():
        expected = gradients(pooled(ConvActivationGrad.apply(x, kernel)), x)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_training_gives_the_losses_of_the_textbook(seen):
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 50, (64, 300)), rng.integers(0, 2, 64)

    def losses():
        keras.utils.set_random_seed(0)
        model = keras.Sequential(
            [
                keras.layers.Embedding(50, 6),
                keras.layers.Conv1D(16, 3, activation="relu"),
                keras.layers.GlobalMaxPooling1D(),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
        return model.fit(x, y, epochs=3, batch_size=32, verbose=0).history["loss"]

    found = losses()
    assert seen
    with textbook():
        np.testing.assert_allclose(found, losses(), rtol=1e-5)


def test_the_gradient_by_itself():
    gradient = ChosenGradient(np.array([1, 5]), np.array([2.0, 3.0]), (2, 3))
    np.testing.assert_array_equal(gradient, [[0, 2, 0], [0, 0, 3]])
    np.testing.assert_array_equal(gradient + np.ones((2, 3)), [[1, 3, 1], [1, 1, 4]])
