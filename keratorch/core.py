"""The heart: arrays that remember where they came from, and the walk back.

A `GradArray` holds a NumPy array.  Each NumPy function applied to it is recorded as a
`Grad`, the derivative of that function, which remembers its inputs:

    C = A @ B          C._grad_op is MatMulGrad, whose inputs are A and B

So every result is the root of a graph that reaches back to the leaves, the arrays that
the user made.  ``C.backward()`` walks it from the newest operation to the oldest and
applies the chain rule once per operation.

This file names no operation.  A class statement such as
``class MulGrad(Grad, of=np.multiply)`` adds one; see ``grads/arithmetic.py``.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

import numpy as np

from keratorch import anomaly, arguments, contract, graph, hooks
from keratorch.errors import GraphError
from keratorch.modes import backward_mode, current_mode
from keratorch.protocols import ArrayValues, NumPyProtocols

_derivatives: dict[Callable, type[Grad]] = {}  # NumPy function -> its Grad
_compositions: dict[Callable, Callable] = {}  # NumPy function -> the same, composed
_constants: set[Callable] = set()  # NumPy functions whose result has no gradient
_numbers = itertools.count()  # each operation is younger than its inputs
_BEFORE_NEP50 = np.lib.NumpyVersion(np.__version__) < "2.0.0"


def record(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """Apply a NumPy function to arguments with GradArrays among them, and record it.

    Raises
    ------
    TypeError : no `Grad` differentiates the function, or not with these arguments.
    """
    derivative = _derivatives.get(function)
    operation = derivative.apply if derivative else _compositions.get(function)
    misfit = None
    if operation is not None:
        try:
            return operation(*args, **kwargs)
        except TypeError:
            misfit = contract.misfit(function, derivative or operation, args, kwargs)
            if misfit is None:
                raise
    if function not in _constants and any(map(_records, graph.arrays_in(args, kwargs))):
        raise TypeError(misfit or contract.no_derivative(function)) from None
    return function(*graph.plain(args), **graph.plain(kwargs))


def constant(*functions: Callable) -> None:
    """Declare NumPy functions whose result carries no gradient (``argmax``, ``==``)."""
    _constants.update(functions)


def now() -> int:
    """Return a number larger than that of every operation made so far."""
    return next(_numbers)


def composed(of: Callable | None) -> Callable[[Callable], Callable]:
    """Register what it decorates: a NumPy function written in differentiable ones.

    The graph then shows the functions that it is made of, and no class is needed.
    `of` is None where this NumPy is too old to have the function.
    """

    def register(composition: Callable) -> Callable:
        if of is not None:
            _compositions[of] = composition
        return composition

    return register


def _records(x: Any) -> bool:
    return isinstance(x, GradArray) and x._requires_grad and current_mode.get().records


def _from_operation(
    array: np.ndarray, op: Grad | None, requires_grad: bool
) -> GradArray:
    """Make a GradArray of a result, without the checks that a user's value needs."""
    result = GradArray.__new__(GradArray)
    result._array = array
    result._grad = None
    result._grad_op = op
    result._requires_grad = requires_grad
    result._name = None
    result._written = -1
    return result


