"""Loops and branches as functions, for programs written for Keras.

In KeraTorch Python's own ``if``, ``for`` and ``while`` do as well: each step is
recorded as it runs, and gradients flow through all of them.
"""

from __future__ import annotations

import functools
import numbers
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import transforms
from keratorch.grads.custom import CustomGrad
from keratorch.nested import fill, flatten, map_structure
from keratorch.ops.conversion import convert_to_tensor
from keratorch.symbolic import any_symbolic, is_symbolic, record_function
from keratorch.trial_runs import trying


def cond(pred: Any, true_fn: Callable, false_fn: Callable) -> Any:
    """Return true_fn() if pred holds, else false_fn().

    Of a symbolic pred both are computed for each batch, and one is taken.

    Raises
    ------
    ValueError : pred is symbolic and no single bool, or the results differ in shape.

    >>> cond(2 > 1, lambda: "yes", lambda: "no")
    'yes'
    """
    if not is_symbolic(pred):
        return true_fn() if pred else false_fn()
    if pred.size != 1:
        raise ValueError(
            f"cond: pred must be one bool; received a symbolic array of shape "
            f"{pred.shape}. For a choice element by element use "
            "ops.where(pred, x1, x2); for one of all, ops.any(pred) or ops.all(pred)."
        )
    results = true_fn(), false_fn()
    shapes = [[getattr(x, "shape", ()) for x in flatten(part)] for part in results]
    if not _may_be_equal(*shapes):
        raise ValueError(
            "cond: true_fn and false_fn must return arrays of the same shapes; "
            f"received {shapes[0]} and {shapes[1]}. Bring the one to the other, as by "
            "ops.broadcast_to or ops.reshape."
        )
    return record_function(_taken, (pred, *results), {}, "cond")


cond.takes_symbols = True  # type: ignore[attr-defined]


def _taken(pred: Any, if_true: Any, if_false: Any) -> Any:
    return if_true if pred else if_false


def _may_be_equal(one: list[tuple], other: list[tuple]) -> bool:
    """Return whether shapes are equal, unknown lengths taken for equal."""
    return len(one) == len(other) and all(
        len(a) == len(b)
        and all(n == m or None in (n, m) for n, m in zip(a, b, strict=True))
        for a, b in zip(one, other, strict=True)
    )


def switch(index: Any, branches: Sequence[Callable], *operands: Any) -> Any:
    """Return branches[index](*operands), of an index outside the nearest branch.

    >>> switch(1, [lambda x: x, lambda x: -x], 5)
    -5
    """
    return branches[max(0, min(operator.index(index), len(branches) - 1))](*operands)


def while_loop(
    cond: Callable,
    body: Callable,
    loop_vars: Any,
    maximum_iterations: int | None = None,
) -> Any:
    """Replace loop_vars by body(*loop_vars) while cond(*loop_vars) holds.

    Symbolic loop_vars keep their shapes: how often body runs, the data say.

    >>> while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2), (0, 1))
    (3, 8)
    """
    several = isinstance(loop_vars, (list, tuple))
    variables = tuple(loop_vars) if several else (loop_vars,)
    if any_symbolic(variables):
        arrays = map_structure(lambda x: x if is_symbolic(x) else _array(x), variables)
        found = record_function(
            while_loop, (cond, body, arrays, maximum_iterations), {}
        )
        return found if several else found[0]
    count = 0
    if trying.get():  # of made-up values cond might hold for ever
        most = 1 if maximum_iterations is None else maximum_iterations
        maximum_iterations = min(1, most)
    while (maximum_iterations is None or count < maximum_iterations) and cond(
        *variables
    ):
        result = body(*variables)
        variables = tuple(result) if isinstance(result, (list, tuple)) else (result,)
        count += 1
    return variables if several else variables[0]


while_loop.takes_symbols = True  # type: ignore[attr-defined]


def _array(x: Any) -> Any:
    return x if hasattr(x, "shape") else np.asarray(x)


def fori_loop(lower: Any, upper: Any, body_fun: Callable, init_val: Any) -> Any:
    """Return what is left of init_val after value = body_fun(i, value) for each i.

    >>> fori_loop(0, 4, lambda i, total: total + i, 0)
    6
    """
    value = init_val
    for i in range(operator.index(lower), operator.index(upper)):
        value = body_fun(i, value)
    return value


