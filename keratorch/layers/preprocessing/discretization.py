"""Discretization: numbers as categories, the ranges that they lie in."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.layer import Layer
from keratorch.layers.preprocessing.hashing import encoded_shape
from keratorch.layers.preprocessing.text_layer import (
    check_output_mode,
    encoded,
    refuse_sparse,
)
from keratorch.symbolic import KerasTensor


class Discretization(Layer):
    """Turn numbers into those of the bins that they lie in.

    A number x gets bin i if bin_boundaries[i - 1] <= x < bin_boundaries[i].

    Parameters
    ----------
    bin_boundaries : increasing list of float, one fewer than bins.
    num_bins : int, instead: `adapt` finds boundaries between equally many numbers.
    epsilon : float, how fine `adapt` counts: it keeps 1 / epsilon places, as Keras.
    output_mode : 'int', or 'one_hot', 'multi_hot', 'count': see `CategoryEncoding`.
    sparse : False; NumPy has no sparse arrays.

    Raises
    ------
    ValueError : both bin_boundaries and num_bins, or neither; a call before there are
        boundaries.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers.preprocessing.discretization import Discretization
    >>> layer = Discretization(bin_boundaries=[0.0, 1.0, 2.0])
    >>> layer(np.array([[-1.5, 1.0, 3.4, 0.5]])).numpy()
    array([[0, 2, 3, 1]], dtype=int32)
    >>> layer = Discretization(num_bins=4, epsilon=0.01)
    >>> layer.adapt(np.array([[-1.5, 1.0, 3.4, 0.5], [0.0, 3.0, 1.3, 0.0]]))
    >>> layer.bin_boundaries
    [0.0, 0.5, 1.2999999523162842]
    """

    _integer_dtype = True

    def __init__(
        self,
        bin_boundaries: Any = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(name=name, dtype=dtype, **kwargs)
        check_output_mode("Discretization", output_mode)
        refuse_sparse("Discretization", sparse)
        if (num_bins is None) == (bin_boundaries is None):
            raise ValueError(
                "Discretization needs either bin_boundaries or num_bins; received "
                f"bin_boundaries={bin_boundaries!r} and num_bins={num_bins!r}."
            )
        if num_bins is not None and num_bins < 0:
            raise ValueError(
                f"Discretization: num_bins must be 0 or more; received {num_bins}."
            )
        self.bin_boundaries, self.num_bins = bin_boundaries, num_bins
        self.epsilon, self.output_mode = epsilon, output_mode
        self.built = True
        self.reset_state()

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find boundaries between equally many numbers, in place of earlier ones.

        Parameters
        ----------
        data : array, or an iterable of arrays, batch by batch.
        steps : int, how many batches of an iterable to take, or None for all.

        Raises
        ------
        ValueError : the layer was given its bin_boundaries, or there are no data.
        """
        if self.num_bins is None:
            raise ValueError(
                f"Discretization '{self.name}' was given its bin_boundaries; give "
                "num_bins instead, and adapt() finds them."
            )
        self.reset_state()
        for i, batch in enumerate([data] if hasattr(data, "__array__") else data):
            if steps is not None and i >= steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the numbers seen."""
        self._seen = np.zeros((2, 0), np.float32)

    def update_state(self, data: Any) -> None:
        """Look at a batch of numbers."""
        values = np.asarray(graph.value(data), np.float32)
        both = np.concatenate([_summary(values, self.epsilon), self._seen], axis=1)
        self._seen = _compressed(both[:, np.argsort(both[0])], self.epsilon)

    def finalize_state(self) -> None:
        """Make boundaries of the numbers seen."""
        if self.num_bins is None:
            return
        if not self._seen.size:
            raise ValueError(
                f"Discretization '{self.name}': adapt() received no data. Pass an "
                "array, or batches."
            )
        bounds = _compressed(self._seen, 1.0 / self.num_bins)[0, :-1]
        self.bin_boundaries = bounds.tolist()

    @property
    def output_dtype(self) -> str:
        """The dtype of the outputs."""
        return "int32" if self.output_mode == "int" else self.dtype

    def call(self, inputs: Any) -> Any:
        if self.bin_boundaries is None:
            raise ValueError(
                f"Discretization '{self.name}' has no boundaries yet. Call "
                "adapt(data) first, or pass bin_boundaries."
            )
        bounds = np.asarray(self.bin_boundaries, np.float32)
        indices = np.digitize(np.asarray(graph.value(inputs), np.float32), bounds)
        out = encoded(indices, self.output_mode, len(bounds) + 1, self.output_dtype)
        return GradArray(out, requires_grad=False)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        shape = self.compute_output_shape(args[0].shape)
        return KerasTensor(shape, self.output_dtype)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        bounds = self.bin_boundaries
        depth = self.num_bins if bounds is None else len(bounds) + 1
        return encoded_shape(input_shape, self.output_mode, depth)

    def get_config(self) -> dict[str, Any]:
        return {
            "bin_boundaries": self.bin_boundaries,
            "num_bins": self.num_bins,
            "epsilon": self.epsilon,
            "output_mode": self.output_mode,
            "sparse": False,
            "name": self.name,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        arguments = dict(config)
        found = None
        if arguments.get("num_bins") is not None:
            found = arguments.pop("bin_boundaries", None)
        layer: Any = super().from_config(arguments)
        if found is not None:
            layer.bin_boundaries = found
        return layer


def _summary(values: np.ndarray, epsilon: float) -> np.ndarray:
    """Return some 1 / epsilon of the numbers in order, and what each stands for."""
    ordered = np.sort(values, axis=None)
    step = max(ordered.size * epsilon, 1)
    bounds = ordered[int(step - 1) :: int(step)]
    return np.stack([bounds, np.full_like(bounds, step)])


def _compressed(summary: np.ndarray, epsilon: float) -> np.ndarray:
    """Return a summary of at most about 1 / epsilon numbers."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    total = summary[1].cumsum()
    share = total / total[-1]
    bounds = np.interp(shares, share, summary[0])
    weights = np.diff(np.interp(shares, share, total), prepend=0)
    return np.stack([bounds, weights]).astype(np.float32)
