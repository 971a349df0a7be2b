"""One set of inputs, and what `backward` and the measurement say of the gradients."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.testing import numeric
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject, Use

RELATIVE = 1e-6  # tolerance of a comparison with a measured slope
_MEASURED = 512  # elements of an input, at most; of more, a random choice
_FEWEST = 8  # elements of a very large one
_WORK = 200_000  # elements computed for each that is measured
_KEPT = 100_000  # elements of a Jacobian that is kept
_ROWS = 2  # of the table of a finding


def reals(array: np.ndarray) -> np.ndarray:
    """Return an array of real numbers: a complex one gets an axis for both parts."""
    if array.dtype.kind == "c":
        return np.stack([array.real, array.imag], axis=-1)
    return array


def upstream_for(output: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return an incoming gradient in which no two numbers are alike, and none is 0."""
    random = np.random.default_rng(seed)

    def numbers() -> np.ndarray:
        signs = random.choice([-1.0, 1.0], output.shape)
        return np.asarray(signs * random.uniform(0.5, 1.5, output.shape))

    if output.dtype.kind == "c":
        return np.asarray(numbers() + 1j * numbers())
    return numbers()


class Expected:
    """The measured gradient of one input, and how far to trust it."""

    def __init__(
        self,
        function: Callable[..., np.ndarray],
        arrays: list[np.ndarray],
        i: int,
        upstream: np.ndarray,
        limit: int,
    ):
        shape = reals(arrays[i]).shape
        self.value = np.zeros(shape)
        self.tolerance = np.zeros(shape)
        self.skipped = np.zeros(shape, bool)  # not measured, or at a kink
        self.bounded = np.zeros(shape, bool)  # a kink between two slopes
        self.kinks: list[tuple] = []
        self.undefined: list[tuple] = []  # NaN or infinite there
        keeps = int(np.prod(shape)) * upstream.size <= _KEPT
        self.jacobian = np.zeros((*shape, *upstream.shape)) if keeps else None
        chosen = list(numeric.elements(arrays[i]))
        self.partial = len(chosen) > limit
        if self.partial:
            self.jacobian = None
            self.skipped[...] = True
            random = np.random.default_rng(0)
            picked = random.choice(len(chosen), limit, replace=False)
            chosen = [chosen[k] for k in sorted(picked)]
        self.used = upstream != 0  # outputs that are finite
        for index in chosen:
            self._measure(function, arrays, i, index, upstream)
        self.half = self._reads_half(arrays[i])

    def _measure(
        self,
        function: Callable[..., np.ndarray],
        arrays: list[np.ndarray],
        i: int,
        index: tuple,
        upstream: np.ndarray,
    ) -> None:
        found = numeric.slope(function, arrays, i, index)
        used, kink = self.used, found.kink & self.used
        slopes = np.where(used, found.value, 0)
        weighted = np.real(np.conj(upstream) * slopes)
        size = np.abs(upstream) * np.abs(slopes)
        doubt = (np.abs(upstream) * np.where(used, found.error, 0)).sum()
        self.value[index] = weighted.sum()
        self.tolerance[index] = RELATIVE * size.sum() + 20 * doubt + 1e-9
        lost = not np.isfinite(doubt) or doubt > 1e-3 * (size.sum() + 1e-3)
        unknown = not used.all() and not size.any()  # may change the others alone
        self.skipped[index] = lost or unknown or bool(kink.any())
        finite = np.isfinite(found.left) | np.isfinite(found.right)
        if unknown or not finite[used].all():
            self.undefined.append(index)
        elif kink.any():
            self.kinks.append(index)
            self.bounded[index] = found.bounded[used].all()
        if self.jacobian is not None and found.value.dtype.kind != "c":
            self.jacobian[index] = found.value

    def differs(self, gradient: np.ndarray | None) -> np.ndarray:
        """Return where a gradient is not the measured one; at a kink, no number."""
        found = np.zeros(self.value.shape) if gradient is None else reals(gradient)
        no_number = self.bounded & ~np.isfinite(found)
        value, tolerance = self.value, self.tolerance
        if self.half:
            found, value, tolerance = (
                x + np.swapaxes(x, -1, -2) for x in (found, value, tolerance)
            )
        wrong = ~self.skipped & ~(np.abs(found - value) <= tolerance) | no_number
        return wrong if self.used.all() else wrong & np.isfinite(found)

    def _reads_half(self, array: np.ndarray) -> bool:
        """Return whether it is a symmetric matrix of which one half alone is read.

        Of such a one (the input of a Cholesky decomposition, say) a gradient is right
        if it is right for symmetric changes.
        """
        if array.ndim < 2 or array.shape[-1] != array.shape[-2] or array.shape[-1] < 2:
            return False
        if array.dtype.kind != "f" or self.partial:
            return False
        upper, lower = np.triu(self.value, 1).any(), np.tril(self.value, -1).any()
        return upper != lower and same(array, np.swapaxes(array, -1, -2))


