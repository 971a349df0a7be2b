"""Operations with several results, such as a decomposition into Q and R."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from keratorch.core import Grad


class SeveralOutputs(Grad):
    """An operation whose results travel through the graph end to end in one vector.

    A subclass says `compute`, which returns a tuple of ndarrays of one dtype, and
    `derivative`, which gets the gradient of each of them (zeros where none arrived) and
    returns the gradient of each input.  ``apply`` returns a tuple of GradArrays.
    """

    def __init__(self, *inputs, shapes):
        super().__init__(*inputs)
        self.shapes = shapes  # of the results: `forward` fills this list

    @abstractmethod
    def compute(self, *arrays):
        """Compute the results: ndarrays in, a tuple of ndarrays out."""

    @abstractmethod
    def derivative(self, *grads):
        """Return the gradient of each input, given the gradient of each result."""

    @classmethod
    def apply(cls, *inputs, **params):
        """Compute the results and record how they were computed."""
        shapes = []
        packed = super().apply(*inputs, shapes=shapes, **params)
        return _unpacked(packed, shapes)

    def forward(self, *arrays):
        results = self.compute(*arrays)
        self.shapes[:] = [result.shape for result in results]
        return np.concatenate([result.ravel() for result in results])

    def backward(self, grad):
        return self.derivative(*_unpacked(grad, self.shapes))

    @property
    def outputs(self):
        """The results that `compute` returned, of the same kind as `inputs`."""
        return _unpacked(self.output, self.shapes)


def _unpacked(packed, shapes):
    """Return the arrays of these shapes that lie end to end in a vector."""
    ends = np.cumsum([0, *[np.prod(shape, dtype=int) for shape in shapes]]).tolist()
    return tuple(
        packed[start:end].reshape(shape)
        for start, end, shape in zip(ends, ends[1:], shapes, strict=False)
    )
