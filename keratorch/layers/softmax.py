"""Softmax: probabilities from any numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import activations
from keratorch.layers.arguments import may_take_batch
from keratorch.layers.elementwise_layer import ElementwiseLayer
from keratorch.layers.normalization_layer import checked_axis, positive_axes


class Softmax(ElementwiseLayer):
    """Make numbers positive with a sum of 1 along an axis.

    outputs = exp(inputs) / sum(exp(inputs))

    Call it with ``mask=`` to leave out elements: those where a mask that broadcasts
    to the inputs is False, or at most 0.5, get 0.

    Parameters
    ----------
    axis : int or list of int, the axes of the sum.

    Raises
    ------
    TypeError, ValueError : an axis that is no int or does not exist, or a mask that
        does not broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Softmax
    >>> Softmax()(np.array([[1.0, 1.0]])).numpy()
    array([[0.5, 0.5]], dtype=float32)
    >>> Softmax()(np.array([[1.0, 1.0]]), mask=[[True, False]]).numpy()
    array([[1., 0.]], dtype=float32)
    """

    def __init__(self, axis: Any = -1, **kwargs: Any):
        super().__init__(**kwargs)
        self.axis = checked_axis("Softmax", axis)

    @property
    def couples_samples(self) -> bool:
        """Whether the axis may be that of the samples."""
        return may_take_batch(self.axis)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        axes = positive_axes(self, self.axis, inputs.shape)
        axis = axes if len(axes) > 1 else axes[0]
        if mask is None:
            return activations.softmax(inputs, axis=axis)
        kept = self._as_mask(mask, inputs.shape)
        lowest = -3e4 if inputs.dtype == np.float16 else -1e9
        outputs = activations.softmax(np.where(kept, inputs, lowest), axis=axis)
        return np.where(kept, outputs, 0)  # where all is left out, too

    def _as_mask(self, mask: Any, shape: tuple) -> np.ndarray:
        """Return a mask as booleans, or raise."""
        kept = np.asarray(mask)
        kept = kept if kept.dtype == bool else kept > 0.5
        pairs = zip(kept.shape[::-1], shape[::-1], strict=False)
        if kept.ndim > len(shape) or any(m not in (1, n) for m, n in pairs):
            raise ValueError(
                f"Softmax '{self.name}': mask must broadcast to the inputs of shape "
                f"{shape}; received shape {kept.shape}."
            )
        return kept

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}