def map(f: Callable, xs: Any) -> Any:
    """Return the results of f for each element along the first axis, stacked.

    Parameters
    ----------
    f : function of the elements, which returns an array, or nested ones.
    xs : array, or nested lists, tuples and dicts of arrays of one length.

    >>> map(lambda x: x.sum(), np.eye(2))
    array([1., 1.])
    """
    return scan(lambda _, x: (None, f(x)), None, xs)[1]


def vectorized_map(function: Callable, elements: Any) -> Any:
    """`map`, by its older name: a list or tuple of arrays goes to f as a list.

    >>> vectorized_map(lambda pair: pair[0] * pair[1], [np.arange(3), np.arange(3)])
    array([0, 1, 4])
    """
    return map(function, list(elements) if isinstance(elements, tuple) else elements)


def scan(
    f: Callable,
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: Any = 1,
) -> tuple[Any, Any]:
    """Return the last carry of ``carry, y = f(carry, x)``, and all y stacked.

    Parameters
    ----------
    f : function of the carry and of an element of xs along the first axis.
    init : the first carry, an array or nested ones.
    xs : array, nested lists, tuples and dicts of arrays of one length, or None for
        `length` steps without elements.
    length : int, the number of steps, if xs does not say it.
    reverse : bool, whether the last element comes first. The y are stacked in the
        order of xs all the same.
    unroll : bool or int > 0, how many steps at once; it changes nothing here, where
        each is recorded by itself.

    Raises
    ------
    TypeError : f is no function.
    ValueError : neither xs nor length, lengths that differ, or another unroll.

    >>> total, sums = scan(lambda s, x: (s + x, s + x), 0, np.arange(4))
    >>> print(total, sums)
    6 [0 1 3 6]
    """
    if not callable(f):
        raise TypeError(f"scan: f must be a function; received {f!r}.")
    if not isinstance(unroll, (bool, numbers.Integral)) or (
        unroll is not False and unroll < 1
    ):
        raise ValueError(
            "scan: unroll must be True, False or an int > 0; received "
            f"{unroll!r}. Leave it out: it changes nothing here."
        )
    lengths = {len(x) for x in flatten(xs)} if xs is not None else set()
    if length is not None:
        lengths.add(operator.index(length))
    if len(lengths) != 1:
        raise ValueError(
            "scan needs xs whose arrays have one length, or length=, the number of "
            f"steps; received lengths {sorted(lengths)}."
        )
    (count,) = lengths
    carry, results = init, []
    for i in reversed(range(count)) if reverse else range(count):
        carry, y = f(carry, None if xs is None else _element(xs, i))
        results.append(y)
    return carry, _stacked(results[::-1] if reverse else results)


def _element(xs: Any, i: int) -> Any:
    return map_structure(lambda x: x[i], xs)


def _stacked(results: list) -> Any:
    """Return nested arrays with those of each step stacked; None if there are none."""
    if not results or results[0] is None:
        return None
    columns = zip(*[flatten(result) for result in results], strict=True)
    return fill(results[0], (np.stack(column) for column in columns))


def associative_scan(
    f: Callable, elems: Any, reverse: bool = False, axis: int = 0
) -> Any:
    """Return x[0], f(x[0], x[1]), f(f(x[0], x[1]), x[2]), ... along an axis.

    Since f is associative, each of log2(length) rounds combines what lies 1, 2, 4, ...
    places apart, all at once.

    Parameters
    ----------
    f : associative function of two arrays (or nested ones), element by element along
        the axis.
    elems : array, or nested lists, tuples and dicts of arrays.
    reverse : bool, whether to begin at the end.
    axis : int.

    Raises
    ------
    TypeError : f is no function.
    ValueError : arrays of different lengths along the axis.

    Source: Hillis & Steele (1986), Data parallel algorithms.

    >>> associative_scan(np.add, np.arange(5))
    array([ 0,  1,  3,  6, 10])
    """
    if not callable(f):
        raise TypeError(f"associative_scan: f must be a function; received {f!r}.")
    current = map_structure(lambda x: x if hasattr(x, "ndim") else np.asarray(x), elems)
    lengths = {x.shape[axis] for x in flatten(current)}
    if len(lengths) != 1:
        raise ValueError(
            "associative_scan needs arrays of one length along the axis; received "
            f"lengths {sorted(lengths)}."
        )
    (length,) = lengths

    def part(nested: Any, start: int | None, stop: int | None) -> Any:
        return map_structure(lambda x: _along(x, axis, start, stop), nested)

    distance = 1
    while distance < length:
        near, far = part(current, distance, None), part(current, None, -distance)
        if reverse:  # the other end comes first
            combined, rest = f(near, far), part(current, -distance, None)
            pairs = zip(flatten(combined), flatten(rest), strict=True)
        else:
            combined, rest = f(far, near), part(current, None, distance)
            pairs = zip(flatten(rest), flatten(combined), strict=True)
        joined = [np.concatenate(pair, axis=axis) for pair in pairs]
        current = fill(current, iter(joined))
        distance *= 2
    return current


