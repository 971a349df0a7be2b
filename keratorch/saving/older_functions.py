"""Functions whose formula Keras 3 changed, in the configurations of Keras 1 and 2.

'hard_sigmoid' was 0.2 * x + 0.5 there, clipped to [0, 1]; its slope is 1 / 6 today.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RENAMED = {"hard_sigmoid": "hard_sigmoid_of_keras_2"}
_KEYS = ("activation", "inner_activation", "recurrent_activation")


def as_then(config: Any, version: str | bytes) -> Any:
    """Return a configuration in which such functions have names of their own.

    Parameters
    ----------
    config : dict, as it was read.
    version : the version of Keras that wrote it; Keras 0 and 1 noted none.

    Examples
    --------
    >>> as_then({"activation": "hard_sigmoid"}, "2.2.4")
    {'activation': 'hard_sigmoid_of_keras_2'}
    >>> as_then({"activation": "hard_sigmoid"}, "3.15.0")
    {'activation': 'hard_sigmoid'}
    """
    text = version.decode() if isinstance(version, bytes) else str(version)
    is_older = text.partition(".")[0] in ("", "0", "1", "2")
    return _renamed(config) if is_older else config


def _renamed(config: Any) -> Any:
    if isinstance(config, list):
        return [_renamed(part) for part in config]
    if not isinstance(config, Mapping):
        return config
    return {
        key: _RENAMED.get(value, value)
        if key in _KEYS and isinstance(value, str)
        else _renamed(value)
        for key, value in config.items()
    }
