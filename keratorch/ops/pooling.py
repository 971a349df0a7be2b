"""Pooling of sequences, images and volumes, by Keras's names.

Each takes array_like values and returns a GradArray, differentiable to any order.
Floats keep their dtype, and integers where a maximum is taken; integers that are
averaged, and lists, become `floatx()`.  Global pooling is
``x.max(axis=(1, 2))`` or ``x.mean(axis=(1, 2))``.
"""

from __future__ import annotations

from typing import Any

from keratorch.errors import suggest
from keratorch.grads.pooling import (
    AdaptiveAveragePoolGrad,
    AdaptiveMaxPoolGrad,
    AveragePoolGrad,
    MaxPoolGrad,
)
from keratorch.kernels.windows import whole_numbers
from keratorch.ops.arrays import keeps_integers
from keratorch.ops.layout import images, restored


@keeps_integers
def max_pool(
    inputs: Any,
    pool_size: Any,
    strides: Any = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The maximum of each window, channel by channel.

    Parameters
    ----------
    inputs : (batch, *lengths, channels), or (batch, channels, *lengths) for
        'channels_first', with one to three spatial axes or more.
    pool_size : positive int, or one for each spatial axis: the shape of a window.
    strides : positive int, or one for each spatial axis: the step from window to
        window. Default: `pool_size`, windows side by side.
    padding : 'valid', or 'same': windows reach beyond the ends of the inputs, so that
        strides of 1 keep the lengths and strides of s divide them by s, rounded up.
        What is beyond the ends never is the maximum.
    data_format : 'channels_last', 'channels_first', or None for
        `config.image_data_format()`.

    Returns
    -------
    out : (batch, *counts, channels), channels first if they were first in the inputs.

    Raises
    ------
    ValueError : no window fits, or an argument is none of the above.

    Notes
    -----
    The gradient goes to the first maximum of a window, as in PyTorch and Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([3, 1, 2, 5, 4]).reshape(1, 5, 1)
    >>> ops.max_pool(x, 2).numpy().ravel()
    array([3., 5.], dtype=float32)
    >>> ops.max_pool(x, 2, padding="same").numpy().ravel()
    array([3., 5., 4.], dtype=float32)
    """
    x, first = images("max_pool", inputs, data_format)
    _check_padding("max_pool", padding)
    return restored(MaxPoolGrad.apply(x, pool_size, strides, padding), first)


def average_pool(
    inputs: Any,
    pool_size: Any,
    strides: Any = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The mean of each window, channel by channel.

    Parameters
    ----------
    inputs, pool_size, strides, data_format : those of `max_pool`.
    padding : 'valid', or 'same' as of `max_pool`. The mean is that of the elements
        inside the inputs: the padding is not counted.

    Returns
    -------
    out : (batch, *counts, channels), channels first if they were first in the inputs.

    Raises
    ------
    ValueError : no window fits, or an argument is none of the above.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([3, 1, 2, 5, 4]).reshape(1, 5, 1)
    >>> ops.average_pool(x, 2, padding="same").numpy().ravel()
    array([2. , 3.5, 4. ], dtype=float32)
    """
    x, first = images("average_pool", inputs, data_format)
    _check_padding("average_pool", padding)
    return restored(AveragePoolGrad.apply(x, pool_size, strides, padding), first)


@keeps_integers
def adaptive_max_pool(
    inputs: Any, output_size: Any, data_format: str | None = None
) -> Any:
    """The maximum of each cell of a grid that covers the inputs, whatever their size.

    Along an axis of n elements cell i of `count` begins at floor(i * n / count) and
    ends before ceil((i + 1) * n / count), as in PyTorch.

    Parameters
    ----------
    inputs, data_format : those of `max_pool`.
    output_size : positive int, or one for each spatial axis: the number of cells.

    Returns
    -------
    out : (batch, *output_size, channels), channels first if they were first.

    Raises
    ------
    ValueError : the inputs have no elements, or an argument is none of the above.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([3, 1, 2, 5, 4]).reshape(1, 5, 1)
    >>> ops.adaptive_max_pool(x, 2).numpy().ravel()
    array([3., 5.], dtype=float32)
    """
    x, first = images("adaptive_max_pool", inputs, data_format)
    cells = _cells("adaptive_max_pool", output_size, x.shape)
    return restored(AdaptiveMaxPoolGrad.apply(x, cells), first)


def adaptive_average_pool(
    inputs: Any, output_size: Any, data_format: str | None = None
) -> Any:
    """The mean of each cell of a grid that covers the inputs, whatever their size.

    The cells are those of `adaptive_max_pool`.

    Parameters
    ----------
    inputs, output_size, data_format : those of `adaptive_max_pool`.

    Returns
    -------
    out : (batch, *output_size, channels), channels first if they were first.

    Raises
    ------
    ValueError : the inputs have no elements, or an argument is none of the above.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([3, 1, 2, 5, 4]).reshape(1, 5, 1)
    >>> ops.adaptive_average_pool(x, 2).numpy().ravel().round(3)
    array([2.   , 3.667], dtype=float32)
    """
    x, first = images("adaptive_average_pool", inputs, data_format)
    cells = _cells("adaptive_average_pool", output_size, x.shape)
    return restored(AdaptiveAveragePoolGrad.apply(x, cells), first)


def _check_padding(name: str, padding: Any) -> None:
    if not isinstance(padding, str) or padding.lower() not in ("valid", "same"):
        raise ValueError(
            f"{name}: padding must be 'valid' or 'same'; received {padding!r}. "
            f"{suggest(padding, ('valid', 'same'))} To pad by numbers, use np.pad."
        )


def _cells(name: str, output_size: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the number of cells along each spatial axis, which must have elements."""
    lengths = shape[1:-1]
    if 0 in lengths:
        raise ValueError(
            f"{name} needs inputs with elements along each spatial axis; received "
            f"spatial shape {lengths}."
        )
    return whole_numbers("output_size", output_size, len(lengths))
