"""Arguments that layers took by their places, in the order of Keras 0 and 1.

    Dense(64, "glorot_uniform", "relu", None, l2(0.01))
    LSTM(64, "glorot_uniform", "orthogonal", "one", "tanh", "hard_sigmoid")
    Embedding(5000, 64, "uniform", 100)

What follows the units was the initializer then, and is the activation today: so the
name of an initializer there tells which order was meant.
"""

from __future__ import annotations

import inspect
from typing import Any

_INITIALIZERS = frozenset(
    {
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
        "identity",
        "lecun_uniform",
        "normal",
        "one",
        "orthogonal",
        "uniform",
        "zero",
    }
)
_PENALTIES = ("W_regularizer", "b_regularizer", "activity_regularizer")
_LIMITS = ("W_constraint", "b_constraint")
_DENSE = ("init", "activation", "weights", *_PENALTIES, *_LIMITS)
_STATES = ("W_regularizer", "U_regularizer", "b_regularizer", "dropout_W", "dropout_U")
_SEQUENCES = ("weights", "return_sequences", "go_backwards", "stateful")
_GATES = ("init", "inner_init", "activation", "inner_activation")

#: Layer -> its arguments behind the units, as Keras 1 had them.
ORDERS: dict[str, tuple[str, ...]] = {
    "Dense": (*_DENSE, "bias", "input_dim"),
    "LSTM": (*_GATES[:2], "forget_bias_init", *_GATES[2:], *_STATES),
    "GRU": (*_GATES, *_STATES),
    "SimpleRNN": (*_GATES[:3], *_STATES),
}
#: Rank of a convolution -> its arguments behind the sizes of the kernel.
BEHIND_SIZES: dict[int, tuple[str, ...]] = {
    1: (*_DENSE[:3], "border_mode", "subsample_length", *_DENSE[3:], "bias"),
    **dict.fromkeys(
        (2, 3),
        (*_DENSE[:3], "border_mode", "subsample", "dim_ordering", *_DENSE[3:], "bias"),
    ),
}
_EMBEDDING = (
    "init",
    "input_length",
    "W_regularizer",
    "activity_regularizer",
    "W_constraint",
    "mask_zero",
    "weights",
)
_NORMALIZATION = (
    "epsilon",
    "mode",
    "axis",
    "momentum",
    "weights",
    "beta_init",
    "gamma_init",
)


def named(layer: str, args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Return the arguments of a layer without those that are in Keras 1's order.

    These go among `kwargs` by their names of that time.

    Parameters
    ----------
    layer : str, its class.
    args : what was given by place.
    kwargs : dict of what was given by name, which gets the others.

    Raises
    ------
    TypeError : more of them than the layer had.

    Examples
    --------
    >>> kwargs = {}
    >>> named("Dense", (64, "uniform", "relu"), kwargs), kwargs
    ((64,), {'init': 'uniform', 'activation': 'relu'})
    >>> named("Dense", (64, "relu"), kwargs)
    (64, 'relu')
    """
    if layer in ORDERS and len(args) > 1 and _is_initializer(args[1]):
        _give(layer, _order(layer, args[1:]), args[1:], kwargs)
        return args[:1]
    if layer == "Embedding" and len(args) > 3 and type(args[3]) is int:
        _give(layer, _EMBEDDING, args[2:], kwargs)
        return args[:2]
    if layer == "BatchNormalization" and args and isinstance(args[0], float):
        _give(layer, _NORMALIZATION, args, kwargs)
        return ()
    return args


def behind_sizes(rank: int, rest: tuple, kwargs: dict[str, Any]) -> None:
    """Give a convolution by name what stood behind the sizes of its kernel.

    Raises
    ------
    TypeError : more of them than it had.
    """
    _give(f"Convolution{rank}D", BEHIND_SIZES[rank], rest, kwargs)


def _is_initializer(given: Any) -> bool:
    if isinstance(given, str):
        return given in _INITIALIZERS
    return inspect.isfunction(given) and "shape" in inspect.signature(given).parameters


def _order(layer: str, given: tuple) -> tuple[str, ...]:
    """Return the order, which was another one before Keras 1 for some."""
    order = ORDERS[layer]
    if layer == "Dense" and len(given) > 8 and not isinstance(given[8], bool):
        return tuple(name for name in order if name != "bias")
    at = order.index("W_regularizer")
    if layer != "Dense" and len(given) > at + 1 and isinstance(given[at + 1], bool):
        return (*order[:at], *_SEQUENCES)
    return order


def _give(
    layer: str, order: tuple[str, ...], given: tuple, kwargs: dict[str, Any]
) -> None:
    if len(given) > len(order):
        raise TypeError(
            f"{layer}: the last arguments, {given[len(order) :]!r}, are more than "
            f"Keras 1 took behind the first ones: {', '.join(order)}. Give them by "
            "name."
        )
    kwargs.update(zip(order, given, strict=False))
