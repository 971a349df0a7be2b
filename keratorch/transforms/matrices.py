"""Whole matrices of derivatives, and products with the matrix of second ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.nested import fill
from keratorch.transforms.derivatives import (
    Argnums,
    check_sequences,
    grad,
    jvp,
    named,
    positions_of,
    takes_argnum,
)
from keratorch.transforms.tracing import Trace


@takes_argnum
def jacobian(f: Callable, argnums: Argnums = 0) -> Callable:
    """Return the function that computes all derivatives of all outputs of a function.

    Parameters
    ----------
    f : function that returns an array, or nested lists, tuples and dicts of them.
    argnums : int or sequence of int, the positional arguments to differentiate with
        respect to, of which the same holds.

    Returns
    -------
    function : of the same arguments. For an output of shape m and an argument of shape
        n its result has shape (*m, *n): entry [i, j] is the derivative of output i by
        input j. With containers: for each output the structure of the argument.

    Raises
    ------
    TypeError : an argument holds no floats, or something is complex.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import jacobian
    >>> jacobian(lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x)(np.ones(2))
    array([[1., 2.],
           [3., 4.]])
    """

    @named("Jacobian", f)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, args, kwargs, positions_of(argnums, args))
        if any(
            np.iscomplexobj(graph.value(x)) for x in (*trace.inputs, *trace.outputs)
        ):
            raise TypeError(
                "jacobian is of real functions of real numbers: a complex number has "
                "two derivatives. Compute with real and imaginary parts, y.real and "
                "y.imag, or use jvp."
            )
        for output in trace.outputs:
            if not np.ndim(graph.value(output)):  # an array of integers is a constant
                trace.check_counted("jacobian", output)
        blocks = []
        for output in trace.outputs:
            found = trace.in_structure(_rows(trace, output))
            blocks.append(found[0] if isinstance(argnums, int) else tuple(found))
        return fill(trace.result, iter(blocks))

    return jacobian


def _rows(trace: Trace, output: Any) -> list[Any]:
    """Return for each given leaf the derivatives of each element of an output."""
    value = np.asarray(graph.value(output))
    rows = []
    for index in np.ndindex(value.shape):
        seed = np.zeros(value.shape, value.dtype)
        seed[index] = 1
        rows.append(trace.pull([output], [seed]))
    return [
        _stacked([row[i] for row in rows], value.shape, leaf)
        for i, leaf in enumerate(trace.given)
    ]


def _stacked(rows: Sequence[Any], shape: tuple, leaf: Any) -> Any:
    """Return as one array the derivatives of each output element by one leaf."""
    if not rows:
        return np.zeros((*shape, *np.shape(graph.value(leaf))))
    if rows[0] is None or not shape:  # no number, or nothing to join
        return rows[0]
    return np.stack(rows).reshape(*shape, *rows[0].shape)


@takes_argnum
def hessian(f: Callable, argnums: Argnums = 0) -> Callable:
    """Return the function that computes all second derivatives of a function.

    The parameters are those of `jacobian`. For an argument of shape n and an output of
    shape m the result has shape (*m, *n, *n), and is symmetric in the last two: (*n,
    *n) for a function that returns one number.

    Raises
    ------
    TypeError : an argument holds no floats, or something is complex.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import hessian
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 1.0]))
    array([[2., 6.],
           [6., 0.]])
    """
    return jacobian(jacobian(f, argnums), argnums)


def hvp(f: Callable, args: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Return the gradients of a scalar function and its Hessian times the tangents.

    The Hessian is never built: the product costs a few times what the gradient does.

    Parameters
    ----------
    f : function that returns one real number.
    args, tangents : sequences of one structure: where, and in which direction.

    Returns
    -------
    gradient, product : tuples with one entry for each argument.

    Raises
    ------
    TypeError : `f` returns no scalar, or an argument holds no floats.
    ValueError : the tangents have another structure or shape than the arguments.

    Source: Pearlmutter (1994), "Fast exact multiplication by the Hessian".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import hvp
    >>> x, v = np.array([3.0, 1.0]), np.array([1.0, 0.0])
    >>> hvp(lambda x: x[0] ** 2 * x[1], (x,), (v,))
    ((array([6., 9.]),), (array([2., 6.]),))
    """
    check_sequences("hvp", args, tangents)
    return jvp(grad(f, range(len(args))), args, tangents)
