"""Samples of the operation in `keratorch.grads.attention`."""

import numpy as np

from keratorch.grads.attention import AttentionGrad

from .sample import Sample, fortran, normal, positive, strided


def attention(query, key, value, allowed=None, kept=None, scale=1.0):
    fit = scale * query @ np.swapaxes(key, -1, -2)
    if allowed is not None:
        fit = np.where(allowed, fit, -1e100)
    p = np.exp(fit - fit.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    return (p if kept is None else p * kept) @ value


def sample(query, key, value, **params):
    return Sample(
        lambda q, k, v: AttentionGrad.apply(q, k, v, **params),
        query,
        key,
        value,
        reference=lambda q, k, v: attention(q, k, v, **params),
    )


def by_head(*size):
    """Return (batch, heads, places, size) that lies as (batch, places, heads, size)."""
    batch, heads, places, features = size
    return normal(batch, places, heads, features).transpose(0, 2, 1, 3)


def masks():
    """Return masks of queries of two heads for three keys; one query sees nothing."""
    seen = np.array([[True, False, True], [False, False, False]])
    return [
        np.tri(2, 3, dtype=bool),
        np.array([True, True, False]),
        seen,
        np.stack([seen, ~seen])[:, None],
    ]


SAMPLES = {
    AttentionGrad: [
        sample(normal(2, 3), normal(4, 3), normal(4, 2)),
        sample(
            by_head(2, 2, 2, 3), by_head(2, 2, 3, 3), by_head(2, 2, 3, 2), scale=0.5
        ),
        sample(strided(normal(2, 2)), fortran(normal(1, 2)), strided(normal(1, 3))),
        sample(normal(0, 2, 3), normal(0, 2, 3), normal(0, 2, 3)),
        sample(normal(2, 0, 3), normal(2, 2, 3), normal(2, 2, 3)),
        sample(
            normal(2, 2, 2),
            normal(2, 3, 2),
            normal(2, 3, 2),
            kept=positive(2, 2, 3) * [1, 0, 1],
        ),
        *(
            sample(
                by_head(2, 2, 2, 2),
                by_head(2, 2, 3, 2),
                by_head(2, 2, 3, 2),
                allowed=allowed,
                kept=kept,
            )
            for allowed in masks()
            for kept in (None, positive(2, 1, 2, 3), np.array([[1.0], [0.0]]))
        ),
    ]
}
