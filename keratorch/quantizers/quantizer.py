"""From floats to whole numbers of few bits, and the scale that leads back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_numpy, convert_to_tensor


class Quantizer:
    """The base of quantizers: a function from floats to whole numbers.

    A subclass defines ``__call__(x)`` and `get_config`.

    Parameters
    ----------
    output_dtype : str, the type of the whole numbers.

    Examples
    --------
    >>> Quantizer(output_dtype="int8").output_dtype
    'int8'
    """

    def __init__(self, output_dtype: str = "int8"):
        self.output_dtype = output_dtype

    def __call__(self, x: Any) -> Any:
        """Return the whole numbers that stand for `x`; here `x` itself."""
        return x

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Quantizer:
        """Make the quantizer that `get_config` described."""
        return cls(**config)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        raise NotImplementedError(
            f"{type(self).__name__} has no get_config(self), which returns the "
            "arguments of its __init__. Define it."
        )


class AbsMaxQuantizer(Quantizer):
    """Scale floats so that the largest becomes the largest whole number, and round.

    Parameters
    ----------
    axis : int or tuple of them, the axes along which one scale is shared, where the
        call does not say them; by default the last.
    value_range : (smallest, largest) whole number.
    epsilon : float, added to the largest float, so that zeros can be scaled.
    output_dtype : str, the type of the whole numbers.

    Raises
    ------
    ValueError : a range that 'int8' does not have.

    Examples
    --------
    >>> import numpy as np
    >>> whole, scale = AbsMaxQuantizer()(np.array([[0.6, -1.0], [0.1, 0.2]]))
    >>> whole.numpy()
    array([[  76, -127],
           [  63,  127]], dtype=int8)
    >>> (whole / scale).numpy().round(2)
    array([[ 0.6, -1. ],
           [ 0.1,  0.2]])
    """

    def __init__(
        self,
        axis: int | Sequence[int] | None = None,
        value_range: tuple[int, int] = (-127, 127),
        epsilon: float = 1e-7,
        output_dtype: str = "int8",
    ):
        super().__init__(output_dtype)
        if axis is not None:
            axis = (axis,) if isinstance(axis, int) else tuple(axis)
        self.axis = axis
        self.value_range = value_range
        self.epsilon = epsilon
        if output_dtype == "int8" and (value_range[0] < -128 or value_range[1] > 127):
            raise ValueError(
                "AbsMaxQuantizer: value_range must lie within (-128, 127), which "
                f"output_dtype='int8' has; received {value_range}."
            )

    def __call__(self, x: Any, axis: Any = None, to_numpy: bool = False) -> tuple:
        """Return whole numbers and scales: ``whole / scale`` is about `x`."""
        if axis is None:
            axis = -1 if self.axis is None else self.axis
        return abs_max_quantize(
            x, axis, self.value_range, self.output_dtype, self.epsilon, to_numpy
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments; `axis` only if it was given."""
        config = {
            "value_range": self.value_range,
            "epsilon": self.epsilon,
            "output_dtype": self.output_dtype,
        }
        return config if self.axis is None else {**config, "axis": self.axis}


def abs_max_quantize(
    inputs: Any,
    axis: Any,
    value_range: tuple[int, int] = (-127, 127),
    dtype: str = "int8",
    epsilon: float = 1e-7,
    to_numpy: bool = False,
) -> tuple:
    """Scale floats so that the largest becomes the largest whole number, and round.

    scale = value_range[1] / (max |inputs| along axis + epsilon)
    whole = clip(round(inputs * scale), *value_range)

    Parameters
    ----------
    inputs : array of floats.
    axis : int or tuple of them, the axes along which one scale is shared.
    value_range : (smallest, largest) whole number.
    dtype : str, the type of the whole numbers.
    epsilon : float, added to the largest float, so that zeros can be scaled.
    to_numpy : bool, whether the computation leaves the graph of gradients.

    Returns
    -------
    The whole numbers, and the scale with 1 for each axis of `axis`.

    Examples
    --------
    >>> import numpy as np
    >>> whole, scale = abs_max_quantize(np.array([1.0, -4.0]), axis=0)
    >>> whole.numpy(), scale.numpy().round(4)
    (array([  32, -127], dtype=int8), array([31.75]))
    """
    if isinstance(axis, list):
        axis = tuple(axis)
    x = convert_to_tensor(convert_to_numpy(inputs) if to_numpy else inputs)
    largest = np.max(np.abs(x), axis=axis, keepdims=True)
    scale = (value_range[1] / (largest + epsilon)).astype(x.dtype)
    whole = np.clip(np.round(x * scale), *value_range).astype(dtype)
    return whole, scale
