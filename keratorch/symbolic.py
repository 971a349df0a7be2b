"""Symbolic arrays: a computation written down before there are data.

``Input(shape=(4,))`` is a `KerasTensor`, an array that knows its shape and dtype but no
values.  What a program does with it, by operators, NumPy functions, Keras's operations
or layers, is written down as a `Node` for each step.  `keratorch.Model` runs the nodes
on data.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keratorch import config
from keratorch.core import GradArray, now, record
from keratorch.errors import ArgumentError
from keratorch.masks import get_mask
from keratorch.naming import auto_name
from keratorch.nested import flatten, map_structure
from keratorch.protocols import NumPyProtocols
from keratorch.trial_runs import runs
from keratorch.variable import MIXING, record_promoted


class KerasTensor(NumPyProtocols):
    """An array without values, which stands for the data of a model to come.

    Parameters
    ----------
    shape : tuple of int, with None for the lengths that the data will say.
    dtype : str.
    name : str, by default numbered.

    Raises
    ------
    ArgumentError : values are wanted of it, as by ``float(x)``, ``if x:`` or
        `np.asarray`; a TypeError and a ValueError.

    Examples
    --------
    >>> import numpy as np
    >>> import keratorch as keras
    >>> x = keras.Input(shape=(4,))
    >>> np.exp(x[:, :2]) + 1
    <KerasTensor shape=(None, 2), dtype=float32, name=keras_tensor...>
    """

    sparse = False

    def __init__(
        self, shape: Any, dtype: Any = None, name: str | None = None, **kwargs: Any
    ):
        unsupported = [key for key, value in kwargs.items() if value]
        if unsupported:
            raise ValueError(
                f"KerasTensor does not support {', '.join(unsupported)}. Use dense "
                "arrays."
            )
        self.shape = tuple(None if n is None else int(n) for n in shape)
        dtype = "str" if dtype == "string" else dtype or config.floatx()
        self.dtype = np.dtype(dtype).name
        self.name = name or auto_name("keras_tensor")
        self.node: Node | None = None  # the step that computes it
        self.index = 0  # its place among the results of that step
        self._keras_mask: KerasTensor | None = None  # that it will carry one, and where

    @staticmethod
    def _record(function: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
        return record_function(function, args, kwargs)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int | None:
        """The number of elements, None if it is not known."""
        known = [n for n in self.shape if n is not None]
        return int(np.prod(known)) if len(known) == self.ndim else None

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"

    def _no_values(self, *args: Any, **kwargs: Any) -> Any:
        raise ArgumentError(
            f"{self!r} has no values: it stands for data to come. Compute with NumPy "
            "functions, keratorch.ops and layers, put other code into a "
            "layers.Lambda(function) or the call() of a Layer of your own, or call "
            "model.predict(x) for values."
        )

    def __eq__(self, other: Any) -> Any:
        if is_symbolic(other) and not _may_broadcast(self.shape, other.shape):
            return False  # lists compare their elements to find one
        return super().__eq__(other)

    __hash__ = NumPyProtocols.__hash__

    def __bool__(self) -> bool:
        """Whether ``a == b`` compares a symbolic array with itself: ``if a == b:``."""
        step = getattr(self.node, "operation", None)
        function = getattr(step, "function", None)
        if function in (np.equal, np.not_equal) and self.node is not None:
            compared = self.node.args
            if all(map(is_symbolic, compared)):
                return (compared[0] is compared[1]) == (function is np.equal)
        return self._no_values()

    __array__ = __float__ = __int__ = __index__ = __complex__ = _no_values
    numpy = item = tolist = _no_values

    def __iter__(self) -> Iterator[Any]:
        count = self.shape[0] if self.shape else None
        if count is None:
            self._no_values()
        return (self[i] for i in range(count or 0))


class Function:
    """A function of arrays as a step of a model, under a name of its own."""

    def __init__(self, function: Callable, name: str | None = None):
        self.function = function
        self._mixes = any(function is mixing for mixing in MIXING)
        self.name = name or auto_name(_name_of(function))
        self._nodes: list[Node] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if getattr(self.function, "__objclass__", None) is np.ndarray:
            return record(self.function, args, kwargs)  # a method: x[i], x.astype
        if self._mixes:
            return record_promoted(self.function, args, kwargs)
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Function name={self.name}>"


class Node:
    """One step: an operation (a layer or a `Function`) with its arguments and results.

    Attributes
    ----------
    operation : Layer or Function; its `_nodes` lists all its steps.
    args, kwargs : the arguments, with KerasTensors among them.
    outputs : nested KerasTensors.
    number : int, larger than that of all nodes made before.
    """

    def __init__(self, operation: Any, args: tuple, kwargs: dict, outputs: Any):
        self.operation = operation
        # Lists of one's own: the caller may append to what it gave, or got.
        self.args: tuple = map_structure(_itself, args)
        self.kwargs: dict = map_structure(_itself, kwargs)
        self.outputs = map_structure(_itself, outputs)
        self.number = now()
        self.place = len(operation._nodes)
        operation._nodes.append(self)
        for i, output in enumerate(flatten(outputs)):
            if is_symbolic(output):
                output.node, output.index = self, i

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic arrays among the arguments, in order."""
        return [x for x in flatten((self.args, self.kwargs)) if is_symbolic(x)]

    def run(self, values: dict[int, Any]) -> None:
        """Compute the results from ``values``, by the id of symbolic arrays."""
        if len(self.args) == 1 and not self.kwargs and is_symbolic(self.args[0]):
            results = self.operation(values[id(self.args[0])])
        else:
            args, kwargs = substituted((self.args, self.kwargs), values)
            results = self.operation(*args, **kwargs)
        if is_symbolic(self.outputs):
            values[id(self.outputs)] = results
            return
        for output, result in zip(flatten(self.outputs), flatten(results), strict=True):
            values[id(output)] = result


