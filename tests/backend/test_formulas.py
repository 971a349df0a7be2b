"""The functions of K have the arguments and the numbers of Keras 2."""

import numpy as np
import pytest

import keratorch as keras
from keratorch import GradArray
from keratorch import backend as K  # noqa: N812 - its name everywhere
from keratorch.testing import gradcheck

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 3, 4))
P = RNG.uniform(0.1, 0.9, size=(3, 4))
T = (RNG.random((3, 4)) > 0.5).astype(float)


def values(x):
    return np.asarray(K.get_value(x))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "prod", "std", "var"])
@pytest.mark.parametrize("axis", [None, 1, -1, [0, 2]])
def test_reductions_are_those_of_numpy(name, axis):
    axes = tuple(axis) if isinstance(axis, list) else axis
    expected = getattr(np, name)(X, axis=axes, keepdims=True)
    found = getattr(K, name)(X, axis=axis, keepdims=True)
    np.testing.assert_allclose(values(found), expected, rtol=1e-12)


def test_means_of_booleans_are_shares():
    assert values(K.mean(K.equal([1, 2, 3], [1, 2, 4]))) == np.float32(2 / 3)


def test_lists_become_float32_and_arrays_keep_their_dtype():
    assert K.dtype(K.exp([1.0, 2.0])) == "float32"
    assert K.dtype(K.exp(X)) == "float64"
    assert K.dtype(K.mean([1, 2])) == "float32"
    assert K.dtype(K.maximum(np.float32(1), 0)) == "float32"


def test_axes_have_the_defaults_of_keras():
    assert values(K.argmax(X)).shape == (2, 3)
    assert values(K.concatenate([X, X])).shape == (2, 3, 8)
    assert values(K.expand_dims(X)).shape == (2, 3, 4, 1)
    np.testing.assert_array_equal(values(K.cumsum(X)), np.cumsum(X, axis=0))


def test_sqrt_takes_negative_numbers_for_zero():
    assert values(K.sqrt([-1.0, 4.0])).tolist() == [0, 2]


def test_clip_with_crossed_limits_gives_the_lower_one():
    assert values(K.clip([1.0, 5.0], 3.0, 2.0)).tolist() == [3, 3]
    assert values(K.clip([1.0, 5.0], None, 2.0)).tolist() == [1, 2]


def test_hard_sigmoid_has_the_slope_of_keras_2():
    assert values(K.hard_sigmoid([-2.5, -1.0, 0.0, 2.5])).round(6).tolist() == [
        0,
        pytest.approx(0.3),
        0.5,
        1,
    ]


def test_relu_has_slope_limit_and_threshold():
    x = [-2.0, 0.5, 1.5, 9.0]
    found = K.relu(x, alpha=0.1, max_value=6, threshold=1.0)
    np.testing.assert_allclose(values(found), [-0.3, -0.05, 1.5, 6], rtol=1e-6)


def test_softmax_takes_one_row():
    np.testing.assert_allclose(K.softmax([0.0, 0.0], axis=0).numpy(), [0.5, 0.5])


def test_binary_crossentropy_adds_epsilon_twice():
    eps = 1e-7
    p = np.clip(P, eps, 1 - eps)
    expected = -(T * np.log(p + eps) + (1 - T) * np.log(1 - p + eps))
    np.testing.assert_allclose(values(K.binary_crossentropy(T, P)), expected, 1e-12)
    logits = np.log(P / (1 - P))
    np.testing.assert_allclose(
        values(K.binary_crossentropy(T, logits, from_logits=True)), expected, atol=1e-6
    )


def test_crossentropies_agree_with_each_other():
    labels = np.array([0, 3, 1])
    dense = K.categorical_crossentropy(np.eye(4)[labels], P)
    sparse = K.sparse_categorical_crossentropy(labels[:, None].astype(float), P)
    expected = -np.log((P / P.sum(1, keepdims=True))[np.arange(3), labels])
    np.testing.assert_allclose(values(dense), expected, rtol=1e-6)
    np.testing.assert_allclose(values(sparse).ravel(), expected, rtol=1e-6)
    ignored = K.sparse_categorical_crossentropy(labels, P, ignore_class=3)
    assert values(ignored)[1] == 0


