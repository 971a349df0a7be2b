"""Dtype policies: the float type of a layer's weights and of its computation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import identifiers
from keratorch.dtypes import floatx, is_float_dtype, standardize_dtype

_MIXED = ("mixed_float16", "mixed_bfloat16")
_QUANTIZED = ("int8", "int4", "float8", "gptq", "awq")


class DTypePolicy:
    """The name of a float type, as layers take it: ``Dense(1, dtype=policy)``.

    Parameters
    ----------
    name : str such as 'float32' or 'float64'; by default that of the policy for all
        layers. 'mixed_float16' and 'mixed_bfloat16' stand for weights and computation
        in float32: a CPU is no faster with shorter floats.

    Raises
    ------
    TypeError : no string.
    ValueError : no type of NumPy's; a quantized one, which layers here cannot be.

    Examples
    --------
    >>> policy = DTypePolicy("float64")
    >>> policy, policy.compute_dtype
    (<DTypePolicy "float64">, 'float64')
    >>> DTypePolicy("mixed_float16").compute_dtype
    'float32'
    """

    quantization_mode = None

    def __init__(self, name: str | None = None):
        if name is None:
            name = dtype_policy().name
        if not isinstance(name, str):
            raise TypeError(
                "DTypePolicy needs the name of a float type, such as 'float32'; "
                f"received {name!r}."
            )
        if name not in _MIXED:
            _check_name(name)
        self._name = name
        self._dtype = "float32" if name in _MIXED else standardize_dtype(name)

    @property
    def name(self) -> str:
        """The name that the policy was given."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """The type in which a layer computes."""
        return self._dtype

    @property
    def variable_dtype(self) -> str:
        """The type of a layer's weights."""
        return self._dtype

    def convert_input(self, x: Any, autocast: bool, dtype: Any) -> Any:
        """Return `x`, as an array of `dtype` if `autocast` is true and it has floats.

        Integers stay as they are, and so does what is no array.
        """
        if not hasattr(x, "dtype"):
            if not hasattr(x, "__array__"):
                return x
            x = np.asarray(x)
        cast = autocast and is_float_dtype(x.dtype) and x.dtype != dtype
        return x.astype(standardize_dtype(dtype)) if cast else x

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        """Return the policy that `get_config` described."""
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


class FloatDTypePolicy(DTypePolicy):
    """Another name of `DTypePolicy`."""


_POLICIES = {"DTypePolicy": DTypePolicy, "FloatDTypePolicy": FloatDTypePolicy}
_for_all: DTypePolicy | None = None


def dtype_policy() -> DTypePolicy:
    """Return the policy of layers that are given no dtype: that of `floatx()`.

    Examples
    --------
    >>> dtype_policy()
    <DTypePolicy "float32">
    """
    return DTypePolicy(floatx()) if _for_all is None else _for_all


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
    global _for_all
    _for_all = None if policy is None else get(policy)


def get(identifier: Any) -> DTypePolicy:
    """Return the policy that a name, a type, a configuration or None stands for.

    Raises
    ------
    ValueError : it stands for none.

    Examples
    --------
    >>> get(np.float64), get(None)
    (<DTypePolicy "float64">, <DTypePolicy "float32">)
    """
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return DTypePolicy(identifier)
    return DTypePolicy(standardize_dtype(identifier))


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Describe a policy, ready for JSON.

    Examples
    --------
    >>> serialize(DTypePolicy("float64"))["config"]
    {'name': 'float64'}
    """
    return identifiers.serialize(dtype_policy, "keras")


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> DTypePolicy:
    """Return the policy that `serialize` described.

    Raises
    ------
    ValueError : no policy of this name.
    """
    known = {**_POLICIES, **(custom_objects or {})}
    return identifiers.from_config(config, known, "dtype policy")


def _check_name(name: str) -> None:
    if name.startswith(_QUANTIZED) and "_from_" in name:
        raise ValueError(
            f"DTypePolicy: {name!r} is a quantized policy, and layers here compute in "
            "floats. Use 'float32'."
        )
    standardize_dtype(name)
