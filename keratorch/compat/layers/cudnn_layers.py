"""CuDNNLSTM and CuDNNGRU, which always were what `LSTM` and `GRU` are today."""

from __future__ import annotations

from typing import Any

from keratorch.compat.spoken import say_modern
from keratorch.layers import GRU, LSTM


class _OfToday(type):
    """The type of a class whose objects are those of the layer of today."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "modern" not in vars(cls):  # a user's subclass
            return super().__call__(*args, **kwargs)
        modern, gates = cls.modern, cls.gates  # type: ignore[attr-defined]
        say_modern(f"layers.{cls.__name__}", f"layers.{modern.__name__}")
        return modern(*args, **{**gates, **kwargs})

    def __instancecheck__(cls, instance: Any) -> bool:
        modern = vars(cls).get("modern")
        if modern is None:
            return super().__instancecheck__(instance)
        return isinstance(instance, modern)


def _of_today(name: str, modern: Any, **gates: Any) -> Any:
    """Return the class whose arguments are those of today where nobody says them."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        modern.__init__(self, *args, **{**gates, **kwargs})

    own = {"modern": modern, "gates": gates, "__init__": __init__}
    contents = {**own, "__doc__": modern.__doc__, "__module__": __name__}
    return _OfToday(name, (modern,), contents)


CuDNNGRU = _of_today("CuDNNGRU", GRU, recurrent_activation="sigmoid", reset_after=True)
CuDNNLSTM = _of_today("CuDNNLSTM", LSTM, recurrent_activation="sigmoid")
