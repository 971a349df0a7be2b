"""Axes rearranged as a pattern says, in the notation of einops."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from keratorch.ops.conversion import convert_to_tensor

_GROUP = re.compile(r"\(([^()]*)\)|(\w+)")


def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Any:
    """Reshape and transpose as a pattern of named axes says.

    Parameters
    ----------
    tensor : array_like.
    pattern : 'b h w c -> b (h w) c': the axes before, and after. Those in brackets are
        one axis of the array, the last of them the fastest.
    **axes_lengths : the lengths of axes that the array does not say.

    Raises
    ------
    ValueError : a pattern that does not fit the array, or itself.

    Source of the notation: Rogozhnikov (2022), Einops.

    >>> images = np.zeros((2, 6, 4, 3))
    >>> rearrange(images, "b (h h1) w c -> b h (h1 w) c", h1=2).shape
    (2, 3, 8, 3)
    """
    x = tensor if hasattr(tensor, "ndim") else convert_to_tensor(tensor)
    sides = pattern.split("->")
    if len(sides) != 2:
        raise ValueError(f"rearrange: a pattern has one '->'; received {pattern!r}.")
    before, after = (_groups(side, pattern) for side in sides)
    names = [name for group in before for name in group]
    wanted = [name for group in after for name in group]
    if sorted(names) != sorted(wanted) or len(set(names)) < len(names):
        raise ValueError(
            "rearrange: each axis stands once on both sides of a pattern; received "
            f"{pattern!r}."
        )
    if len(before) != x.ndim:
        raise ValueError(
            f"rearrange: {pattern!r} is for arrays with {len(before)} axes; received "
            f"shape {x.shape}."
        )
    lengths = _lengths(before, x.shape, axes_lengths, pattern)
    x = np.reshape(x, [lengths[name] for name in names])
    x = np.transpose(x, [names.index(name) for name in wanted])
    return np.reshape(x, [math.prod(lengths[name] for name in g) for g in after])


def _groups(side: str, pattern: str) -> list[list[str]]:
    """Return for each axis of one side the names that it is made of."""
    if _GROUP.sub("", side).strip():
        raise ValueError(
            "rearrange: a pattern is made of names and of names in brackets; received "
            f"{pattern!r}."
        )
    return [(m[1].split() if m[2] is None else [m[2]]) for m in _GROUP.finditer(side)]


def _lengths(
    groups: list[list[str]],
    shape: tuple[int, ...],
    given: dict[str, int],
    pattern: str,
) -> dict[str, int]:
    """Return the length of each name."""
    lengths = dict(given)
    for group, length in zip(groups, shape, strict=True):
        unknown = [name for name in group if name not in lengths]
        known = math.prod(lengths[name] for name in group if name in lengths)
        if len(unknown) == 1 and known and length % known == 0:
            lengths[unknown[0]] = length // known
        elif unknown or known != length:
            raise ValueError(
                f"rearrange: the axis '{' '.join(group)}' of {pattern!r} does not fit "
                f"the length {length}; received lengths {given}. All but one of its "
                "names need a length, and their product is the length of the axis."
            )
    return lengths
