"""The functions of `keratorch.backend` beside what Keras 3 has left of them."""

import numpy as np
import pytest

from keratorch import GradArray
from keratorch import backend as K  # noqa: N812 - its name everywhere

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*integer division.*:UserWarning"),
]


def draw(*shape, seed=0):
    return np.random.default_rng((seed, *shape)).normal(size=shape).astype("float32")


def shares(*shape):
    x = np.exp(draw(*shape))
    return x / x.sum(axis=-1, keepdims=True)


X, IMAGE = draw(2, 3, 4), draw(2, 5, 6, 3)
LABELS = np.array([[1, 0, 3], [2, 2, 1]])
ONE_HOT = np.eye(4, dtype="float32")[LABELS]

# name, arrays that want gradients, K's function of them, Keras's function
CASES = {
    "logsumexp": ([X], lambda x: K.logsumexp(x, 1), lambda o, x: o.logsumexp(x, 1)),
    "batch_dot": (
        [X, draw(2, 4, 5)],
        lambda x, y: K.batch_dot(x, y, axes=(2, 1)),
        lambda o, x, y: keras.layers.Dot(axes=(2, 1))([x, y]),
    ),
    "l2_normalize": (
        [X],
        lambda x: K.l2_normalize(x, axis=-1),
        lambda o, x: o.normalize(x, axis=-1, epsilon=1e-6),
    ),
    "categorical_crossentropy": (
        [shares(2, 3, 4)],
        lambda p: K.categorical_crossentropy(ONE_HOT, p),
        lambda o, p: o.categorical_crossentropy(ONE_HOT, p),
    ),
    "sparse_categorical_crossentropy": (
        [X],
        lambda x: K.sparse_categorical_crossentropy(LABELS, x, from_logits=True),
        lambda o, x: o.sparse_categorical_crossentropy(LABELS, x, from_logits=True),
    ),
    "binary_crossentropy": (
        [shares(2, 3, 4)],
        lambda p: K.binary_crossentropy(ONE_HOT, p),
        lambda o, p: o.binary_crossentropy(ONE_HOT, p),
    ),
    "relu": (
        [X],
        lambda x: K.relu(x, alpha=0.3, max_value=1.0, threshold=0.1),
        lambda o, x: keras.activations.relu(x, 0.3, 1.0, 0.1),
    ),
    "conv2d": (
        [IMAGE, draw(3, 2, 3, 4)],
        lambda x, k: K.conv2d(x, k, (2, 1), "same"),
        lambda o, x, k: o.conv(x, k, (2, 1), "same", "channels_last"),
    ),
    "conv2d_transpose": (
        [IMAGE, draw(3, 3, 4, 3)],
        lambda x, k: K.conv2d_transpose(x, k, (2, 10, 12, 4), (2, 2), "same"),
        lambda o, x, k: o.conv_transpose(
            x, k, (2, 2), "same", data_format="channels_last"
        ),
    ),
    "pool2d": (
        [IMAGE],
        lambda x: K.pool2d(x, (2, 2), (2, 2), "same", pool_mode="avg"),
        lambda o, x: o.average_pool(x, (2, 2), (2, 2), "same", "channels_last"),
    ),
    "resize_images": (
        [IMAGE],
        lambda x: K.resize_images(x, 2, 3, "channels_last", "bilinear"),
        lambda o, x: o.image.resize(
            x, (10, 18), "bilinear", data_format="channels_last"
        ),
    ),
    "ctc_batch_cost": (
        [shares(2, 6, 5)],
        lambda p: K.ctc_batch_cost([[0, 2], [3, 3]], p, [[6], [5]], [[2], [2]])[:, 0],
        lambda o, p: o.ctc_loss(
            torch.tensor([[0, 2], [3, 3]]),
            torch.log(p + 1e-7),
            torch.tensor([2, 2]),
            torch.tensor([6, 5]),
            mask_index=4,
        ),
    ),
    "batch_normalization": (
        [X, draw(4), np.abs(draw(4)) + 1, draw(4, seed=1), draw(4, seed=2)],
        lambda *xs: K.batch_normalization(*xs),
        lambda o, x, m, v, b, g: o.batch_normalization(x, m, v, -1, b, g),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_those_of_keras(name):
    arrays, ours, theirs = CASES[name]
    mine = [GradArray(x) for x in arrays]
    other = [torch.tensor(x, requires_grad=True) for x in arrays]
    found, expected = ours(*mine), theirs(keras.ops, *other)
    np.testing.assert_allclose(
        found.numpy(), expected.detach().numpy(), rtol=2e-5, atol=2e-6
    )
    seed = draw(*found.shape, seed=9)
    found.backward(seed)
    expected.backward(torch.tensor(seed))
    for x, y in zip(mine, other, strict=True):
        np.testing.assert_allclose(x.grad, y.grad.numpy(), rtol=2e-4, atol=2e-5)


def test_greedy_decoding_is_that_of_keras():
    p = shares(3, 6, 5)
    (labels,), scores = K.ctc_decode(p, [6, 4, 5])
    expected, their_scores = keras.ops.ctc_decode(
        torch.log(torch.tensor(p) + 1e-7), torch.tensor([6, 4, 5]), mask_index=4
    )
    np.testing.assert_array_equal(labels.numpy(), np.asarray(expected)[0])
    np.testing.assert_allclose(scores.numpy(), np.asarray(their_scores), rtol=1e-5)