class Evidence:
    """A use of the class on one set of inputs.

    Parameters
    ----------
    subject : the class and its arguments.
    arrays : the inputs that get gradients.
    label : what these inputs are, for the report; empty for those of the user.
    """

    def __init__(self, subject: Subject, arrays: list[np.ndarray], label: str = ""):
        self.subject, self.label = subject, label
        self.arrays = arrays
        self.measured_on: Callable[..., np.ndarray] = self._value
        self.use: Use = subject.use(arrays)
        self.output = self.use.output
        # what is not finite takes no part: nothing comes in there
        self.upstream = np.where(
            np.isfinite(self.output), upstream_for(self.output), 0.0
        )

    def _value(self, *arrays: np.ndarray) -> np.ndarray:
        """Return what the class computes, NaN where it refuses these numbers."""
        found = attempt(self.subject.value, *arrays)
        if isinstance(found, Failure) or found.shape != self.output.shape:
            return np.full(self.output.shape, np.nan)
        return found

    def response(self, upstream: np.ndarray) -> Any:
        """Return the gradients for an incoming one, or the `Failure`."""
        return attempt(self.use.gradients, upstream)

    @functools.cached_property
    def gradients(self) -> Any:
        """What the walk back gives for each input, or the `Failure`."""
        return self.response(self.upstream)

    @functools.cached_property
    def expected(self) -> list[Expected]:
        """What the gradient of each input is."""
        return [
            Expected(self.measured_on, self.arrays, i, self.upstream, self.limit)
            for i in range(len(self.arrays))
        ]

    @functools.cached_property
    def wrong(self) -> list[int]:
        """The inputs with a wrong gradient."""
        return [
            i
            for i, expected in enumerate(self.expected)
            if expected.differs(self.gradients[i]).any()
        ]

    @property
    def limit(self) -> int:
        """How many elements of each input are measured."""
        size = 1 + self.output.size + sum(x.size for x in self.arrays)
        return min(_MEASURED, max(_FEWEST, _WORK // size))

    @property
    def partial(self) -> bool:
        """Whether the inputs are too large for every element to be measured."""
        return any(expected.partial for expected in self.expected)

    @property
    def is_real(self) -> bool:
        """Whether no complex number takes part."""
        return all(x.dtype.kind == "f" for x in (self.output, *self.arrays))

    def gradient(self, i: int) -> np.ndarray:
        """Return the gradient of one input, zeros where it has none."""
        found = self.gradients[i]
        return np.zeros_like(self.arrays[i]) if found is None else np.asarray(found)

    @functools.cached_property
    def matrices(self) -> list[np.ndarray] | None:
        """How each gradient depends on each number of the incoming one, if linearly.

        Of each input an array of shape (*input, *output), as the measured Jacobian is.
        """
        if self.output.size * max(x.size for x in self.arrays) > 4096:
            return None
        found = [np.zeros((*x.shape, *self.output.shape)) for x in self.arrays]
        for index in np.ndindex(self.output.shape):
            basis = np.zeros(self.output.shape)
            basis[index] = 1.0
            response = self.response(basis)
            if isinstance(response, Failure):
                return None
            for matrix, gradient in zip(found, response, strict=True):
                if gradient is not None:
                    matrix[(..., *index)] = gradient
        for i, matrix in enumerate(found):
            again = (matrix * self.upstream).sum(axis=_last(self.output.ndim))
            if not same(again, self.gradient(i)):
                return None
        return found

    def name(self, i: int) -> str:
        """Return ``x of shape (2, 3)``."""
        return f"{self.subject.names[i]} of shape {self.arrays[i].shape}"

    @property
    def where(self) -> str:
        """Say which inputs these are, if not those of the user."""
        return f" (tried on {self.label})" if self.label else ""

    def finding(self, code: str, i: int, problem: str, fix: str) -> Finding:
        """Return a finding about the gradient of one input, with a table."""
        expected, gradient = self.expected[i], reals(self.gradient(i))
        off = np.abs(gradient - expected.value)
        off = np.where(expected.differs(self.gradients[i]), off, -1)
        off = np.where(np.isnan(off), np.inf, off)
        order = np.argsort(-off, axis=None, kind="stable")[:_ROWS]
        indices = [np.unravel_index(k, off.shape) for k in order]
        indices = [tuple(map(int, index)) for index in indices if off[index] > 0]
        first = indices[0] if indices else None
        return Finding(
            code,
            f"{problem}{self.where}.",
            fix,
            self._table(i, indices),
            i,
            first,
            None if first is None else float(gradient[first]),
            None if first is None else float(expected.value[first]),
        )

    def _table(self, i: int, indices: list[tuple]) -> tuple[str, ...]:
        gradient, expected = reals(self.gradient(i)), self.expected[i].value
        values, name = reals(self.arrays[i]), self.subject.names[i]
        if " " in name:  # 'input 1'
            name = name.replace(" ", "_")
        rows: list[tuple[str, ...]] = [("at", "value", "backward gave", "measured")]
        for index in indices:
            place = ", ".join(map(str, index))
            numbers = (values[index], gradient[index], expected[index])
            rows.append((f"{name}[{place}]", *(f"{x:.6g}" for x in numbers)))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return tuple(
            "  ".join(
                [row[0].ljust(widths[0])]
                + [x.rjust(w) for x, w in zip(row[1:], widths[1:], strict=True)]
            )
            for row in rows
        )


def evidence_on(subject: Subject, arrays: list[np.ndarray], label: str) -> Any:
    """Return the `Evidence` on other inputs, None if the class takes none such."""
    found = attempt(Evidence, subject, arrays, label)
    if isinstance(found, Failure) or found.use.op is None:
        return None
    return found if np.isfinite(found.output).all() else None


def upstream_name(subject: Subject) -> str:
    """Return what `backward` calls the incoming gradient."""
    try:
        return list(inspect.signature(subject.cls.backward).parameters)[1]
    except (IndexError, TypeError, ValueError):
        return "grad"


def backward_source(subject: Subject) -> str:
    """Return the text of `backward`, empty where there is none."""
    try:
        return inspect.getsource(subject.cls.backward)
    except (OSError, TypeError):
        return ""


def same(a: np.ndarray, b: np.ndarray, tolerance: float = RELATIVE) -> bool:
    """Return whether two arrays are equal but for rounding, and not empty."""
    if a.shape != b.shape or not a.size:
        return False
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    return bool(np.abs(a - b).max() <= tolerance * max(np.abs(b).max(), 1e-6))


def _last(count: int) -> tuple[int, ...]:
    return tuple(range(-count, 0))
