"""Input: the data that a model expects, as a symbolic array."""

from __future__ import annotations

from operator import index
from typing import Any

from keratorch import config
from keratorch.layers.arguments import brief
from keratorch.layers.layer import Layer
from keratorch.naming import auto_name
from keratorch.symbolic import KerasTensor, Node


class InputLayer(Layer):
    """The first layer of a model: it knows the shape of the data, and passes them on.

    Parameters
    ----------
    shape : tuple of int or None, the shape of one sample.
    batch_size : int, or None for any.
    dtype : str, by default the float type of `keratorch.config`.
    sparse, ragged : False; such inputs are not supported.
    batch_shape : tuple, shape with the batch axis, instead of `shape`.
    input_tensor : KerasTensor, which the layer is to stand for.
    optional : bool, whether None may be passed in place of the data.
    name : str.

    Raises
    ------
    ValueError : neither or both of the shapes.
    """

    couples_samples = False
    sparse = ragged = False

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        sparse: bool = False,
        ragged: bool = False,
        batch_shape: Any = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
    ):
        super().__init__(name=name or auto_name("input_layer"))
        if sparse or ragged:
            raise ValueError(
                "Input: sparse and ragged inputs are not supported. Pass dense arrays; "
                "pad rows of different lengths."
            )
        if batch_size is not None and batch_shape is not None:
            raise ValueError(
                f"Input: batch_shape={batch_shape} begins with the batch's size; "
                f"received batch_size={batch_size} too. Leave one of them out."
            )
        if input_tensor is not None:
            _check_same(input_tensor, shape, batch_size, batch_shape, dtype)
            shape, batch_shape = None, input_tensor.shape
            dtype = input_tensor.dtype
        if (shape is None) == (batch_shape is None):
            raise ValueError(
                "Input: give the shape of one sample, as in Input(shape=(784,)), or "
                f"batch_shape; received shape={shape} and batch_shape={batch_shape}."
            )
        if isinstance(shape, int) and batch_size is not None:
            raise ValueError(
                f"Input: shape={shape} and batch_size={batch_size} were given as two "
                f"numbers. Write the shape of one sample as Input(({shape}, "
                f"{batch_size})), or name batch_size."
            )
        if batch_shape is None:
            sample = (shape,) if isinstance(shape, int) else shape
            batch_shape = (batch_size, *_as_shape(sample))
        self.batch_shape = _as_shape(batch_shape)
        # NumPy's name of texts is str, that in Keras's files string
        self.dtype = "string" if dtype == "str" else dtype or config.floatx()
        self.optional = bool(optional)
        self.built = True
        tensor = KerasTensor(self.batch_shape, self.dtype, self.name)
        if input_tensor is not None:
            tensor = input_tensor
        Node(self, (), {}, tensor)

    def call(self, inputs: Any) -> Any:
        return inputs

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": self.optional,
        }


def _check_same(
    tensor: Any, shape: Any, batch_size: Any, batch_shape: Any, dtype: Any
) -> None:
    """Raise unless an input is symbolic, and what else was said of it is so."""
    if not isinstance(tensor, KerasTensor):
        raise ValueError(
            "Input: the tensor must be symbolic, made by Input or KerasTensor; "
            f"received {brief(tensor)}."
        )
    said = {
        "shape": (shape, tensor.shape[1:]),
        "batch_size": (batch_size, tensor.shape[:1]),
        "batch_shape": (batch_shape, tensor.shape),
        "dtype": (dtype, tensor.dtype),
    }
    for argument, (value, own) in said.items():
        wanted = (value,) if isinstance(value, int) else value
        wanted = tuple(wanted) if isinstance(wanted, list) else wanted
        if value is not None and wanted != own:
            raise ValueError(
                f"Input: {argument}={value} does not fit the tensor {tensor!r}. "
                "Leave it out: the tensor says it."
            )


def _as_shape(shape: Any) -> tuple[int | None, ...]:
    """Return a shape as a tuple of lengths and None, or raise."""
    try:
        lengths = tuple(n if n is None else index(n) for n in shape)
    except TypeError:
        lengths = (-1,)
    if any(n is not None and n < 0 for n in lengths):
        raise ValueError(
            "Input: shape must be a tuple of integers of at least 0, with None for any "
            f"length, such as (28, 28, 1) or (None, 4); received {brief(shape)}."
        )
    return lengths


def Input(  # noqa: N802 - Keras's name
    shape: Any = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool = False,
    ragged: bool = False,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> KerasTensor:
    """Return a symbolic array that stands for the data of a model.

    Parameters
    ----------
    shape : tuple of int or None, the shape of one sample.
    batch_size : int, or None for any.
    dtype : str, by default the float type of `keratorch.config`; 'int32' for indices.
    sparse, ragged : False; such inputs are not supported.
    batch_shape : tuple, shape with the batch axis, instead of `shape`.
    name : str, by which data may be passed as a dict.
    tensor : KerasTensor, which becomes the input itself.
    optional : bool, whether None may be passed in place of the data.

    Raises
    ------
    ValueError : neither or both of the shapes, or a sparse input.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.Input(shape=(4,))
    >>> y = keras.layers.Dense(3)(x)
    >>> keras.Model(x, y).output_shape
    (None, 3)
    """
    layer = InputLayer(
        shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name
    )
    return layer._nodes[0].outputs
