"""Samples of the operations in `keratorch.grads.embedding`."""

import numpy as np

from keratorch.grads import embedding

from .sample import Sample, fortran, normal, strided


def embeddings():
    return [
        Sample(
            lambda table, indices=indices: embedding.EmbeddingGrad.apply(
                table, indices
            ),
            table,
            reference=lambda table, indices=indices: np.take(table, indices, axis=0),
        )
        for table, indices in [
            (normal(4, 3), [2, 0, 2]),
            (normal(4, 3), np.array([[1, 1, 3], [0, 1, -1]])),
            (normal(3, 2), np.array(2)),
            (normal(3, 2), np.zeros((2, 0), int)),
            (strided(normal(3, 2)), np.array([0, 1], np.uint8)),
            (normal(1, 2), [0, -1]),
            (fortran(normal(3, 2, 2)), [2, 2]),
            (normal(4), [1, 1, 0]),
        ]
    ]


def segment_sums():
    return [
        Sample(
            lambda x, ids=ids: embedding.SegmentSumGrad.apply(x, ids, 4),
            x,
            reference=lambda x, ids=ids: np.stack(
                [x[np.array(ids, int) == k].sum(axis=0) for k in range(4)]
            ),
        )
        for x, ids in [
            (normal(5, 2), [2, 0, 2, 3, 2]),
            (normal(3), [1, 1, 1]),
            (normal(0, 3), []),
            (normal(2, 0), [0, 3]),
            (strided(normal(3, 2)), [3, 2, 0]),
            (fortran(normal(3, 2, 2)), [0, 1, 0]),
        ]
    ]


SAMPLES = {
    embedding.EmbeddingGrad: embeddings(),
    embedding.SegmentSumGrad: segment_sums(),
}
