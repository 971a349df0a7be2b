"""A layer as a configuration: what describes it in files, and makes it anew."""

from __future__ import annotations

import inspect
from typing import Any

from keratorch import dtype_policies, regularizers
from keratorch.layers.calls import map_shapes
from keratorch.nested import flatten


class IsDescribed:
    """What a layer says of the arguments that made it, and of its weights' shapes."""

    name: str
    dtype_policy: Any
    trainable: Any
    activity_regularizer: Any
    build: Any
    build_for: Any
    _built_shape: Any
    _describes_itself = False  # by its constructor's arguments: it has no get_config
    _given: dict[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = super().__new__(cls)
        if cls._describes_itself:
            given = inspect.signature(cls.__init__).bind_partial(layer, *args, **kwargs)
            object.__setattr__(layer, "_given", given.arguments)
        return layer

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as Keras writes them into files.

        A subclass whose arguments are numbers, strings and lists or dicts of them need
        not define it.

        Raises
        ------
        NotImplementedError : the subclass has other arguments, and no get_config.
        """
        policy = dtype_policies.serialize(self.dtype_policy)
        base = {"name": self.name, "trainable": self.trainable, "dtype": policy}
        if self.activity_regularizer is not None:
            base["activity_regularizer"] = regularizers.serialize(
                self.activity_regularizer
            )
        return {**self._own_arguments(), **base} if self._describes_itself else base

    def _own_arguments(self) -> dict[str, Any]:
        """Return the arguments that the constructor was given, by name."""
        variable = inspect.signature(type(self).__init__).parameters.values()
        own = next(iter(variable)).name  # self
        arguments = {k: v for k, v in self._given.items() if k != own}
        for parameter in variable:
            if parameter.kind is parameter.VAR_KEYWORD:
                arguments.update(arguments.pop(parameter.name, {}))
            elif parameter.name != own and _is_simple(parameter.default):
                arguments.setdefault(parameter.name, parameter.default)
        for name, value in arguments.items():
            if not _is_simple(value):
                raise NotImplementedError(
                    f"{type(self).__name__} needs a get_config, since its argument "
                    f"{name!r} is a {type(value).__name__}: return a dict of what "
                    "__init__ takes, {**super().get_config(), ...}."
                )
        return arguments

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make the layer that `get_config` described."""
        arguments = dict(config)
        return cls(**arguments)

    def get_build_config(self) -> dict[str, Any] | None:
        """Return what `build_from_config` needs to make the weights; None: unbuilt."""
        if self._built_shape is None:
            return None
        named = isinstance(self._built_shape, dict)
        return {"shapes_dict" if named else "input_shape": self._built_shape}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Make the weights as `get_build_config` said."""
        config = map_shapes(tuple, config or {})  # JSON has lists for them
        if "shapes_dict" in config:
            self.build(**config["shapes_dict"])
        elif config.get("input_shape") is not None:
            self.build_for(config["input_shape"])


def _is_simple(value: Any) -> bool:
    """Return whether a configuration may hold a value as it is."""
    simple = (bool, int, float, str, type(None))
    return all(isinstance(leaf, simple) for leaf in flatten(value))
