"""Layers of sequences in scripts that put the channels of images first.

Up to Keras 2, Conv1D, MaxPooling1D and their like had the channels last, whatever
`K.set_image_dim_ordering('th')` said of images. Keras 3 goes by that for them too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect


def channels_last(init: Callable[..., None]) -> Callable[..., None]:
    """Return what makes layers, those of sequences as older scripts mean them."""

    @functools.wraps(init)
    def made(layer: Any, data_format: str | None = None, **kwargs: Any) -> None:
        if data_format is None and layer.rank == 1 and dialect.is_older():
            data_format = "channels_last"
        init(layer, data_format, **kwargs)

    return made
