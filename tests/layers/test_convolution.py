"""What convolutions compute, refuse, and say when they refuse."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

RNG = np.random.default_rng(7)
KINDS = [
    lambda **kw: layers.Conv2D(**{"filters": 2, "kernel_size": 3, **kw}),
    lambda **kw: layers.DepthwiseConv2D(**{"kernel_size": 3, **kw}),
    lambda **kw: layers.SeparableConv2D(**{"filters": 2, "kernel_size": 3, **kw}),
    lambda **kw: layers.Conv2DTranspose(**{"filters": 2, "kernel_size": 3, **kw}),
]


def test_convolution_is_a_sum_over_windows():
    layer = layers.Conv2D(2, (2, 3), activation="tanh", bias_initializer="ones")
    x = RNG.normal(size=(2, 4, 5, 3)).astype(np.float32)
    out = layer(x).numpy()
    kernel, bias = layer.get_weights()
    for i in range(3):
        for j in range(3):
            window = x[:, i : i + 2, j : j + 3]
            expected = np.tanh(np.tensordot(window, kernel, 3) + bias)
            np.testing.assert_allclose(out[:, i, j], expected, rtol=1e-5, atol=1e-6)


def test_causal_output_does_not_see_the_future():
    layer = layers.Conv1D(2, 3, padding="causal", dilation_rate=2)
    x = RNG.normal(size=(1, 9, 2)).astype(np.float32)
    before = layer(x).numpy()
    x[:, 5:] += 1
    after = layer(x).numpy()
    np.testing.assert_array_equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] != after[:, 5:]).any()


@pytest.mark.parametrize("make", KINDS)
def test_layouts_give_the_same_numbers(make):
    x = RNG.normal(size=(2, 5, 6, 3)).astype(np.float32)
    last = make(bias_initializer="uniform")
    first = make(data_format="channels_first")
    expected = last(x).numpy()
    first.build((2, 3, 5, 6))
    first.set_weights(last.get_weights())
    out = first(np.moveaxis(x, -1, 1)).numpy()
    np.testing.assert_allclose(np.moveaxis(out, 1, -1), expected, rtol=1e-6)


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"kernel_size": 0}, "kernel_size must be at least 1; received 0"),
        ({"kernel_size": (3, 3, 3)}, r"kernel_size .*2 of them.*received \(3, 3, 3\)"),
        ({"kernel_size": 2.5}, "kernel_size must be an integer.*received 2.5"),
        ({"strides": -1}, "strides must be at least 1; received -1"),
        ({"dilation_rate": "a"}, "dilation_rate must be an integer.*received 'a'"),
        ({"padding": "sane"}, "padding must be 'valid' or 'same'.*'sane'"),
        ({"padding": 1}, "padding must be.*received 1.*ZeroPadding"),
        ({"padding": "causal"}, "padding must be.*received 'causal'"),
        ({"activation": "rellu"}, "relu"),
    ],
)
def test_arguments_are_checked(make, arguments, part):
    with pytest.raises(ValueError, match=part):
        make(**arguments)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: layers.Conv2D(-5, 3), "Conv2D: filters.*positive.*-5"),
        (lambda: layers.Conv2D(True, 3), "Conv2D: filters.*positive.*True"),
        (
            lambda: layers.Conv1D(3, 2, groups=2),
            "filters.*multiple.*filters=3.*groups=2",
        ),
        (lambda: layers.Conv1D(2, 2, groups=0), "groups.*positive.*0"),
        (
            lambda: layers.Conv2D(2, 3, strides=2, dilation_rate=(1, 2)),
            r"not both; received strides=\(2, 2\) and dilation_rate=\(1, 2\)",
        ),
        (lambda: layers.Conv3DTranspose(2, 3, 2, dilation_rate=2), "not both"),
        (lambda: layers.SeparableConv2D(0, 3), "SeparableConv2D: filters"),
        (lambda: layers.DepthwiseConv2D(3, depth_multiplier=0), "depth_multiplier"),
        (
            lambda: layers.Conv2DTranspose(2, 3, strides=2, output_padding=2),
            r"output_padding must be less.*received output_padding=2.*\(2, 2\)",
        ),
        (
            lambda: layers.Conv2DTranspose(2, 3, output_padding=-1),
            "Conv2DTranspose: output_padding must be at least 0; received -1",
        ),
    ],
)
def test_arguments_that_do_not_fit_each_other_are_named(make, part):
    with pytest.raises(ValueError, match=part):
        make()


def test_unknown_argument_is_named():
    with pytest.raises(TypeError, match=r"Conv2D does not know.*'kernelsize'.*filters"):
        layers.Conv2D(2, 3, kernelsize=3)


@pytest.mark.parametrize("make", KINDS)
def test_other_channels_than_built_for_are_named(make):
    layer = make(name="conv")
    layer(np.ones((1, 5, 5, 3)))
    with pytest.raises(
        ValueError,
        match=r"'conv' expects inputs with 3 channels.*received 1, in shape "
        r"\(1, 5, 5, 1\).*channels_first",
    ):
        layer(np.ones((1, 5, 5, 1)))


@pytest.mark.parametrize("make", KINDS)
def test_channels_must_be_known(make):
    with pytest.raises(ValueError, match=r"needs to know the channels.*Input\(shape"):
        make().build((None, 5, 5, None))


def test_channels_that_do_not_fall_into_groups_are_named():
    with pytest.raises(ValueError, match=r"groups=2 expects channels.*received 3"):
        layers.Conv2D(2, 3, groups=2)(np.ones((1, 5, 5, 3)))


@pytest.mark.parametrize("make", KINDS[:3])
def test_kernel_larger_than_the_inputs_is_named(make):
    layer = make(dilation_rate=2)
    part = (
        r"kernel_size=\(3, 3\), dilation_rate=\(2, 2\) and padding='valid' expects "
        r"inputs of spatial shape \(5, 5\) at least; received \(4, 9\).*'same'"
    )
    with pytest.raises(ValueError, match=part):
        layer(np.ones((1, 4, 9, 1)))
    layer(np.ones((1, 9, 9, 1)))
    with pytest.raises(ValueError, match=part):
        layer(np.ones((1, 4, 9, 1)))


def test_model_that_shrinks_its_images_away_says_where():
    pool = layers.MaxPooling2D(4, name="last_pool")
    with pytest.raises(
        ValueError, match=r"'last_pool' with pool_size=\(4, 4\).*\(3, 3\)"
    ):
        keras.Sequential([keras.Input((5, 5, 1)), layers.Conv2D(1, 3), pool])


def test_transpose_of_empty_images_is_refused():
    with pytest.raises(ValueError, match=r"'.*' does not fit.*\(1, 0, 3, 1\)"):
        layers.Conv2DTranspose(1, 2)(np.ones((1, 0, 3, 1)))


def test_model_takes_images_of_any_size():
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            layers.Conv2D(4, 3),
            layers.Conv2DTranspose(2, 3, strides=2, padding="same"),
        ]
    )
    assert model.output_shape == (None, None, None, 2)
    for length in (5, 8):
        assert model(np.ones((1, length, length, 3))).shape[1] == 2 * (length - 2)


def test_penalties_of_kernels_and_outputs_are_losses():
    layer = layers.SeparableConv2D(
        1,
        1,
        depthwise_initializer="ones",
        pointwise_initializer="ones",
        depthwise_regularizer=keras.regularizers.L1(0.5),
        pointwise_regularizer=keras.regularizers.L1(0.25),
        activity_regularizer=keras.regularizers.L2(1.0),
    )
    layer(np.ones((1, 2, 2, 2)))
    assert [float(loss) for loss in layer.losses] == [16.0, 1.0, 0.5]


def test_constraint_of_a_kernel_is_applied_after_an_update():
    layer = layers.Conv2D(2, 3, kernel_constraint="non_neg")
    x = np.ones((1, 5, 5, 1))
    layer(x)
    optimizer = keras.optimizers.SGD(layer.parameters(), lr=1.0)
    layer(x).sum().backward()
    optimizer.step()
    assert (layer.kernel.numpy() >= 0).all()


def test_float64_layer_convolves_in_float64():
    layer = layers.Conv2D(2, 3, dtype="float64")
    assert layer(np.ones((1, 5, 5, 1), np.float32)).dtype == np.float64


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("activation", ["relu", "tanh", None])
@pytest.mark.parametrize("kind", KINDS)
def test_fast_and_textbook_forms_of_a_layer_are_equal(kind, activation, data_format):
    layer = kind(
        activation=activation,
        data_format=data_format,
        strides=2,
        padding="same",
        bias_initializer="random_normal",
    )
    x = keras.GradArray(RNG.normal(size=(2, 5, 5, 5)).astype(np.float32))
    results = []
    try:
        for fast in (True, False):
            keras.config.set_fast(fast)
            out = layer(x)
            wanted = [x, *layer.trainable_variables]
            results.append([out.numpy(), *keras.gradients((out * out).sum(), wanted)])
    finally:
        keras.config.set_fast(True)
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("kind", [layers.Conv1D, layers.Conv2D])
def test_subclass_may_change_the_kernel_of_a_convolution(kind, data_format):
    class Doubled(kind):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, 2 * kernel)

    class Plain(kind):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel)

    x = RNG.normal(size=(2, 4, 6, 5)[: kind.rank + 2]).astype(np.float32)
    arguments = {"activation": "tanh", "data_format": data_format}
    ours, plain, doubled = (
        cls(3, 2, bias_initializer="ones", **arguments)
        for cls in (kind, Plain, Doubled)
    )
    for layer in (ours, plain, doubled):
        layer.build(x.shape)
        layer.set_weights(ours.get_weights())
    np.testing.assert_allclose(plain(x).numpy(), ours(x).numpy(), rtol=1e-5, atol=1e-6)
    kernel, bias = ours.get_weights()
    ours.set_weights([2 * kernel, bias])
    np.testing.assert_allclose(
        doubled(x).numpy(), ours(x).numpy(), rtol=1e-5, atol=1e-6
    )
