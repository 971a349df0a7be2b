"""``tf.strings``: texts as characters and bytes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.compat.tf.pipeline.ragged import RaggedTensor
from keratorch.compat.tf.pipeline.texts import as_bytes, rows_of_parts, texts_in
from keratorch.utils.element import as_element
from keratorch.utils.pipeline.values import as_value


def bytes_split(input: Any, name: str | None = None) -> Any:
    """Return the bytes of texts, each as a text."""
    return rows_of_parts(lambda t: [bytes([byte]) for byte in as_bytes(t)], input)


def unicode_split(
    input: Any,
    input_encoding: str = "UTF-8",
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Return the characters of texts."""
    _check_encoding(input_encoding)
    return rows_of_parts(list, input)


def unicode_decode(
    input: Any,
    input_encoding: str = "UTF-8",
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Return the numbers of the characters of texts, int32."""
    _check_encoding(input_encoding)
    return rows_of_parts(lambda text: [ord(char) for char in text], input)


def unicode_encode(
    input: Any,
    output_encoding: str = "UTF-8",
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Return the texts of numbers of characters along the last axis."""
    _check_encoding(output_encoding)
    if isinstance(input, RaggedTensor):
        return as_element(texts_in(["".join(map(chr, row)) for row in input.to_list()]))
    numbers = np.asarray(as_value(input))
    texts = np.empty(numbers.shape[:-1], object)
    for place in np.ndindex(*texts.shape):
        texts[place] = "".join(map(chr, numbers[place]))
    return as_element(texts if texts.ndim else texts[()])


def _check_encoding(encoding: str) -> None:
    if encoding.upper() not in ("UTF-8", "UTF8"):
        raise ValueError(f"the encoding must be 'UTF-8'; received {encoding!r}.")
