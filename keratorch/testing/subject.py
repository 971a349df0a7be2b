"""The class under test and one use of it: its inputs, its value, its gradients."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.errors import location
from keratorch.testing.quiet import Failure, attempt
from keratorch.transforms.gradients import gradients

_WIDE = (np.float64, np.complex128)


class Slot(NamedTuple):
    """The place of an array that gets a gradient, among the arguments."""

    position: int


class Arguments:
    """What is handed to the constructor, with the arrays that get gradients apart.

    Floating-point arrays, also within lists and tuples, get a gradient; integers,
    booleans, Python numbers, and what else a constructor takes, do not.
    """

    def __init__(self, inputs: tuple, params: dict[str, Any]):
        self.arrays: list[np.ndarray] = []
        self.inputs = tuple(self._taken_out(x) for x in inputs)
        self.params = {k: self._taken_out(x, False) for k, x in params.items()}
        if not self.arrays:  # [1, 2] alone is meant to be differentiated
            self.inputs = tuple(self._slot(x) if _is_number(x) else x for x in inputs)

    def filled(self, leaves: list) -> tuple[tuple, dict[str, Any]]:
        """Return the arguments with these values in the places of the arrays."""
        return _filled(self.inputs, leaves), _filled(self.params, leaves)

    def _taken_out(self, x: Any, positional: bool = True) -> Any:
        if isinstance(x, GradArray):
            return self._slot(x) if x.requires_grad else x.numpy()
        if isinstance(x, (np.ndarray, np.generic)) and positional:
            return self._slot(x) if x.dtype.kind in "fc" else x
        if isinstance(x, (list, tuple)) and _holds_arrays(x):
            inner = [self._taken_out(item, positional) for item in x]
            return inner if isinstance(x, list) else tuple(inner)
        if isinstance(x, list) and x and positional and _is_number(x):
            return self._slot(x) if np.asarray(x).dtype.kind in "fc" else x
        return x

    def _slot(self, x: Any) -> Slot:
        array = np.asarray(graph.value(x))
        kind = complex if array.dtype.kind == "c" else float
        self.arrays.append(np.array(array, kind, order="K"))
        return Slot(len(self.arrays) - 1)


def copy_generators(x: Any) -> Any:
    """Return arguments with each random generator as a copy, which starts anew."""
    if isinstance(x, dict):
        return {key: copy_generators(item) for key, item in x.items()}
    if isinstance(x, tuple):
        return tuple(copy_generators(item) for item in x)
    kinds = (np.random.Generator, np.random.RandomState)
    return copy.deepcopy(x) if isinstance(x, kinds) else x


def _holds_arrays(x: Any) -> bool:
    if isinstance(x, (list, tuple)) and not hasattr(x, "_fields"):
        return any(map(_holds_arrays, x))
    return isinstance(x, (GradArray, np.ndarray))


def _is_number(x: Any) -> bool:
    """Return whether `x` is a number, or an array or regular list of them."""
    if isinstance(x, (tuple, slice, str, bool, type(None))):
        return False
    try:
        return np.asarray(graph.value(x)).dtype.kind in "iufc"
    except ValueError:
        return False


def _filled(x: Any, leaves: list) -> Any:
    if isinstance(x, Slot):
        return leaves[x.position]
    if isinstance(x, dict):
        return {key: _filled(item, leaves) for key, item in x.items()}
    if isinstance(x, (list, tuple)) and not hasattr(x, "_fields"):
        items = [_filled(item, leaves) for item in x]
        return items if isinstance(x, list) else tuple(items)
    return x


class Use:
    """One operation that was applied: an instance between leaves and output."""

    def __init__(self, leaves: list[GradArray], op: Grad | None, output: Any):
        self.leaves, self.op = leaves, op
        self.output = np.asarray(output)

    def raw(self, upstream: np.ndarray, read_only: bool = True) -> Any:
        """Return just what `backward` returns."""
        upstream = np.array(upstream, self.output.dtype, order="K")
        upstream.setflags(write=not read_only)
        assert self.op is not None
        return self.op.backward(upstream)

    def root(self) -> GradArray:
        """Return the output as the array that the graph ends with."""
        return GradArray(self.output, grad_op=self.op)

    def gradients(self, upstream: Any, create_graph: bool = False) -> list:
        """Return the gradient of each leaf: an array, or None."""
        if self.op is None:
            return [None] * len(self.leaves)
        return gradients(self.root(), self.leaves, upstream, create_graph)


class Subject:
    """A Grad class with the arguments that it is tried with.

    Parameters
    ----------
    cls : the class.
    inputs, params : what its constructor takes.
    reference : the true function on ndarrays, or None.
    """

    def __init__(
        self,
        cls: type[Grad],
        inputs: tuple,
        params: dict[str, Any],
        reference: Callable | None = None,
    ):
        self.cls, self.reference = cls, reference
        self.arguments = Arguments(inputs, params)
        self.computes = cls.forward is not Grad.forward or cls.of is not None
        self.reseeds = False  # whether it draws random numbers
        self.names = self._names()
        self.dropped_by_reference: list[str] = []

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.cls.__name__

    @property
    def has_wide_constants(self) -> bool:
        """Whether arrays are among the constants that make float32 wider."""
        found: list[Any] = [self.arguments.inputs, self.arguments.params]
        while found:
            x = found.pop()
            if isinstance(x, (list, tuple)):
                found += x
            elif isinstance(x, dict):
                found += x.values()
            elif isinstance(x, (np.ndarray, np.generic)) and x.dtype in _WIDE:
                return True
        op: Any = self.use(self.arrays).op
        constants = [x for x in op._inputs if isinstance(x, (np.ndarray, np.generic))]
        return any(x.dtype.kind in "iu" or x.dtype in _WIDE for x in constants)

    def was_told(self, *values: Any) -> bool:
        """Return whether one of these is among the arguments that are no arrays."""
        given = [*self.arguments.inputs, *self.arguments.params.values()]
        return any(type(x) in values or (type(x) is str and x in values) for x in given)

    @property
    def arrays(self) -> list[np.ndarray]:
        """The sample inputs that get a gradient."""
        return self.arguments.arrays

    def place(self, method: str = "backward") -> str:
        """Return ``SwishGrad.backward (lesson.py:12)``."""
        function = inspect.getattr_static(self.cls, method, None)
        function = getattr(function, "__func__", function)
        try:
            return f"{self.name}.{method} ({location(function)})"
        except AttributeError:  # no function of Python: a ufunc, or a callable object
            return f"{self.name}.{method}"

    def filename(self) -> str:
        """Return the file in which `backward` is written."""
        code = getattr(inspect.unwrap(self.cls.backward), "__code__", None)
        return "" if code is None else code.co_filename

    def constructed(self, arrays: list[np.ndarray]) -> tuple[list[GradArray], Grad]:
        """Return leaves with these values and an instance of the class on them."""
        leaves = [GradArray(x) for x in arrays]
        inputs, params = self.arguments.filled(leaves)
        return leaves, self.cls(*inputs, **params)

    def use(
        self, arrays: list[np.ndarray], shared: dict[int, int] | None = None
    ) -> Use:
        """Apply the class to arrays, of which some are `shared`: one and the same."""
        leaves = [GradArray(x) for x in arrays]
        for j, i in (shared or {}).items():
            leaves[j] = leaves[i]
        inputs, params = self.arguments.filled(leaves)
        if self.reseeds:
            inputs, params = copy_generators(inputs), copy_generators(params)
            np.random.seed(0)  # noqa: NPY002 - the class may draw from it
        if not self.computes:
            op = self.cls(*inputs, **params)
            output = GradArray(self.referred(arrays), grad_op=op)
            return Use(leaves, output.grad_op, output.numpy())
        result = self.cls.apply(*inputs, **params)
        for op in graph.newest_first(graph.arrays_in(result)):
            if type(op) is self.cls:
                return Use(leaves, op, op._output)
        return Use(leaves, None, graph.value(result))

    def value(self, *arrays: np.ndarray) -> np.ndarray:
        """Return what the class computes of arrays."""
        if not self.computes:
            return np.asarray(self.referred(list(arrays)))
        return self.use(list(arrays)).output

    def referred(self, arrays: list[np.ndarray]) -> Any:
        """Return what the reference computes of arrays."""
        assert self.reference is not None
        inputs, params = self.arguments.filled([x.copy(order="K") for x in arrays])
        accepted = _accepted(self.reference, inputs, params)
        self.dropped_by_reference = [name for name in params if name not in accepted]
        return self.reference(*inputs, **accepted)

    def check_reference(self) -> None:
        """Raise a TypeError if the reference does not serve these arguments."""
        reference = self.reference
        if reference is None:
            return
        name = getattr(reference, "__name__", type(reference).__name__)
        start = f"the reference of {self.name}, {name}, "
        advice = (
            "It gets plain arrays, and the arguments of the constructor: wrap it, as "
            "in reference=lambda x, low: np.maximum(x, low)."
        )
        if not callable(reference) or inspect.isclass(reference):
            raise TypeError(
                f"{start}is no function. Give the true function on plain arrays, as in "
                "reference=np.tanh."
            )
        found = attempt(self.referred, self.arrays)
        if isinstance(found, Failure):
            if "Python scalar" in str(found.error) or "length-1" in str(found.error):
                advice = "Give NumPy's function, np.sin and not math.sin."
            raise TypeError(f"{start}raised {found.describe()}. {advice}")
        if np.asarray(found).dtype.kind not in "biufc":
            raise TypeError(f"{start}returned {type(found).__name__}. {advice}")

    def keep_constant(self, positions: list[int]) -> None:
        """Hand on the arrays at these positions as constants from now on."""
        kept = [i for i in range(len(self.arrays)) if i not in positions]
        places: list[Any] = list(self.arrays)
        for new, old in enumerate(kept):
            places[old] = Slot(new)
        inputs, params = self.arguments.filled(places)
        self.arguments.inputs, self.arguments.params = inputs, params
        self.arguments.arrays = [self.arrays[i] for i in kept]
        self.names = [self.names[i] for i in kept]

    def with_constants(self, positions: list[int]) -> Subject:
        """Return a twin that hands on the arrays at these positions as constants."""
        twin = copy.copy(self)
        twin.arguments = copy.copy(self.arguments)
        twin.keep_constant(positions)
        return twin

    def _names(self) -> list[str]:
        """Return what the class calls the arrays that get gradients."""
        own = self.cls.__init__ is not Grad.__init__
        known: list[str] = []
        count = getattr(self.cls.of, "nin", 0)
        if count and not own and self.cls.forward is Grad.forward:
            known = ["x"] if count == 1 else [f"x{k + 1}" for k in range(count)]
        try:
            signature = inspect.signature(
                self.cls.__init__ if own else self.cls.forward
            )
            known = known or [
                name
                for name, parameter in list(signature.parameters.items())[1:]
                if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            ]
        except (TypeError, ValueError):
            pass
        found = {}
        for k, x in enumerate(self.arguments.inputs):
            name = known[k] if k < len(known) else ""
            if isinstance(x, Slot):
                found[x.position] = name
        found.update(
            {x.position: k for k, x in self.arguments.params.items() if type(x) is Slot}
        )
        return [found.get(i) or f"input {i}" for i in range(len(self.arrays))]


def _accepted(function: Callable, inputs: tuple, params: dict) -> dict:
    """Return those of the parameters that a function takes."""
    try:
        inspect.signature(function).bind(*inputs, **params)
    except TypeError:
        known = inspect.signature(function).parameters
        return {k: x for k, x in params.items() if k in known}
    except ValueError:  # a function of C without a signature
        return params
    return params
