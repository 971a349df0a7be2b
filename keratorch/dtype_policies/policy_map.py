"""Policies of several layers, by their paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from keratorch import lazy
from keratorch.dtype_policies.policy import DTypePolicy

room = lazy.Postponed("keratorch.dtype_policies")


class DTypePolicyMap(DTypePolicy, MutableMapping):
    """A policy for each path of a layer: ``MultiHeadAttention(..., dtype=policy_map)``.

    A key is a path, or a regular expression that matches whole paths, such as
    ``"encoder/.*"``.

    Parameters
    ----------
    default_policy : policy, its name or None, of paths that no key matches; None stands
        for the policy for all layers, whichever that is when the map is read.
    policy_map : dict from keys to policies.

    Raises
    ------
    ValueError : `default_policy` is a map; in reading, a path that several keys match;
        in writing, a key that is there or a value that stands for no policy.
    TypeError : `policy_map` is no dict.

    Examples
    --------
    >>> policies = DTypePolicyMap("float32")
    >>> policies["encoder/.*"] = "float64"
    >>> policies["encoder/query"], policies["decoder"]
    (<DTypePolicy "float64">, <DTypePolicy "float32">)
    """

    _is_map = True

    def __init__(
        self, default_policy: Any = None, policy_map: dict[str, Any] | None = None
    ):
        if isinstance(default_policy, DTypePolicyMap):
            raise ValueError(
                "DTypePolicyMap: default_policy must be one policy; received a "
                "DTypePolicyMap. Join the two dicts instead."
            )
        if policy_map is not None and not isinstance(policy_map, dict):
            raise TypeError(
                "DTypePolicyMap: policy_map must be a dict from paths to policies; "
                f"received {policy_map!r}."
            )
        self._given_default = default_policy
        self._default = room.get(default_policy)
        self._policies: dict[str, DTypePolicy] = {}
        for key, policy in (policy_map or {}).items():
            self[key] = policy

    @property
    def name(self) -> str:
        """'map_' and the name of the default policy."""
        return f"map_{self._default.name}"

    @property
    def default_policy(self) -> DTypePolicy:
        """The policy of paths that no key matches."""
        return self._default

    @property
    def compute_dtype(self) -> str:
        """That of the default policy."""
        return self._default.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """That of the default policy."""
        return self._default.variable_dtype

    @property
    def quantization_mode(self) -> Any:
        """That of the default policy."""
        return self._default.quantization_mode

    def __getitem__(self, path: str) -> DTypePolicy:
        if path in self._policies:
            return self._policies[path]
        keys = [key for key in self._policies if re.fullmatch(key, path)]
        if len(keys) > 1:
            raise ValueError(
                f"DTypePolicyMap: the path {path!r} matches several keys: "
                f"{', '.join(map(repr, keys))}. Let one of them match it."
            )
        return self._policies[keys[0]] if keys else self._default

    def __setitem__(self, key: str, policy: Any) -> None:
        if key in self._policies:
            raise ValueError(
                f"DTypePolicyMap: there is a policy for {key!r} already: "
                f"{self._policies[key].name!r}. Delete it first."
            )
        self._policies[key] = room.get(policy)

    def __delitem__(self, key: str) -> None:
        del self._policies[key]

    def __contains__(self, key: object) -> bool:
        return key in self._policies

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __len__(self) -> int:
        return len(self._policies)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; without a default, the sources of policies are open."""
        policies = {key: room.serialize(value) for key, value in self.items()}
        default = self._given_default
        if default is None:
            for described in policies.values():
                config = described["config"]
                config["source_name" if "mode" in config else "name"] = None
        elif isinstance(default, DTypePolicy):
            default = room.serialize(default)
        return {"default_policy": default, "policy_map": policies}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> DTypePolicyMap:
        """Return the map that `get_config` described."""
        read: Callable = room.deserialize
        policies = {
            key: value
            if isinstance(value, DTypePolicy)
            else read(value, custom_objects)
            for key, value in config["policy_map"].items()
        }
        return cls(config["default_policy"], policies)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicyMap) and (
            (self._default, self._policies) == (other._default, other._policies)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        policies = ", ".join(f"{k!r}: {v.name!r}" for k, v in self.items())
        return f'<DTypePolicyMap "{self._default.name}", {{{policies}}}>'
