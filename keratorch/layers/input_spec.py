"""InputSpec: what a layer expects of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.nested import flatten


class InputSpec:
    """The rank, lengths and dtype that a layer expects of an input.

    Parameters
    ----------
    dtype : str.
    shape : tuple with the batch, None for any length.
    ndim, min_ndim, max_ndim : int, the number of axes, the smallest and the largest.
    axes : dict from axes to their lengths, None for any length.
    allow_last_axis_squeeze : bool, whether a last axis of length 1 may be missing or
        too many.
    name : str, the key of this input in a dict of inputs.
    optional : bool, whether the input may be None.

    Raises
    ------
    TypeError : `axes` is no dict with integer keys.
    ValueError : an axis that inputs of so many axes do not have.

    Examples
    --------
    >>> from keratorch.layers import InputSpec
    >>> InputSpec(shape=(None, 28, 28))
    InputSpec(shape=(None, 28, 28), ndim=3)
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ):
        self.dtype = None if dtype is None else np.dtype(dtype).name
        self.shape = None if shape is None else tuple(shape)
        self.ndim = ndim if self.shape is None else len(self.shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.name = name
        self.optional = optional
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        try:
            self.axes = {int(axis): n for axis, n in dict(axes or {}).items()}
        except (TypeError, ValueError):
            raise TypeError(
                f"InputSpec: axes must be a dict from axes to lengths, such as "
                f"{{-1: 8}}; received {axes!r}."
            ) from None
        most = self.ndim if self.ndim is not None else self.max_ndim
        if self.axes and most is not None and max(self.axes) >= most:
            raise ValueError(
                f"InputSpec: inputs with at most {most} axes have no axis "
                f"{max(self.axes)}; received axes={self.axes}."
            )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal InputSpec."""
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes", "optional")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> InputSpec:
        """Return the InputSpec that `get_config` described."""
        return cls(**config)

    def __repr__(self) -> str:
        given = {k: v for k, v in self.get_config().items() if v and k != "optional"}
        return f"InputSpec({', '.join(f'{k}={v}' for k, v in given.items())})"

    def mismatch(self, x: Any) -> str | None:
        """Return what was expected where an array does not fit, None if it fits."""
        shape, rank = tuple(x.shape), len(x.shape)
        squeezes = self.allow_last_axis_squeeze and self.shape is not None
        if self.ndim is not None and rank != self.ndim and not squeezes:
            return f"{self.ndim} axes"
        if self.min_ndim is not None and rank < self.min_ndim:
            return f"at least {self.min_ndim} axes"
        if self.max_ndim is not None and rank > self.max_ndim:
            return f"at most {self.max_ndim} axes"
        if self.dtype is not None and np.dtype(x.dtype).name != self.dtype:
            return f"dtype {self.dtype}, not {np.dtype(x.dtype).name}"
        for axis, length in self.axes.items():
            if not -rank <= axis < rank or not _fits(shape[axis], length):
                return f"length {length} along axis {axis}"
        if self.shape is not None and not self._fits_shape(shape):
            return f"shape {self.shape}"
        return None

    def _fits_shape(self, shape: tuple) -> bool:
        wanted = self.shape or ()
        if self.allow_last_axis_squeeze:
            shape = shape[:-1] if shape[-1:] == (1,) else shape
            wanted = wanted[:-1] if wanted[-1:] == (1,) else wanted
        return len(shape) == len(wanted) and all(map(_fits, shape, wanted))


def check_inputs(spec: Any, inputs: Any, layer: str) -> None:
    """Raise unless the inputs of a layer are what it expects.

    Parameters
    ----------
    spec : InputSpec, or a structure of them and None like that of the inputs; None
        checks nothing.
    layer : str, the name of the layer.

    Raises
    ------
    ValueError : too few or too many inputs, or one that does not fit.
    """
    if spec is None:
        return
    specs = flatten(spec)
    names = [getattr(one, "name", None) for one in specs]
    if isinstance(inputs, dict) and all(names):
        missing = [name for name in names if name not in inputs]
        if missing:
            raise ValueError(
                f"Layer '{layer}' expects a dict of inputs with the keys {names}; "
                f"received {list(inputs)}, without {missing[0]!r}."
            )
        inputs = [inputs[name] for name in names]
    arrays = flatten(inputs)
    if len(arrays) != len(specs):
        raise ValueError(
            f"Layer '{layer}' expects {len(specs)} inputs; received {len(arrays)}."
        )
    for i, (x, one) in enumerate(zip(arrays, specs, strict=True)):
        if one is None or (x is None and one.optional):
            continue
        if not hasattr(x, "shape"):
            raise ValueError(
                f"Layer '{layer}' expects arrays; input {i} is a {type(x).__name__}."
            )
        expected = one.mismatch(x)
        if expected:
            named = f" '{one.name}'" if one.name else ""
            raise ValueError(
                f"Layer '{layer}' is incompatible with input {i}{named}: expected "
                f"{expected}; received shape {tuple(x.shape)}."
            )


def _fits(length: int | None, wanted: int | None) -> bool:
    return None in (length, wanted) or length == wanted
