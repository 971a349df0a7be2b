"""The functions of `keratorch.ops` beside those of Keras, with their gradients."""

from pathlib import Path

import numpy as np
import pytest

import keratorch as kt

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ imp:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*integer division.*:UserWarning"),
]
NAMES = Path(__file__).parents[1] / "data" / "keras_ops.txt"


def draw(*shape, seed=0):
    return np.random.default_rng((seed, *shape)).normal(size=shape).astype("float32")


def positive(*shape):
    return np.abs(draw(*shape)) + np.float32(0.5)


def matrix(n, *stack):
    a = draw(*stack, n, n)
    return a @ a.swapaxes(-1, -2) + np.eye(n, dtype="float32")


IDS = np.array([2, 0, 2, 1, 0, 2])
X, Y = draw(2, 3, 4), draw(2, 3, 4, seed=1)
IMAGE = draw(2, 6, 4, 8)
FIRST = draw(2, 3, 7, 8)
Q, K, V = draw(2, 5, 4, 3), draw(2, 6, 4, 3), draw(2, 6, 4, 3, seed=2)
MASK = np.random.default_rng(0).random((2, 1, 5, 6)) < 0.7
MASK[..., 0] = True

# name, arrays that want gradients, the call with the function and these arrays
CASES = [
    ("batch_normalization", [X, positive(4), positive(4), draw(4), draw(4, seed=3)],
     lambda f, x, m, v, o, s: f(x, m, v, -1, o, s)),
    ("batch_normalization", [X, draw(3), positive(3)],
     lambda f, x, m, v: f(x, m, v, axis=1, epsilon=0.1)),
    ("layer_normalization", [X, draw(4), draw(4, seed=1)], lambda f, *xs: f(*xs)),
    ("layer_normalization", [X, draw(3, 4)],
     lambda f, x, g: f(x, g, axis=(1, 2), epsilon=1e-3)),
    ("rms_normalization", [X, draw(4)], lambda f, *xs: f(*xs)),
    ("rms_normalization", [X], lambda f, x: f(x, axis=(1, 2), epsilon=0.1)),
    ("normalize", [X], lambda f, x: f(x)),
    ("normalize", [X], lambda f, x: f(x, axis=1, order=3)),
    ("normalize", [X], lambda f, x: f(x, order=1)),
    ("moments", [X], lambda f, x: f(x, axes=[0, 1], keepdims=True)),
    ("moments", [X], lambda f, x: f(x, axes=[-1])),
    ("dot_product_attention", [Q, K, V], lambda f, *xs: f(*xs)),
    ("dot_product_attention", [Q, K, V], lambda f, *xs: f(*xs, mask=MASK)),
    ("dot_product_attention", [Q, K, V], lambda f, *xs: f(*xs, scale=0.3)),
    ("dot_product_attention", [Q, K, V, draw(2, 4, 5, 6)], lambda f, *xs: f(*xs)),
    ("dot_product_attention", [draw(2, 5, 4, 3), draw(2, 5, 2, 3), draw(2, 5, 2, 3)],
     lambda f, *xs: f(*xs, is_causal=True)),
    ("psnr", [X, Y], lambda f, *xs: f(*xs, max_val=2.0)),
    ("unfold", [FIRST], lambda f, x: f(x, 3)),
    ("unfold", [FIRST], lambda f, x: f(x, (2, 3), 2, (1, 2), (2, 1))),
    ("fold", [draw(2, 12, 30)], lambda f, x: f(x, (6, 7), 2)),
    ("fold", [draw(2, 18, 12)],
     lambda f, x: f(x, (8, 7), (2, 3), 2, (1, 2), (2, 3))),
    ("depth_to_space", [IMAGE], lambda f, x: f(x, 2)),
    ("space_to_depth", [IMAGE], lambda f, x: f(x, 2)),
    ("depth_to_space", [draw(2, 8, 3, 2)], lambda f, x: f(x, 2, "channels_first")),
    ("space_to_depth", [draw(2, 3, 4, 6)], lambda f, x: f(x, 2, "channels_first")),
    ("erf", [X], lambda f, x: f(x)),
    ("erfc", [X], lambda f, x: f(x)),
    ("erfinv", [np.tanh(X)], lambda f, x: f(x)),
    ("rsqrt", [positive(3)], lambda f, x: f(x)),
    ("logsumexp", [X], lambda f, x: f(x, axis=(0, 2), keepdims=True)),
    ("divide_no_nan", [X, np.where(Y > 0, Y, 0)], lambda f, *xs: f(*xs)),
    ("segment_sum", [draw(6, 2)], lambda f, x: f(x, IDS)),
    ("segment_sum", [draw(6, 2)], lambda f, x: f(x, IDS, num_segments=5)),
    ("segment_max", [draw(6, 2)], lambda f, x: f(x, IDS)),
    ("segment_min", [draw(6, 2)], lambda f, x: f(x, IDS, num_segments=3)),
    ("segment_prod", [draw(6, 2)], lambda f, x: f(x, IDS)),
    ("top_k", [X], lambda f, x: f(x, 2)[0]),
    ("extract_sequences", [X], lambda f, x: f(x, 2, 1)),
    ("fft", [X, Y], lambda f, *xs: f(xs)),
    ("fft2", [X, Y], lambda f, *xs: f(xs)),
    ("ifft2", [X, Y], lambda f, *xs: f(xs)),
    ("rfft", [X], lambda f, x: f(x)),
    ("rfft", [X], lambda f, x: f(x, fft_length=6)),
    ("irfft", [X, Y], lambda f, *xs: f(xs)),
    ("irfft", [X, Y], lambda f, *xs: f(xs, fft_length=5)),
    ("stft", [draw(2, 20)], lambda f, x: f(x, 6, 3, 8)),
    ("stft", [draw(2, 20)], lambda f, x: f(x, 5, 2, 6, "hamming", center=False)),
    ("istft", [draw(7, 5), draw(7, 5, seed=1)], lambda f, *xs: f(xs, 8, 4, 8)),
    ("istft", [draw(7, 5), draw(7, 5, seed=1)],
     lambda f, *xs: f(xs, 8, 2, 8, length=9, window="hamming")),
    ("cdist", [X, draw(2, 5, 4)], lambda f, *xs: f(*xs)),
    ("cholesky", [matrix(3, 2)], lambda f, x: f(x)),
    ("det", [draw(3, 3)], lambda f, x: f(x)),
    ("inv", [matrix(3, 2)], lambda f, x: f(x)),
    ("logdet", [matrix(3, 2)], lambda f, x: f(x)),
    ("lstsq", [draw(5, 3), draw(5)], lambda f, *xs: f(*xs)),
    ("lu_factor", [draw(4, 4)], lambda f, x: f(x)[0]),
    ("lu_factor", [draw(2, 3, 3)], lambda f, x: f(x)[0]),
    ("norm", [X], lambda f, x: f(x, axis=-1)),
    ("pinv", [draw(4, 3)], lambda f, x: f(x)),
    ("qr", [draw(4, 3)], lambda f, x: tuple(f(x))),
    ("solve", [matrix(3, 2), draw(2, 3, 4)], lambda f, *xs: f(*xs)),
    ("solve_triangular", [matrix(3), draw(3, 2)], lambda f, *xs: f(*xs)),
    ("solve_triangular", [matrix(3), draw(3, 2)], lambda f, *xs: f(*xs, lower=True)),
    ("scatter", [draw(4, 2)], lambda f, v: f([[0], [2], [2], [1]], v, (5, 2))),
    ("scatter_update", [draw(4, 3), draw(2)],
     lambda f, x, u: f(x, [[1, 2], [3, 0]], u)),
    ("slice", [X], lambda f, x: f(x, (0, 1, 2), (2, 2, 1))),
    ("slice_update", [X, draw(1, 2, 3)], lambda f, x, u: f(x, (1, 0, 1), u)),
    ("unstack", [X], lambda f, x: tuple(f(x, axis=1))),
    ("rearrange", [X], lambda f, x: f(x, "a b (c d) -> (d a) (b c)", d=2)),
    ("scan", [X], lambda f, x: f(lambda c, e: (c + e, c * e), x[0], x)),
    ("fori_loop", [X], lambda f, x: f(0, 3, lambda i, v: v * x, x)),
    ("associative_scan", [X], lambda f, x: f(lambda a, b: a * b, x, axis=2)),
    ("associative_scan", [X], lambda f, x: f(lambda a, b: a * b, x, True, 1)),
    ("map", [X], lambda f, x: f(lambda e: e * e, x)),
    ("vectorized_map", [X, Y], lambda f, *xs: f(lambda e: e[0] * e[1], list(xs))),
    ("cast", [X], lambda f, x: f(x, "float64")),
]  # fmt: skip


