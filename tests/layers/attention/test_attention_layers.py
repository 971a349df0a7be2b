"""Attention layers obey masks, train, and say what they do not understand."""

import numpy as np
import pytest

import keratorch as keras
from keratorch.layers import Add, Dense, Embedding, GlobalAveragePooling1D
from keratorch.layers.attention import (
    AdditiveAttention,
    Attention,
    GroupQueryAttention,
    MultiHeadAttention,
)
from keratorch.masks import get_mask

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 5, 4)).astype(np.float32)
IDS = np.array([[1, 2, 0, 0], [3, 1, 2, 0]])
HEADS = {"num_heads": 2, "key_dim": 3}


@pytest.mark.parametrize(
    ("layer", "call"),
    [
        (MultiHeadAttention(**HEADS), lambda layer, x: layer(x, x)),
        (
            MultiHeadAttention(**HEADS, use_gate=True),
            lambda layer, x: layer(x, x, key=x, use_causal_mask=True),
        ),
        (GroupQueryAttention(3, 4, 2), lambda layer, x: layer(x, x)),
        (Attention(), lambda layer, x: layer([x, x])),
        (AdditiveAttention(), lambda layer, x: layer([x, x, x])),
    ],
)
def test_padding_of_an_embedding_changes_nothing(layer, call):
    embedding = Embedding(4, 4, mask_zero=True)
    padded, cut = call(layer, embedding(IDS)), call(layer, embedding(IDS[:1, :2]))
    np.testing.assert_allclose(padded.numpy()[:1, :2], cut.numpy(), atol=1e-6)
    assert get_mask(padded).tolist() == (IDS != 0).tolist()


def test_masks_go_through_a_block_with_a_residual():
    ids = keras.Input((None,), dtype="int32")
    x = Embedding(4, 4, mask_zero=True)(ids)
    x = Add()([x, MultiHeadAttention(**HEADS)(x, x)])
    model = keras.Model(ids, Dense(2)(GlobalAveragePooling1D()(x)))
    padded = model.predict(IDS, verbose=0)
    np.testing.assert_allclose(
        padded[:1], model.predict(IDS[:1, :2], verbose=0), atol=1e-6
    )


def test_a_block_learns_where_to_look():
    keras.utils.set_random_seed(0)
    ids = RNG.integers(1, 8, (256, 6))
    labels = (ids == 3).any(axis=1).astype("float32")
    inputs = keras.Input((6,), dtype="int32")
    x = Embedding(8, 8)(inputs)
    x = MultiHeadAttention(2, 4)(x, x)
    outputs = Dense(1, activation="sigmoid")(GlobalAveragePooling1D()(x))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.02), "binary_crossentropy", ["accuracy"])
    history = model.fit(ids, labels, epochs=15, batch_size=32, verbose=0)
    assert history.history["accuracy"][-1] > 0.95


def test_causal_queries_do_not_see_what_comes():
    layer = MultiHeadAttention(**HEADS)
    first = layer(X, X, use_causal_mask=True).numpy()
    changed = X.copy()
    changed[:, 3:] = 9
    second = layer(changed, changed, use_causal_mask=True).numpy()
    np.testing.assert_allclose(first[:, :3], second[:, :3], atol=1e-6)
    assert np.abs(first[:, 3:] - second[:, 3:]).min() > 1e-4


def test_a_sliding_window_lets_near_keys_be_seen():
    layer = MultiHeadAttention(**HEADS, sliding_window=2)
    _, scores = layer(X, X, return_attention_scores=True)
    near = np.abs(np.subtract.outer(range(5), range(5))) < 2
    assert ((scores.numpy() > 0) == near).all()


def test_a_mask_for_each_head():
    layer = MultiHeadAttention(**HEADS)
    mask = np.ones((2, 2, 5, 5), bool)
    mask[:, 1, :, 2] = False
    _, scores = layer(X, X, attention_mask=mask, return_attention_scores=True)
    assert ((scores.numpy() > 0) == mask).all()


@pytest.mark.parametrize(
    "layer",
    [
        MultiHeadAttention(**HEADS, dropout=0.5, seed=1),
        GroupQueryAttention(3, 4, 2, dropout=0.5, seed=1),
    ],
)
def test_dropout_belongs_to_training(layer):
    calm = layer(X, X).numpy()
    np.testing.assert_array_equal(layer(X, X).numpy(), calm)
    wild = layer(X, X, training=True).numpy()
    assert np.abs(wild - calm).max() > 1e-3
    _, scores = layer(X, X, training=True, return_attention_scores=True)
    np.testing.assert_allclose(scores.numpy().sum(axis=-1), 1, atol=1e-6)


def test_dropped_scores_of_attention_are_returned():
    layer = Attention(dropout=0.5, seed=1)
    _, scores = layer([X, X], training=True, return_attention_scores=True)
    assert (scores.numpy() == 0).any()


