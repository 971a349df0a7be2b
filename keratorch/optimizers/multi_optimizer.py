"""Several optimizers, each for its part of the variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeVar

import numpy as np

from keratorch.core import GradArray
from keratorch.optimizers.loss_scale_optimizer import LossScaleOptimizer
from keratorch.optimizers.optimizer import Optimizer
from keratorch.optimizers.parameters import check_variables, label, positions_of
from keratorch.optimizers.serialization import deserialize, serialize
from keratorch.variable import Variable

_Self = TypeVar("_Self", bound="MultiOptimizer")


class OptimizerMap(MutableMapping):
    """Which optimizer changes which variable, by the variable's path.

    Parameters
    ----------
    default_optimizer : Optimizer for the variables that no key fits.
    optimizer_map : dict from paths, or regular expressions of whole paths, to
        optimizers.

    Raises
    ------
    TypeError : something else.

    Examples
    --------
    >>> from keratorch.optimizers import SGD, Adam
    >>> which = OptimizerMap(SGD(), {"encoder/.*": Adam()})
    >>> which["encoder/dense/kernel"], which["decoder/dense/kernel"]
    (Adam(learning_rate=0.001), SGD(learning_rate=0.01))
    """

    def __init__(
        self,
        default_optimizer: Optimizer,
        optimizer_map: dict[str, Optimizer] | None = None,
    ):
        if not isinstance(default_optimizer, Optimizer):
            raise TypeError(
                "default_optimizer must be an Optimizer, such as Adam(); received "
                f"{type(default_optimizer).__name__}."
            )
        if not isinstance(optimizer_map, (dict, type(None))):
            raise TypeError(
                "optimizer_map must be a dict from paths to optimizers; received "
                f"{type(optimizer_map).__name__}."
            )
        self._default_optimizer = default_optimizer
        self._optimizer_map = optimizer_map or {}

    @property
    def default_optimizer(self) -> Optimizer:
        """The optimizer for the variables that no key fits."""
        return self._default_optimizer

    def __getitem__(self, key: str) -> Optimizer:
        if key in self._optimizer_map:
            return self._optimizer_map[key]
        fitting = [x for x in self._optimizer_map if re.fullmatch(x, key)]
        if len(fitting) > 1:
            raise ValueError(
                f"Several keys of this OptimizerMap fit {key!r}: {fitting}. Make one "
                "of them narrower."
            )
        return self._optimizer_map[fitting[0]] if fitting else self._default_optimizer

    def __setitem__(self, key: str, optimizer: Optimizer) -> None:
        if not isinstance(key, str):
            raise ValueError(
                f"a key must be a path, a str; received {type(key).__name__}."
            )
        if key in self._optimizer_map:
            raise ValueError(
                f"{key!r} has an optimizer already: delete that first, with "
                f"`del optimizer_map[{key!r}]`."
            )
        _check_inner(optimizer, key)
        self._optimizer_map[key] = optimizer

    def __delitem__(self, key: str) -> None:
        del self._optimizer_map[key]

    def __len__(self) -> int:
        return len(self._optimizer_map)

    def __iter__(self) -> Iterator[str]:
        return iter(self._optimizer_map)

    def __call__(self, variable: Any) -> Optimizer:
        """Return the optimizer of a variable."""
        return self[variable.path]

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal map."""
        return {
            "default_optimizer": serialize(self._default_optimizer),
            "optimizer_map": {k: serialize(v) for k, v in self._optimizer_map.items()},
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> OptimizerMap:
        """Return a map from `get_config`'s dict, with new optimizers."""
        described = config["optimizer_map"].items()
        inner = {k: deserialize(v, custom_objects) for k, v in described}
        return cls(deserialize(config["default_optimizer"], custom_objects), inner)


class MultiOptimizer(Optimizer):
    """Several optimizers, each for its part of the variables.

    There is no `learning_rate`: each of `optimizers` has its own.

    Parameters
    ----------
    optimizer_map : OptimizerMap, or a function from a variable to its optimizer.
    loss_scale_factor : float > 0 or None, see `Optimizer`; it overrules that of the
        optimizers.
    name : str.

    Raises
    ------
    ValueError : at build, what `optimizer_map` returns is no optimizer, or one of
        several optimizers itself.

    Examples
    --------
    >>> from keratorch.optimizers import SGD, Adam
    >>> kernel, bias = Variable([1.0], name="kernel"), Variable([1.0], name="bias")
    >>> optimizer = MultiOptimizer(OptimizerMap(SGD(0.5), {"bias": SGD(0.0)}))
    >>> optimizer.apply([np.array([1.0])] * 2, [kernel, bias])
    >>> kernel.item(), bias.item()
    (0.5, 1.0)
    """

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Any], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ):
        if not callable(optimizer_map):
            raise TypeError(
                "optimizer_map must be an OptimizerMap, or a function from a variable "
                f"to its optimizer; received {type(optimizer_map).__name__}."
            )
        self.optimizers: list[Optimizer] = []
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self._optimizer_map = optimizer_map
        self._parts: list[list[int]] = []  # the positions of each optimizer's variables
        if isinstance(optimizer_map, OptimizerMap):
            for optimizer in optimizer_map.values():
                self._index(optimizer)
            self._index(optimizer_map.default_optimizer)

    @property
    def learning_rate(self) -> Any:
        """There is none."""
        raise AttributeError(
            "a MultiOptimizer has no learning rate of its own: see those of its "
            "optimizers, such as multi.optimizers[0].learning_rate."
        )

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        raise AttributeError(
            "a MultiOptimizer has no learning rate of its own: assign to those of its "
            "optimizers, such as multi.optimizers[0].learning_rate = 0.1."
        )

    @property
    def loss_scale_factor(self) -> float | None:
        """By what `scale_loss` multiplies the loss; the optimizers divide by it."""
        return self._loss_scale_factor

    @loss_scale_factor.setter
    def loss_scale_factor(self, value: float | None) -> None:
        self._loss_scale_factor = value
        for optimizer in self.optimizers:
            optimizer.loss_scale_factor = value

    @property
    def variables(self) -> list[Variable]:
        """Its own numbers, then the state of each optimizer."""
        own = [self._iterations, self._learning_rate]
        return own + [x for optimizer in self.optimizers for x in optimizer.variables]

    def build(self, variables: Iterable[GradArray]) -> None:
        """Share the variables out; once built, do nothing.

        Raises
        ------
        TypeError, ValueError : a variable that cannot be optimized, or has no
            optimizer.
        """
        if self.built:
            return
        variables = list(variables)
        check_variables(variables, type(self).__name__)
        for position, variable in enumerate(variables):
            optimizer = self._optimizer_map(variable)
            _check_inner(optimizer, label(variable, position))
            self._parts[self._index(optimizer)].append(position)
        for optimizer, part in self._in_use():
            optimizer.build([variables[position] for position in part])
        self._trainable_variables = variables
        self.built = True

    def _index(self, optimizer: Optimizer) -> int:
        """Return where an optimizer stands in the list, to which a new one is added."""
        for i, known in enumerate(self.optimizers):
            if known is optimizer:
                return i
        optimizer.loss_scale_factor = self.loss_scale_factor
        self.optimizers.append(optimizer)
        self._parts.append([])
        return len(self.optimizers) - 1

    def _in_use(self) -> Iterator[tuple[Optimizer, list[int]]]:
        for optimizer, part in zip(self.optimizers, self._parts, strict=True):
            if part:
                yield optimizer, part

    def _advance(self, gradients: dict[int, np.ndarray]) -> None:
        for optimizer, part in self._in_use():
            own = {i: gradients[p] for i, p in enumerate(part) if p in gradients}
            if own:
                optimizer._advance(own)
        self._iterations._array += 1

    def exclude_from_weight_decay(
        self,
        var_list: Iterable[GradArray] | None = None,
        var_names: Iterable[str] | None = None,
    ) -> None:
        """Let some variables not decay, whichever optimizer changes them."""
        var_list, var_names = list(var_list or []), list(var_names or [])
        for optimizer in self.optimizers:
            optimizer.exclude_from_weight_decay(var_list, var_names)

    def finalize_variable_values(self, var_list: Iterable[GradArray]) -> None:
        """Write the running averages into these variables, where there are any."""
        wanted = set(positions_of(list(var_list), self._trainable_variables))
        for optimizer, part in self._in_use():
            optimizer.finalize_variable_values(
                [self._trainable_variables[p] for p in part if p in wanted]
            )

    def swap_averages(self) -> None:
        """Exchange weights and running averages, where there are any.

        Raises
        ------
        ValueError : no optimizer has averages.
        """
        for optimizer in self._averaging():
            optimizer.swap_averages()

    def weights_to_averages(self) -> None:
        """Let the running averages be the weights as they are."""
        for optimizer in self._averaging():
            optimizer.weights_to_averages()

    def _averaging(self) -> list[Optimizer]:
        found = [optimizer for optimizer, _ in self._in_use() if optimizer.use_ema]
        if not found:
            raise ValueError(
                "no optimizer of this MultiOptimizer keeps running averages of its "
                "weights. Make one with use_ema=True and train."
            )
        return found

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal optimizer.

        Raises
        ------
        ValueError : `optimizer_map` is a function, which no configuration can hold.
        """
        if not isinstance(self._optimizer_map, OptimizerMap):
            raise ValueError(
                "optimizer_map is a function, which cannot be written down. Use an "
                "OptimizerMap where the optimizer is to be saved."
            )
        return {
            "optimizer_map": serialize(self._optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(
        cls: type[_Self],
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> _Self:
        """Return an optimizer from `get_config`'s dict, in its first state."""
        described = config["optimizer_map"]["config"]
        inner = OptimizerMap.from_config(described, custom_objects)
        return cls(**{**config, "optimizer_map": inner})

    def __repr__(self) -> str:
        return f"MultiOptimizer({', '.join(map(repr, self.optimizers))})"


def _check_inner(optimizer: Any, where: str) -> None:
    if not isinstance(optimizer, Optimizer):
        raise ValueError(
            f"the optimizer of {where!r} must be an Optimizer, such as Adam(); "
            f"received {type(optimizer).__name__}."
        )
    if isinstance(optimizer, (LossScaleOptimizer, MultiOptimizer)):
        raise ValueError(
            f"the optimizer of {where!r} must be a plain one; received "
            f"{type(optimizer).__name__}. Wrap the MultiOptimizer itself instead."
        )
