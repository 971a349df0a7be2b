"""`tf.print`, `tf.debugging` and the classes of `tf.errors`."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.nested import is_nested


class OutOfRangeError(Exception):
    """What TensorFlow raises at the end of data."""


#: Name in `tf.errors` -> what is raised here in its place.
ERRORS: dict[str, type[BaseException]] = {
    "AlreadyExistsError": FileExistsError,
    "CancelledError": InterruptedError,
    "DataLossError": OSError,
    "DeadlineExceededError": TimeoutError,
    "FailedPreconditionError": RuntimeError,
    "InternalError": RuntimeError,
    "InvalidArgumentError": ValueError,
    "NotFoundError": FileNotFoundError,
    "OpError": Exception,
    "OutOfRangeError": OutOfRangeError,
    "PermissionDeniedError": PermissionError,
    "ResourceExhaustedError": MemoryError,
    "UnavailableError": OSError,
    "UnimplementedError": NotImplementedError,
    "UnknownError": RuntimeError,
}


def print_(
    *inputs: Any,
    output_stream: Any = None,
    summarize: int = 3,
    sep: str = " ",
    end: str = "\n",
    name: Any = None,
) -> None:
    """Print values, of arrays `summarize` at each end, to the standard error stream.

    Raises
    ------
    ValueError : an output_stream that is neither a stream nor 'file://...'.
    """
    text = sep.join(_text(x, summarize) for x in inputs)
    if isinstance(output_stream, str):
        if not output_stream.startswith("file://"):
            raise ValueError(
                "tf.print: output_stream must be sys.stdout, sys.stderr or "
                f"'file://...'; received {output_stream!r}."
            )
        with open(output_stream.removeprefix("file://"), "a", encoding="utf-8") as file:
            file.write(text + end)
        return
    print(text, end=end, file=output_stream or sys.stderr)


def _text(x: Any, summarize: int) -> str:
    if isinstance(x, dict):
        inner = ", ".join(f"{k!r}: {_text(v, summarize)}" for k, v in x.items())
        return f"{{{inner}}}"
    if is_nested(x):
        inner = ", ".join(_text(v, summarize) for v in x)
        return f"[{inner}]" if isinstance(x, list) else f"({inner})"
    array = graph.value(x)
    if not isinstance(array, np.ndarray):
        return str(x)
    if not array.ndim:
        return str(array[()])
    edge = array.size if summarize == -1 else summarize
    most = sys.maxsize if summarize == -1 else 2 * summarize
    return np.array2string(array, separator=" ", threshold=most, edgeitems=edge)


def _asserted(holds: Callable[..., bool], words: str) -> Callable[..., None]:
    """Return an assertion about one array or about two."""

    @functools.wraps(holds)
    def check(
        *args: Any, message: Any = None, summarize: Any = None, **named: Any
    ) -> None:
        named.pop("name", None)
        arrays = [np.asarray(graph.plain(x)) for x in (*args[:2], *named.values())]
        if not holds(*arrays):
            shown = ", ".join(_text(x, 3) for x in arrays)
            raise ValueError(f"{message or ''} Condition {words} did not hold: {shown}")

    return check


_CONDITIONS: dict[str, tuple[Callable[..., bool], str]] = {
    "equal": (lambda x, y: bool(np.all(x == y)), "x == y"),
    "none_equal": (lambda x, y: bool(np.all(x != y)), "x != y"),
    "less": (lambda x, y: bool(np.all(x < y)), "x < y"),
    "less_equal": (lambda x, y: bool(np.all(x <= y)), "x <= y"),
    "greater": (lambda x, y: bool(np.all(x > y)), "x > y"),
    "greater_equal": (lambda x, y: bool(np.all(x >= y)), "x >= y"),
    "positive": (lambda x: bool(np.all(x > 0)), "x > 0"),
    "negative": (lambda x: bool(np.all(x < 0)), "x < 0"),
    "non_positive": (lambda x: bool(np.all(x <= 0)), "x <= 0"),
    "non_negative": (lambda x: bool(np.all(x >= 0)), "x >= 0"),
    "rank": (lambda x, rank: x.ndim == int(rank), "rank(x) == rank"),
    "rank_at_least": (lambda x, rank: x.ndim >= int(rank), "rank(x) >= rank"),
    "scalar": (lambda x: not x.ndim, "rank(x) == 0"),
    "all_finite": (lambda x: bool(np.all(np.isfinite(x))), "x is finite"),
    "integer": (lambda x: x.dtype.kind in "iu", "x holds integers"),
    "type": (lambda x, dtype: x.dtype == np.dtype(str(dtype)), "x.dtype == dtype"),
}
assertions = {name: _asserted(*pair) for name, pair in _CONDITIONS.items()}


def assertion(name: str) -> Callable[..., None]:
    """Return the function `tf.debugging.assert_...`.

    >>> assertion("positive")([1.0, -1.0])
    Traceback (most recent call last):
    ValueError:  Condition x > 0 did not hold: [ 1. -1.]
    """
    return assertions[name]


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    message: Any = None,
    summarize: Any = None,
    name: Any = None,
) -> None:
    """Raise a ValueError unless two arrays are equal to about 10 roundings."""
    a, b = (np.asarray(graph.plain(value)) for value in (x, y))
    dtype = getattr(x, "dtype", "float32")
    eps = 10 * np.finfo("float32" if np.dtype(dtype).kind != "f" else dtype).eps
    rtol, atol = (eps if t is None else t for t in (rtol, atol))
    if not np.all(np.abs(a - b) <= atol + rtol * np.abs(b)):
        raise ValueError(f"{message or ''} x and y not equal to tolerance")


def assert_shapes(shapes: Any, data: Any = None, **messages: Any) -> None:
    """Raise a ValueError unless arrays have shapes that fit together.

    A length is a number, a name that means the same each time, or None.
    """
    sizes: dict[Any, int] = {}
    for x, shape in shapes.items() if isinstance(shapes, dict) else shapes:
        lengths = np.shape(graph.value(getattr(x, "deref", lambda x=x: x)()))
        if len(lengths) != len(shape):
            raise ValueError(f"assert_shapes: {lengths} is not of shape {shape}.")
        for length, name in zip(lengths, shape, strict=True):
            known = name if isinstance(name, int) else sizes.setdefault(name, length)
            if name not in (None, "*") and length != known:
                raise ValueError(f"assert_shapes: {lengths} is not of shape {shape}.")


def assert_that(
    condition: Any, data: Any = None, summarize: Any = None, name: Any = None
) -> None:
    """Raise a ValueError unless a condition holds."""
    if not np.all(np.asarray(graph.plain(condition))):
        raise ValueError(f"assertion failed: {_text(data, summarize or 3)}")


def check_numerics(tensor: Any, message: str, name: Any = None) -> Any:
    """Return an array; raise a ValueError where it has NaN or Inf."""
    if not np.all(np.isfinite(graph.value(tensor))):
        raise ValueError(f"{message} : Tensor had NaN or Inf values")
    return tensor
