"""Checks of the arguments of layers of sequences, images and volumes."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from keratorch import config
from keratorch.kernels.windows import whole_numbers
from keratorch.layers.arguments import brief


def check_sizes(layer: str, argument: str, value: Any, rank: int) -> tuple[int, ...]:
    """Return a positive int, or one for each spatial axis, as a tuple, or raise."""
    try:
        return whole_numbers(argument, value, rank)
    except ValueError as error:
        raise ValueError(f"{layer}: {error}") from None


def check_rule(layer: str, padding: Any, rules: Sequence[str]) -> str:
    """Return the rule of padding in small letters, or raise."""
    rule = padding.lower() if isinstance(padding, str) else ""
    if rule not in rules:
        raise ValueError(
            f"{layer}: padding must be {' or '.join(map(repr, rules))}; received "
            f"{padding!r}. To pad by numbers, put a ZeroPadding layer before it."
        )
    return rule


def check_data_format(layer: str, data_format: Any) -> str:
    """Return the name of the image layout, by default the configured one, or raise."""
    layout = str(data_format or config.image_data_format()).lower()
    if layout not in ("channels_first", "channels_last"):
        raise ValueError(
            f"{layer}: data_format must be 'channels_last' or 'channels_first'; "
            f"received {data_format!r}."
        )
    return layout


def check_pairs(
    layer: str, argument: str, value: Any, rank: int
) -> tuple[tuple[int, int], ...]:
    """Return a pair (before, after) for each spatial axis, or raise.

    An int stands for both sides of all axes; for several axes, an int among the
    entries for both sides of one; for one axis, the pair needs no tuple around it.

    >>> check_pairs("ZeroPadding2D", "padding", (1, (0, 2)), 2)
    ((1, 1), (0, 2))
    """
    if _is_count(value):
        entries: list[Any] = [value] * rank
    elif isinstance(value, (tuple, list)):
        entries = [value] if rank == 1 else list(value)
    else:
        entries = []
    pairs = [(x, x) if _is_count(x) else x for x in entries]
    if len(pairs) != rank or not all(map(_is_pair, pairs)):
        each = "" if rank == 1 else f", or {rank} of them, one for each spatial axis"
        raise ValueError(
            f"{layer}: {argument} must be an integer of at least 0, or a pair "
            f"(before, after) of them{each}; received {value!r}."
        )
    return tuple((int(before), int(after)) for before, after in pairs)


def check_count(layer: str, argument: str, value: Any) -> int:
    """Return a positive int, or raise: a TypeError for what is no integer."""
    wanted = f"{layer}: {argument} must be a positive integer; received {brief(value)}."
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(wanted)
    if value < 1:
        raise ValueError(wanted)
    return int(value)


def _is_count(value: Any) -> bool:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return whole and value >= 0


def _is_pair(value: Any) -> bool:
    sequence = isinstance(value, (tuple, list)) and len(value) == 2
    return sequence and all(map(_is_count, value))
