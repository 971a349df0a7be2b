"""Dropout: which elements stay, by bits that a sample has in any batch."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from keratorch import config, micro_batch
from keratorch.core import GradArray
from keratorch.grads.dropout import DropoutGrad
from keratorch.random.seeds import Seed, generator


def dropout(
    inputs: Any,
    rate: float,
    noise_shape: Sequence[int | None] | None = None,
    seed: Seed = None,
) -> Any:
    """Return the inputs with a share of them 0, and the others scaled up.

    Parameters
    ----------
    inputs : array_like; gradients flow to what stays.
    rate : float from 0 to 1, the share to drop.
    noise_shape : shape of the mask, broadcast to the inputs; None entries are the
        inputs' lengths. By default each element has its own mask.
    seed : see the module.

    Raises
    ------
    ValueError : a rate outside 0 to 1, or a noise_shape that does not broadcast.

    Source: Srivastava et al. (2014), "Dropout", in its inverted form.

    Examples
    --------
    >>> np.unique(dropout(np.ones(100, "float32"), 0.5, seed=1))
    array([0., 2.], dtype=float32)
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"dropout: rate must be from 0 to 1; received {rate}.")
    x = inputs if hasattr(inputs, "_grad_op") else np.asarray(inputs)
    if np.dtype(x.dtype).kind != "f" or not hasattr(inputs, "dtype"):
        x = x.astype(config.floatx())
    shape = x.shape
    if noise_shape is not None:
        wanted = tuple(noise_shape)
        if len(wanted) != len(shape) or any(
            one not in (None, 1, n) for one, n in zip(wanted, shape, strict=False)
        ):
            raise ValueError(
                f"dropout: noise_shape must have 1, None or the length of each axis of "
                f"the inputs, {shape}; received {wanted}."
            )
        shape = tuple(
            n if one is None else one for one, n in zip(wanted, shape, strict=True)
        )
    draw = functools.partial(_factors, shape, rate, seed)
    return DropoutGrad.apply(x, draw=draw) if isinstance(x, GradArray) else x * draw(x)


def _factors(
    shape: tuple[int, ...], rate: float, seed: Seed, x: np.ndarray
) -> np.ndarray:
    """Return what to multiply an array by: 0 for the elements that are dropped."""
    kept = _kept(shape, rate, generator(seed))
    return kept * np.asarray(1 / (1 - rate) if rate < 1 else 0, x.dtype)


def _kept(shape: tuple[int, ...], rate: float, stream: np.random.Generator) -> Any:
    """Return which elements stay, each with probability 1 - rate.

    An element takes 32 bits of the stream, two of them a word. In a micro-batch these
    are the bits that its samples have in the whole batch.
    """
    if rate == 1:
        return np.zeros(shape, bool)
    count = math.prod(shape)
    if isinstance(stream.bit_generator, np.random.PCG64):
        bits = _bits(count, stream)
    else:  # whose words may have other lengths
        bits = stream.integers(2**32, size=count, dtype=np.uint32)
    return (bits >= np.uint32(min(round(rate * 2**32), 2**32 - 1))).reshape(shape)


def _bits(count: int, stream: np.random.Generator) -> np.ndarray:
    """Return 32 bits for each of some elements of the samples that are computed on."""
    before = after = 0
    part = micro_batch.current.get()
    if part is not None:
        before, after = part.around(count)
    words = (before + count + after + 1) // 2
    if part is not None:
        stream = part.own(stream, words)
    source: Any = stream.bit_generator
    first, skipped = divmod(before, 2)
    last = (before + count + 1) // 2
    source.advance(first)  # which drops half a word that was left over
    bits = source.random_raw(last - first).view(np.uint32)[skipped:][:count]
    source.advance(words - last)
    return bits
