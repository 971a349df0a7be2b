"""What all initializers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from keratorch.dtypes import standardize_dtype

_Self = TypeVar("_Self", bound="Initializer")


class Initializer(ABC):
    """A rule for the first values of a weight.

    A subclass computes them in ``__call__``; its `get_config` returns its arguments.

    Examples
    --------
    >>> class Halves(Initializer):
    ...     def __call__(self, shape, dtype=None):
    ...         return np.full(shape, 0.5, dtype or "float32")
    >>> Halves()((2,))
    array([0.5, 0.5], dtype=float32)
    """

    @abstractmethod
    def __call__(self, shape: Sequence[int], dtype: Any = None) -> np.ndarray:
        """Return an array of that shape; of `floatx()` where no dtype is given."""

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal initializer."""
        return {}

    @classmethod
    def from_config(cls: type[_Self], config: dict[str, Any]) -> _Self:
        """Return an initializer from `get_config`'s dict."""
        return cls(**config)

    def clone(self: _Self) -> _Self:
        """Return an equal initializer."""
        return self.from_config(self.get_config())

    def __repr__(self) -> str:
        arguments = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({arguments})"


def weight_dtype(dtype: Any) -> np.dtype:
    """Return the dtype of a new weight: the one asked for, or `floatx()`."""
    return np.dtype(standardize_dtype(dtype))
