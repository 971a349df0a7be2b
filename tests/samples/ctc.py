"""Samples of the operation in `keratorch.grads.ctc`."""

import itertools

import numpy as np

from keratorch.grads import ctc

from .sample import Sample, fortran, normal, strided


def spelled(alignment, blank):
    """Return what is left of an alignment without repetitions, and then blanks."""
    return [k for k, _ in itertools.groupby(alignment) if k != blank]


def by_enumeration(logits, labels, counts, lengths, blank):
    """Return -log of the summed probability of all alignments, each tried in turn."""
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    losses = []
    for row, label, count, length in zip(p, labels, counts, lengths, strict=True):
        total = 0.0
        for alignment in itertools.product(range(p.shape[-1]), repeat=int(length)):
            if spelled(alignment, blank) == list(label[:count]):
                total += np.prod([row[t, k] for t, k in enumerate(alignment)])
        losses.append(-np.log(total))
    return np.array(losses)


def sample(logits, labels, counts, lengths, blank=0):
    arguments = [np.array(x) for x in (labels, counts, lengths)]
    return Sample(
        lambda x: ctc.CtcGrad.apply(x, *arguments, blank=blank),
        logits,
        reference=lambda x: by_enumeration(x, *arguments, blank),
    )


SAMPLES = {
    ctc.CtcGrad: [
        sample(normal(2, 3, 3), [[1, 2], [2, 0]], [2, 1], [3, 2]),
        sample(normal(1, 4, 3), [[1, 1]], [2], [4]),
        sample(normal(1, 4, 3), [[0, 1]], [2], [3], blank=2),
        sample(normal(1, 3, 2), [[1, 1]], [0], [3]),
        sample(normal(1, 2, 3), np.zeros((1, 0), int), [0], [2]),
        sample(normal(1, 1, 2), [[1]], [1], [1]),
        sample(strided(normal(1, 3, 3)), [[2, 1]], [2], [3]),
        sample(fortran(normal(2, 2, 2)), [[1], [1]], [1, 0], [2, 1]),
    ]
}
