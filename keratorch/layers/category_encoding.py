"""CategoryEncoding: indices of categories as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.layers.arguments import check_positive_integer
from keratorch.layers.index_layer import IndexLayer

_MODES = ("multi_hot", "one_hot", "count")


class CategoryEncoding(IndexLayer):
    """Turn indices of categories into vectors with one number for each category.

    Parameters
    ----------
    num_tokens : int > 0, the number of categories.
    output_mode : 'one_hot' for a vector for each index, which is 1 at the index;
        'multi_hot' for one vector for each sample, which is 1 at all its indices;
        'count' for one vector for each sample of how often each index is there.
    sparse : False; NumPy has no sparse arrays.
    dtype : of the outputs, a float type or one of whole numbers.

    Shapes
    ------
    inputs : (batch, indices); outputs : (batch, num_tokens), or for 'one_hot' (batch,
        indices, num_tokens) without the axis of the indices where it is 1.

    Raises
    ------
    ValueError : another mode, or an index outside the categories.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import CategoryEncoding
    >>> CategoryEncoding(4)(np.array([[0, 2], [3, 3]])).numpy()
    array([[1., 0., 1., 0.],
           [0., 0., 0., 1.]], dtype=float32)
    >>> CategoryEncoding(3, output_mode="one_hot")(np.array([[2], [0]])).numpy()
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """

    _integer_dtype = True

    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: str = "multi_hot",
        sparse: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if output_mode not in _MODES:
            raise ValueError(
                "CategoryEncoding: output_mode must be 'multi_hot', 'one_hot' or "
                f"'count'; received {output_mode!r}."
            )
        if sparse:
            raise ValueError(
                "CategoryEncoding: sparse=True is not supported. Leave it out."
            )
        self.num_tokens = check_positive_integer(
            "CategoryEncoding", "num_tokens", num_tokens
        )
        self.output_mode = output_mode
        self.sparse = False
        self._build_at_init()

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(
                f"CategoryEncoding '{self.name}': count_weights belongs to "
                f"output_mode='count'; the mode is {self.output_mode!r}."
            )
        indices = self._indices(inputs, self.num_tokens, "num_tokens")
        hits = (indices[..., None] == np.arange(self.num_tokens)).astype(self.dtype)
        if self.output_mode == "one_hot" or not indices.ndim:
            shape = self.compute_output_shape(indices.shape)
            return GradArray(hits.reshape(shape), requires_grad=False)
        if self.output_mode == "multi_hot":
            return GradArray(hits.max(axis=-2, initial=0), requires_grad=False)
        if count_weights is not None:
            weights = np.asarray(graph.value(count_weights), self.dtype)
            hits = hits * weights[..., None]
        return GradArray(hits.sum(axis=-2, dtype=self.dtype), requires_grad=False)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        each = self.output_mode == "one_hot"
        alone = len(input_shape) > 1 and input_shape[-1] == 1
        kept = input_shape if each and not alone else input_shape[:-1]
        return (*kept, self.num_tokens)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_tokens": self.num_tokens,
            "output_mode": self.output_mode,
        }