def as_tuple(out):
    return tuple(out) if isinstance(out, (tuple, list)) else (out,)


@pytest.mark.parametrize(
    "name, arrays, call", CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)]
)
def test_values_and_gradients_are_those_of_keras(name, arrays, call):
    leaves = [kt.GradArray(array) for array in arrays]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    found = as_tuple(call(getattr(kt.ops, name), *leaves))
    expected = as_tuple(call(getattr(keras.ops, name), *tensors))
    assert len(found) == len(expected)
    total, other = 0, 0
    for i, (ours, theirs) in enumerate(zip(found, expected, strict=True)):
        values = theirs.detach().numpy()
        assert ours.dtype == values.dtype
        np.testing.assert_allclose(ours.numpy(), values, rtol=1e-4, atol=2e-5)
        weights = draw(*ours.shape, seed=i)
        weights = np.where(np.isfinite(values), weights, 0)
        total = total + (np.where(weights, ours, 0) * weights).sum()
        weights = torch.tensor(weights)
        other = other + (torch.where(weights != 0, theirs, 0) * weights).sum()
    total.backward()
    other.backward()
    for leaf, tensor in zip(leaves, tensors, strict=True):
        slope = np.zeros(leaf.shape) if tensor.grad is None else tensor.grad.numpy()
        grad = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad
        np.testing.assert_allclose(grad, slope, rtol=2e-3, atol=2e-4)


