"""Transposed convolutions that are told the shape of their outputs, as in Keras 1.

    Deconvolution2D(64, 2, 2, (None, 29, 29, 64), subsample=(2, 2))

Where the strides are more than 1, several lengths become the same one by a
convolution: so the way back has several, and `output_padding` chooses today.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any


def give_output_shape(layer: Any, shape: Any) -> None:
    """Let a layer return outputs of a shape, which is looked at when it is built.

    Parameters
    ----------
    layer : transposed convolution.
    shape : its outputs' shape, with or without the batch; lengths may be None.
    """
    if not isinstance(shape, (list, tuple)) or len(shape) <= layer.rank:
        return
    lengths, _ = layer._split((None, *shape[-layer.rank - 1 :]))
    build = layer.build

    @functools.wraps(build)
    def build_to_fit(input_shape: Any) -> None:
        layer.__dict__.pop("build", None)
        _choose_padding(layer, tuple(input_shape), lengths)
        build(input_shape)

    layer.build = build_to_fit


def _choose_padding(layer: Any, input_shape: tuple, wanted: tuple) -> None:
    """Set the output padding by which the outputs have these lengths.

    Raises
    ------
    ValueError : there is none.
    """
    usual = _lengths(layer, input_shape)
    if None in usual or not all(isinstance(length, int) for length in wanted):
        return
    if usual == wanted:
        return
    layer.output_padding = _extras(layer, input_shape, wanted)
    if layer.output_padding is None or _lengths(layer, input_shape) != wanted:
        layer.output_padding = None
        raise ValueError(
            f"{layer._named}: output_shape says lengths {wanted}, which inputs of "
            f"shape {input_shape} cannot have; without it they have {usual}. Leave "
            "output_shape out."
        )


def _lengths(layer: Any, input_shape: tuple) -> tuple:
    return tuple(layer._split(layer.compute_output_shape(input_shape))[0])


def _extras(
    layer: Any, input_shape: tuple, wanted: Sequence[int]
) -> tuple[int, ...] | None:
    """Return how many elements more each axis has at its end, None for another sum."""
    if layer.padding == "same":
        return (0,) * layer.rank
    lengths, _ = layer._split(input_shape)
    sizes = zip(lengths, layer.kernel_size, layer.strides, wanted, strict=True)
    extras = tuple(
        length - ((n - 1) * stride + size) for n, size, stride, length in sizes
    )
    each = zip(extras, layer.strides, strict=True)
    return extras if all(0 <= extra < stride for extra, stride in each) else None
