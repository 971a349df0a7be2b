"""The metric base class, and the variables in which a metric keeps its sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from keratorch import config, dtype_policies, initializers
from keratorch.dtypes import standardize_dtype
from keratorch.metrics.alignment import as_array
from keratorch.metrics.stateless import Stateless
from keratorch.naming import auto_name
from keratorch.variable import Variable

_Self = TypeVar("_Self", bound="Metric")


class MetricVariable(np.lib.mixins.NDArrayOperatorsMixin):
    """A number or an array that a metric changes in place.

    It works in NumPy's functions and operators, which see its value.

    Parameters
    ----------
    value : array_like, the first value.
    dtype : dtype of the value, or None to keep the value's.
    name : str.
    path : str, by default `name`.

    Examples
    --------
    >>> total = MetricVariable(1.0, name="total")
    >>> total.assign_add(2.0)
    >>> float(total / 2)
    1.5
    """

    trainable = False

    def __init__(
        self,
        value: Any,
        dtype: Any = None,
        name: str = "variable",
        path: str | None = None,
    ):
        array = np.array(value, dtype)
        self.name = name
        self.path = path or name
        self._dtype = array.dtype
        # A number is kept as a Python float: a step of training adds to it faster.
        self._value: Any = array if array.ndim else float(array)

    shape = property(lambda self: np.shape(self._value), doc="Tuple of axis lengths.")
    ndim = property(lambda self: np.ndim(self._value), doc="Number of axes.")
    dtype = property(lambda self: self._dtype.name, doc="Name of the dtype.")
    value = property(lambda self: self.numpy(), doc="The value, as a new ndarray.")

    def assign(self, value: Any) -> None:
        """Replace the value by one of the same shape."""
        self._value = self._like_own(value)

    def assign_add(self, value: Any) -> None:
        """Add a value of the same shape."""
        self._value = self._value + self._like_own(value)

    def assign_sub(self, value: Any) -> None:
        """Subtract a value of the same shape."""
        self._value = self._value - self._like_own(value)

    def numpy(self) -> np.ndarray:
        """Return the value as a new ndarray."""
        return np.array(self._value, self._dtype)

    def _like_own(self, value: Any) -> Any:
        if isinstance(value, (float, int)) and isinstance(self._value, float):
            return float(value)
        value = as_array(value)
        if value.shape != self.shape:
            raise ValueError(
                f"metric variable {self.name!r} has shape {self.shape}; "
                f"received a value of shape {value.shape}."
            )
        return value.astype(self._dtype) if value.ndim else float(value)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.numpy(), dtype)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any
    ) -> Any:
        plain = [x.numpy() if isinstance(x, MetricVariable) else x for x in inputs]
        if kwargs.get("out") == (self,):  # variable += 1
            self.assign(getattr(ufunc, method)(*plain))
            return self
        return getattr(ufunc, method)(*plain, **kwargs)

    def __float__(self) -> float:
        return float(self._value)

    def __int__(self) -> int:
        return int(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __len__(self) -> int:
        return len(self.numpy())

    def __getitem__(self, index: Any) -> Any:
        return self.numpy()[index]

    def __repr__(self) -> str:
        return (
            f"MetricVariable(name={self.name!r}, shape={self.shape}, "
            f"dtype={self.dtype}, value={self._value})"
        )


class Metric(Stateless):
    """A number that sums up how well a model does, gathered over batches.

    A subclass makes its variables in ``__init__``, changes them in `update_state` and
    computes the number in `result`.

    Parameters
    ----------
    dtype : dtype of the variables and the result, or a `DTypePolicy`; None for
        `floatx()`.
    name : str, or None for the class's name in snake_case, numbered.

    Raises
    ------
    TypeError : a dtype that the metric cannot have.

    Examples
    --------
    >>> class Largest(Metric):
    ...     def __init__(self, name="largest", **kwargs):
    ...         super().__init__(name=name, **kwargs)
    ...         self.largest = self.add_variable(shape=(), initializer="zeros")
    ...
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.largest.assign(max(self.largest, np.max(y_pred)))
    ...
    ...     def result(self):
    ...         return self.largest
    >>> largest = Largest()
    >>> largest.update_state([0, 1], [0.25, 0.5])
    >>> float(largest.result())
    0.5
    """

    #: The kinds of dtypes that the metric may have.
    _kinds = "fiu"

    #: 'up' where larger is better, 'down' where smaller is, None where nobody knows.
    _direction: str | None = None
    #: Whether predictions are to come with their logits, as a GradArray.
    _takes_logits = False

    def __init__(self, dtype: Any = None, name: str | None = None):
        given = np.dtype(dtype_policies.get(dtype or config.floatx()).compute_dtype)
        if given.kind not in self._kinds:
            wanted = "a float type" if self._kinds == "f" else "a type of numbers"
            raise TypeError(
                f"dtype of {type(self).__name__} must be {wanted}, such as 'float32'; "
                f"received {given}."
            )
        self.name = name or auto_name(type(self).__name__)
        self._dtype = given
        self._variables: list[MetricVariable] = []

    @property
    def dtype(self) -> str:
        """Name of the dtype of the result."""
        return self._dtype.name

    @property
    def variables(self) -> list[Any]:
        """The variables of this metric, then those of the metrics that it holds.

        It holds what is an attribute of it, or stands in its lists, tuples and dicts.
        """
        parts = list(_parts(list(vars(self).values())))
        found = [part for part in parts if not isinstance(part, Metric)]
        for metric in parts:
            if isinstance(metric, Metric):
                found.extend(metric.variables)
        return list({id(variable): variable for variable in found}.values())

    def add_variable(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str | None = "sum",
        name: str | None = None,
    ) -> MetricVariable:
        """Make a variable: a number or an array that `reset_state` sets to 0.

        Parameters
        ----------
        shape : sequence of int; () for a number.
        initializer : anything that `keratorch.initializers.get` takes; None is zeros.
        dtype : dtype, or None for the metric's.
        aggregation : str. Changes nothing here: there are no copies to bring together.
        name : str, shown in errors and by `repr`.

        Raises
        ------
        RuntimeError : ``super().__init__()`` has not run.
        """
        self._check_initialized()
        if isinstance(shape, str):
            raise TypeError(
                f"shape must be a tuple such as (); received {shape!r}. "
                f"Is it the name? Write name={shape!r}."
            )
        make = initializers.get("zeros" if initializer is None else initializer)
        dtype = np.dtype(standardize_dtype(dtype) if dtype else self._dtype)
        value = make(tuple(shape), dtype=dtype)
        name = name or auto_name("variable")
        variable = MetricVariable(value, dtype, name, path=f"{self.name}/{name}")
        self._variables.append(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = None,
        dtype: Any = None,
        name: str | None = None,
    ) -> MetricVariable:
        """Make a variable: the older name of `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in one batch: ``update_state(y_true, y_pred, sample_weight=None)``."""
        raise NotImplementedError(
            f"{type(self).__name__} must define update_state(self, y_true, y_pred, "
            "sample_weight=None)."
        )

    def result(self) -> Any:
        """Return the number over all batches since the last `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} must define result(self).")

    def reset_state(self) -> None:
        """Forget all batches: set each variable to 0."""
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in one batch, and return the number over all batches so far."""
        self._check_initialized()
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal metric, in its first state."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls: type[_Self], config: dict[str, Any]) -> _Self:
        """Return a metric from `get_config`'s dict."""
        return cls(**config)

    def _check_initialized(self) -> None:
        if not hasattr(self, "_variables"):
            raise RuntimeError(
                f"{type(self).__name__}.__init__ must call super().__init__() before "
                "anything else."
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _parts(part: Any) -> Iterator[Any]:
    """Yield the metrics and variables in lists, tuples and dicts."""
    if isinstance(part, (Metric, MetricVariable, Variable)):
        yield part
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _parts(inner)
    elif isinstance(part, dict):
        yield from _parts(list(part.values()))
