"""What recurrent layers were in older versions where nobody says it.

Gates were squashed by 'hard_sigmoid': in Keras before 2.3, in the tf.keras of
TensorFlow 1, and in `ConvLSTM2D` up to Keras 3. And a GRU there let the reset gate act
before the recurrent product, with one bias of (3 * units,).
"""

from __future__ import annotations

from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import warn_once
from keratorch.compat.translation import Reordering

#: Layer -> the place of `recurrent_activation` among its arguments.
GATED = {
    **dict.fromkeys(("LSTM", "LSTMCell", "GRU", "GRUCell"), 2),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), 7),
}
#: The same of `reset_after`.
_RESETS = {"GRU": 22, "GRUCell": 15}
_GATE = ("recurrent_activation", "inner_activation")


def beginning(name: str, reorder: Reordering) -> Reordering:
    """Return a change of a layer's arguments that adds what it was then.

    Parameters
    ----------
    name : str, the class of the layer.
    reorder : what else changes its arguments, and comes first.
    """
    convolves = name.startswith("Conv")

    def as_then(args: tuple, kwargs: dict[str, Any]) -> tuple:
        args = reorder(args, kwargs)
        if dialect.is_before_3() if convolves else dialect.is_before_2_3():
            _give_gate(name, args, kwargs)
            _give_bias(name, args, kwargs)
        return args

    return as_then


def _give_gate(name: str, args: tuple, kwargs: dict[str, Any]) -> None:
    if len(args) <= GATED[name] and kwargs.keys().isdisjoint(_GATE):
        _say(name, "had hard gates", "recurrent_activation='hard_sigmoid'")
        kwargs["recurrent_activation"] = "hard_sigmoid"


def _give_bias(name: str, args: tuple, kwargs: dict[str, Any]) -> None:
    place = _RESETS.get(name)
    if place is not None and len(args) <= place and "reset_after" not in kwargs:
        _say(name, "had one bias", "reset_after=False")
        kwargs["reset_after"] = False


def _say(name: str, what: str, argument: str) -> None:
    warn_once(
        f"{name}(...) is that of older versions here, which {what}: write "
        f"{name}(..., {argument}) to be clear."
    )
