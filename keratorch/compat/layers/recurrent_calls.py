"""Recurrent layers as they were called, and asked for their states, in Keras 2.

LSTM(32)([x, state_h, state_c])         the first states behind the inputs
LSTM(32)(masked, initial_state=states)  which leave the mask of the inputs alone
layer.get_initial_state(x)              states of zeros for these inputs
RNN([GRUCell(3), GRUCell(3)], return_state=True)    a state of each cell, not a list
Bidirectional(LSTM(8, go_backwards=True))   the other layer reads forth
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.compat.spoken import say_modern
from keratorch.layers.recurrent.inner import copied
from keratorch.masks import get_mask
from keratorch.symbolic import lifted


def states_behind_inputs(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the ``__call__`` that takes inputs and first states in one list, too."""

    @functools.wraps(call)
    def called(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and kwargs.get("initial_state") is None and _mixed(args[0]):
            say_modern("LSTM(...)([x, h, c])", "LSTM(...)(x, initial_state=[h, c])")
            args, kwargs["initial_state"] = (args[0][0],), list(args[0][1:])
        return call(layer, *args, **kwargs)

    return called


def _mixed(given: Any) -> bool:
    """Return whether a list holds a batch of sequences, then one of states at least."""
    if not isinstance(given, (list, tuple)) or len(given) < 2:
        return False
    ranks = [getattr(x, "ndim", 0) for x in given]
    return ranks[0] > 2 and all(0 < rank < ranks[0] for rank in ranks[1:])


def masked_with_states(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `call` that skips masked times with `initial_state`, in older scripts.

    Keras 3 leaves the mask of the inputs aside where first states are given.
    """

    @functools.wraps(call)
    def called(
        layer: Any,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: Any = False,
    ) -> Any:
        if initial_state is not None and mask is None and dialect.is_older():
            mask = get_mask(sequences)
        return call(layer, sequences, initial_state, mask, training)

    return called


def of_inputs(get: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `get_initial_state` that takes the inputs for their number."""

    @functools.wraps(get)
    def states(layer: Any, batch_size: Any) -> Any:
        if getattr(batch_size, "ndim", 0) < 3:
            return get(layer, batch_size)
        say_modern("layer.get_initial_state(x)", "layer.get_initial_state(batch_size)")
        return lifted(lambda inputs: get(layer, inputs.shape[0]))(batch_size)

    return states


def alone_where_one(get: Callable[..., Any]) -> Callable[..., Any]:
    """Return the `get_initial_state` of stacked cells with single states by themselves.

    Keras 3 has a list of one for a cell whose `state_size` is a number, and so gives
    such lists with ``return_state=True``.
    """

    @functools.wraps(get)
    def states(cells: Any, batch_size: Any = None) -> Any:
        found = get(cells, batch_size)
        if not dialect.is_older():
            return found
        return [
            own[0] if _is_number(size) and isinstance(own, (list, tuple)) else own
            for own, size in zip(found, cells.state_size, strict=True)
        ]

    return states


def _is_number(size: Any) -> bool:
    return not isinstance(size, (list, tuple))


def of_a_layer_that_reads_back(init: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of Bidirectional, which turned the layer's direction.

    In the package keras before 2.4; since then, as in tf.keras, the layer must read
    forth.
    """

    @functools.wraps(init)
    def made(self: Any, layer: Any, *args: Any, **kwargs: Any) -> None:
        alone = len(args) < 3 and kwargs.get("backward_layer") is None
        reads_back = alone and getattr(layer, "go_backwards", False)
        if reads_back and dialect.is_keras_before_2_4():
            name = f"backward_{layer.name}"
            kwargs["backward_layer"] = copied(layer, name=name, go_backwards=False)
        init(self, layer, *args, **kwargs)

    return made
