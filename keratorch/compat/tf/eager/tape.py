"""`tf.GradientTape`: which operations it saw, and the gradients through these.

KeraTorch records all that depends on a weight, and an operation's number says when it
ran. So a tape only remembers from which number to which it recorded, and what it
watched: the gradients that it gives flow through the operations between.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.compat.spoken import warn_once
from keratorch.compat.tf.eager import earlier, tape_memory, tape_values
from keratorch.core import GradArray
from keratorch.modes import enter_mode, leave_mode
from keratorch.nested import fill, flatten
from keratorch.transforms.gradients import pulled_through
from keratorch.variable import Variable

_NEVER = float("inf")
_CHANGED = (
    "tf.GradientTape: a variable was changed between its use and tape.gradient; the "
    "gradient goes through its new value. Ask for all gradients before the first "
    "optimizer.apply_gradients."
)
_open: ContextVar[tuple[GradientTape, ...]] = ContextVar("tapes", default=())


class GradientTape:
    """Records operations, in a ``with`` block, to differentiate through them.

    Parameters
    ----------
    persistent : bool, whether gradients may be asked for more than once.
    watch_accessed_variables : bool, whether trainable variables are watched when they
        are used; otherwise only what `watch` was given.

    Raises
    ------
    RuntimeError : a second gradient of a tape that is not persistent.
    ValueError : the tape is entered while it records.

    Examples
    --------
    >>> import keratorch
    >>> w = keratorch.Variable([1.0, 2.0])
    >>> with GradientTape() as tape:
    ...     loss = (w * w).sum()
    >>> tape.gradient(loss, w).numpy()
    array([2., 4.], dtype=float32)
    """

    def __init__(
        self, persistent: bool = False, watch_accessed_variables: bool = True
    ) -> None:
        self._persistent = bool(persistent)
        self._watches_variables = bool(watch_accessed_variables)
        self._spans: list[list[float]] = []  # [first, last number] of operations
        self._watched: dict[int, GradArray] = {}  # by node
        self._variables: dict[int, Variable] = {}  # that were used, by node
        self._recording = self._used = False
        self._is_over = False  # it was used, and has walked back

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError(
                "Tape is still recording: it was entered already. Make a new "
                "tf.GradientTape for the inner block."
            )
        self._used, self._is_over, self._spans = False, False, []
        tape_memory.begin(self)
        enter_mode(records=True, twice=False, wanted=None)  # in `predict`, too
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        leave_mode()
        if self._recording:
            self._stop()

    def _start(self) -> None:
        self._spans.append([graph.now(), _NEVER])
        self._recording = True
        _open.set((*_open.get(), self))

    def _stop(self) -> None:
        self._spans[-1][1] = graph.now()
        self._recording = False
        _open.set(tuple(tape for tape in _open.get() if tape is not self))

    def watch(self, tensor: Any) -> None:
        """Record what is computed from an array, or from nested ones, from now on.

        Raises
        ------
        ValueError : something else than arrays of this library.
        """
        for x in flatten(tensor):
            if not isinstance(x, GradArray):
                raise ValueError(
                    f"Passed in object of type {type(x).__name__}, not tf.Tensor or "
                    "tf.Variable. Write tf.convert_to_tensor(x) first."
                )
            if x._array.dtype.kind not in "fc":
                tape_values.log(
                    f"The dtype of the watched tensor must be floating, got {x.dtype}"
                )
                continue
            x._requires_grad = True
            self._watched[x._node] = x

    @contextlib.contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Leave out what is computed in this block.

        Raises
        ------
        RuntimeError : the tape does not record.
        """
        if not self._recording:
            raise RuntimeError(
                "Trying to stop recording a tape which is not recording."
            )
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forget all that was recorded and watched so far."""
        recording = self._recording
        if recording:
            self._stop()
        self._spans, self._watched = [], {}
        if recording:
            self._start()

    def watched_variables(self) -> tuple[Variable, ...]:
        """Return the variables that were watched, oldest first.

        Of those that are watched by being used, the ones behind asked gradients.
        """
        found = {x._node: x for x in self._watched.values() if isinstance(x, Variable)}
        found |= self._variables
        return tuple(found[node] for node in sorted(found))

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: Any = "none",
    ) -> Any:
        """Return the gradients of the sum of `target`, in the structure of `sources`.

        Parameters
        ----------
        target : array, or nested ones.
        sources : arrays, nested as you like.
        output_gradients : for each target the gradient that arrives there; default 1.
        unconnected_gradients : 'none' or 'zero', what a source gets on which the
            target does not depend.

        Raises
        ------
        RuntimeError : the tape was used, and is not persistent.
        TypeError : the target is None, or a source is no array.
        """
        zero = tape_values.is_zero(unconnected_gradients)
        twice = self._use()
        targets = tape_values.arrays("target", target)
        arrays = tape_values.arrays("sources", sources)
        seeds = flatten(output_gradients) if output_gradients is not None else []
        rows = self._pulled(
            targets, arrays, seeds or [None] * len(targets), self._way(targets), twice
        )
        self._end(targets)
        return fill(sources, iter(tape_values.connected(rows, arrays, (), zero)))

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: Any = "none",
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return d target / d source, of shape target.shape + source.shape.

        `parallel_iterations` and `experimental_use_pfor` change nothing here.
        """
        zero = tape_values.is_zero(unconnected_gradients)
        twice = self._use()
        (root,) = tape_values.arrays("target", target)
        arrays = tape_values.arrays("sources", sources)
        way, rows = self._way([root]), []
        for i in range(root.size):
            seed = np.zeros(root.shape, root._array.dtype)
            seed.flat[i] = 1
            rows.append(self._pulled([root], arrays, [seed], way, twice))
        self._end([root])
        found = [
            tape_values.stacked(column, root.shape)
            for column in zip(*rows, strict=True)
        ]
        found = found or [None] * len(arrays)
        return fill(
            sources, iter(tape_values.connected(found, arrays, root.shape, zero))
        )

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: Any = "none",
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return d target[b] / d source[b]: (b, *target.shape[1:], *source.shape[1:]).

        Raises
        ------
        ValueError : no axis of samples, or another number of samples.
        """
        zero = tape_values.is_zero(unconnected_gradients)
        (root,), (array,) = (
            tape_values.arrays("target", target),
            tape_values.arrays("source", source),
        )
        if not root.ndim or root.shape[:1] != array.shape[:1]:
            raise ValueError(
                f"Need first dimension of target shape {root.shape} and source shape "
                f"{array.shape} to match."
            )
        twice, way, rows = self._use(), self._way([root]), []
        for index in np.ndindex(*root.shape[1:]):
            seed = np.zeros(root.shape, root._array.dtype)
            seed[(slice(None), *index)] = 1
            rows.append(self._pulled([root], [array], [seed], way, twice)[0])
        self._end([root])
        found = tape_values.stacked(rows, root.shape[1:])
        if found is not None:
            found = np.moveaxis(found, root.ndim - 1, 0)
        (result,) = tape_values.connected([found], [array], (), zero)
        return result

    def _use(self) -> bool:
        """Note that gradients are asked for, and return whether these are recorded."""
        if self._used and not self._persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of "
                "gradients (or jacobians)."
            )
        if not self._spans:
            raise RuntimeError(
                "tf.GradientTape: it recorded nothing. Compute the target inside "
                "`with tf.GradientTape() as tape:`."
            )
        self._used = True
        if self._recording and not self._persistent:
            self._stop()
        return bool(_open.get())

    def _end(self, targets: Sequence[GradArray]) -> None:
        """Let go of the way to the targets, unless gradients may be asked for again."""
        if not self._persistent:
            self._is_over = True
            tape_memory.release(graph.newest_first(targets, since=self._first()))

    def _first(self) -> int:
        return int(self._spans[0][0])

    def may_ask(self, number: int) -> bool:
        """Return whether the gradient through an operation may still be asked for."""
        return not self._is_over and any(
            start < number < stop for start, stop in self._spans
        )

    def _is_source(self, x: GradArray) -> bool:
        """Return whether the tape watches an array that it did not see made."""
        if self._watches_variables and isinstance(x, Variable) and x.trainable:
            self._variables.setdefault(x._node, x)
            return True
        return x._node in self._watched

    def _way(self, roots: Sequence[GradArray]) -> dict[int, Any]:
        """Return the recorded operations behind the roots, by number, newest first."""
        first = self._first()
        seen: dict[int, Any] = {}
        for op in reversed(graph.newest_first(roots, since=first)):
            if not any(start < op._number < stop for start, stop in self._spans):
                continue
            arrays = [x for x in op._inputs if isinstance(x, GradArray)]
            sources = [x for x in arrays if self._is_source(x)]
            if sources or any(x._node in seen for x in arrays):
                seen[op._number] = op
        return dict(reversed(seen.items()))

    def _pulled(
        self,
        roots: Sequence[GradArray],
        sources: Sequence[GradArray],
        seeds: Sequence[Any],
        way: dict[int, Any],
        twice: bool,
    ) -> list[Any]:
        """Return the gradients of the sources, None where there is none."""
        known = [
            x._node in way or self._is_source(x) or any(x is root for root in roots)
            for x in sources
        ]
        targets = [x for x, yes in zip(sources, known, strict=True) if yes]
        begun = [
            (root, tape_values.seed(root, seed))
            for root, seed in zip(roots, seeds, strict=True)
            if root._requires_grad
        ]
        if not begun or not targets:
            return [None] * len(sources)
        outputs, arriving = zip(*begun, strict=True)
        operations = list(way.values())
        with earlier.as_recorded(operations, _warn):
            found = iter(pulled_through(operations, outputs, targets, arriving, twice))
        return [next(found) if yes else None for yes in known]


def _warn(changed: Variable) -> None:
    warn_once(_CHANGED)
