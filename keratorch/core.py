"""The heart: arrays that remember where they came from, and what made them.

A `GradArray` holds a NumPy array.  Each NumPy function applied to it is recorded as a
`Grad`, the derivative of that function, which remembers its inputs:

    C = A @ B          C._grad_op is MatMulGrad, whose inputs are A and B

So every result is the root of a graph that reaches back to the leaves, the arrays that
the user made.  ``C.backward()`` walks it from the newest operation to the oldest and
applies the chain rule once per operation; see ``walk.py``.

This file names no operation.  A class statement such as
``class MulGrad(Grad, of=np.multiply)`` adds one; see ``grads/arithmetic.py``.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, cast

import numpy as np
from numpy import ndarray

from keratorch import anomaly, arguments, contract, dtypes, graph, hooks, registry
from keratorch.dtypes import BEFORE_NEP50
from keratorch.gradient_values import added, conjugated, guarded, own, read_only
from keratorch.graph import now, numbers
from keratorch.missing_derivatives import warn_of_replacement
from keratorch.modes import current_mode
from keratorch.partial import whole
from keratorch.protocols import ArrayValues, NumPyProtocols
from keratorch.registry import composed, constant, record  # noqa: F401
from keratorch.walk import walk

_new = object.__new__


def _records(x: Any) -> bool:
    return isinstance(x, GradArray) and x._requires_grad and current_mode.get().records


def _from_operation(array: np.ndarray, op: Grad | None) -> GradArray:
    """Make a GradArray of a result, without the checks that a user's value needs.

    It wants a gradient if the operation is recorded.
    """
    result = _new(GradArray)
    result._array = array
    result._grad = None
    result._grad_op = op
    result._node = next(numbers) if op is None else op._number
    result._requires_grad = op is not None
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
        "_keras_mask",
        "_logits",
        "_name",
        "_node",
        "_requires_grad",
        "_written",
    )
    #: Whether np.asarray(result) gives its values instead of an error: it then leaves
    #: the graph without a word, as in older Keras and TensorFlow.
    leaves_silently: ClassVar[bool] = False
    _record = staticmethod(record)
    _array: np.ndarray
    _grad: Any  # ndarray or None; a GradArray after backward(create_graph=True)
    _grad_op: Grad | None
    _hooks: dict[int, Callable]  # of a leaf, once it has one
    _keras_mask: np.ndarray  # which steps count, where a layer says so (masks.py)
    _logits: Any  # that these probabilities were made of (logits.py)
    _name: str | None
    _node: int  # in the graph: the number of its operation, or one of its own
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
        array = value
        floats = type(array) is ndarray and not dtype and array.dtype.kind in "fc"
        if not floats:
            array = arguments.as_array(graph.value(value), dtype, requires_grad)
            floats = array.dtype.kind in "fc"
        if requires_grad is None:
            requires_grad = floats
        elif requires_grad := bool(requires_grad):
            arguments.check_differentiable(array)
        if grad_op is not None:
            arguments.check_operation(grad_op, Grad)
            requires_grad = current_mode.get().records and any(
                map(grad_op.needs, range(len(grad_op._inputs)))
            )
            grad_op._output = array
        self._array = array
        self._grad = self._grad_op = None
        self._node = next(numbers)
        if grad_op is not None and requires_grad:
            self._grad_op, self._node = grad_op, grad_op._number
        self._requires_grad = requires_grad
        self._name = name
        self._written = -1

    # What it is

    @property
    def grad(self) -> Any:
        """The gradient that `backward` accumulated here, or None.

        That of a result is read-only: other gradients may have the same memory.
        """
        if self._grad_op is not None and type(self._grad) is ndarray:
            return read_only(self._grad)
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
            raise arguments.no_switching_off(self)
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

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return importlib.import_module("keratorch.inspect").array_html(self)

    # From it to plain values

    def detach(self) -> GradArray:
        """Return a GradArray of the same memory, outside the graph."""
        return _from_operation(self._array, None)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        loses = dtype is None or np.dtype(dtype).kind in "fcO"
        if self._requires_grad and loses and not self.leaves_silently:
            raise contract.lost_by_conversion(self)
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
        # A parameter is changed where nothing is recorded, as in w -= rate * w.grad;
        # data and results are not, which others may hold as well.
        is_parameter = self._requires_grad and self._grad_op is None
        if is_parameter and not current_mode.get().records:
            function(self._array, graph.plain(other), out=self._array)
            self._mark_written()
            return self
        return record(function, (self, other), {})

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
        found, reached = {self._node: seed}, {self._node: self}
        walk(found, reached, operations, create_graph=create_graph)
        keep = create_graph if retain_graph is None else retain_graph
        if not keep:
            for op in operations:
                op._spent = True
        for x in reached.values():
            producer = x._grad_op
            if producer is None:
                grad = own(found.pop(x._node))
            else:
                grad = whole(found[x._node])
            if grad.dtype.kind == "c":
                grad = conjugated(grad)
            x._grad = grad if x._grad is None else added(x._grad, grad)

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
        return hooks.register(self, hook)


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
    takes_partial: ClassVar[bool] = False  # backward takes a PartialGradient, too
    _guarded: ClassVar[bool] = True  # forward and backward get read-only arrays
    _calls: ClassVar[Callable | None] = None  # instead of forward, if that is no own
    _own_new: ClassVar[bool] = False  # whether it is made in a way of its own
    _inputs: tuple = cast(tuple, None)  # None until __init__ ran
    _arrays: tuple | None = None  # the values of the inputs, once apply took them
    _output: Any = None
    _spent = False
    _hooks: dict[int, Callable] | None = None  # called with the gradient of the output

    def __init_subclass__(cls, of: Callable | None = None, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        # The suite holds the library's own classes to leave their arrays alone.
        if "_guarded" not in vars(cls):
            cls._guarded = not cls.__module__.startswith("keratorch.grads.")
        if of is not None:
            cls.of = staticmethod(of)
            warn_of_replacement(of, registry.derivatives.get(of), cls)
            registry.derivatives[of] = cls
        cls._calls = cls.of if cls.forward is Grad.forward else None
        cls._own_new = cls.__new__ is not _new

    def __init__(self, *inputs: Any):
        for x in inputs:
            if not isinstance(x, _VALUES):
                inputs = tuple(map(_as_value, inputs))
                break
        self._inputs = inputs
        self._number = next(numbers)

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
        values = self._inputs if current_mode.get().twice else self._arrays
        if values is None:
            values = graph.plain(self._inputs)
        return tuple(map(guarded, values)) if self._guarded else values

    @property
    def output(self) -> Any:
        """The value that `forward` returned, of the same kind as `inputs`."""
        if current_mode.get().twice:
            return _from_operation(self._output, self)
        return read_only(self._output) if self._guarded else self._output

    def __repr__(self) -> str:
        return f"{type(self).__name__}({graph.arguments(self)})"

    def needs(self, i: int) -> bool:
        """Return whether the gradient of input `i` is wanted."""
        x = self._inputs[i]
        if not isinstance(x, GradArray) or not x._requires_grad:
            return False
        wanted = current_mode.get().wanted
        return wanted is None or x._node in wanted

    @classmethod
    def apply(cls, *inputs: Any, **params: Any) -> GradArray:
        """Compute the operation and record it.

        `inputs` and `params` are those of the constructor.
        """
        if params or cls.__init__ is not _PLAIN_INIT or cls._own_new:
            op = cls(*inputs, **params)
            if op._inputs is None:
                raise contract.no_super_init(cls)
            inputs = op._inputs
        else:
            op = _new(cls)  # what the constructor above does, sooner
            op._number = next(numbers)
        values: Any = []
        recorded = False
        for x in inputs:
            if isinstance(x, GradArray):
                if x._requires_grad:
                    recorded = True
                x = x._array
            elif not isinstance(x, _VALUES):
                return cls.apply(*map(_as_value, inputs))
            values.append(x)
        op._inputs, op._arrays = inputs, tuple(values)
        mode = current_mode.get()
        if cls._guarded and not mode.watches:
            values = list(map(guarded, values))
        if BEFORE_NEP50:
            values = dtypes.without_promotion(values)
        try:
            if mode.watches:
                output = anomaly.forward(op, values)
            else:
                output = (cls._calls or op.forward)(*values)
        except (TypeError, ValueError) as error:
            contract.explain_forward(op, values, error)
            raise
        if type(output) is not ndarray:
            output = contract.as_output(op, output)
        if BEFORE_NEP50 and not output.ndim and not op.changes_dtype:
            output = dtypes.in_type_of(values, output)
        if recorded and mode.records:
            if output.dtype.kind in "fc":
                op._output = output
                return _from_operation(output, op)
            contract.check_discrete(op, output)
        return _from_operation(output, None)


_PLAIN_INIT = Grad.__init__
_VALUES = (GradArray, np.ndarray, float, int, complex, np.generic)


def _as_value(x: Any) -> Any:
    if isinstance(x, _VALUES):
        return x
    joined = isinstance(x, (list, tuple)) and next(graph.arrays_in(x), None) is not None
    return np.array(x, like=next(graph.arrays_in(x))) if joined else np.asarray(x)
