"""Operations with several results, such as a decomposition into Q and R."""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np

from keratorch import speed
from keratorch.core import Grad, GradArray
from keratorch.grads.fused import Fused
from keratorch.grads.recompute import recomputed_gradients


class SeveralOutputs(Grad):
    """An operation whose results travel through the graph end to end in one vector.

    A subclass says `compute`, which returns a tuple of ndarrays of one dtype, and
    `derivative`, which gets the gradient of each of them (zeros where none arrived) and
    returns the gradient of each input.  ``apply`` returns a tuple of GradArrays,
    ``packed`` the vector, which is what the graph calls the operation's output.
    """

    def __init__(self, *inputs, shapes=None):
        super().__init__(*inputs)
        # of the results: `forward` fills this list, which `apply` reads
        self.shapes = [] if shapes is None else shapes

    @abstractmethod
    def compute(self, *arrays):
        """Compute the results: ndarrays in, a tuple of ndarrays out."""

    @abstractmethod
    def derivative(self, *grads):
        """Return the gradient of each input, given the gradient of each result."""

    @classmethod
    def packed(cls, *inputs, **params):
        """Compute the results and record them as the one vector that they lie in."""
        return super().apply(*inputs, **params)

    @classmethod
    def apply(cls, *inputs, **params):
        """Compute the results and record how they were computed."""
        shapes = []
        return unpacked(cls.packed(*inputs, shapes=shapes, **params), shapes)

    def forward(self, *arrays):
        results = self.compute(*arrays)
        self.shapes[:] = [result.shape for result in results]
        return np.concatenate([result.ravel() for result in results])

    def backward(self, grad):
        return self.derivative(*unpacked(grad, self.shapes))

    @property
    def outputs(self):
        """The results that `compute` returned, of the same kind as `inputs`."""
        return unpacked(self.output, self.shapes)


class FusedOutputs(SeveralOutputs, Fused):
    """A `Fused` operation with several results.

    `textbook` returns a tuple of them, and `gradients` gets the gradient of each.
    """

    def derivative(self, *grads):
        if any(isinstance(grad, GradArray) for grad in grads):
            return recomputed_gradients(self, self._recorded, grads)
        return self.gradients(*grads)

    def _recorded(self, *inputs):
        return self.textbook(*inputs, **self.params)

    @classmethod
    def packed(cls, *inputs, **params):
        if speed.is_fast():
            return super().packed(*inputs, **params)
        return np.concatenate([x.ravel() for x in cls.apply(*inputs, **params)])

    @classmethod
    def apply(cls, *inputs, **params):
        if speed.is_fast():
            return super().apply(*inputs, **params)
        results = cls.textbook(*inputs, **params)
        return tuple(x if isinstance(x, GradArray) else GradArray(x) for x in results)


def unpacked(packed, shapes):
    """Return the arrays of these shapes that lie end to end in a vector."""
    results, start = [], 0
    for shape in shapes:
        end = start + math.prod(shape)
        result = packed[start:end]
        results.append(result if len(shape) == 1 else result.reshape(shape))
        start = end
    return tuple(results)
