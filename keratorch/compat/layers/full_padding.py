"""border_mode='full' of Keras 0 and 1: every place where a kernel meets the inputs.

    Convolution2D(32, 3, 3, border_mode="full")     # 28 by 28 becomes 30 by 30

Zeros lie around the inputs, as many on each side as let the first and the last window
hold one element: (size - 1) * dilation_rate. Keras 2 dropped it; a ZeroPadding layer
before a convolution that pads nothing does the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from keratorch.compat.spoken import say_modern

RULE = "full"


def finish(module: ModuleType) -> None:
    """Let the convolutions of a module know the rule."""
    base = module.Convolution
    for cls in (base, module.Conv1D):
        cls.rules = (*cls.rules, RULE)
    base._counts = wider_inputs(base._counts)
    base._lying = property(_in_numbers(base._lying.fget), doc="Where the windows lie.")


def pairs(sizes: Sequence[int], rates: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the zeros before and behind each axis, for kernels of these sizes.

    >>> pairs((3, 5), (1, 2))
    ((2, 2), (8, 8))
    """
    around = [(size - 1) * rate for size, rate in zip(sizes, rates, strict=True)]
    return tuple((zeros, zeros) for zeros in around)


def wider_inputs(count: Callable[..., tuple]) -> Callable[..., tuple]:
    """Return what counts the windows that lie on the inputs and the zeros around."""

    @functools.wraps(count)
    def counted(
        layer: Any, shape: tuple, spans: tuple, strides: tuple, rule: str, windows: str
    ) -> tuple:
        if rule != RULE:
            return count(layer, shape, spans, strides, rule, windows)
        name = type(layer).__name__
        say_modern(f"{name}(padding='full')", f"ZeroPadding{layer.rank}D before it")
        lengths, channels = layer._split(shape)
        wider = tuple(
            None if length is None else length + 2 * (span - 1)
            for length, span in zip(lengths, spans, strict=True)
        )
        shape = layer._joined(shape[0], wider, channels)
        return count(layer, shape, spans, strides, "valid", windows)

    return counted


def _in_numbers(lying: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return where the windows lie with the rule as a pair for each axis."""

    def lie(layer: Any) -> Any:
        known = lying(layer)
        if known.padding != RULE:
            return known
        return known._replace(padding=pairs(layer.kernel_size, layer.dilation_rate))

    return lie
