"""What layers share whose inputs are texts or categories, not numbers to compute on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.arguments import brief
from keratorch.layers.calls import shape_of
from keratorch.layers.layer import Layer
from keratorch.ops.image.layout import check_known
from keratorch.symbolic import KerasTensor
from keratorch.utils.element import as_element

ENCODINGS = ("one_hot", "multi_hot", "count")


class TextLayer(Layer):
    """A layer whose inputs may be texts: a str, nested lists of them, or an array.

    It has no weights that train, and no gradient flows through it.
    """

    _takes_texts = True
    _integer_dtype = True

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.built = True

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make the layer that `get_config` described.

        Raises
        ------
        ValueError : the configuration names a file to read a vocabulary from. One that
            came with a model could so read any file of this computer.
        """
        for name in ("vocabulary", "idf_weights"):
            if isinstance(config.get(name), (str, os.PathLike)):
                raise ValueError(
                    f"{cls.__name__}: the configuration names a file for {name}: "
                    f"{config[name]!r}. Configurations read no files: make it by hand, "
                    "or give the tokens themselves as a list."
                )
        return super().from_config(config)

    def _at_the_door(self, inputs: Any) -> Any:
        return as_texts_or_numbers(self.name, inputs)

    def _result_dtype(self) -> str:
        """The dtype of the outputs."""
        return "int64"

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        shape = self.compute_output_shape(shape_of(args[0]))
        return KerasTensor(shape, self._result_dtype())

    def _checked(self, inputs: Any, outputs: Any) -> Any:
        texts = isinstance(outputs, (np.ndarray, np.generic)) and (
            outputs.dtype.kind not in "biuf"
        )
        return as_element(outputs) if texts else super()._checked(inputs, outputs)


def as_texts_or_numbers(layer: str, inputs: Any, encoding: str = "utf-8") -> np.ndarray:
    """Return an array of texts (object dtype, each a str) or of numbers.

    Raises
    ------
    TypeError : neither texts nor numbers.
    ValueError : lists of different lengths.
    """
    try:
        array = np.asarray(graph.plain(inputs))
    except ValueError as error:
        raise ValueError(
            f"Layer '{layer}' expects lists of one length; received ragged ones. Fill "
            'the short ones up, with "" for texts.'
        ) from error
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind not in "USOT":
        raise TypeError(
            f"Layer '{layer}' expects texts or numbers; received dtype {array.dtype}."
        )
    texts = np.empty(array.shape, object)
    texts.ravel()[:] = [_text(layer, x, encoding) for x in array.ravel().tolist()]
    return texts


def _text(layer: str, x: Any, encoding: str) -> str:
    if isinstance(x, bytes):
        return x.decode(encoding)
    if isinstance(x, (list, tuple)):
        raise ValueError(
            f"Layer '{layer}' expects lists of one length; received ragged ones. Fill "
            'the short ones up, with "" for texts.'
        )
    if not isinstance(x, str):
        raise TypeError(
            f"Layer '{layer}' expects texts; received {brief(x)} of type "
            f"{type(x).__name__} among them."
        )
    return x


def batches(data: Any, steps: int | None) -> Iterator[Any]:
    """Yield what `adapt` counts: an array whole, an iterable batch by batch."""
    if steps is not None and steps < 1:
        raise ValueError(f"adapt: steps must be 1 or more; received {steps}.")
    whole = isinstance(data, (list, tuple, str, np.ndarray, GradArray))
    if whole or not isinstance(data, Iterable) or hasattr(data, "__array__"):
        array = np.asarray(graph.plain(data))
        yield array[:, None] if array.ndim == 1 else array
        return
    for i, batch in enumerate(data):
        if steps is not None and i >= steps:
            return
        yield batch


def check_output_mode(layer: str, mode: str, more: tuple[str, ...] = ()) -> None:
    """Raise unless a mode is 'int', one of the encodings, or one of others."""
    check_known(layer, "output_mode", mode, ("int", *ENCODINGS, *more))


def refuse_sparse(layer: str, sparse: bool) -> None:
    """Raise for sparse=True, which NumPy has no arrays for."""
    if sparse:
        raise ValueError(f"{layer}: sparse=True is not supported. Leave it out.")


def encoded(indices: np.ndarray, mode: str, depth: int, dtype: Any) -> np.ndarray:
    """Return indices of categories as vectors; indices from `depth` on count nothing.

    Parameters
    ----------
    indices : (batch, indices, ...) or (indices,) or ().
    mode : 'one_hot' for one vector an index, 'multi_hot' or 'count' for one for all
        indices of a sample: the second axis goes, as in Keras.
    """
    if mode == "int":
        return indices.astype(dtype)
    indices = np.atleast_1d(indices)
    if mode == "one_hot":
        alone = indices.ndim > 1 and indices.shape[-1] == 1
        indices = indices[..., 0] if alone else indices
        return (indices[..., None] == np.arange(depth)).astype(dtype)
    samples = np.moveaxis(indices, 1, -1) if indices.ndim > 1 else indices
    rows = samples.reshape(-1, samples.shape[-1])
    out = np.zeros((len(rows), depth), dtype)
    row, column = np.nonzero((rows >= 0) & (rows < depth))
    places = (row, rows[row, column])
    if mode == "count":
        np.add.at(out, places, 1)
    else:
        out[places] = 1
    return out.reshape(*samples.shape[:-1], depth)
