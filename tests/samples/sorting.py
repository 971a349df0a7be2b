"""Samples of the operations in `keratorch.grads.sorting`."""

import numpy as np

from keratorch.grads import sorting

from .sample import Sample, distinct, fortran, strided


def along_every_axis(function):
    """Samples of a function with an axis, of shapes of at most 8 elements an axis."""
    return [
        Sample(function, distinct(2, 3)),
        Sample(function, distinct(1)),
        Sample(function, strided(distinct(2, 4))),
        *[
            Sample(lambda x, a=axis: function(x, axis=a), distinct(2, 3, 2))
            for axis in (None, 0, 1, -1, -3)
        ],
        Sample(lambda x: function(x, axis=0), fortran(distinct(3, 2))),
        Sample(lambda x: function(x, axis=None), fortran(distinct(3, 2))),
    ]


SAMPLES = {
    sorting.SortGrad: [
        *along_every_axis(np.sort),
        Sample(lambda x: np.sort(x, 0), distinct(0, 3)),
        Sample(lambda x: np.sort(x, axis=None), distinct()),
        Sample(lambda x: np.sort(x, kind="heapsort"), distinct(7)),
        Sample(lambda x: np.sort(x, kind="stable"), distinct(2, 5)),
    ],
    sorting.PartitionGrad: [
        *along_every_axis(lambda x, axis=-1: np.partition(x, 0, axis=axis)),
        Sample(lambda x: np.partition(x, 3), distinct(9)),
        Sample(lambda x: np.partition(x, [2, -2], axis=0), distinct(8, 2)),
        Sample(lambda x: np.partition(x, 4, kind="introselect"), distinct(2, 8)),
        Sample(lambda x: np.partition(x, 0, axis=1), distinct(0, 3)),
    ],
}
