"""Functions of TensorFlow that models may take as steps, by their names below `tf`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch.compat.resolving import resolve
from keratorch.compat.tf.eager.signatures import EAGER_FUNCTIONS

#: They take their arguments in TensorFlow's order, each of them.
STEPS: dict[str, Callable[..., Any]] = {
    path: resolve(target)
    for path, (target, _) in EAGER_FUNCTIONS.items()
    if target.startswith("compat.")
}
LIKE_KERAS: frozenset[str] = frozenset()
