"""Looking rows up in a table, and adding rows up by number: each other's derivative."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.grads.indexing import ScatteredGradient, apply_at


class EmbeddingGrad(Grad):
    """out = table[indices], one row for each index.

    Hence dL/dtable[i] = the sum of dL/dout over the places where i was looked up, which
    is `SegmentSumGrad`; the walk adds those of several lookups up in one array.  Equals
    `TakeGrad` along the first axis.
    """

    def __init__(self, table, indices):
        super().__init__(table)
        self.indices = _whole(indices)

    def forward(self, table):
        return table[self.indices]

    def backward(self, grad):
        (table,) = self.inputs
        ids = self.indices
        if ids.size and ids.min() < 0:
            ids = ids % len(table)
        if not isinstance(grad, GradArray):
            return (ScatteredGradient(grad, ids, table.shape),)
        rows = grad.reshape(ids.size, *table.shape[1:])
        return SegmentSumGrad.apply(rows, ids.reshape(-1), len(table))


class SegmentSumGrad(Grad):
    """out[k] = the sum of the rows x[i] with ids[i] == k, for k from 0 to count - 1.

    Hence dL/dx[i] = dL/dout[ids[i]], which is `EmbeddingGrad`.
    """

    def __init__(self, x, ids, count):
        super().__init__(x)
        self.ids, self.count = _whole(ids), count

    def forward(self, x):
        out = np.zeros((self.count, *x.shape[1:]), x.dtype)
        apply_at(np.add, out, self.ids, x)
        return out

    def backward(self, grad):
        return EmbeddingGrad.apply(grad, self.ids)


def _whole(numbers):
    """Return integers as an array of its own that can index."""
    return np.array(graph.plain(numbers), np.intp)
