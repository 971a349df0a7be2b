"""What stands in for a name that KeraTorch lacks: it can be imported, not used."""

from __future__ import annotations

from typing import Any, NoReturn


class Missing:
    """A name without a meaning here; a script that only imports it runs.

    Parameters
    ----------
    name : str, as the script writes it: 'tf.reduce_mean'.
    reason : str, why it is missing and what to write instead.

    Examples
    --------
    >>> Missing("keras.layers.Highway", "Keras dropped it.")(32)
    Traceback (most recent call last):
    NotImplementedError: keras.layers.Highway: Keras dropped it.
    """

    def __init__(self, name: str, reason: str):
        self.__name__ = name
        self._reason = reason

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(f"{self.__name__}: {self._reason}")

    def __mro_entries__(self, bases: tuple) -> NoReturn:
        self()

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("_"):
            raise AttributeError(f"{self.__name__}.{name}")
        return Missing(f"{self.__name__}.{name}", self._reason)

    def __repr__(self) -> str:
        return f"<{self.__name__}, which KeraTorch lacks>"