def test_focal_losses_without_focus_are_the_plain_ones():
    np.testing.assert_allclose(
        values(K.binary_focal_crossentropy(T, P, gamma=0.0)),
        values(K.binary_crossentropy(T, P)),
    )
    one_hot = np.eye(4)[[0, 3, 1]]
    np.testing.assert_allclose(
        values(K.categorical_focal_crossentropy(one_hot, P, alpha=1.0, gamma=0.0)),
        values(K.categorical_crossentropy(one_hot, P)),
        rtol=1e-6,
    )


def test_dot_and_batch_dot_are_those_of_keras():
    a, b = RNG.normal(size=(2, 3)), RNG.normal(size=(4, 3, 5))
    np.testing.assert_allclose(values(K.dot(a, b)), np.tensordot(a, b, (1, 1)))
    y = RNG.normal(size=(2, 4, 5))
    np.testing.assert_allclose(values(K.batch_dot(X, y)), X @ y)
    cosine = K.batch_dot(X, X, axes=2)
    np.testing.assert_allclose(values(cosine), X @ X.transpose(0, 2, 1))
    pairs = K.batch_dot(X[:, 0], X[:, 1], axes=1)
    np.testing.assert_allclose(values(pairs)[:, 0], (X[:, 0] * X[:, 1]).sum(1))
    np.testing.assert_allclose(
        values(K.batch_dot(X[:, :, 0], X)), np.einsum("bi,bij->bj", X[:, :, 0], X)
    )


@pytest.mark.parametrize(
    "axes, shape",
    [(0, (2, 4, 5)), (1, (2, 4, 5)), ((1, 2, 3), (2, 3, 5)), (None, (7, 4, 5))],
)
def test_batch_dot_says_what_does_not_fit(axes, shape):
    with pytest.raises(ValueError, match="batch_dot"):
        K.batch_dot(X, np.ones(shape), axes)


def test_batch_normalization_normalizes_along_an_axis():
    mean, var = X.mean((0, 2)), X.var((0, 2))
    out = K.batch_normalization(X, mean, var, None, None, axis=1, epsilon=0)
    np.testing.assert_allclose(values(out).mean((0, 2)), 0, atol=1e-12)
    both = K.normalize_batch_in_training(X, np.ones(4), np.zeros(4), [0, 1], 0)
    np.testing.assert_allclose(values(both[0]).std((0, 1)), 1)
    np.testing.assert_allclose(values(both[1]), X.mean((0, 1)))
    np.testing.assert_allclose(values(both[2]), X.var((0, 1)))


def test_bias_follows_the_image_layout():
    x = np.zeros((1, 2, 3, 4))
    last = K.bias_add(x, np.arange(4.0))
    first = K.bias_add(x, np.arange(2.0), data_format="channels_first")
    assert values(last)[0, 0, 0].tolist() == [0, 1, 2, 3]
    assert values(first)[0, :, 0, 0].tolist() == [0, 1]
    with pytest.raises(ValueError, match="bias must have 1 axis or 3"):
        K.bias_add(x, np.ones((2, 2)))


def test_bias_of_each_place_is_taken_in_the_order_of_its_numbers():
    bias = np.arange(6.0).reshape(3, 2)  # (steps, channels)
    first = K.bias_add(np.zeros((1, 2, 3)), bias, data_format="channels_first")
    assert values(first)[0].tolist() == [[0, 1, 2], [3, 4, 5]]
    last = K.bias_add(np.zeros((1, 3, 2)), bias)
    assert values(last)[0].tolist() == bias.tolist()


