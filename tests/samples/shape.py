"""Samples of the operations in `keratorch.grads.shape`."""

import numpy as np

from keratorch.grads import shape

from .sample import Sample, normal, strided


def joined(function, extra):
    """Samples of concatenate or stack."""
    pair = [Sample(lambda a, b: function([a, b]), normal(2, 3), normal(2, 3))]
    for axis in (0, 1, -1, -2, *extra):
        pair.append(
            Sample(
                lambda a, b, axis=axis: function((a, b), axis=axis),
                normal(2, 3),
                strided(normal(2, 3)),
            )
        )
    return [
        *pair,
        Sample(lambda a: function([a, a]), normal(2)),
        Sample(lambda a: function([a]), normal(1, 2)),
        Sample(lambda a: function([a, [[1.0, 2.0]]]), normal(1, 2), keeps_dtype=False),
        Sample(lambda a: function(a), normal(2, 3)),
        Sample(lambda a, b: function([a, b], 1), normal(2, 0), normal(2, 0)),
    ]


SAMPLES = {
    shape.ReshapeGrad: [
        Sample(lambda x: np.reshape(x, (3, 2)), normal(2, 3)),
        Sample(lambda x: np.reshape(x, -1), strided(normal(2, 3))),
        Sample(lambda x: x.reshape(3, -1, order="F"), normal(2, 3)),
        Sample(lambda x: x.reshape(1, 1), normal()),
        Sample(lambda x: x.reshape(()), normal(1)),
        Sample(lambda x: x.reshape(3, 0), normal(0, 2)),
    ],
    shape.TransposeGrad: [
        Sample(np.transpose, normal(2, 3)),
        Sample(lambda x: x.T, normal(2, 3, 4)),
        Sample(lambda x: x.transpose(1, 2, 0), normal(2, 3, 4)),
        Sample(lambda x: np.transpose(x, (-1, 0, 1)), strided(normal(2, 3, 4))),
        Sample(lambda x: x.T, normal()),
        Sample(lambda x: x.transpose([1, 0]), normal(0, 2)),
    ],
    shape.SwapaxesGrad: [
        Sample(lambda x: np.swapaxes(x, 0, 2), normal(2, 3, 4)),
        Sample(lambda x: x.swapaxes(-1, 1), strided(normal(2, 3, 4))),
        Sample(lambda x: x.swapaxes(0, 0), normal(2)),
    ],
    shape.ExpandDimsGrad: [
        Sample(lambda x: np.expand_dims(x, 0), normal()),
        Sample(lambda x: np.expand_dims(x, -1), normal(2, 3)),
        Sample(lambda x: np.expand_dims(x, (0, 2)), normal(2, 3)),
        Sample(lambda x: np.expand_dims(x, 1), normal(0, 2)),
    ],
    shape.SqueezeGrad: [
        Sample(np.squeeze, normal(2, 1, 3, 1)),
        Sample(lambda x: np.squeeze(x, 1), normal(2, 1, 3, 1)),
        Sample(lambda x: x.squeeze(axis=(1, -1)), normal(2, 1, 3, 1)),
        Sample(np.squeeze, normal(1, 1)),
        Sample(np.squeeze, normal()),
        Sample(np.squeeze, normal(0, 1)),
    ],
    shape.BroadcastToGrad: [
        Sample(lambda x: np.broadcast_to(x, (2, 3)), normal(3)),
        Sample(lambda x: np.broadcast_to(x, (4, 2, 3)), normal(2, 1)),
        Sample(lambda x: np.broadcast_to(x, 3), normal()),
        Sample(lambda x: np.broadcast_to(x, (2, 3)), normal(2, 3)),
        Sample(lambda x: np.broadcast_to(x, (0, 3)), normal(1, 3)),
    ],
    shape.ConcatenateGrad: [
        *joined(np.concatenate, (None,)),
        Sample(
            lambda a, b, c: np.concatenate([a, b, c], 1),
            normal(2, 1),
            normal(2, 0),
            normal(2, 3),
        ),
        Sample(lambda a, b: np.concatenate([a, b], None), normal(2, 3), normal(4)),
    ],
    shape.StackGrad: [
        *joined(np.stack, (2, -3)),
        Sample(lambda a, b: np.stack([a, b]), normal(), normal()),
    ],
}
