"""Layers that normalize: what they leave, when averages move, what they refuse."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray, layers

RNG = np.random.default_rng(6)
X = RNG.normal(2, 3, size=(64, 5)).astype(np.float32)


def test_batch_normalization_gives_mean_0_and_variance_1_in_training():
    out = layers.BatchNormalization(epsilon=0)(X, training=True).numpy()
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(out.var(axis=0), 1, rtol=1e-5)


def test_averages_approach_the_moments_and_inference_uses_them():
    layer = layers.BatchNormalization(momentum=0.5)
    before = layer(X).numpy()
    np.testing.assert_allclose(before, X / np.sqrt(1 + 1e-3), rtol=1e-6)
    for _ in range(40):
        trained = layer(X, training=True).numpy()
    np.testing.assert_allclose(layer.moving_mean.numpy(), X.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance.numpy(), X.var(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer(X).numpy(), trained, atol=1e-5)


def test_what_a_mask_leaves_out_counts_in_no_mean_and_no_variance():
    x = RNG.normal(2, 3, size=(6, 4, 3))
    mask = np.array([[True, True, False, True]] * 5 + [[True] + [False] * 3])
    mean, variance = x[mask].mean(axis=0), x[mask].var(axis=0)
    layer = layers.BatchNormalization(momentum=0.5, epsilon=0, dtype="float64")
    out = layer(x, training=True, mask=mask).numpy()
    np.testing.assert_allclose(out, (x - mean) / np.sqrt(variance), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_mean.numpy(), mean / 2, rtol=1e-5)
    np.testing.assert_array_equal(layer(x, mask=mask).numpy(), layer(x).numpy())


def test_the_gradient_goes_through_the_moments_that_a_mask_leaves():
    x = RNG.normal(size=(4, 3, 2)).astype("float32")
    layer = layers.BatchNormalization()
    whole, masked = (GradArray(x, requires_grad=True) for _ in range(2))
    weights = RNG.normal(size=x.shape).astype("float32")
    np.sum(layer(whole, training=True) * weights).backward()
    everything = np.ones((4, 3), bool)
    np.sum(layer(masked, training=True, mask=everything) * weights).backward()
    np.testing.assert_allclose(masked.grad, whole.grad, rtol=1e-4, atol=1e-5)


def test_a_mask_of_length_1_along_an_axis_holds_for_all_of_it():
    x = RNG.normal(size=(3, 4, 5, 2)).astype("float32")
    column = RNG.random((3, 4, 1)) < 0.6
    narrow, wide = (layers.BatchNormalization() for _ in range(2))
    out = narrow(x, training=True, mask=column).numpy()
    same = wide(x, training=True, mask=np.repeat(column, 5, axis=2)).numpy()
    np.testing.assert_array_equal(out, same)


def test_a_mask_of_other_steps_is_refused():
    with pytest.raises(ValueError, match=r"mask of shape \(3,\)"):
        layers.BatchNormalization()(X, training=True, mask=np.ones(3, bool))


@pytest.mark.parametrize("training", [False, True])
def test_frozen_batch_normalization_keeps_its_averages(training):
    layer = layers.BatchNormalization(trainable=False)
    layer(X, training=training)
    np.testing.assert_array_equal(layer.moving_mean.numpy(), 0)
    assert layer.trainable_weights == []
    assert len(layer.non_trainable_weights) == 4


def test_evaluate_and_predict_do_not_move_averages():
    model = keras.Sequential([keras.Input((5,)), layers.BatchNormalization()])
    model.compile("sgd", loss="mse")
    before = model.get_weights()
    model.evaluate(X, X, verbose=0)
    model.predict(X, verbose=0)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    model.fit(X, X, verbose=0)
    assert np.abs(model.layers[0].moving_mean.numpy()).max() > 0


def test_summary_counts_averages_as_non_trainable():
    model = keras.Sequential([keras.Input((5,)), layers.BatchNormalization()])
    lines = []
    model.summary(print_fn=lines.append)
    assert "Trainable params: 10 (" in "\n".join(lines)
    assert "Non-trainable params: 10 (" in "\n".join(lines)


@pytest.mark.parametrize("name", ["LayerNormalization", "RMSNormalization"])
def test_inner_axis_is_the_last_axis_of_the_transposed_inputs(name):
    make = getattr(layers, name)
    x = RNG.normal(size=(2, 3, 4)).astype(np.float32)
    inner = make(axis=1)(x).numpy()
    last = make(axis=-1)(x.transpose(0, 2, 1)).numpy()
    np.testing.assert_allclose(inner, last.transpose(0, 2, 1), atol=1e-6)


def test_a_group_for_each_channel_is_instance_normalization():
    x = RNG.normal(size=(2, 6, 3)).astype(np.float32)
    layer = layers.GroupNormalization(groups=-1)
    out = layer(x).numpy()
    assert layer.groups == 3
    np.testing.assert_allclose(out.mean(axis=1), 0, atol=1e-6)


def test_rms_scaling_divides_by_the_deviation_keeps_the_mean_and_warns():
    with pytest.warns(UserWarning, match=r"RMSNormalization\(\)"):
        layer = layers.LayerNormalization(epsilon=0, rms_scaling=True, scale=False)
    out = layer(X).numpy()
    np.testing.assert_allclose(out, X / X.std(axis=1, keepdims=True), rtol=1e-5)
    assert [weight.name for weight in layer.weights] == ["gamma"]
    assert layer.get_config()["rms_scaling"] is True


def test_unit_normalization_of_zeros_is_zero_with_a_finite_gradient():
    x = GradArray(np.zeros((1, 3), np.float32))
    layers.UnitNormalization()(x).sum().backward()
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize(
    "layer",
    [
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.GroupNormalization(groups=1),
        layers.RMSNormalization(),
        layers.UnitNormalization(),
    ],
)
def test_float64_layers_compute_in_float64(layer):
    twin = type(layer).from_config({**layer.get_config(), "dtype": "float64"})
    assert twin(X, training=True).dtype == np.float64
    assert all(weight.dtype == "float64" for weight in twin.weights)


LARGE = (RNG.normal(size=(16, 8)) * 400 + 100).astype("float16")


@pytest.mark.filterwarnings("ignore:LayerNormalization. rms_scaling")
@pytest.mark.parametrize(
    "make",
    [
        layers.BatchNormalization,
        lambda **options: layers.BatchNormalization(renorm=True, **options),
        layers.LayerNormalization,
        lambda **options: layers.LayerNormalization(rms_scaling=True, **options),
        lambda **options: layers.GroupNormalization(groups=2, **options),
        layers.RMSNormalization,
    ],
)
def test_halves_are_normalized_where_their_squares_are_too_large(make):
    upstream = RNG.normal(size=LARGE.shape)
    found = []
    for dtype in ("float16", "float64"):
        x = GradArray(LARGE.astype(dtype), requires_grad=True)
        out = make(dtype=dtype)(x, training=True)
        assert out.dtype == dtype
        (out * upstream.astype(dtype)).sum().backward()
        found.append((out.numpy(), x.grad))
    for half, exact in zip(*found, strict=True):
        assert np.abs(half - exact).max() < 2e-3 * np.abs(exact).max()


def test_a_mask_of_halves_leaves_their_moments_exact():
    mask = np.arange(16) < 10
    options = {"training": True, "mask": mask}
    half = layers.BatchNormalization(dtype="float16")(LARGE, **options)
    exact = layers.BatchNormalization(dtype="float64")(LARGE, **options)
    assert half.dtype == np.float16
    np.testing.assert_allclose(half.numpy(), exact.numpy(), rtol=2e-3, atol=1e-2)


def test_constraints_and_regularizers_reach_the_weights():
    layer = layers.BatchNormalization(
        beta_initializer="ones", beta_regularizer="l2", gamma_constraint="non_neg"
    )
    layer.build((None, 3))
    assert [float(loss) for loss in layer.losses] == pytest.approx([0.03])
    assert layer.gamma.constraint is layer.gamma_constraint


@pytest.mark.parametrize(
    ("make", "error", "part"),
    [
        (
            lambda: layers.BatchNormalization(synchronized=True),
            ValueError,
            "synchronized=True",
        ),
        (lambda: layers.BatchNormalization(axis=[1]), TypeError, r"axis.*\[1\]"),
        (lambda: layers.BatchNormalization(momentum=9), ValueError, "momentum.*9"),
        (lambda: layers.BatchNormalization(rate=2), TypeError, "'rate'.*momentum"),
        (lambda: layers.LayerNormalization(axis="last"), TypeError, "axis.*'last'"),
        (lambda: layers.GroupNormalization(axis=[1]), TypeError, r"axis.*\[1\]"),
        (lambda: layers.GroupNormalization(groups=0), ValueError, "groups.*0"),
        (lambda: layers.GroupNormalization(groups=3)(X), ValueError, "groups=3.*5"),
        (
            lambda: layers.UnitNormalization(axis=2)(X),
            ValueError,
            r"axis 2.*\(64, 5\)",
        ),
        (
            lambda: layers.BatchNormalization(axis=3)(X),
            ValueError,
            r"axis 3.*\(64, 5\)",
        ),
        (
            lambda: layers.BatchNormalization().build((None, None)),
            ValueError,
            r"axis 1.*Input\(shape",
        ),
    ],
)
def test_mistakes_are_named(make, error, part):
    with pytest.raises(error, match=part):
        make()


@pytest.mark.parametrize(
    "layer",
    [
        layers.BatchNormalization(name="n"),
        layers.LayerNormalization(name="n"),
        layers.GroupNormalization(groups=5, name="n"),
        layers.RMSNormalization(name="n"),
    ],
)
def test_inputs_of_another_length_are_refused(layer):
    layer(X)
    with pytest.raises(ValueError, match=r"'n'.*length 5.*\(64, 4\)"):
        layer(X[:, :4])
