"""A layer's precision: the type of its weights and of the arrays it computes on."""

from __future__ import annotations

from typing import Any

from keratorch import dtype_policies
from keratorch.dtypes import is_float_dtype


class HasPrecision:
    """What a layer knows of the type in which it computes."""

    name: str
    _path: str
    dtype: Any  # an attribute of its own, since each call looks at it
    _modes: tuple[str, ...] = ()  # in which it can compute on whole numbers
    _integer_dtype = False  # whether its dtype may be one of whole numbers
    autocast = True  # whether inputs of other float types become the layer's

    def _begin_precision(self, dtype: Any, autocast: bool) -> None:
        policy = dtype_policies.get(dtype)
        ours = type(self).__module__.partition(".")[0] == __name__.partition(".")[0]
        may_be_any = self._integer_dtype or not ours
        if not may_be_any and not is_float_dtype(policy.variable_dtype):
            raise ValueError(
                f"dtype of layer '{self.name}' must be a float type; received "
                f"{dtype!r}. Layers compute in floats: use 'float32'."
            )
        self.dtype_policy = policy
        self.autocast = bool(autocast)

    @property
    def dtype_policy(self) -> dtype_policies.DTypePolicy:
        """The type of the weights and of the computation.

        It may be set, also by a name, for weights and calls to come. Where it is a
        `DTypePolicyMap`, setting it sets the policy of this layer's path.
        """
        policy = self.__dict__.get("_dtype_policy")
        if policy is not None and policy._is_map:
            return policy
        if policy is None or policy.variable_dtype != self.dtype:
            return dtype_policies.DTypePolicy(self.dtype)
        return policy

    @dtype_policy.setter
    def dtype_policy(self, policy: Any) -> None:
        policy = dtype_policies.get(policy)
        policies = self.__dict__.get("_dtype_policy")
        if policies is not None and policies._is_map and self._path:
            policies.pop(self._path, None)
            policies[self._path] = policy
        else:
            self._dtype_policy = policy
        self._settle_policy()

    def _settle_policy(self) -> None:
        """Compute from now on as the policy says; a map says it by the path."""
        policy = self._own_policy
        self.dtype = policy.variable_dtype
        if not policy._is_map:
            self._follow_mode(policy.quantization_mode)

    @property
    def _own_policy(self) -> dtype_policies.DTypePolicy:
        policy = self._dtype_policy
        if policy._is_map and self._path:
            return policy[self._path]  # a layer that is built knows its path
        return policy

    def _follow_mode(self, mode: str | None) -> None:
        """Raise unless the layer can compute in the mode of its policy."""
        if mode is not None and mode not in self._modes:
            raise NotImplementedError(
                f"{type(self).__name__} '{self.name}' cannot compute by a policy of "
                f"mode {mode!r}. Dense, EinsumDense and Embedding can, by 'int8'; give "
                "the others a float type, such as dtype='float32'."
            )

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
    def quantization_mode(self) -> str | None:
        """How whole numbers stand for the weights, as 'int8'; None: they are floats."""
        return self._own_policy.quantization_mode

    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: Any = None
    ) -> None:
        """Keep the weights as whole numbers: of layers that can, see `Dense.quantize`.

        Raises
        ------
        NotImplementedError : this layer cannot.
        """
        raise NotImplementedError(
            f"quantize: {type(self).__name__} '{self.name}' computes in floats alone. "
            "Dense, EinsumDense and Embedding can be quantized."
        )
