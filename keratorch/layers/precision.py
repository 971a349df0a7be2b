"""A layer's precision: the type of its weights and of the arrays it computes on."""

from __future__ import annotations

from typing import Any

from keratorch import dtype_policies
from keratorch.dtypes import is_float_dtype


class HasPrecision:
    """What a layer knows of the type in which it computes."""

    name: str
    dtype: Any  # an attribute of its own, since each call looks at it
    autocast = True  # whether inputs of other float types become the layer's

    def _begin_precision(self, dtype: Any, autocast: bool) -> None:
        policy = dtype_policies.get(dtype)
        ours = type(self).__module__.partition(".")[0] == __name__.partition(".")[0]
        if ours and not is_float_dtype(policy.variable_dtype):
            raise ValueError(
                f"dtype of layer '{self.name}' must be a float type; received "
                f"{dtype!r}. Layers compute in floats: use 'float32'."
            )
        self.dtype_policy = policy
        self.autocast = bool(autocast)

    @property
    def dtype_policy(self) -> dtype_policies.DTypePolicy:
        """The type of the weights and of the computation.

        It may be set, also by a name, for weights and calls to come.
        """
        policy = self.__dict__.get("_dtype_policy")
        if policy is None or policy.variable_dtype != self.dtype:
            return dtype_policies.DTypePolicy(self.dtype)
        return policy

    @dtype_policy.setter
    def dtype_policy(self, policy: Any) -> None:
        self._dtype_policy = dtype_policies.get(policy)
        self.dtype = self._dtype_policy.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The type in which the layer computes: that of its weights."""
        return self.dtype

    @property
    def variable_dtype(self) -> str:
        """The type of the weights."""
        return self.dtype

    @property
    def input_dtype(self) -> str:
        """The type that inputs of floats are cast to, unless `autocast` is False."""
        return self.dtype

    @property
    def quantization_mode(self) -> None:
        """None: layers here compute in floats."""
        return
