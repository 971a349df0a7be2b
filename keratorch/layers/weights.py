"""The weights of a layer, and those of the layers inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np

from keratorch.core import GradArray
from keratorch.errors import describe
from keratorch.variable import Variable

# Attributes of every layer that are no place for layers or weights of a user.
_BOOKKEEPING = (
    "_weights",
    "_holders",
    "_call_losses",
    "_built_shape",
    "_nodes",
    "_variables",
    "_possible_losses",
    "_compile_given",
)


class HoldsWeights:
    """What a layer knows of weights: its own, and those of layers in its attributes.

    Layers and variables count wherever an attribute holds them, in lists and dicts too.
    """

    name: str
    built: bool
    activity_regularizer: Any
    _trainable: bool
    _call_losses: list[Any]

    def __setattr__(self, name: str, value: Any) -> None:
        # Remember which attributes can hold layers or weights, so that looking for
        # them, in each step of training, need not look at all.
        can_hold = isinstance(value, (HoldsWeights, Variable, list, tuple, dict))
        can_hold = can_hold or _is_metric(value)
        old = self.__dict__.get(name)
        if isinstance(old, Variable) and not isinstance(value, (Variable, type(None))):
            self._check_replaced(name, value)
        if can_hold and name not in _BOOKKEEPING:
            self._check_begun(value)
            self.__dict__.setdefault("_holders", {})[name] = None
        object.__setattr__(self, name, value)

    def _check_replaced(self, name: str, value: Any) -> None:
        """Raise if something else takes a variable's place.

        In scripts for older Keras a result may, through which gradients flow on.
        """
        if not (isinstance(value, GradArray) and GradArray.leaves_silently):
            raise AttributeError(
                f"{name} of '{self.name}' is a variable, which training changes; "
                f"overwrite its values: layer.{name}.assign(value)."
            )

    def _check_begun(self, value: Any) -> None:
        """Raise if what is to come must wait for ``super().__init__()``."""

    def _held(self, kind: type) -> Iterator[Any]:
        """Yield the layers or variables in attributes, in lists and dicts too."""
        for name in self.__dict__.get("_holders", ()):
            yield from _among(self.__dict__.get(name), kind)

    @property
    def _own_weights(self) -> list[Variable]:
        return self.__dict__.setdefault("_weights", [])

    def _sublayers(self) -> Iterator[Any]:
        """Return the layers directly inside, each once."""
        return iter({id(layer): layer for layer in self._held(HoldsWeights)}.values())

    def _flat_layers(self) -> Iterator[Any]:
        """Yield this layer and all layers inside, each once, outer ones first."""
        seen: set[int] = set()
        stack: list[Any] = [self]
        while stack:
            layer = stack.pop()
            if id(layer) not in seen:
                seen.add(id(layer))
                yield layer
                stack.extend(reversed(list(layer._sublayers())))

    @property
    def _takes_texts(self) -> Any:
        inside = [layer for layer in self._flat_layers() if layer is not self]
        return any(layer._takes_texts for layer in inside)

    @property
    def weights(self) -> list[Variable]:
        """All variables: the layer's own (trainable first), then its sublayers'."""
        found: dict[int, Variable] = {}
        for layer in self._flat_layers():
            own = [*layer._own_weights, *layer._held(Variable)]
            for variable in sorted(own, key=_made_fixed):
                found[id(variable)] = variable
        return list(found.values())

    @property
    def variables(self) -> list[Variable]:
        """The same as `weights`."""
        return self.weights

    @property
    def trainable_weights(self) -> list[Variable]:
        """The variables that training changes: none of a frozen layer's."""
        frozen = {
            id(variable)
            for layer in self._flat_layers()
            if not layer._trainable
            for variable in layer.weights
        }
        return [v for v in self.weights if v.trainable and id(v) not in frozen]

    @property
    def trainable_variables(self) -> list[Variable]:
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The variables that training leaves alone."""
        trained = set(map(id, self.trainable_weights))
        return [v for v in self.weights if id(v) not in trained]

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The same as `non_trainable_weights`."""
        return self.non_trainable_weights

    def parameters(self) -> Iterator[Variable]:
        """Yield the trainable variables, for ``SGD(model.parameters(), lr=0.1)``."""
        self._check_built("parameters()")
        return iter(self.trainable_weights)

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights of the layer and those inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self._flat_layers():
            layer._trainable = bool(value)
        for variable in self.weights:
            if not _made_fixed(variable):
                variable.trainable = bool(value)

    @property
    def losses(self) -> list[Any]:
        """What the last call adds to the loss: by `add_loss` and by regularizers."""
        penalties = []
        for layer in self._flat_layers():
            penalties += [x() if callable(x) else x for x in layer._call_losses]
        for variable in self.trainable_weights:
            if variable.regularizer is not None:
                penalties.append(variable.regularizer(variable))
        return penalties

    @property
    def metrics(self) -> list[Any]:
        """The metrics that attributes of this layer and of those inside hold."""
        found: dict[int, Any] = {}
        for layer in self._flat_layers():
            for name in layer.__dict__.get("_holders", ()):
                for metric in _metrics_among(layer.__dict__.get(name)):
                    found[id(metric)] = metric
        return list(found.values())

    @property
    def metrics_variables(self) -> list[Any]:
        """The variables of `metrics`."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def save_own_variables(self, store: MutableMapping[str, Any]) -> None:
        """Write the variables that no inner layer holds as '0', '1', ...

        A subclass may write what it likes, and read it in `load_own_variables`.
        """
        for i, (_, value) in enumerate(self._stored()):
            store[str(i)] = value

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Read what `save_own_variables` wrote.

        Raises
        ------
        ValueError : another number of arrays, or other shapes; nothing is changed.
        """
        variables = [variable for variable, _ in self._stored()]
        arrays = [np.asarray(store[key]) for key in sorted(store, key=int)]
        if [a.shape for a in arrays] != [v.shape for v in variables]:
            raise ValueError(
                f"load_own_variables: '{self.name}' has variables of shapes "
                f"{_shapes(variables)}; received {_shapes(arrays)}."
            )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
        self._restored()

    def _stored(self) -> list[tuple[Variable, np.ndarray]]:
        """Return what files hold: variables of no inner layer, and their values."""
        return [(variable, variable.numpy()) for variable in self._own_variables()]

    def _restored(self) -> None:
        """Hear that the variables have the values of a file now."""

    def _own_variables(self) -> list[Variable]:
        """Return the variables of no inner layer, trainable ones first."""
        inside = {id(v) for layer in self._sublayers() for v in layer.weights}
        held = (*self._own_weights, *self._held(Variable))
        found = {id(v): v for v in held if id(v) not in inside}
        return sorted(found.values(), key=_made_fixed)

    def count_params(self) -> int:
        """Return the number of scalars in the weights."""
        self._check_built("count_params()")
        return sum(variable.size for variable in self.weights)

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of the values of `weights`."""
        self._check_built("get_weights()")
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, weights: list[Any]) -> None:
        """Overwrite the values of `weights`.

        Raises
        ------
        ValueError : another number of arrays, or other shapes; nothing is changed.
        TypeError : something else than a list of arrays.
        """
        self._check_built("set_weights()")
        if not isinstance(weights, Iterable):
            raise TypeError(
                "set_weights: weights must be a list of arrays, as get_weights() "
                f"returns it; received {describe(weights)}."
            )
        variables = self.weights
        arrays = [np.asarray(weight) for weight in weights]
        if [a.shape for a in arrays] != [v.shape for v in variables]:
            raise ValueError(
                f"set_weights: '{self.name}' has {len(variables)} weights of shapes "
                f"{_shapes(variables)}; received {len(arrays)} of shapes "
                f"{_shapes(arrays)}. Give them in the order of get_weights()."
            )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)

    def _check_built(self, what: str) -> None:
        building = getattr(self, "_is_building", False)  # it has those made so far
        if not (self.built or building or self._parts_built()):
            raise ValueError(
                f"{what}: {type(self).__name__} '{self.name}' has no weights yet, "
                "since the shape of its input is unknown. Call it on data, build it, "
                "or begin the model with keratorch.Input(shape)."
            )

    def _parts_built(self) -> bool:
        """Return whether all layers in it are built, and it has no weights of its own.

        So is a model of which only `call` was called.
        """
        parts = list(self._sublayers())
        build: Any = getattr(type(self), "build", None)
        own_build = build is None or not build.__module__.startswith("keratorch.")
        return not own_build and bool(parts) and all(part.built for part in parts)


def _made_fixed(variable: Variable) -> bool:
    """Return whether a variable was made not to be trained, whatever it is now."""
    return not variable._made_trainable


def _among(attribute: Any, kind: type) -> Iterator[Any]:
    if isinstance(attribute, kind):
        yield attribute
    elif isinstance(attribute, (list, tuple)):
        for item in attribute:
            yield from _among(item, kind)
    elif isinstance(attribute, dict):
        yield from _among(list(attribute.values()), kind)


_OF_METRICS = ("update_state", "reset_state", "result")


def _is_metric(value: Any) -> bool:
    # layers that learn a vocabulary have update_state and reset_state, but no result
    return all(hasattr(type(value), name) for name in _OF_METRICS)


def _metrics_among(attribute: Any) -> Iterator[Any]:
    if isinstance(attribute, dict):
        attribute = list(attribute.values())
    if isinstance(attribute, (list, tuple)):
        for item in attribute:
            yield from _metrics_among(item)
    elif _is_metric(attribute):
        yield attribute


def _shapes(arrays: list[Any]) -> str:
    more = f", and {len(arrays) - 8} more" if len(arrays) > 8 else ""
    return "[" + ", ".join(str(array.shape) for array in arrays[:8]) + more + "]"
