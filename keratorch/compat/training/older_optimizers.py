"""Functions that `keras.optimizers` had, which optimizers of one's own import."""

from __future__ import annotations

from typing import Any

from keratorch import backend, optimizers
from keratorch.compat.spoken import say_modern


def clip_norm(g: Any, c: float, n: Any) -> Any:
    """Return a gradient made shorter, if its length is above a limit.

    Parameters
    ----------
    g : array.
    c : float, the limit; 0 or below means none.
    n : the length, of this array or of several together.

    Examples
    --------
    >>> clip_norm(backend.constant([3.0, 4.0]), 1.0, 5.0).tolist()
    [0.6..., 0.8...]
    """
    return backend.switch(n >= c, g * c / n, g) if c > 0 else g


def optimizer_from_config(config: dict[str, Any], custom_objects: Any = None) -> Any:
    """Return the optimizer that a configuration describes."""
    say_modern("optimizer_from_config(config)", "keras.optimizers.deserialize(config)")
    return optimizers.deserialize(config, custom_objects)


__all__ = ["clip_norm", "optimizer_from_config"]
