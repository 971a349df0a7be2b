"""Wrapper: a layer around another layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.inner import build_inner, deserialized, serialized


class Wrapper(Layer):
    """The base of layers that change how another layer is applied.

    Parameters
    ----------
    layer : Layer, which the attribute `layer` holds.

    Raises
    ------
    ValueError : `layer` is no layer.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dense, Wrapper
    >>> class Twice(Wrapper):
    ...     def call(self, inputs):
    ...         return self.layer(self.layer(inputs))
    >>> Twice(Dense(3))(np.ones((2, 3))).shape
    (2, 3)
    """

    _takes_lists = True

    def __init__(self, layer: Any, **kwargs: Any):
        if not isinstance(layer, Layer):
            received = f"received {layer!r}"
            if isinstance(layer, type):
                received = f"received the class {layer.__name__}: call it first"
            raise ValueError(
                f"{type(self).__name__}: layer must be a keratorch layer; {received}."
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        build_inner(self.layer, input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "layer": serialized(self.layer)}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> Any:
        config = {**config, "layer": deserialized(config["layer"], custom_objects)}
        return super().from_config(config)