def test_groups_share_keys_and_values():
    grouped = GroupQueryAttention(3, 4, 2)
    grouped(X, X)
    full = MultiHeadAttention(4, 3)
    full(X, X)
    weights = grouped.get_weights()
    for i in (2, 4):  # kernels of key and value, then their biases
        weights[i] = np.repeat(weights[i], 2, axis=1)
        weights[i + 1] = np.repeat(weights[i + 1], 2, axis=0)
    full.set_weights(weights)
    np.testing.assert_allclose(grouped(X, X).numpy(), full(X, X).numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("axes", "scores"), [((1,), (2, 4, 2, 3, 3)), (2, (2, 3, 2, 4, 4)), (-2, None)]
)
def test_attention_along_some_axes_leaves_others_apart(axes, scores):
    x = RNG.normal(size=(2, 3, 4, 5)).astype(np.float32)
    layer = MultiHeadAttention(**HEADS, attention_axes=axes)
    out, found = layer(x, x, return_attention_scores=True)
    assert found.shape == (scores or (2, 3, 2, 4, 4))
    apart = x.reshape(6, 4, 5) if axes != (1,) else x.swapaxes(1, 2).reshape(8, 3, 5)
    plain = MultiHeadAttention(**HEADS)
    plain(apart, apart)
    plain.set_weights(layer.get_weights())
    expected = plain(apart, apart).numpy()
    found = out.numpy() if axes != (1,) else out.numpy().swapaxes(1, 2)
    np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=1e-6)


def test_symbolic_shapes():
    query, value = keras.Input((None, 4)), keras.Input((7, 3))
    out, scores = MultiHeadAttention(**HEADS, output_shape=6)(
        query, value, return_attention_scores=True
    )
    assert (out.shape, scores.shape) == ((None, None, 6), (None, 2, None, 7))
    out, scores = Attention()(
        [query, keras.Input((7, 4))], return_attention_scores=True
    )
    assert (out.shape, scores.shape) == ((None, None, 4), (None, None, 7))
    assert GroupQueryAttention(3, 4, 2)(query, value).shape == (None, None, 4)


def test_projections_have_the_names_of_keras():
    layer = MultiHeadAttention(**HEADS, use_gate=True)
    layer(X, X)
    assert layer._query_dense is layer.query_dense
    assert [w.path.split("/", 1)[1] for w in layer.weights[::2]] == [
        f"{name}/kernel"
        for name in ["query", "key", "gate", "value", "attention_output"]
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MultiHeadAttention(0, 3), "num_heads must be a positive integer"),
        (lambda: MultiHeadAttention(2, 1.5), "key_dim must be a positive integer"),
        (lambda: MultiHeadAttention(2, 3, value_dim=0), "value_dim must be a positive"),
        (lambda: MultiHeadAttention(2, 3, output_shape="4"), "output_shape must be"),
        (lambda: MultiHeadAttention(2, 3, attention_axes=[0.5]), "attention_axes must"),
        (lambda: MultiHeadAttention(2, 3, sliding_window=0), "sliding_window must be"),
        (lambda: MultiHeadAttention(2, 3, flash_attention=True), "is for GPUs"),
        (lambda: MultiHeadAttention(2, 3, dropout=2), "share of inputs to drop"),
        (lambda: GroupQueryAttention(2, 4, 3), "must divide num_query_heads"),
        (lambda: Attention(score_mode="add"), "'dot' or 'concat'; received 'add'"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MultiHeadAttention(2, 3)(X, X, key=X[:, :3]), "a key for each value"),
        (
            lambda: MultiHeadAttention(2, 3)(X, X, attention_mask=np.ones((2, 5, 4))),
            "attention_mask must have the shape",
        ),
        (
            lambda: MultiHeadAttention(2, 3)(X[None], X[None], use_causal_mask=True),
            "need one axis of attention",
        ),
        (
            lambda: GroupQueryAttention(2, 4, 2)(X[None], X[None]),
            "expects arrays of sh",
        ),
        (lambda: Attention()(X), "expects a list of arrays"),
        (lambda: Attention()([X]), "received a list of 1"),
        (lambda: Attention()([X, X], mask=np.ones((2, 5))), "mask must be a list"),
    ],
)
def test_wrong_calls(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("blind", [False, True])
def test_derivatives_of_any_order(blind):
    mask = np.ones((2, 1, 3, 4), bool)
    mask[:, :, 0, 1:] = False
    mask[1, :, 2] = not blind
    arrays = [
        keras.GradArray(RNG.normal(size=(2, places, 2, 3)), requires_grad=True)
        for places in (3, 4, 4)
    ]
    zero = np.zeros((2, 2, 3, 4))  # a bias leads through the separate operations

    def second(**more):
        out = keras.ops.dot_product_attention(*arrays, mask=mask, **more)
        first = keras.gradients(out, arrays, np.cos(out.numpy()), create_graph=True)
        total = sum((np.sin(g) * g).sum() for g in first)
        return [*(g.numpy() for g in first), *keras.gradients(total, arrays)]

    for one, other in zip(second(), second(bias=zero), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10)


@pytest.mark.parametrize(
    "layer", [MultiHeadAttention(2, 3), GroupQueryAttention(3, 2, 2)]
)
def test_keys_are_as_many_as_values(layer):
    with pytest.raises(ValueError, match="a key for each value"):
        layer.compute_output_shape((2, 5, 4), (2, 7, 4), (2, 6, 4))
