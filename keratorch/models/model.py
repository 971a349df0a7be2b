"""Model: a layer that can be trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch.layers import Layer
from keratorch.models.summary import summary_table
from keratorch.modes import no_grad
from keratorch.training import Trainer


class Model(Trainer, Layer):
    """A layer made of layers, with `compile`, `fit`, `evaluate` and `predict`.

    A subclass holds its layers in attributes and uses them in ``call``.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> class Line(keras.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.dense = keras.layers.Dense(1)
    ...     def call(self, inputs):
    ...         return self.dense(inputs)
    >>> model = Line()
    >>> model.compile(optimizer="sgd", loss="mse")
    >>> history = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    >>> model.predict(np.ones((4, 2)), verbose=0).shape
    (4, 1)
    """

    @property
    def layers(self) -> list[Layer]:
        """The layers that the model is made of."""
        return list(self._sublayers())

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or its position.

        Raises
        ------
        ValueError : there is no such layer, or neither or both were given.
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ValueError("get_layer: give either a name or an index.")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"get_layer: index {index} is outside the {len(layers)} layers."
                )
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"get_layer: no layer is named {name!r}. There are: "
            f"{', '.join(layer.name for layer in layers)}."
        )

    def build(self, input_shape: tuple) -> None:
        """Make the weights of all layers by computing on zeros."""
        self.built = True
        with no_grad():
            self(np.zeros([1 if n is None else n for n in input_shape], self.dtype))

    def summary(
        self,
        line_length: int | None = None,
        positions: list[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print a table of the layers with output shapes and parameter counts.

        Parameters
        ----------
        line_length : int, width in characters; by default 88, or what the terminal has.
        positions : list of float, where columns end, as shares of the width.
        print_fn : function that gets the text instead of `print`.
        show_trainable : bool, whether to add a column for it.
        layer_range : names, or patterns of them, of the first and the last layer that
            the table shows.
        """
        text = summary_table(self, line_length, positions, show_trainable, layer_range)
        (print_fn or print)(text)
