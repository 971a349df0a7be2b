"""Quantizers: whole numbers of few bits in the place of floats.

    model.quantize("int8")

keeps each weight of `Dense`, `EinsumDense` and `Embedding` layers in one byte.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from keratorch import identifiers, lazy
from keratorch.naming import to_snake_case

_FILES = {
    "configuration": (
        "Float8QuantizationConfig Int4QuantizationConfig Int8QuantizationConfig "
        "QuantizationConfig"
    ),
    "fake_quantization": "fake_quant_with_min_max_vars",
    "float8": (
        "compute_float8_amax_history compute_float8_scale quantize_and_dequantize"
    ),
    "grouped": "abs_max_quantize_grouped_with_zero_point",
    "int4": "pack_int4 unpack_int4",
    "quantizer": "AbsMaxQuantizer Quantizer abs_max_quantize",
}
_REFUSED = {"other_modes": "AWQConfig GPTQConfig"}
__getattr__, __dir__ = lazy.contents(__name__, _FILES | _REFUSED)
__all__ = [name for names in _FILES.values() for name in names.split()]
__all__ += ["deserialize", "get", "serialize"]

_CLASSES = [name for name in __all__ if name[0].isupper()]
QUANTIZERS = lazy.Table(
    __name__, {key: name for name in _CLASSES for key in (name, to_snake_case(name))}
)


def serialize(initializer: Any) -> dict[str, Any]:
    """Describe a quantizer or the configuration of one, ready for JSON.

    Parameters
    ----------
    initializer : Quantizer or QuantizationConfig; the name is Keras's.

    Examples
    --------
    >>> from keratorch import quantizers
    >>> serialize(quantizers.AbsMaxQuantizer(axis=0))["config"]["axis"]
    (0,)
    """
    return identifiers.serialize(initializer, "keras.quantizers")


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, type] | None = None
) -> Any:
    """Return the quantizer that `serialize` described.

    Raises
    ------
    ValueError : no quantizer of this name.
    """
    known = ChainMap({**(custom_objects or {})}, QUANTIZERS)
    return identifiers.from_config(config, known, "quantizer")


def get(identifier: Any) -> Any:
    """Return the quantizer of a name, class, configuration, function or None.

    Examples
    --------
    >>> get("abs_max_quantizer").output_dtype
    'int8'
    """
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    return identifiers.resolve(identifier, QUANTIZERS, "quantizer")