class GradArray(NumPyProtocols, ArrayValues):
    """A NumPy array that remembers the operation that made it.

    Parameters
    ----------
    value : array_like. It is not copied where NumPy would not copy it, so do not write
        into the original between forward and backward. Python integers have no dtype
        of their own and are read as floats.
    dtype : NumPy dtype, or None to keep the value's.
    name : str, shown by `repr` and in the names of results.
    requires_grad : bool, whether `backward` stores a gradient here. Default: True for
        floats and complex numbers, False for integers and booleans.
    grad_op : the `Grad` that computed `value`, or None for a leaf.

    Raises
    ------
    TypeError : a gradient was asked for an array of integers or booleans.

    Notes
    -----
    The gradient of a complex array z = a + ib is, as in PyTorch, dL/da + i dL/db: the
    direction in which a real L grows fastest.

    Examples
    --------
    >>> from keratorch import GradArray
    >>> x = GradArray([2.0, 3.0], name="x")
    >>> y = (x * x + x).sum()
    >>> y.backward()
    >>> x.grad
    array([5., 7.])
    """

    __slots__ = (
        "__weakref__",
        "_array",
        "_grad",
        "_grad_op",
        "_hooks",
        "_name",
        "_requires_grad",
        "_written",
    )
    _record = staticmethod(record)
    _array: np.ndarray
    _grad: Any  # ndarray or None; a GradArray after backward(create_graph=True)
    _grad_op: Grad | None
    _hooks: dict[int, Callable]  # of a leaf, once it has one
    _name: str | None
    _requires_grad: bool
    _written: int  # when it was written into, counted with the operations

    def __init__(
        self,
        value: Any,
        dtype: Any = None,
        name: str | None = None,
        requires_grad: bool | None = None,
        grad_op: Grad | None = None,
    ):
        array = value._array if isinstance(value, GradArray) else value
        if type(array) is not np.ndarray or array.dtype.kind != "f" or dtype:
            array = arguments.as_array(array, dtype, requires_grad)
        if requires_grad is None:
            requires_grad = array.dtype.kind in "fc"
        elif requires_grad:
            arguments.check_differentiable(array)
        if grad_op is not None:
            arguments.check_operation(grad_op, Grad)
            requires_grad = current_mode.get().records and any(
                map(grad_op.needs, range(len(grad_op._inputs)))
            )
            grad_op._output = array
        self._array = array
        self._grad = None
        self._grad_op = grad_op if requires_grad else None
        self._requires_grad = bool(requires_grad)
        self._name = name
        self._written = -1

    # What it is

    @property
    def grad(self) -> Any:
        """The gradient that `backward` accumulated here, or None."""
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        self._grad = None if value is None else arguments.as_gradient(self, value)

    @property
    def grad_op(self) -> Grad | None:
        """The operation that made this array; None for a leaf."""
        return self._grad_op

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this array."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if value:
            arguments.check_differentiable(self._array)
        elif self._grad_op is not None:
            raise GraphError(
                f"requires_grad of a result cannot be switched off: {self!r} is inside "
                "a graph. Use x.detach(), or compute it under no_grad()."
            )
        self._requires_grad = bool(value)

    @property
    def name(self) -> str | None:
        """The name given, or for a result the expression that made it."""
        if self._name is None and self._grad_op is not None:
            return graph.expression(self)
        return self._name

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = value

    def __repr__(self) -> str:
        name = "" if self.name is None else f"name={self.name}, "
        op = None if self._grad_op is None else type(self._grad_op).__name__
        return f"{type(self).__name__}({name}shape={self.shape}, grad_op={op})"

    # From it to plain values

    def detach(self) -> GradArray:
        """Return a GradArray of the same memory, outside the graph."""
        return _from_operation(self._array, None, False)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self._requires_grad and (dtype is None or np.dtype(dtype).kind in "fcO"):
            raise TypeError(
                f"{self!r} cannot become a plain array here: its gradient would be "
                "lost. To build an array of GradArrays write np.array([...], like=x) "
                "or np.stack([x, y]); to give its values to another library, or to "
                "leave the graph, x.numpy() or x.detach()."
            )
        array = np.asarray(self._array, dtype=dtype)
        return array.copy() if copy and array is self._array else array

    def __reduce__(self) -> tuple:
        return graph.reduced(self)

    def __setstate__(self, state: dict) -> None:
        graph.set_state(self, state)

    def __copy__(self) -> GradArray:
        twin = type(self).__new__(type(self))
        graph.set_state(twin, graph.get_state(self))
        return twin

    # Into the graph, and into the memory

    def _record_in_place(self, function: Callable, other: Any) -> Any:
        if self._grad_op is None and not current_mode.get().records:
            function(self._array, graph.plain(other), out=self._array)
            self._mark_written()
            return self
        return record(function, self, other)

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._grad_op is not None or _records(self) or _records(value):
            raise arguments.no_writing(self, lost=_records(value))
        self._array[graph.plain(index)] = graph.plain(value)
        self._mark_written()

    def _mark_written(self) -> None:
        """Let older operations know that the values they used are gone."""
        self._written = now()

    def __float__(self) -> float:
        mode = current_mode.get()
        if self._requires_grad and mode.records and (mode.twice or mode.traces):
            raise contract.lost_by_float(self, mode.twice)
        return super().__float__()

    # Back through the graph

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
    ) -> None:
        """Add the gradient of this array to `grad` of every array that it came from.

        Parameters
        ----------
        gradient : array_like of this array's shape, the gradient that arrives here.
            Default 1, for a one-element array.
        retain_graph : bool, whether `backward` may be called on this graph again.
            Default: the value of `create_graph`.
        create_graph : bool, whether the gradients are GradArrays that can be
            differentiated again. They stay in `grad` with their graph until it is
            reset; `gradients` leaves nothing behind.

        Raises
        ------
        GraphError : there is no graph, it was used already, or this array is no scalar
            and no gradient was given.
        GradContractError : a `Grad` returned something that is no gradient.
        """
        seed = arguments.seed_gradient(self, gradient, create_graph)
        operations = graph.newest_first([self])
        for op in operations:
            if op._spent:
                raise contract.spent_graph(self)
        found, reached = walk([(self, seed)], operations, create_graph=create_graph)
        keep = create_graph if retain_graph is None else retain_graph
        if not keep:
            for op in operations:
                op._spent = True
        for array in reached.values():
            producer = array._grad_op
            grad = found[id(array if producer is None else producer)]
            if grad.dtype.kind == "c":
                grad = contract.conjugated(grad)
            array._grad = grad if array._grad is None else _sum(array._grad, grad)

    def register_hook(self, hook: Callable) -> hooks.HookHandle:
        """Call a function with the gradient of this array whenever it is complete.

        Parameters
        ----------
        hook : function of the gradient, a read-only ndarray (a GradArray under
            ``create_graph=True``). What it returns takes the gradient's place, unless
            that is None.

        Returns
        -------
        handle : its ``remove()`` takes the hook away.

        Raises
        ------
        GraphError : no gradient arrives here, or the hook returned no array like it.

        Examples
        --------
        >>> from keratorch import GradArray
        >>> x = GradArray([2.0, 3.0])
        >>> handle = x.register_hook(lambda grad: grad * 10)
        >>> (x * x).sum().backward()
        >>> x.grad
        array([40., 60.])
        """
        hooks.check_hook(self, hook)
        owner: Any = self if self._grad_op is None else self._grad_op
        hooks.on_leaves = hooks.on_leaves or owner is self
        registered = getattr(owner, "_hooks", None)
        if registered is None:
            registered = owner._hooks = {}
        key = now()
        registered[key] = hook
        return hooks.HookHandle(registered, key)


