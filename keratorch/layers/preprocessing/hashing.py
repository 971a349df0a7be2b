"""Hashing and HashedCrossing: categories without a vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import config, dtype_policies
from keratorch.core import GradArray
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.preprocessing.fingerprints import (
    crossed,
    fingerprint64,
    siphash64,
)
from keratorch.layers.preprocessing.text_layer import (
    TextLayer,
    as_texts_or_numbers,
    check_output_mode,
    encoded,
    refuse_sparse,
)
from keratorch.ops.image.layout import check_known

_CROSS_KEY = 0xDECAFCAFFE


class _HashLayer(TextLayer):
    """A layer whose dtype, by default int64 or a float type, is that of its outputs."""

    def _take_output(self, output_mode: str, dtype: Any) -> None:
        self.output_mode = output_mode
        whole = "int64" if output_mode == "int" else config.floatx()
        kind = np.dtype(whole if dtype is None else dtype_policies.get(dtype).name)
        if output_mode == "int" and kind.name not in ("int32", "int64"):
            raise ValueError(
                f"{type(self).__name__}: with output_mode='int' dtype must be 'int32' "
                f"or 'int64'; received {dtype!r}."
            )
        self._output_dtype = kind.name

    def _result_dtype(self) -> str:
        return self._output_dtype

    def _wrapped(self, indices: np.ndarray, bins: int) -> GradArray:
        out = encoded(indices, self.output_mode, bins, self._output_dtype)
        return GradArray(out, requires_grad=False)


class Hashing(_HashLayer):
    """Turn categories into the numbers of bins, by hash values.

    The numbers are Keras's: FarmHash's `Fingerprint64`, or with `salt` SipHash-2-4, of
    the text (of a number: of its decimal digits), modulo the number of bins.

    Parameters
    ----------
    num_bins : int > 0.
    mask_value : text or number that gets bin 0, which then no other one gets; or None.
    salt : int, or a pair of them, the key of SipHash; or None for FarmHash.
    output_mode : 'int' for the numbers of bins, or 'one_hot', 'multi_hot', 'count': see
        `CategoryEncoding`.
    sparse : False; NumPy has no sparse arrays.
    dtype : str, of the outputs; by default 'int64', or for vectors `floatx()`.

    Raises
    ------
    ValueError : an argument outside its range.
    TypeError : inputs that are neither texts nor numbers.

    Examples
    --------
    >>> from keratorch.layers.preprocessing.hashing import Hashing
    >>> Hashing(num_bins=3)([["A"], ["B"], ["C"], ["D"], ["E"]]).numpy().ravel()
    array([1, 0, 1, 1, 2])
    >>> Hashing(num_bins=3, salt=133)([["A"], ["B"], ["C"]]).numpy().ravel()
    array([0, 0, 2])
    """

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_output_mode("Hashing", output_mode)
        refuse_sparse("Hashing", sparse)
        self.num_bins = check_positive_integer("Hashing", "num_bins", num_bins)
        self.mask_value, self.salt = mask_value, _salt("Hashing", salt)
        self._take_output(output_mode, dtype)

    def call(self, inputs: Any) -> Any:
        bins = self.num_bins
        masks = self.mask_value is not None and bins > 1
        indices = hashed(inputs, bins - masks, self.salt)
        if masks:
            indices = np.where(inputs == self.mask_value, 0, indices + 1)
        return self._wrapped(indices, bins)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return encoded_shape(input_shape, self.output_mode, self.num_bins)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "dtype": dtype_policy(self._output_dtype),
            "num_bins": self.num_bins,
            "salt": self.salt,
            "mask_value": self.mask_value,
            "output_mode": self.output_mode,
            "sparse": False,
        }


def dtype_policy(dtype: str) -> dict[str, Any]:
    """Return a dtype as Keras writes it into files."""
    return {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": dtype},
        "registered_name": None,
    }


def _salt(layer: str, salt: Any) -> list[int] | None:
    if salt is None:
        return None
    pair = list(salt) if isinstance(salt, (tuple, list)) else [salt, salt]
    if len(pair) != 2 or not all(isinstance(part, int) for part in pair):
        raise ValueError(
            f"{layer}: salt must be an int, or a pair of them; received {salt!r}."
        )
    return pair


def hashed(values: np.ndarray, bins: int, salt: Any = None) -> np.ndarray:
    """Return for each text or number the bin of its hash value."""
    if values.dtype.kind in "biuf":
        values = values.astype(np.int64)
    flat = values.ravel().tolist()
    found = {}
    for value in dict.fromkeys(flat):
        data = str(value).encode()
        bits = fingerprint64(data) if salt is None else siphash64(data, tuple(salt))
        found[value] = bits % bins
    return np.array([found[value] for value in flat], np.int64).reshape(values.shape)


def encoded_shape(shape: tuple, mode: str, depth: int | None) -> tuple:
    """Return the shape of `encoded` for indices of a shape."""
    if mode == "int":
        return tuple(shape)
    if mode != "one_hot":
        return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)
    alone = len(shape) > 1 and shape[-1] == 1
    return (*(shape[:-1] if alone else shape), depth)


class HashedCrossing(_HashLayer):
    """Turn combinations of categories into the numbers of bins, by hash values.

    The numbers are Keras's: fingerprints of the parts, one after another.

    Parameters
    ----------
    num_bins : int > 0.
    output_mode : 'int' for the numbers of bins, or 'one_hot' for vectors.
    sparse : False; NumPy has no sparse arrays.
    dtype : str, of the outputs; by default 'int64', or for vectors `floatx()`.

    Raises
    ------
    ValueError : an argument outside its range, or fewer than two inputs, or inputs of
        other shapes than (), (batch,) or (batch, 1), or of floats.
    TypeError : inputs that are neither texts nor numbers.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.hashing import HashedCrossing
    >>> letters = np.array(["A", "B", "A", "B", "A"])
    >>> numbers = np.array([101, 101, 101, 102, 102])
    >>> HashedCrossing(num_bins=5)((letters, numbers)).numpy()
    array([1, 4, 1, 1, 3])
    """

    _takes_lists = True

    def __init__(
        self,
        num_bins: int,
        output_mode: str = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        check_known("HashedCrossing", "output_mode", output_mode, ("int", "one_hot"))
        refuse_sparse("HashedCrossing", sparse)
        self.num_bins = check_positive_integer("HashedCrossing", "num_bins", num_bins)
        self._take_output(output_mode, dtype)

    def _at_the_door(self, inputs: Any) -> Any:
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ValueError(
                f"HashedCrossing '{self.name}' expects a list of two inputs or more; "
                f"received {type(inputs).__name__}."
            )
        parts = [as_texts_or_numbers(self.name, part) for part in inputs]
        shapes = {part.shape for part in parts}
        (shape, *others) = shapes
        if others or len(shape) > 2 or (len(shape) == 2 and shape[1] != 1):
            raise ValueError(
                f"HashedCrossing '{self.name}' expects inputs of one shape, (), "
                f"(batch,) or (batch, 1); received {sorted(shapes)}."
            )
        if any(part.dtype.kind == "f" for part in parts):
            raise ValueError(
                f"HashedCrossing '{self.name}' expects texts or whole numbers; "
                "received floats. Write x.astype(int), or use Discretization."
            )
        return parts

    def call(self, inputs: Any) -> Any:
        bins = []
        for row in zip(*(part.ravel().tolist() for part in inputs), strict=True):
            bits = _CROSS_KEY
            for value in row:
                text = isinstance(value, str)
                number = fingerprint64(value.encode()) if text else value
                bits = crossed(bits, number % 2**64)
            bins.append(bits % self.num_bins)
        indices = np.array(bins, np.int64).reshape(inputs[0].shape)
        return self._wrapped(indices, self.num_bins)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return encoded_shape(input_shape[0], self.output_mode, self.num_bins)

    def get_config(self) -> dict[str, Any]:
        return {
            "num_bins": self.num_bins,
            "output_mode": self.output_mode,
            "sparse": False,
            "name": self.name,
            "dtype": self._output_dtype,
        }
