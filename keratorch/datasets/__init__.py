"""Data to learn from: small sets inside the package, larger ones downloaded once.

``digits`` and ``iris`` come with KeraTorch. All others are downloaded on their first
use into the folder where Keras keeps its data (``~/.keras/datasets``, or ``datasets``
under ``KERAS_HOME``) and read from there ever after; ``shakespeare`` has an excerpt to
fall back on.

Examples
--------
>>> from keratorch.datasets import iris
>>> (x_train, y_train), (x_test, y_test) = iris.load_data()
>>> x_train.shape, x_test.shape
((120, 4), (30, 4))
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keratorch.datasets import boston_housing as boston_housing
    from keratorch.datasets import california_housing as california_housing
    from keratorch.datasets import cifar10 as cifar10
    from keratorch.datasets import cifar100 as cifar100
    from keratorch.datasets import digits as digits
    from keratorch.datasets import fashion_mnist as fashion_mnist
    from keratorch.datasets import imdb as imdb
    from keratorch.datasets import iris as iris
    from keratorch.datasets import mnist as mnist
    from keratorch.datasets import reuters as reuters
    from keratorch.datasets import shakespeare as shakespeare

__all__ = [
    "boston_housing",
    "california_housing",
    "cifar10",
    "cifar100",
    "digits",
    "fashion_mnist",
    "imdb",
    "iris",
    "mnist",
    "reuters",
    "shakespeare",
]


def __getattr__(name: str) -> ModuleType:
    # Each set is imported when first named: what a download needs (urllib, ssl,
    # hashlib, zipfile) takes longer to import than the rest of KeraTorch.
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
