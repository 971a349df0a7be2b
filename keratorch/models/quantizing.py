"""A model whose layers keep their weights as whole numbers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from keratorch import quantizers


class Quantizes:
    """What lets a model quantize the layers inside it."""

    name: str
    built: bool
    _flat_layers: Any
    _check_built: Any

    def quantize(
        self,
        mode: str | None = None,
        config: Any = None,
        filters: str | Sequence[str] | Callable[[Any], bool] | None = None,
        type_check: bool = True,
    ) -> None:
        """Keep the weights of `Dense`, `EinsumDense` and `Embedding` as whole numbers.

        These take a quarter of the memory and of the file; the results differ by about
        1 %. Other layers stay as they are. Compile the model anew to train what is left
        to be trained.

        Parameters
        ----------
        mode : 'int8'.
        config : Int8QuantizationConfig, whose quantizers are used; by default
            `AbsMaxQuantizer` for weights and inputs.
        filters : regular expression that a part of a layer's name matches, several of
            them, or a function of a layer: which ones are quantized; by default all.
        type_check : bool, whether layers of classes of your own are left out.

        Raises
        ------
        ValueError : the model is not built, or quantized already.
        NotImplementedError : another mode.

        Examples
        --------
        >>> import keratorch as keras
        >>> model = keras.Sequential(
        ...     [keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)]
        ... )
        >>> model.quantize("int8", filters=lambda layer: layer.units == 2)
        >>> [layer.quantization_mode for layer in model.layers]
        ['int8', None]
        """
        config = quantizers.configuration.chosen_config(mode, config)
        chosen = _chooser(filters)
        self._check_built("quantize")
        left = []
        for layer in list(self._flat_layers()):
            if any(layer._sublayers()) or not chosen(layer):
                continue
            try:
                layer.quantize(config=config, type_check=type_check)
            except NotImplementedError:
                left += [type(layer).__name__] if layer.weights else []
        if left:
            warnings.warn(
                f"quantize: layers of '{self.name}' that cannot be quantized still "
                f"compute in floats: {', '.join(dict.fromkeys(left))}.",
                UserWarning,
                stacklevel=2,
            )


def _chooser(filters: Any) -> Callable[[Any], bool]:
    """Return a function that says whether a layer is to be quantized."""
    if filters is None:
        return lambda layer: True
    if isinstance(filters, str):
        filters = [filters]
    if isinstance(filters, (list, tuple)):
        patterns = [re.compile(pattern) for pattern in filters]
        return lambda layer: any(pattern.search(layer.name) for pattern in patterns)
    if callable(filters):
        return filters
    raise ValueError(
        "quantize: filters must be a regular expression, a list of them or a function "
        f"of a layer; received {filters!r}."
    )
