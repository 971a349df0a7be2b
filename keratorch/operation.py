"""Operation: a computation with a name and a configuration, and without weights."""

from __future__ import annotations

import inspect
from abc import ABCMeta
from typing import Any

from keratorch.naming import auto_name
from keratorch.nested import flatten
from keratorch.symbolic import Node, any_symbolic, infer

_SIMPLE = (bool, int, float, str, type(None))


class Operation(metaclass=ABCMeta):
    """A step of a model that has no weights; it is called on arrays or symbols.

    A subclass defines ``call``, and where its results cannot be found by trying it on
    made-up arrays ``compute_output_spec``. Layers, and whatever else has ``call``,
    ``compute_output_spec`` and ``get_config``, count as operations.

    Parameters
    ----------
    name : str without '/'; by default the class name, numbered.

    Raises
    ------
    ValueError : a name that is no string, or has a '/'.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> class Shifted(keras.Operation):
    ...     def __init__(self, by, name=None):
    ...         super().__init__(name=name)
    ...         self.by = by
    ...     def call(self, x):
    ...         return x + self.by
    >>> Shifted(2)(np.ones(3))
    array([3., 3., 3.])
    >>> x = keras.Input((4,))
    >>> keras.Model(x, Shifted(2)(x)).output_shape
    (None, 4)
    >>> isinstance(keras.layers.Dense(1), keras.Operation)
    True
    """

    _nodes: list[Node]
    _given: dict[str, Any]
    couples_samples = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        operation = super().__new__(cls)
        given = inspect.signature(cls.__init__).bind_partial(operation, *args, **kwargs)
        given.apply_defaults()
        operation._given = dict(list(given.arguments.items())[1:])
        return operation

    def __init__(self, name: str | None = None):
        name = auto_name(type(self).__name__) if name is None else name
        if not isinstance(name, str) or "/" in name:
            raise ValueError(
                f"{type(self).__name__}: name must be a string without '/'; received "
                f"{name!r}."
            )
        self.name = name
        self._nodes = []

    @classmethod
    def __subclasshook__(cls, other: type) -> Any:
        if cls is not Operation:
            return NotImplemented
        wanted = ("call", "compute_output_spec", "get_config")
        return all(hasattr(other, name) for name in wanted) or NotImplemented

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any_symbolic(args, kwargs):
            return self.symbolic_call(*args, **kwargs)
        return self.call(*args, **kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Return symbols for the results, and write the call down as a step."""
        outputs = self.compute_output_spec(*args, **kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the results."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call(self, x). Define it."
        )

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return symbols like the results for symbolic arguments."""
        return infer(self.call, args, kwargs)

    @property
    def input(self) -> Any:
        """The symbolic input of the first call, or a list of several.

        Raises
        ------
        AttributeError : there was no such call.
        """
        inputs = self._first_node("input").inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self) -> Any:
        """The symbolic results of the first call.

        Raises
        ------
        AttributeError : there was no such call.
        """
        return self._first_node("output").outputs

    def _first_node(self, what: str) -> Node:
        if not self._nodes:
            raise AttributeError(
                f"'{self.name}' has no {what} yet: it was not called on an "
                "Input(shape), nor on what was computed from one."
            )
        return self._nodes[0]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as long as they are plain values.

        Raises
        ------
        NotImplementedError : there are others: define it in the class.
        """
        own = type(self).get_config is not Operation.get_config
        config: dict[str, Any] = {"name": self.name}
        if own:
            return config
        parameters = inspect.signature(type(self).__init__).parameters
        given = dict(self._given)
        named = "name" in parameters
        for name, parameter in list(parameters.items())[1:]:
            if parameter.kind is parameter.VAR_KEYWORD:
                given.update(given.pop(name, {}))
                named = True
            elif parameter.kind is parameter.VAR_POSITIONAL and given.pop(name, ()):
                given["*" + name] = ()
        plain = all(isinstance(leaf, _SIMPLE) for leaf in flatten(given))
        if not plain or any(name.startswith("*") for name in given):
            raise NotImplementedError(
                f"{type(self).__name__} needs a get_config, since its arguments are "
                "not all numbers and strings with a name: return a dict of what "
                "__init__ takes, {**super().get_config(), ...}."
            )
        return {**given, **(config if named else {})}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make the operation that `get_config` described."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<Operation name={self.name}>"
