"""Embedding(dropout=0.2) of Keras 1: in training some words are 0 wherever they stand.

A new share of the words is drawn for each batch, and the vectors of the others are
scaled up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.lazy import Postponed

# Both need the tables of older arguments, of which this is a part.
_calls: Any = Postponed("keratorch.layers.calls")
_random: Any = Postponed("keratorch.random")


def drop(layer: Any, rate: float) -> None:
    """Let an `Embedding` drop a share of the words in training.

    Raises
    ------
    ValueError : a share outside 0 to 1.
    """
    if not 0 <= rate <= 1:
        raise ValueError(
            f"Embedding: dropout is a share from 0 to 1; received {rate!r}."
        )
    layer.share_of_dropped_words = rate
    layer.couples_samples = True


def dropping(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that looks vectors up, and drops words where it is to."""

    @functools.wraps(call)
    def called(self: Any, inputs: Any) -> Any:
        vectors = call(self, inputs)
        rate = vars(self).get("share_of_dropped_words")
        around = _calls.current_call.get() if rate else None
        if around is None or not around.training:
            return vectors
        words = np.ones((self.input_dim, 1), vectors.dtype)
        kept = np.asarray(graph.value(_random.dropout(words, rate)))
        return vectors * kept[np.asarray(graph.value(inputs)).astype(int)]

    return called
