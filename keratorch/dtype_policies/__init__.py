"""Dtype policies: the float type of a layer's weights and of its computation."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keratorch import identifiers, lazy
from keratorch.dtype_policies import policy as _policies
from keratorch.dtype_policies.policy import DTypePolicy, FloatDTypePolicy, dtype_policy
from keratorch.dtypes import standardize_dtype

if TYPE_CHECKING:
    from keratorch.dtype_policies.policy_map import DTypePolicyMap as DTypePolicyMap
    from keratorch.dtype_policies.quantized import AWQDTypePolicy as AWQDTypePolicy
    from keratorch.dtype_policies.quantized import GPTQDTypePolicy as GPTQDTypePolicy
    from keratorch.dtype_policies.quantized import Int4DTypePolicy as Int4DTypePolicy
    from keratorch.dtype_policies.quantized import (
        QuantizedDTypePolicy as QuantizedDTypePolicy,
    )
    from keratorch.dtype_policies.quantized import (
        QuantizedFloat8DTypePolicy as QuantizedFloat8DTypePolicy,
    )

#: The ways in which whole numbers can stand for floats in Keras; here the first.
QUANTIZATION_MODES = ("int8", "float8", "int4", "gptq", "awq")
_FILES = {
    "policy_map": "DTypePolicyMap",
    "quantized": (
        "AWQDTypePolicy GPTQDTypePolicy Int4DTypePolicy QuantizedDTypePolicy "
        "QuantizedFloat8DTypePolicy"
    ),
}
__getattr__, __dir__ = lazy.contents(__name__, _FILES)

__all__ = [
    "AWQDTypePolicy",
    "DTypePolicy",
    "DTypePolicyMap",
    "FloatDTypePolicy",
    "GPTQDTypePolicy",
    "Int4DTypePolicy",
    "QuantizedDTypePolicy",
    "QuantizedFloat8DTypePolicy",
    "deserialize",
    "dtype_policy",
    "get",
    "serialize",
    "set_dtype_policy",
]
POLICIES = lazy.Table(__name__, {name: name for name in __all__ if name[0].isupper()})
_quantized: Any = lazy.Postponed("keratorch.dtype_policies.quantized")


def set_dtype_policy(policy: Any) -> None:
    """Set the policy of layers that are given no dtype.

    Parameters
    ----------
    policy : DTypePolicy, its name or configuration; None for that of `floatx()`.

    Examples
    --------
    >>> set_dtype_policy("float64")
    >>> dtype_policy()
    <DTypePolicy "float64">
    >>> set_dtype_policy(None)
    """
    _policies.remember(None if policy is None else get(policy))


def get(identifier: Any) -> DTypePolicy:
    """Return the policy that a name, a type, a configuration or None stands for.

    Raises
    ------
    ValueError : it stands for none.

    Examples
    --------
    >>> import numpy as np
    >>> get(np.float64), get(None)
    (<DTypePolicy "float64">, <DTypePolicy "float32">)
    >>> get("int8_from_float32")
    <QuantizedDTypePolicy "int8_from_float32">
    """
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return _named(identifier)
    return DTypePolicy(standardize_dtype(identifier))


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Describe a policy, ready for JSON.

    Examples
    --------
    >>> serialize(DTypePolicy("float64"))["config"]
    {'name': 'float64'}
    """
    plain = type(dtype_policy) in (DTypePolicy, FloatDTypePolicy)
    module = "keras" if plain else "keras.dtype_policies"
    return identifiers.serialize(dtype_policy, module)


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> DTypePolicy:
    """Return the policy that `serialize` described.

    Raises
    ------
    ValueError : no policy of this name.
    """
    known = ChainMap({**(custom_objects or {})}, POLICIES)
    return identifiers.from_config(config, known, "dtype policy")


def _named(name: str) -> DTypePolicy:
    quantized = name.startswith(QUANTIZATION_MODES) and "_from_" in name
    return _quantized.from_name(name) if quantized else DTypePolicy(name)
