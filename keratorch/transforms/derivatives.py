"""Gradients of functions, and products with their Jacobians from both sides."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

from keratorch import graph
from keratorch.core import GradArray
from keratorch.errors import describe
from keratorch.nested import fill, flatten, map_structure
from keratorch.transforms.tracing import Trace, keep_private, pulled

Argnums: TypeAlias = int | Sequence[int]
Transform = TypeVar("Transform", bound=Callable)


def takes_argnum(transform: Transform) -> Transform:
    """Let a function of `argnums` take autograd's name for it, ``argnum``, as well."""

    @functools.wraps(transform)
    def transformed(f: Callable, *options: Any, **named_options: Any) -> Callable:
        if "argnum" in named_options:
            if options or "argnums" in named_options:
                raise TypeError(
                    f"{transform.__name__}: argnum and argnums are two names of one "
                    "argument; received both. Give one of them."
                )
            named_options["argnums"] = named_options.pop("argnum")
        return transform(f, *options, **named_options)

    return cast(Transform, transformed)


@takes_argnum
def grad(f: Callable, argnums: Argnums = 0, has_aux: bool = False) -> Callable:
    """Return the function that computes the gradient of a scalar function.

    Parameters
    ----------
    f : function that returns one real number, made of NumPy functions. What passes
        through x.item() or x.numpy() in it counts as constant.
    argnums : int or sequence of int, the positional arguments to differentiate with
        respect to: floats, arrays, or nested lists, tuples and dicts of them. The name
        that autograd gives it, ``argnum=``, is understood too.
    has_aux : bool, whether `f` returns ``(value, aux)``; the new function then returns
        ``(gradient, aux)``.

    Returns
    -------
    function : of the same arguments; its result has the structure of the argument, and
        is a tuple of such for a sequence of `argnums`. It is made of GradArrays where
        `f` closes over one that wants a gradient; ``with no_grad():`` gives plain ones.

    Raises
    ------
    TypeError : `f` returns no scalar, or an argument holds no floats.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import grad
    >>> slope = grad(np.tanh)
    >>> float(slope(0.0))
    1.0
    >>> round(float(grad(slope)(1.0)), 4)
    -0.6397
    >>> def loss(parameters, x):
    ...     return np.sum((x @ parameters["w"] + parameters["b"]) ** 2)
    >>> grad(loss)({"w": np.ones(2), "b": 0.0}, np.eye(2))
    {'w': array([2., 2.]), 'b': np.float64(4.0)}
    """
    compute = value_and_grad(f, argnums, has_aux)

    @named("gradient", f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, found = compute(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


@takes_argnum
def value_and_grad(
    f: Callable, argnums: Argnums = 0, has_aux: bool = False
) -> Callable:
    """Return the function that computes a scalar function and its gradient.

    The parameters are those of `grad`; the new function returns ``(value, gradient)``,
    or ``((value, aux), gradient)`` with `has_aux`.

    Raises
    ------
    TypeError : `f` returns no scalar, or an argument holds no floats.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import value_and_grad
    >>> value_and_grad(lambda x: (x**2).sum())(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """

    @named("value and gradient", f)
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        aux = []

        @functools.wraps(f)
        def scalar(*args: Any, **kwargs: Any) -> Any:
            result = f(*args, **kwargs)
            if not has_aux:
                return result
            value, other = _pair(result)
            aux.append(other)
            return value

        trace = Trace(scalar, args, kwargs, positions_of(argnums, args))
        result = trace.scalar("grad")
        found = trace.in_structure(trace.pull([result], [_ones(result)]))
        value = trace.values()
        return (
            (value, map_structure(trace.plain, aux[0])) if has_aux else value,
            found[0] if isinstance(argnums, int) else tuple(found),
        )

    return value_and_gradient


@takes_argnum
def elementwise_grad(f: Callable, argnums: Argnums = 0) -> Callable:
    """Return the derivative of a function that works on each element alone.

    It is the gradient of the sum of all outputs, so that element i of the result is the
    derivative of output i by input i.

    Raises
    ------
    TypeError : an argument holds no floats.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import elementwise_grad
    >>> elementwise_grad(np.square)(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """

    def total(*args: Any, **kwargs: Any) -> Any:
        return np.sum(f(*args, **kwargs))

    return grad(functools.wraps(f)(total) if callable(f) else f, argnums)


def vjp(f: Callable, *args: Any) -> tuple[Any, Callable]:
    """Return ``f(*args)`` and the function that pulls gradients back through it.

    With the Jacobian J of `f`, the pullback maps v to v @ J.

    Returns
    -------
    value : what `f` returned.
    pullback : function of a gradient, in the structure of `value`; it returns a tuple
        with one gradient for each argument, and may be called again.

    Raises
    ------
    TypeError : an argument holds no floats.
    ValueError : the gradient has another structure or shape than the value.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import vjp
    >>> value, pullback = vjp(np.multiply, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 3., 40.]), array([ 1., 20.]))
    """
    trace = Trace(f, args, {}, range(len(args)))

    def pullback(gradient: Any) -> tuple[Any, ...]:
        seeds = _like(trace.outputs, gradient, "the gradient", "the value")
        return tuple(trace.in_structure(trace.pull(trace.outputs, seeds)))

    return trace.values(), pullback


def jvp(f: Callable, args: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Return ``f(*args)`` and its directional derivative along the tangents.

    With the Jacobian J of `f` it is J @ tangents. The gradient of the pullback's result
    by the gradient that it pulls back is that product, so reverse mode suffices.

    Parameters
    ----------
    f : function of arrays.
    args, tangents : sequences of one structure: where, and in which direction.

    Raises
    ------
    TypeError : an argument holds no floats.
    ValueError : the tangents have another structure or shape than the arguments.

    Source: Townsend (2017), "A new trick for calculating Jacobian vector products".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import jvp
    >>> jvp(np.sin, [np.array([0.0, 1.0])], [np.array([1.0, 0.0])])
    (array([0.        , 0.84147098]), array([1., 0.]))
    """
    check_sequences("jvp", args, tangents)
    trace = Trace(f, args, {}, range(len(args)))
    directions = [
        direction
        for direction, leaf in zip(
            _like(trace.given, list(tangents), "tangents", "args"),
            trace.given,
            strict=True,
        )
        if direction is not None
    ]
    live = [x for x in trace.outputs if isinstance(x, GradArray) and x._requires_grad]
    dummies = [GradArray(np.zeros(x.shape, x.dtype)) for x in live]
    keep_private(dummies)
    back = pulled(trace.operations, live, trace.inputs, dummies, twice=True)
    found = [x for x in back if isinstance(x, GradArray)]  # zeros are plain
    operations = graph.newest_first(found, since=trace.start)
    along = iter(pulled(operations, back, dummies, directions, trace.twice))
    products = []
    for x in trace.outputs:
        is_live = any(x is y for y in live)
        product = next(along) if is_live else np.zeros_like(graph.value(x), float)
        products.append(product if np.ndim(graph.value(product)) else product[()])
    return trace.values(), fill(trace.result, iter(products))


def check_sequences(transform: str, args: Any, tangents: Any) -> None:
    """Raise unless arguments and tangents come as sequences."""
    if not isinstance(args, (list, tuple)) or not isinstance(tangents, (list, tuple)):
        raise TypeError(
            "args and tangents must be tuples or lists with one entry for each "
            f"argument of f; received a {type(args).__name__} and a "
            f"{type(tangents).__name__}. Write {transform}(f, (x,), (v,))."
        )


def positions_of(argnums: Argnums, args: Sequence[Any]) -> list[int]:
    """Return `argnums` as positions of the arguments that were given."""
    several = isinstance(argnums, Sequence) and not isinstance(argnums, str)
    positions: list[Any] = list(argnums) if several else [argnums]  # type: ignore
    for i in positions:
        if not isinstance(i, int):
            raise TypeError(
                f"argnums must be an int or a sequence of them; received {argnums!r}."
            )
        if not -len(args) <= i < len(args):
            raise TypeError(
                f"argnums={argnums!r} names no positional argument: the function was "
                f"called with {len(args)}. Pass it by position, not by keyword."
            )
    places = [i % len(args) for i in positions]
    if len(set(places)) < len(places):
        raise ValueError(f"argnums={argnums!r} names an argument twice. Name it once.")
    return places


def _pair(result: Any) -> tuple[Any, Any]:
    if isinstance(result, tuple) and len(result) == 2:
        return result
    raise TypeError(
        "has_aux=True needs a function that returns (value, aux); it returned a "
        f"{type(result).__name__}."
    )


def _ones(result: Any) -> np.ndarray:
    value = graph.value(result)
    return np.ones(np.shape(value), getattr(value, "dtype", float))


def _like(leaves: Sequence[Any], nested: Any, name: str, of: str) -> list[Any]:
    """Return the leaves of `nested`, which must fit those given one by one.

    Where a leaf is no number, and so has no derivative, the entry is None.
    """
    others = flatten(nested)
    if len(others) != len(leaves):
        raise ValueError(
            f"{name} must have the structure of {of}, with {len(leaves)} arrays; "
            f"received {len(others)}."
        )
    fitted: list[Any] = []
    for leaf, other in zip(leaves, others, strict=True):
        array = np.asarray(graph.value(leaf))
        if array.dtype.kind not in "biufc":
            fitted.append(None)
            continue
        if np.shape(graph.value(other)) != array.shape:
            raise ValueError(
                f"{name} must have the shape of {of}, {array.shape}; received shape "
                f"{np.shape(graph.value(other))}."
            )
        fitted.append(other if isinstance(other, GradArray) else np.asarray(other))
    return fitted


def named(what: str, f: Callable) -> Callable[[Callable], Callable]:
    """Name a new function after the one that it differentiates.

    Raises
    ------
    TypeError : `f` is no function.
    """
    if not callable(f):
        raise TypeError(
            f"grad, jacobian and the like take a function; received {describe(f)}. "
            "Pass its arguments to what comes back: grad(f)(x), not grad(f(x))."
        )

    def rename(function: Callable) -> Callable:
        name = getattr(f, "__name__", type(f).__name__)
        function.__name__ = function.__qualname__ = f"{function.__name__}_of_{name}"
        function.__doc__ = f"The {what} of {name}. {getattr(f, '__doc__', None) or ''}"
        return function

    return rename
