"""Config: named values of a program, which can be frozen."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, MutableMapping
from typing import Any


class Config(MutableMapping[str, Any]):
    """A dict whose values are attributes too, and which can be frozen.

    Names come in alphabetical order.

    Parameters
    ----------
    **kwargs : the values, by name.

    Raises
    ------
    ValueError : something is to be changed while it is frozen.
    AttributeError : an attribute that it has not.

    Examples
    --------
    >>> config = Config(learning_rate=0.1)
    >>> config.units = 32
    >>> config["units"], config.to_json()
    (32, '{"learning_rate": 0.1, "units": 32}')
    >>> config.freeze()
    >>> config.frozen
    True
    """

    def __init__(self, **kwargs: Any):
        object.__setattr__(self, "_values", dict(kwargs))
        object.__setattr__(self, "_frozen", False)

    @property
    def frozen(self) -> bool:
        """Whether changes are refused."""
        return self._frozen

    def freeze(self) -> None:
        """Refuse changes from now on."""
        object.__setattr__(self, "_frozen", True)

    def unfreeze(self) -> None:
        """Allow changes again."""
        object.__setattr__(self, "_frozen", False)

    def as_dict(self) -> dict[str, Any]:
        """Return a dict of the values."""
        return dict(self._values)

    def to_json(self) -> str:
        """Return the values as JSON."""
        return json.dumps(self._values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._check_open(key)
        self._values[key] = value

    def __delitem__(self, key: str) -> None:
        self._check_open(key)
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):
            raise AttributeError(
                f"Config: {name!r} is one of its methods, no value: write "
                f"config[{name!r}] = ..."
            )
        self[name] = value

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("_values", {})
        if name in values:
            return values[name]
        near = difflib.get_close_matches(name, values, n=1)
        question = f" Did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"Config has no value {name!r}.{question}")

    def __repr__(self) -> str:
        return f"<Config {self._values}>"

    def _check_open(self, key: str) -> None:
        if self._frozen:
            raise ValueError(
                f"Config: {key!r} cannot be changed while the config is frozen. Call "
                "unfreeze() first."
            )
