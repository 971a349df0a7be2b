"""Fused operations: several steps of the textbook computed as one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from keratorch import speed
from keratorch.core import Grad, GradArray
from keratorch.grads.recompute import recomputed_gradients


class Fused(Grad):
    """A fast operation that equals a composition of textbook operations.

    A subclass has both: `forward` and `gradients` compute with ndarrays, as fast as
    they can, while `textbook` says in recording functions what they compute.  The
    textbook form is what runs under ``config.set_fast(False)``, and what second
    derivatives go through.
    """

    #: The arguments of the constructor besides the inputs, by name.
    params: Mapping[str, Any] = MappingProxyType({})

    @staticmethod
    @abstractmethod
    def textbook(*inputs: Any, **params: Any) -> Any:
        """Compute the output by functions that record themselves.

        Takes what the constructor takes.
        """

    @abstractmethod
    def gradients(self, grad: Any) -> Any:
        """Return the gradient of each input as an ndarray, or None where not needed.

        The arrays in `inputs` and `grad` belong to others: they are read only.
        """

    @classmethod
    def apply(cls, *inputs: Any, **params: Any) -> GradArray:
        if not speed.is_fast():
            result = cls.textbook(*inputs, **params)
            if isinstance(result, GradArray):
                return result
            return GradArray(result, requires_grad=False)
        return super().apply(*inputs, **params)

    def backward(self, grad):
        if not isinstance(grad, GradArray):
            return self.gradients(grad)
        return recomputed_gradients(self, self._recorded, [grad])

    def _recorded(self, *inputs):
        return [self.textbook(*inputs, **self.params)]
