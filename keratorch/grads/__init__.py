"""The derivatives of NumPy's functions: one operation a class, one family a file.

Importing this package registers them.
"""

from keratorch.grads import (
    activation,
    arithmetic,
    constant,
    elementwise,
    indexing,
    loss,
    neural,
    reduction,
    shape,
)

__all__ = [
    "activation",
    "arithmetic",
    "constant",
    "elementwise",
    "indexing",
    "loss",
    "neural",
    "reduction",
    "shape",
]
