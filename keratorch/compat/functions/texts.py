"""Texts in `keras.ops.convert_to_tensor`, as Keras takes them on TensorFlow."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from keratorch.compat.tf.pipeline import text_tensors


def taking_texts(convert: Callable[..., Any]) -> Callable[..., Any]:
    """Return `convert_to_tensor` that gives a tensor of texts for texts."""

    @functools.wraps(convert)
    def converted(x: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return convert(x, *args, **kwargs)
        except TypeError:
            if not text_tensors.holds_texts(x):
                raise
            return text_tensors.convert_to_tensor(x, *args, **kwargs)

    return converted