def _along(x: Any, axis: int, start: int | None, stop: int | None) -> Any:
    index = [slice(None)] * x.ndim
    index[axis] = slice(start, stop)
    return x[tuple(index)]


def custom_gradient(f: Callable) -> Callable:
    """Let a function say its own gradient.

    A `Grad` class does the same and more: it is checked, named and drawn.

    Parameters
    ----------
    f : function of arrays that returns ``out, gradient``: an array, and a function of
        dL/dout that returns dL/darg for each argument. It may be called again for the
        way back.

    Raises
    ------
    TypeError : the wrapped function returned something else.

    >>> @custom_gradient
    ... def straight_through(x):
    ...     return np.round(x), lambda upstream: upstream
    >>> import keratorch
    >>> x = keratorch.GradArray([0.4, 1.6])
    >>> straight_through(x).sum().backward()
    >>> x.grad
    array([1., 1.])
    """

    def checked(*args: Any, **kwargs: Any) -> tuple[Any, Callable]:
        result = f(*args, **kwargs)
        pair = isinstance(result, tuple) and len(result) == 2 and callable(result[1])
        if not pair or isinstance(result[0], (list, tuple, dict)):
            name = getattr(f, "__name__", "f")
            raise TypeError(
                f"custom_gradient: {name} must return a pair of one array and a "
                "function of dL/dout. Several results take a function, or a Grad, each."
            )
        return result

    @functools.wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        function = functools.partial(checked, **kwargs) if kwargs else checked
        return CustomGrad.apply(*args, function=function)

    return wrapped


def jvp(
    fun: Callable,
    primals: Sequence[Any],
    tangents: Sequence[Any],
    has_aux: bool = False,
) -> tuple:
    """Return ``fun(*primals)`` and its derivative along the tangents.

    With `has_aux` the function returns a pair, and what is second in it comes third.
    See `keratorch.jvp`.

    >>> jvp(np.square, (np.array([3.0]),), (np.array([1.0]),))
    (array([9.]), array([6.]))
    """
    if not has_aux:
        return transforms.jvp(fun, primals, tangents)
    found = []

    def first(*args: Any) -> Any:
        out, aux = fun(*args)
        found.append(aux)
        return out

    value, derivative = transforms.jvp(first, primals, tangents)
    return value, derivative, found[-1]


def unstack(x: Any, num: int | None = None, axis: int = 0) -> list[Any]:
    """Return the parts of x along an axis as a list.

    Raises
    ------
    ValueError : there are not `num` of them, or no such axis.

    >>> [part.tolist() for part in unstack(np.eye(2), axis=1)]
    [[1.0, 0.0], [0.0, 1.0]]
    """
    x = x if hasattr(x, "ndim") else convert_to_tensor(x)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"unstack: axis {axis} is out of bounds for an array of shape {x.shape}: "
            f"its axes are {-x.ndim} to {x.ndim - 1}."
        )
    length = x.shape[axis]
    if num is not None and num != length:
        raise ValueError(
            f"unstack: axis {axis} of shape {x.shape} has {length} parts; received "
            f"num={num}. Leave num out."
        )
    moved = np.moveaxis(x, axis, 0)
    return [moved[i] for i in range(length)]