def _itself(leaf: Any) -> Any:
    return leaf


def is_symbolic(x: Any) -> bool:
    """Return whether `x` is a `KerasTensor`."""
    return isinstance(x, KerasTensor)


def any_symbolic(*nested: Any) -> bool:
    """Return whether there is a `KerasTensor` in nested lists, tuples and dicts."""
    return any(is_symbolic(x) for x in flatten(nested))


def _may_broadcast(one: tuple, other: tuple) -> bool:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return all(n == m or {n, m} & {None, 1} for n, m in pairs)


def substituted(nested: Any, values: dict[int, Any]) -> Any:
    """Return a structure with each symbolic array replaced by its value."""
    return map_structure(lambda x: values[id(x)] if is_symbolic(x) else x, nested)


@functools.cache
def lifted(function: Callable) -> Callable:
    """Let a function of arrays take symbolic arrays too, as a step to be run later.

    Examples
    --------
    >>> import keratorch as keras
    >>> from keratorch.symbolic import lifted
    >>> @lifted
    ... def twice(x):
    ...     return x * 2
    >>> twice(keras.Input((3,), dtype="int32")).dtype
    'int32'
    """

    @functools.wraps(function)
    def door(*args: Any, **kwargs: Any) -> Any:
        for x in (*args, *kwargs.values()):
            if isinstance(x, (KerasTensor, list, tuple, dict)) and any_symbolic(x):
                return record_function(function, args, kwargs)
        return function(*args, **kwargs)

    return door


def lift_all(namespace: dict[str, Any]) -> None:
    """Let every public function in the names of a module take symbolic arrays too.

    NumPy's functions take them by themselves, and so do those that say so by an
    attribute `takes_symbols`.
    """
    for name, function in namespace.items():
        own = inspect.isfunction(function) and function.__module__ != "numpy"
        own = own and not hasattr(function, "takes_symbols")
        if own and not name.startswith("_"):
            namespace[name] = door = lifted(function)
            home, own_name = sys.modules[door.__module__], door.__name__
            if getattr(home, own_name, None) is function:
                setattr(home, own_name, door)  # where pickle looks for it


def record_function(
    function: Callable, args: tuple, kwargs: dict, name: str | None = None
) -> Any:
    """Write down a call of a function with symbolic arrays among its arguments.

    What it returns beside arrays, such as a shape, is returned at once.
    """
    if function is np.shape or function is np.ndim:
        (x,) = (*args, *kwargs.values())
        return x.shape if function is np.shape else x.ndim
    operation = Function(function, name)
    outputs = infer(operation, args, kwargs)
    if any_symbolic(outputs):
        Node(operation, args, kwargs, outputs)
    return outputs


def infer(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Return symbolic arrays like the results of a function, found by trying it.

    It runs on arrays of made-up values, several times where a length is unknown: the
    lengths of the results that differ are unknown too.
    """
    return map_structure(_described, *runs(function, args, kwargs))


def _described(result: Any, *others: Any) -> Any:
    """Return a symbolic array for the results of several runs; None for other lengths.

    Raises
    ------
    ArgumentError : a result is symbolic, since the function uses such an array that is
        none of its arguments.
    """
    if is_symbolic(result):
        raise ArgumentError(
            "a function of symbolic arrays must take all of them as arguments; "
            f"received one that uses another from outside: its result is {result!r}. "
            "Give it that one as an argument too: as a part of init or loop_vars, or "
            "in the list of a Lambda's inputs."
        )
    if not isinstance(result, (GradArray, np.ndarray, np.generic)):
        is_length = type(result) is int and any(result != other for other in others)
        return None if is_length else result
    described = KerasTensor(_common(result, *others), result.dtype)
    if get_mask(result) is not None:
        mask = _common(get_mask(result), *map(get_mask, others))
        described._keras_mask = KerasTensor(mask, "bool", "mask")
    return described


def _common(one: Any, *others: Any) -> list[int | None]:
    """Return the lengths of several runs, None where they differ.

    None, too, where nothing was left of all: a longer array may have more, as
    x[:, 50:] does.
    """
    is_known = all(one is other for other in others)
    lengths = zip(one.shape, *(other.shape for other in others), strict=True)
    return [n if {n} == set(more) and (n or is_known) else None for n, *more in lengths]


def _name_of(function: Callable) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return {"__getitem__": "get_item", "<lambda>": "lambda"}.get(name, name)