class Grad(ABC):
    """The derivative of one operation: a node of the computational graph.

    A subclass says how to compute the operation and how to go back.  Its docstring
    states the formula; ``backward`` receives dL/doutput and returns dL/dinput, one for
    each input (None: no gradient).  Gradients of broadcast inputs are summed back to
    their shape by the walk, unless the class says ``unbroadcasts = False``.

    Through complex numbers the chain rule runs as through real ones, ``grad * b`` for
    ``a * b``: what travels is dL/da - i dL/db, the conjugate of what ``x.grad`` shows.

    For derivatives of any order ``backward`` uses only operators, NumPy functions and
    methods of ndarrays on `inputs`, `output` and its argument: no ``._array``, no
    writing in place, and no floats that ``forward`` put aside, since none of these
    records where it came from.  Constants such as masks may be kept in attributes, and
    arguments that are no arrays belong into ``__init__``, which hands the arrays on to
    ``super().__init__``.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import Grad, GradArray
    >>> class SwishGrad(Grad):
    ...     def forward(self, x):
    ...         return x / (1 + np.exp(-x))
    ...
    ...     def backward(self, grad):
    ...         (x,) = self.inputs
    ...         s = 1 / (1 + np.exp(-x))
    ...         return grad * s * (1 + x * (1 - s))
    >>> x = GradArray([0.0, 1.0], name="x")
    >>> y = SwishGrad.apply(x)
    >>> y
    GradArray(name=swish(x), shape=(2,), grad_op=SwishGrad)
    >>> y.sum().backward()
    >>> x.grad.round(4)
    array([0.5   , 0.9277])
    """

    of: ClassVar[Callable | None] = None  # the NumPy function that it differentiates
    notation: ClassVar[str | None] = None  # how names show it, as in "{} @ {}"
    unbroadcasts: ClassVar[bool] = True
    changes_dtype: ClassVar[bool] = False  # only NumPy before 2 asks
    _guarded: ClassVar[bool] = True  # forward and backward get read-only arrays
    _calls_of: ClassVar[bool] = False  # forward is the one below: no need to call it
    _inputs: tuple = cast(tuple, None)  # None until __init__ ran
    _output: Any = None
    _spent = False
    _hooks: dict[int, Callable] | None = None  # called with the gradient of the output

    def __init_subclass__(cls, of: Callable | None = None, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        # The suite holds the library's own classes to leave their arrays alone.
        cls._guarded = not cls.__module__.startswith("keratorch.grads.")
        if of is not None:
            cls.of = staticmethod(of)
            contract.warn_of_replacement(of, _derivatives.get(of), cls)
            _derivatives[of] = cls
        cls._calls_of = cls.of is not None and cls.forward is Grad.forward

    def __init__(self, *inputs: Any):
        for x in inputs:
            if not isinstance(x, _VALUES):
                inputs = tuple(map(_as_value, inputs))
                break
        self._inputs = inputs
        self._number = next(_numbers)

    def _renumber(self) -> None:
        self._number = next(_numbers)

    def forward(self, *arrays: Any) -> Any:
        """Compute the output: ndarrays in, ndarray out."""
        if self.of is None:
            raise contract.no_forward(type(self))
        return self.of(*arrays)

    @abstractmethod
    def backward(self, grad: Any) -> Any:
        """Return the gradient of each input, given the gradient of the output."""

    @property
    def inputs(self) -> tuple:
        """The values of the inputs: ndarrays, which belong to others, and scalars.

        Classes outside the library get them read-only.  In
        ``backward(create_graph=True)`` they are the GradArrays themselves.
        """
        twice = current_mode.get().twice
        values = []
        for x in self._inputs:
            x = x._array if isinstance(x, GradArray) and not twice else x
            if self._guarded and isinstance(x, np.ndarray):
                x = _read_only(x)
            values.append(x)
        return tuple(values)

    @property
    def output(self) -> Any:
        """The value that `forward` returned, of the same kind as `inputs`."""
        if current_mode.get().twice:
            return _from_operation(self._output, self, True)
        return _read_only(self._output) if self._guarded else self._output

    def __repr__(self) -> str:
        return f"{type(self).__name__}({graph.arguments(self)})"

    def needs(self, i: int) -> bool:
        """Return whether the gradient of input `i` is wanted."""
        x = self._inputs[i]
        if not isinstance(x, GradArray) or not x._requires_grad:
            return False
        wanted = current_mode.get().wanted
        return wanted is None or graph.node(x) in wanted

    @classmethod
    def apply(cls, *inputs: Any, **params: Any) -> GradArray:
        """Compute the operation and record it.

        `inputs` and `params` are those of the constructor.
        """
        op = cls(*inputs, **params)
        if op._inputs is None:
            raise contract.no_super_init(cls)
        mode = current_mode.get()
        values, recorded = [], False
        for x in op._inputs:
            if isinstance(x, GradArray):
                if x._requires_grad:
                    recorded = True
                x = x._array
                if cls._guarded and not mode.watches:
                    x = _read_only(x)
            values.append(x)
        if _BEFORE_NEP50:
            values = contract.without_promotion(values)
        try:
            if mode.watches:
                output = anomaly.forward(op, values)
            else:
                compute: Any = cls.of if cls._calls_of else op.forward
                output = compute(*values)
        except (TypeError, ValueError) as error:
            contract.explain_forward(op, values, error)
            raise
        if type(output) is not np.ndarray:
            output = contract.as_output(op, output)
        if _BEFORE_NEP50 and not output.ndim and not op.changes_dtype:
            output = contract.in_type_of(values, output)
        if recorded and mode.records:
            if output.dtype.kind in "fc":
                op._output = output
                return _from_operation(output, op, True)
            contract.check_discrete(op, output)
        return _from_operation(output, None, False)


_VALUES = (GradArray, np.ndarray, float, int, complex, np.generic)


def _as_value(x: Any) -> Any:
    return x if isinstance(x, _VALUES) else np.asarray(x)


def _read_only(array: np.ndarray) -> np.ndarray:
    """Return a view of an array that cannot be written through."""
    view = array.view()
    view.setflags(write=False)
    return view


def walk(
    seeds: Sequence[tuple[GradArray, Any]],
    operations: Sequence[Grad],
    targets: Sequence[GradArray] | None = None,
    create_graph: bool = False,
    leaf_hooks: bool = True,
) -> tuple[dict[int, Any], dict[int, GradArray]]:
    """Apply the chain rule to each operation, newest first.

    An operation is younger than its inputs, so when its turn comes every consumer of
    its output has reported.  Returns ``{node: gradient}`` for `targets`, or for every
    array behind the seeds, and by their identity the arrays that gradients reached.
    """
    kept, wanted = None, None
    if targets is not None:
        kept = {graph.node(x) for x in targets}
        wanted = graph.leading_to(kept, operations)
    found: dict[int, Any] = {}
    reached: dict[int, GradArray] = {}
    for array, seed in seeds:
        seed = contract.conjugated(seed if create_graph else seed.copy())
        _add(found, graph.node(array), seed)
        reached[id(array)] = array
    previous = current_mode.get()
    current_mode.set(backward_mode(previous, create_graph, wanted))
    try:
        for op in operations:
            node = id(op)
            if node not in found or (wanted is not None and node not in wanted):
                continue
            grad = found[node]
            if not create_graph:
                grad = found[node] = _read_only(grad)
            if op._hooks:
                grad = found[node] = hooks.hooked(grad, op._hooks, create_graph)
            for x, gradient in zip(op._inputs, _chain_rule(op, grad), strict=True):
                if gradient is None:
                    continue
                producer = x._grad_op
                behind = id(x if producer is None else producer)
                if wanted is None or behind in wanted:
                    _add(found, behind, gradient)
                    reached[id(x)] = x
            if kept is not None and node not in kept:
                del found[node]
        if leaf_hooks and hooks.on_leaves:
            for x in reached.values():
                if x._grad_op is None and hasattr(x, "_hooks"):
                    leaf = id(x)
                    found[leaf] = hooks.hooked(found[leaf], x._hooks, create_graph)
    finally:
        current_mode.set(previous)
    return found, reached


def _add(found: dict[int, Any], node: int, gradient: Any) -> None:
    """Keep the first gradient by reference, add later ones out of place."""
    found[node] = _sum(found[node], gradient) if node in found else gradient


def _sum(a: Any, b: Any) -> Any:
    total = a + b
    return np.asarray(total) if isinstance(total, np.generic) else total


def _chain_rule(op: Grad, grad: Any) -> list[Any]:
    """Return dL/dinput of each input, None for those that want none."""
    mode = current_mode.get()
    try:
        returned = anomaly.backward(op, grad) if mode.watches else op.backward(grad)
    except (TypeError, ValueError) as error:
        contract.explain_backward(op, grad, error)
        raise
    if type(returned) is not tuple or len(returned) != len(op._inputs):
        returned = contract.as_tuple(op, returned)
    return contract.checked_gradients(op, returned, mode.twice)