def test_padding_and_resizing():
    x = np.arange(4.0).reshape(1, 2, 2, 1)
    assert values(K.spatial_2d_padding(x, ((1, 0), (2, 0)))).shape == (1, 3, 4, 1)
    assert values(K.temporal_padding(x[..., 0])).shape == (1, 4, 2)
    nearest = K.resize_images(x, 2, 1, "channels_last")
    assert values(nearest).ravel().tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
    smooth = K.resize_images(x, 2, 2, "channels_last", "bilinear")
    expected = keras.layers.UpSampling2D(2, interpolation="bilinear")(x)
    np.testing.assert_allclose(values(smooth), values(expected), rtol=1e-6)
    with pytest.raises(ValueError, match="pairs of int"):
        K.spatial_2d_padding(x, (1, 1, 1))


@pytest.mark.parametrize(
    "size, padding", [(4, "same"), (3, "same"), (5, "valid"), (6, "valid")]
)
def test_conv2d_transpose_is_the_gradient_of_conv2d(size, padding):
    image = GradArray(RNG.normal(size=(1, size, size, 2)))
    kernel = RNG.normal(size=(3, 3, 2, 5))
    out = K.conv2d(image, kernel, (2, 2), padding)
    seed = RNG.normal(size=out.shape)
    out.backward(seed)
    found = K.conv2d_transpose(seed, kernel, image.shape, (2, 2), padding)
    np.testing.assert_allclose(values(found), image.grad, atol=1e-12)


def test_conv2d_transpose_refuses_impossible_shapes():
    with pytest.raises(ValueError, match=r"become no images of \(9, 9\)"):
        K.conv2d_transpose(
            np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)), (1, 9, 9, 1), (2, 2), "same"
        )


def test_causal_convolution_sees_no_future():
    x = np.zeros((1, 6, 1))
    x[0, 3] = 1
    out = K.conv1d(x, np.ones((2, 1, 1)), padding="causal", dilation_rate=2)
    assert values(out).ravel().tolist() == [0, 0, 0, 1, 0, 1]


def test_ctc_cost_is_minus_the_logarithm_of_the_share_of_paths():
    y_pred = np.full((2, 3, 3), 1 / 3)
    cost = K.ctc_batch_cost([[0, 1], [1, -1]], y_pred, [[3], [2]], [[2], [1]])
    # 5 of 27 paths spell 0 1; 3 of 9 spell 1
    np.testing.assert_allclose(values(cost), -np.log([[5 / 27], [3 / 9]]), rtol=1e-5)


def test_ctc_decode_is_greedy_or_searches():
    best = np.array([[0, 0, 2, 0, 1]])
    y_pred = np.eye(3)[best] * 0.9 + 0.03
    (labels,), score = K.ctc_decode(y_pred, [5])
    assert values(labels).tolist() == [[0, 0, 1, -1, -1]] and score.shape == (1, 1)
    (labels,), _ = K.ctc_decode(y_pred, [5], greedy=False)
    assert values(labels).tolist() == [[0, 1, -1, -1, -1]]  # equal neighbours once


GRADIENTS = {
    "abs": K.abs,
    "batch_dot": lambda x: K.batch_dot(x, x, axes=2),
    "batch_flatten": K.batch_flatten,
    "clip": lambda x: K.clip(x, -0.5, 0.5),
    "concatenate": lambda x: K.concatenate([x, x]),
    "cumprod": K.cumprod,
    "dot": lambda x: K.dot(x, np.ones((4, 2))),
    "elu": K.elu,
    "gather": lambda x: K.gather(x, [1, 1, 0]),
    "hard_sigmoid": K.hard_sigmoid,
    "l2_normalize": lambda x: K.l2_normalize(x, axis=-1),
    "logsumexp": lambda x: K.logsumexp(x, axis=1),
    "permute": lambda x: K.permute_dimensions(x, (2, 0, 1)),
    "pow": lambda x: K.pow(x * x, 1.5),
    "repeat_elements": lambda x: K.repeat_elements(x, 2, axis=1),
    "reverse": lambda x: K.reverse(x, 1),
    "slice": lambda x: K.slice(x, (0, 1, 0), (2, -1, 2)),
    "softmax": K.softmax,
    "std": K.std,
    "switch": lambda x: K.switch(X > 0, x, 2 * x),
    "tile": lambda x: K.tile(x, (1, 2, 1)),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_flow(name):
    gradcheck(GRADIENTS[name], X)
