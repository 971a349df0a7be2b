"""The kernel of attention: blocks, threads, weights kept or computed again."""

import numpy as np
import pytest

from keratorch import GradArray, config, gradients, layers, no_grad, threads
from keratorch.grads.attention import AttentionGrad
from keratorch.kernels import attention

RNG = np.random.default_rng(4)


def arrays(dtype=np.float32, lead=(3, 2), queries=37, keys=53, scale=1.0):
    rng = np.random.default_rng(5)
    shapes = [(queries, 8), (keys, 8), (keys, 5)]
    made = [rng.normal(scale=scale, size=(*lead, *s)).astype(dtype) for s in shapes]
    return [GradArray(x) for x in made]


def results(inputs, **params):
    out = AttentionGrad.apply(*inputs, **params)
    upstream = np.random.default_rng(6).normal(size=out.shape).astype(out.dtype)
    return [out.numpy(), *gradients(out, inputs, upstream)]


def params_of(mask, dropout):
    rng = np.random.default_rng(7)
    params = {"scale": 0.3}
    if mask == "causal":
        params["allowed"] = np.tri(37, 53, dtype=bool)
    elif mask == "padding":
        params["allowed"] = rng.random((3, 1, 1, 53)) < 0.8
    elif mask == "blind":
        params["allowed"] = np.tri(37, 53, -2, dtype=bool)
    if dropout:
        params["kept"] = (rng.random((3, 2, 37, 53)) < 0.7) / 0.7
    return params


@pytest.mark.parametrize("kept_bytes", [0, attention._KEPT])
@pytest.mark.parametrize("block", [1, 2**13, 2**15, attention._BLOCK])
@pytest.mark.parametrize("dropout", [False, True])
@pytest.mark.parametrize("mask", [None, "causal", "padding", "blind"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_equal_the_textbook(
    dtype, mask, dropout, block, kept_bytes, monkeypatch
):
    monkeypatch.setattr(attention, "_BLOCK", block)
    monkeypatch.setattr(attention, "_KEPT", kept_bytes)
    params = params_of(mask, dropout)
    found = results(arrays(dtype), **params)
    config.set_fast(False)
    try:
        expected = results(arrays(dtype), **params)
    finally:
        config.set_fast(True)
    tolerance = 3e-6 if dtype == np.float32 else 1e-13
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == dtype
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=10 * tolerance)


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_any_number_of_threads_gives_the_same_bits(scale):
    inputs, found = arrays(lead=(4, 4), queries=200, keys=150, scale=scale), []
    try:
        for number in (1, 2, 5):
            threads.set_num_threads(number)
            found.append(results(inputs))
    finally:
        threads.set_num_threads(None)
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_large_fits_do_not_overflow():
    query, key, value = arrays(scale=1e4)
    out = AttentionGrad.apply(query, key, value)
    best = np.argmax(query.numpy() @ key.numpy().swapaxes(-1, -2), axis=-1)
    expected = np.take_along_axis(value.numpy(), best[..., None], axis=-2)
    np.testing.assert_allclose(out.numpy(), expected, rtol=1e-5)


def test_weights_are_kept_for_a_derivative_alone():
    query, key, value = arrays()
    assert AttentionGrad.apply(query, key, value).grad_op.softmax.powers is not None
    heads = attention.Heads(query.numpy(), key.numpy(), value.numpy())
    assert attention.attend(heads, keeps=False)[1].powers is None
    with no_grad():
        assert AttentionGrad.apply(query, key, value).grad_op is None


def test_results_lie_in_memory_as_the_query_does():
    x = RNG.normal(size=(2, 7, 3, 4)).astype(np.float32)
    heads = GradArray(x.transpose(0, 2, 1, 3))
    out = AttentionGrad.apply(heads, heads, heads)
    assert out.numpy().transpose(0, 2, 1, 3).flags.c_contiguous


def test_leading_axes_that_broadcast_go_by_the_textbook():
    query, key, value = arrays()
    out = AttentionGrad.apply(query, key[:1], value[:1])
    expected = AttentionGrad.apply(query[:1], key[:1], value[:1])
    assert not isinstance(out.grad_op, AttentionGrad)
    np.testing.assert_allclose(out.numpy()[:1], expected.numpy(), atol=1e-6)


@pytest.mark.parametrize("masked", [False, True])
def test_dropped_weights_are_the_same_with_scores_and_without(masked):
    x = RNG.normal(size=(2, 6, 4)).astype(np.float32)
    mask = np.tri(6, dtype=bool)[None] if masked else None
    layer = layers.MultiHeadAttention(2, 3, dropout=0.4, seed=1)
    layer.build(x.shape, x.shape)
    twin = layers.MultiHeadAttention.from_config(layer.get_config())
    twin.build(x.shape, x.shape)
    twin.set_weights(layer.get_weights())
    out = layer(x, x, attention_mask=mask, training=True)
    other, scores = twin(
        x, x, attention_mask=mask, training=True, return_attention_scores=True
    )
    np.testing.assert_allclose(out.numpy(), other.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(scores.numpy().sum(axis=-1), 1, rtol=1e-5)