VALUES = [
    ("arange", (5,), {}), ("arange", (1, 2, 0.25), {}), ("arange", (1, 7, 2), {}),
    ("linspace", (0, 1, 5), {}), ("linspace", (0, 1, 5), {"endpoint": False}),
    ("logspace", (0, 2, 5), {}), ("geomspace", (1, 100, 5), {}),
    ("zeros", ((2, 3),), {}), ("ones", (3,), {"dtype": "int32"}),
    ("full", ((2,), 7), {}), ("eye", (3, 4, 1), {}), ("identity", (3,), {}),
    ("tri", (3, 4, 1), {}), ("bartlett", (7,), {}), ("blackman", (7,), {}),
    ("hamming", (7,), {}), ("hanning", (7,), {}), ("kaiser", (7, 2.5), {}),
    ("one_hot", ([[0, 2], [1, -1]], 3), {"axis": 1}),
    ("multi_hot", ([[0, 2], [1, 1]], 4), {}), ("multi_hot", ([0, 2], 4), {}),
    ("cast", (np.float32([1.7, -1.7]), "int32"), {}),
    ("saturate_cast", (np.float32([-1, 3.7, 300]), "uint8"), {}),
    ("saturate_cast", (np.int32([-1, 300, 5]), "uint8"), {}),
    ("saturate_cast", (np.float32([np.inf, -np.inf]), "float16"), {}),
    ("convert_to_tensor", ([1, 2],), {}), ("convert_to_tensor", ([1.5],), {}),
    ("convert_to_tensor", ([True],), {}),
    ("in_top_k", (np.array([2, 0]), draw(2, 4), 2), {}),
    ("top_k", (np.float32([1, 3, 3, 2]), 3), {}),
    ("unique", (np.array([3, 1, 3, 2]),), {"return_counts": True}),
    ("view_as_real", (np.complex64([1 + 2j]),), {}),
    ("view_as_complex", (draw(3, 2),), {}), ("polar", (draw(3), draw(3)), {}),
    ("view", (np.float32([1.0]), "int32"), {}),
    ("erfinv", (np.float32([-1, 1, 0, 0.999999, 1e-10]),), {}),
    ("erfc", (np.float32([-3, 0, 5, 9, 20]),), {}),
    ("cholesky_inverse", (matrix(3),), {}),
    ("cholesky_inverse", (matrix(3),), {"upper": True}),
    ("get_item", (X, 1), {}), ("while_loop", (lambda i: i < 5, lambda i: i + 2, 0), {}),
    ("ctc_decode", (draw(3, 7, 4), np.array([7, 5, 2])), {}),
    ("ctc_decode", (draw(3, 7, 4), np.array([7, 5, 2])), {"merge_repeated": False}),
    ("ctc_decode", (draw(2, 5, 4), np.array([5, 4])), {"mask_index": 3}),
    ("ctc_decode", (draw(2, 6, 4), np.array([6, 4])),
     {"strategy": "beam_search", "beam_width": 20, "top_paths": 3}),
]  # fmt: skip


