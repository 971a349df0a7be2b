"""Theano for scripts that import it beside Keras: its settings, and no computing.

    import theano
    theano.config.floatX = "float32"

Other names can be imported; a call says that KeraTorch lacks them.
"""

from __future__ import annotations

from types import ModuleType

from keratorch import config
from keratorch.compat.missing import Missing
from keratorch.compat.tf.settings import Settings

_REASON = "Theano is not installed, and KeraTorch computes without it."


class Theano(ModuleType):
    """Theano, or a module of it, as far as a script names it."""

    def __init__(self, name: str):
        super().__init__(name)
        self.__path__: list[str] = []
        if name == "theano":
            self.config = Settings(floatX=config.floatx(), device="cpu")
            self.__version__ = "1.0.5"

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self.__name__}.{name}", _REASON)
