"""Arrays of one number that are used as a number, which NumPy allowed until 2.4.

    print('%s => %d' % (x, model.predict_classes(X)[0]))
    steering_angle = float(model.predict(image, batch_size=1))

Outputs of a model have two axes, and older scripts format and convert them as they
are. What models return to a script goes on doing this; all else of it is an ndarray.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import compat
from keratorch.nested import map_structure


class Outputs(np.ndarray):
    """An array that converts to a number where it holds one, whatever its axes.

    Its type is shown as that of NumPy's arrays.
    """

    __module__, __qualname__ = "numpy", "ndarray"

    def __float__(self) -> float:
        return float(self.item()) if self.size == 1 else super().__float__()

    def __int__(self) -> int:
        return int(self.item()) if self.size == 1 else super().__int__()

    def __array_wrap__(
        self, array: Any, context: Any = None, return_scalar: bool = False
    ) -> Any:
        return array.view(Outputs) if array.ndim else array[()]

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))

    def __reduce__(self) -> Any:  # a file of it needs NumPy alone
        return self.view(np.ndarray).__reduce__()


Outputs.__name__ = "ndarray"


def usable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose arrays convert to numbers, in scripts for Keras.

    Examples
    --------
    >>> y = np.array([[0.25], [4.0]]).view(Outputs)
    >>> "%d is %.1f" % (y[1], y[1]), float(y[:1]), y.max()
    ('4 is 4.0', 0.25, np.float64(4.0))
    >>> type(y)
    <class 'numpy.ndarray'>
    """

    @functools.wraps(function)
    def converted(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return map_structure(_view, result) if compat._finder.serves_keras else result

    return converted


def _view(x: Any) -> Any:
    return x.view(Outputs) if type(x) is np.ndarray and x.dtype.kind in "fiub" else x
