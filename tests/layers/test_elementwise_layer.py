"""Layers that bend, weigh or rescale each element: kinks, shapes and mistakes."""

import numpy as np
import pytest

from keratorch import GradArray, layers, regularizers

X = np.array([[-2.0, 0.0, 3.0]], np.float32)


@pytest.mark.parametrize(
    "layer",
    [layers.ReLU(), layers.LeakyReLU(), layers.PReLU(), layers.ELU()],
)
def test_value_and_shape_at_the_kink(layer):
    out = layer(X)
    assert out.shape == X.shape
    assert layer.compute_output_shape((None, 3)) == (None, 3)
    assert out.numpy()[0, 1] == 0
    assert out.numpy()[0, 2] == 3


def test_p_relu_learns_one_slope_for_each_channel():
    layer = layers.PReLU(alpha_initializer="ones", shared_axes=[1, 2])
    x = GradArray(-np.ones((2, 4, 4, 3), np.float32))
    layer(x).sum().backward()
    np.testing.assert_array_equal(layer.alpha.grad, np.full((1, 1, 3), -32))


def test_identity_passes_gradients_on():
    x = GradArray(X)
    layers.Identity()(x).sum().backward()
    np.testing.assert_array_equal(x.grad, np.ones_like(X))


def test_activity_regularization_is_a_loss_of_the_last_call():
    layer = layers.ActivityRegularization(l1=0.1, l2=0.01)
    for _ in range(2):
        layer(np.vstack([X, X]))
    assert [loss.item() for loss in layer.losses] == pytest.approx([0.5 + 0.13])
    assert isinstance(layer.activity_regularizer, regularizers.L1L2)


def test_rescaling_by_arrays_survives_its_configuration():
    layer = layers.Rescaling(np.array([1.0, 2.0, 0.5]), offset=np.float32(1))
    twin = layers.deserialize(layers.serialize(layer))
    np.testing.assert_array_equal(twin(X).numpy(), [[-1, 1, 2.5]])
    assert twin.get_config()["scale"] == layer.get_config()["scale"]


def test_softmax_along_several_axes_sums_to_1():
    out = layers.Softmax(axis=[1, 2])(np.ones((2, 3, 4))).numpy()
    np.testing.assert_allclose(out, 1 / 12, rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "part"),
    [
        (lambda: layers.ReLU(max_value=-1.0), ValueError, "max_value.*-1"),
        (lambda: layers.ReLU(negative_slope=None), ValueError, "negative_slope.*None"),
        (lambda: layers.ReLU(threshold=-2), ValueError, "threshold.*-2"),
        (lambda: layers.LeakyReLU(-0.1), ValueError, r"negative_slope.*-0\.1"),
        (lambda: layers.LeakyReLU(slope=0.1), TypeError, "'slope'.*negative_slope"),
        (lambda: layers.PReLU(shared_axes=[2])(X), ValueError, "shared_axes.*2"),
        (lambda: layers.PReLU(shared_axes=[0])(X), ValueError, "shared_axes.*batch"),
        (lambda: layers.PReLU().build((None, None, 3)), ValueError, "axis 1"),
        (lambda: layers.Softmax(axis=1.5), TypeError, r"axis.*1\.5"),
        (lambda: layers.Softmax(axis=4)(X), ValueError, r"axis 4.*\(1, 3\)"),
        (
            lambda: layers.Softmax()(X, mask=[[True, False]]),
            ValueError,
            r"mask.*\(1, 3\).*\(1, 2\)",
        ),
        (lambda: layers.ActivityRegularization(l1=-1), ValueError, "l1.*-1"),
    ],
)
def test_mistakes_are_named(make, error, part):
    with pytest.raises(error, match=part):
        make()


def test_p_relu_refuses_inputs_of_another_length():
    layer = layers.PReLU(name="p")
    layer(X)
    with pytest.raises(ValueError, match=r"'p'.*length 3.*\(1, 2\)"):
        layer(X[:, :2])
    with pytest.raises(ValueError, match=r"'p'.*2 axes.*\(1, 1, 3\)"):
        layer(X[None])
