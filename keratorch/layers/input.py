"""Input: the shape of the data that a model expects."""

from __future__ import annotations

from typing import Any

from keratorch import config
from keratorch.layers.layer import Layer
from keratorch.naming import auto_name


class InputLayer(Layer):
    """The first layer of a model: it knows the shape of the data, and passes them on.

    Parameters
    ----------
    shape : tuple of int or None, the shape of one sample.
    batch_size : int, or None for any.
    dtype : str, by default the float type of `keratorch.config`.
    batch_shape : tuple, shape with the batch axis, instead of `shape`.
    name : str.

    Raises
    ------
    ValueError : neither or both of the shapes.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        batch_shape: Any = None,
        name: str | None = None,
        sparse: bool = False,
        ragged: bool = False,
        optional: bool = False,
    ):
        super().__init__(name=name or auto_name("input_layer"))
        if sparse or ragged or optional:
            raise ValueError(
                "Input: sparse, ragged and optional inputs are not supported. Pass "
                "dense arrays; pad rows of different lengths."
            )
        if (shape is None) == (batch_shape is None):
            raise ValueError(
                "Input: give the shape of one sample, as in Input(shape=(784,)), or "
                f"batch_shape; received shape={shape} and batch_shape={batch_shape}."
            )
        if batch_shape is None:
            sample = (shape,) if isinstance(shape, int) else tuple(shape)
            batch_shape = (batch_size, *sample)
        self.batch_shape = tuple(batch_shape)
        self.input_dtype = dtype or config.floatx()
        self.built = True

    def call(self, inputs: Any) -> Any:
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.input_dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": False,
        }


def Input(  # noqa: N802 - Keras's name
    shape: Any = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    batch_shape: Any = None,
    name: str | None = None,
) -> InputLayer:
    """Say what shape the data have, at the beginning of a `Sequential` model.

    Examples
    --------
    >>> import keratorch as keras
    >>> model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(3)])
    >>> model.output_shape
    (None, 3)
    """
    return InputLayer(shape, batch_size, dtype, batch_shape, name)
