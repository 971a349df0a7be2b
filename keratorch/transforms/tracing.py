"""A function run on copies of its arguments, and the way back from its outputs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from keratorch import arguments, graph
from keratorch.core import Grad, GradArray, now
from keratorch.errors import GradContractError, describe
from keratorch.modes import current_mode, enter_mode, leave_mode
from keratorch.nested import fill, flatten, map_structure
from keratorch.transforms.gradients import pulled_through
from keratorch.transforms.joining import joining

_private: WeakValueDictionary[int, GradArray] = WeakValueDictionary()


def keep_private(arrays: Iterable[GradArray]) -> None:
    """Declare arrays by which nobody outside their transform can differentiate.

    A graph may still reach them: that of an inner gradient holds the copy of a constant
    argument. By itself this makes no result worth being differentiated again.
    """
    _private.update((id(x), x) for x in arrays if x._grad_op is None)


def _publish(arrays: Iterable[GradArray]) -> list[GradArray]:
    """Undo `keep_private`, and return the arrays for which that was needed."""
    return [x for x in arrays if _private.pop(id(x), None) is not None]


_NUMBERS = (int, float, complex)


class Trace:
    """A function applied to copies of its arguments, and what became of them.

    Parameters
    ----------
    function : of `args` and `kwargs`; it returns arrays, or nested containers of them.
    positions : of the arguments to differentiate with respect to.
    """

    def __init__(
        self,
        function: Callable,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        positions: Sequence[int],
    ):
        self.start = now()
        self.structures = [args[i] for i in positions]
        self.given = [leaf for part in self.structures for leaf in flatten(part)]
        copies = [_copied(leaf) for leaf in self.given]
        _check_arguments(positions, self.structures, copies)
        self.inputs = [x for x in copies if x is not None]
        fresh = iter(
            leaf if copy is None else copy
            for leaf, copy in zip(self.given, copies, strict=True)
        )
        args = list(args)
        for i in positions:
            args[i] = fill(args[i], fresh)
        outer = current_mode.get().records
        enter_mode(records=True, traces=True)
        try:
            with joining:
                self.result = function(*args, **kwargs)
        except ValueError as error:
            # NumPy says only that it set "an element with a sequence"
            cause = error.__cause__
            if type(error) is ValueError and isinstance(cause, GradContractError):
                raise cause.with_traceback(error.__traceback__) from None
            raise
        finally:
            leave_mode()
        self.outputs = flatten(self.result)
        for x in self.outputs:
            _check_result(function, x)
        # Not the graph before: in a long loop, as of a force in a simulation, each call
        # would go back through the whole loop.
        roots = [x for x in self.outputs if isinstance(x, GradArray)]
        self.operations = graph.newest_first(roots, since=self.start)
        self.twice = outer and self._reaches_others()
        self._copies = copies
        keep_private(self.inputs)

    def _reaches_others(self) -> bool:
        """Return whether the outputs depend on what others made to be differentiated.

        That is a leaf, or what an operation before this function computed.
        """
        own = {id(x) for x in self.inputs}
        behind = (x for op in self.operations for x in op._inputs)
        for x in itertools.chain(self.outputs, behind):
            if isinstance(x, GradArray) and x._requires_grad:
                if x._grad_op is not None:
                    if x._grad_op._number < self.start:
                        return True
                elif id(x) not in own and _private.get(id(x)) is not x:
                    return True
        return False

    def scalar(self, transform: str) -> Any:
        """Return the only output, which must be one real number."""
        value = graph.value(self.result)
        if isinstance(value, (list, tuple, dict)) or np.size(value) != 1:
            raise TypeError(
                f"{transform} needs a function that returns one number; it returned "
                f"{_described(self.result)}. Use jacobian, elementwise_grad, or sum "
                "the result."
            )
        if np.iscomplexobj(value):
            raise TypeError(
                f"{transform} needs a function that returns a real number; it returned "
                "a complex one. Return np.abs(y) or y.real."
            )
        self.check_counted(transform, value)
        return self.result

    @staticmethod
    def check_counted(transform: str, output: Any) -> None:
        """Raise for what was compared or counted; a plain int is a constant."""
        value = graph.value(output)
        if type(value) is not int and np.asarray(value).dtype.kind not in "fc":
            raise TypeError(
                f"{transform} needs a function that returns real numbers; it returned "
                f"{describe(value)}, whose derivative is 0 or undefined. Return the "
                "quantity that was compared or counted."
            )

    def values(self, result: Any = None) -> Any:
        """Return the outputs: GradArrays if they are to be differentiated again."""
        return map_structure(self.plain, self.result if result is None else result)

    def plain(self, x: Any) -> Any:
        """Return a result as the caller gets it."""
        if not isinstance(x, GradArray) or (self.twice and x._requires_grad):
            return x
        return x._array if x.ndim else x._array[()]

    def pull(self, outputs: Sequence[Any], seeds: Sequence[Any]) -> list[Any]:
        """Return for each given leaf the gradient of the outputs, given theirs."""
        return self.restored(
            pulled(self.operations, outputs, self.inputs, seeds, self.twice)
        )

    def restored(self, found: Sequence[Any]) -> list[Any]:
        """Return what belongs to the inputs in the kinds and places of the given."""
        arrays = iter(found)
        results = []
        for leaf, copy in zip(self.given, self._copies, strict=True):
            gradient = None if copy is None else next(arrays)
            if isinstance(gradient, np.ndarray) and not isinstance(leaf, np.ndarray):
                gradient = gradient[()] if not gradient.ndim else gradient
            results.append(gradient)
        return results

    def in_structure(self, leaves: Sequence[Any]) -> list[Any]:
        """Return the leaves in the structure of each differentiated argument."""
        iterator = iter(leaves)
        return [fill(part, iterator) for part in self.structures]


def pulled(
    operations: Sequence[Grad],
    outputs: Sequence[Any],
    inputs: Sequence[GradArray],
    seeds: Sequence[Any],
    twice: bool,
) -> list[Any]:
    """Return the gradients of the inputs, zeros where no output depends on one.

    They can be differentiated again if asked for, or if a seed wants a gradient.
    """
    if current_mode.get().records:
        twice = twice or any(
            isinstance(seed, GradArray) and seed._requires_grad for seed in seeds
        )
    found: list[Any] = [None] * len(inputs)
    live = [
        (x, seed)
        for x, seed in zip(outputs, seeds, strict=True)
        if isinstance(x, GradArray) and x._requires_grad
    ]
    if live:
        roots, given = map(list, zip(*live, strict=True))
        published = _publish(inputs)  # a checkpoint may run its function again
        try:
            found = pulled_through(operations, roots, inputs, given, twice)
        finally:
            keep_private(published)
    return [
        np.zeros(x.shape, x.dtype) if g is None else g
        for x, g in zip(inputs, found, strict=True)
    ]


def _copied(leaf: Any) -> GradArray | None:
    """Return a GradArray to differentiate with respect to; None for what is no number.

    The copy of what is recorded joins the graph of the original.
    """
    if isinstance(leaf, GradArray):
        if leaf._requires_grad and current_mode.get().records:
            return +leaf
        array = leaf._array
    elif isinstance(leaf, (np.ndarray, np.generic)):
        arguments.refuse_masked(leaf)
        array = np.asarray(leaf)
        if array.dtype.kind not in "biufc":
            return None
    elif isinstance(leaf, _NUMBERS) and not isinstance(leaf, bool):
        array = np.asarray(leaf, complex if isinstance(leaf, complex) else float)
    else:
        return None
    if array.dtype.kind not in "fc":
        raise TypeError(
            f"an argument to differentiate holds {array.dtype}, and only floats have "
            "derivatives. Pass floats: x.astype(float)."
        )
    return GradArray(array)


def _check_result(function: Callable, x: Any) -> None:
    """Raise for a result that forgets to be a number."""
    if x is None or not isinstance(x, (GradArray, np.ndarray, np.generic, *_NUMBERS)):
        name = getattr(function, "__name__", "the function")
        hint = "Did you forget `return` in it?" if x is None else "Return arrays."
        raise TypeError(f"{name} returned {describe(x)}. {hint}")


def _check_arguments(
    positions: Sequence[int], structures: list[Any], copies: list[Any]
) -> None:
    """Raise if an argument holds nothing to differentiate with respect to."""
    remaining = iter(copies)
    for i, structure in zip(positions, structures, strict=True):
        own = [next(remaining) for _ in flatten(structure)]
        if all(copy is None for copy in own):
            raise TypeError(
                f"argument {i} must hold floats to be differentiated; received "
                f"{_described(structure)}. Choose another by argnums, or convert it."
            )


def _described(x: Any) -> str:
    return (
        describe(x)
        if not isinstance(x, (list, tuple, dict))
        else (f"a {type(x).__name__} of {len(x)}")
    )