@pytest.mark.parametrize(
    "name, args, kwargs",
    VALUES,
    ids=[f"{i}-{case[0]}" for i, case in enumerate(VALUES)],
)
def test_values_are_those_of_keras(name, args, kwargs):
    found = as_tuple(getattr(kt.ops, name)(*args, **kwargs))
    expected = as_tuple(getattr(keras.ops, name)(*args, **kwargs))
    for ours, theirs in zip(found, expected, strict=True):
        theirs = np.asarray(keras.ops.convert_to_numpy(theirs))
        ours = np.asarray(kt.ops.convert_to_numpy(ours))
        if theirs.dtype.kind == "f":
            assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_ctc_loss_is_that_of_keras(seed):
    rng = np.random.default_rng(seed)
    batch, steps, classes, longest = rng.integers((1, 6, 3, 1), (4, 10, 6, 4))
    blank = int(rng.integers(classes))
    others = [k for k in range(classes) if k != blank]
    labels = rng.choice(others, (batch, longest))
    counts = rng.integers(0, longest + 1, batch)
    lengths = rng.integers(6, steps + 1, batch)
    logits = rng.normal(size=(batch, steps, classes)).astype("float32")
    leaf, tensor = kt.GradArray(logits), torch.tensor(logits, requires_grad=True)
    ours = kt.ops.ctc_loss(labels, leaf, counts, lengths, blank)
    theirs = keras.ops.ctc_loss(labels, tensor, counts, lengths, blank)
    np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), rtol=1e-4)
    weights = rng.normal(size=batch).astype("float32")
    ours.backward(weights)
    theirs.backward(torch.tensor(weights))
    np.testing.assert_allclose(leaf.grad, tensor.grad.numpy(), rtol=1e-3, atol=1e-5)


def test_group_and_instance_normalization_are_those_of_pytorch():
    x, gamma, beta = draw(2, 6, 4, 5), draw(6), draw(6, seed=1)
    tensors = [torch.tensor(array) for array in (x, gamma, beta)]
    ours = kt.ops.group_normalization(x, 3, gamma, beta, data_format="channels_first")
    theirs = torch.nn.functional.group_norm(tensors[0], 3, *tensors[1:])
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)
    ours = kt.ops.instance_normalization(x, gamma, beta, data_format="channels_first")
    theirs = torch.nn.functional.instance_norm(
        tensors[0], weight=tensors[1], bias=tensors[2]
    )
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)


def test_stored_names_are_those_of_keras():
    if not keras.__version__.startswith("3.15"):
        pytest.skip(f"the names are those of Keras 3.15, not {keras.__version__}")
    live = sorted(name for name in dir(keras.ops) if not name.startswith("_"))
    assert NAMES.read_text().split() == live
