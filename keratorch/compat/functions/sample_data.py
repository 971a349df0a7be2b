"""`keras.utils.test_utils`: random data, by which Keras 1 and 2 tested themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.translation import Renamed, Table, answering

_SCALE = 0.7
_OF_KERAS_1: Table = {
    "nb_train": Renamed("num_train"),
    "nb_test": Renamed("num_test"),
    "nb_class": Renamed("num_classes"),
}

Split = tuple[np.ndarray, np.ndarray]


def _get_test_data(
    num_train: int = 1000,
    num_test: int = 500,
    input_shape: tuple[int, ...] = (10,),
    output_shape: tuple[int, ...] = (2,),
    classification: bool = True,
    num_classes: int = 2,
) -> tuple[Split, Split]:
    """Return ``(x_train, y_train), (x_test, y_test)`` of `np.random`.

    The numbers of a sample are normal around its class, or around a number in [0, 1).

    Parameters
    ----------
    num_train, num_test : int, how many samples.
    input_shape, output_shape : of one sample, and of its target.
    classification : bool, whether targets are classes, and not arrays.
    num_classes : int.

    Examples
    --------
    >>> (x, y), _ = get_test_data(6, 2, input_shape=(3, 4), classification=False)
    >>> x.shape, y.shape
    ((6, 3, 4), (6, 2))
    """
    count, size = num_train + num_test, int(np.prod(input_shape))
    if classification:
        y = np.random.randint(0, num_classes, size=count)  # noqa: NPY002 - seeded
        x = _around(y, size)
    else:
        centres = np.random.random(count)  # noqa: NPY002 - by the script
        both = _around(centres, size + int(np.prod(output_shape)))
        x, y = both[:, :size], both[:, size:].reshape(count, *output_shape)
    x = x.reshape(count, *input_shape)
    return (x[:num_train], y[:num_train]), (x[num_train:], y[num_train:])


def _around(centres: Any, size: int) -> np.ndarray:
    """Return rows of normal numbers, each around a centre, drawn row by row."""
    shape = (len(centres), size)
    found = np.random.normal(centres[:, None], _SCALE, shape)  # noqa: NPY002
    return found.astype("float32")


get_test_data = answering(_get_test_data, "get_test_data", _OF_KERAS_1)

__all__ = ["get_test_data"]
