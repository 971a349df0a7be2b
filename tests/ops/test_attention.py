"""Attention: who sees whom, and what does not fit."""

import numpy as np
import pytest

from keratorch import GradArray, ops
from keratorch.testing import gradcheck

RNG = np.random.default_rng(0)
QUERY, KEY, VALUE = (RNG.normal(size=(2, n, 4, 3)) for n in (5, 6, 6))


def test_it_is_the_textbook_formula():
    fit = np.einsum("bqhd,bkhd->bhqk", QUERY, KEY) / np.sqrt(3)
    share = np.exp(fit) / np.exp(fit).sum(-1, keepdims=True)
    expected = np.einsum("bhqk,bkhd->bqhd", share, VALUE)
    found = ops.dot_product_attention(QUERY, KEY, VALUE)
    np.testing.assert_allclose(found.numpy(), expected)


def test_masked_key_changes_nothing_and_has_no_gradient():
    mask = np.arange(6) != 4
    key, value = GradArray(KEY), GradArray(VALUE)
    out = ops.dot_product_attention(QUERY, key, value, mask=mask)
    others = KEY[:, mask], VALUE[:, mask]
    expected = ops.dot_product_attention(QUERY, *others)
    np.testing.assert_allclose(out.numpy(), expected.numpy())
    out.sum().backward()
    assert not key.grad[:, 4].any()
    assert not value.grad[:, 4].any()


def test_query_that_sees_no_key_sees_the_mean_of_the_values():
    out = ops.dot_product_attention(QUERY, KEY, VALUE, mask=np.zeros((5, 6), bool))
    expected = np.broadcast_to(VALUE.mean(axis=1, keepdims=True), out.shape)
    np.testing.assert_allclose(out.numpy(), expected)


def test_causal_query_does_not_see_what_comes_later():
    changed = VALUE.copy()
    changed[:, 3:] = 0
    one, other = (
        ops.dot_product_attention(QUERY, KEY, value, is_causal=True).numpy()
        for value in (VALUE, changed)
    )
    np.testing.assert_array_equal(one[:, :3], other[:, :3])
    assert not np.allclose(one[:, 3:], other[:, 3:])


def test_fewer_key_heads_serve_neighbours():
    found = ops.dot_product_attention(QUERY, KEY[:, :, :2], VALUE[:, :, :2])
    repeated = [np.repeat(x[:, :, :2], 2, axis=2) for x in (KEY, VALUE)]
    expected = ops.dot_product_attention(QUERY, *repeated)
    np.testing.assert_allclose(found.numpy(), expected.numpy())


def test_gradients_are_right_to_second_order():
    arrays = [RNG.normal(size=(1, n, 2, 2)) for n in (2, 3, 3)]
    bias = RNG.normal(size=(2, 1, 3))
    gradcheck(
        lambda q, k, v, b: ops.dot_product_attention(q, k, v, b, is_causal=True),
        *arrays,
        bias,
    )


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_dtype_stays(dtype):
    mask = np.tril(np.ones((5, 6), bool))
    arrays = [GradArray(x.astype(dtype)) for x in (QUERY, KEY, VALUE)]
    out = ops.dot_product_attention(*arrays, mask=mask)
    out.sum().backward()
    assert {out.dtype, *(x.grad.dtype for x in arrays)} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"flash_attention": True}, "flash_attention=True is for GPUs"),
        ({"attn_logits_soft_cap": 1.0}, "is for TPUs"),
        ({"mask": np.ones((6, 5), bool)}, r"mask must broadcast.*\(2, 4, 5, 6\)"),
        ({"bias": np.ones((3, 1, 1, 1))}, "bias must broadcast"),
        ({"key": KEY[..., :2]}, r"received query of shape \(2, 5, 4, 3\)"),
        ({"key": KEY[:, :, :3], "value": VALUE[:, :, :3]}, "that the key heads divide"),
    ],
)
def test_mistake_is_named(arguments, message):
    arrays = {"query": QUERY, "key": KEY, "value": VALUE}
    with pytest.raises(ValueError, match=message):
        ops.dot_product_attention(**{**arrays, **arguments})
