"""RepeatVector: a sequence of the same vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.layers.layer import Layer
from keratorch.layers.spatial_arguments import check_count


class RepeatVector(Layer):
    """Repeat each sample as the steps of a sequence.

    outputs[b, i] = inputs[b]

    Parameters
    ----------
    n : int > 0, number of steps.

    Shapes
    ------
    inputs : (batch, features); outputs : (batch, n, features).

    Raises
    ------
    TypeError : n is no integer.
    ValueError : n is not positive, or inputs of another number of axes.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import RepeatVector
    >>> RepeatVector(2)(np.array([[1.0, 5.0]])).numpy()
    array([[[1., 5.],
            [1., 5.]]], dtype=float32)
    """

    couples_samples = False
    _integer_dtype = True

    def __init__(self, n: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.n = check_count("RepeatVector", "n", n)

    def call(self, inputs: Any) -> Any:
        self.compute_output_shape(inputs.shape)
        return np.repeat(inputs[:, np.newaxis], self.n, axis=1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        if len(input_shape) != 2:
            raise ValueError(
                f"RepeatVector '{self.name}' expects inputs of shape (batch, features);"
                f" received shape {tuple(input_shape)}. Add a Flatten() layer before "
                "it."
            )
        batch, features = input_shape
        return (batch, self.n, features)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "n": self.n}
