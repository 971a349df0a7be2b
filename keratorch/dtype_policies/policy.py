"""The policy that names one float type, and the policy for all layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.dtypes import floatx, is_float_dtype, standardize_dtype

MIXED = ("mixed_float16", "mixed_bfloat16")


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
    ValueError : no type of NumPy's.

    Examples
    --------
    >>> policy = DTypePolicy("float64")
    >>> policy, policy.compute_dtype
    (<DTypePolicy "float64">, 'float64')
    >>> DTypePolicy("mixed_float16").compute_dtype
    'float32'
    """

    _is_map = False  # from paths of layers to policies

    def __init__(self, name: str | None = None):
        if name is None:
            name = dtype_policy().name
        self._name = name
        self._dtype = computed(name)

    @property
    def name(self) -> str:
        """The name that the policy was given."""
        return self._name

    @property
    def quantization_mode(self) -> Any:
        """How whole numbers stand for floats, as in 'int8'; None: not at all."""
        return None

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
        plain = type(self) in _PLAIN and type(other) in _PLAIN
        alike = plain or type(self) is type(other)
        return alike and self.name == other.name  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        kind = DTypePolicy if type(self) in _PLAIN else type(self)
        return f'<{kind.__name__} "{self.name}">'


class FloatDTypePolicy(DTypePolicy):
    """Another name of `DTypePolicy`."""


_PLAIN = (DTypePolicy, FloatDTypePolicy)


def computed(name: Any) -> str:
    """Return the type in which a layer of a policy's name computes."""
    if not isinstance(name, str):
        raise TypeError(
            "DTypePolicy needs the name of a float type, such as 'float32'; "
            f"received {name!r}."
        )
    if "_from_" in name:
        raise ValueError(
            f"DTypePolicy: {name!r} names a quantized policy; "
            f"dtype_policies.get({name!r}) makes it."
        )
    return "float32" if name in MIXED else standardize_dtype(name)


_for_all: DTypePolicy | None = None


def dtype_policy() -> DTypePolicy:
    """Return the policy of layers that are given no dtype: that of `floatx()`.

    Examples
    --------
    >>> dtype_policy()
    <DTypePolicy "float32">
    """
    return DTypePolicy(floatx()) if _for_all is None else _for_all


def remember(policy: DTypePolicy | None) -> None:
    """Let a policy be that of layers that are given none."""
    global _for_all
    _for_all = policy
