"""Layers whose dtype is of integers: to Keras 1 and 2 it was that of their inputs.

model.add(Embedding(1000, 64, input_length=10, dtype="int32"))
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern


def of_inputs(begin: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which a layer of an older script computes in floats yet.

    Parameters
    ----------
    begin : the method of today, which raises for the dtype of integers.
    """

    @functools.wraps(begin)
    def begun(layer: Any, dtype: Any, autocast: bool) -> None:
        name = getattr(dtype, "__name__", dtype)
        whole = isinstance(name, str) and name.startswith(("int", "uint"))
        ours = type(layer).__module__.startswith("keratorch.layers.")
        if whole and ours and dialect.is_older():
            kind = type(layer).__name__
            say_modern(f"{kind}(dtype={name!r})", f"keras.Input(dtype={name!r})")
            dtype = None
        begin(layer, dtype, autocast)

    return begun
