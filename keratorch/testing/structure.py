"""What `backward` returned, or raised, before any of its values is looked at."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.testing.advice import advice, unpacked
from keratorch.testing.diagnosis import diagnose, product_hint
from keratorch.testing.evidence import Evidence, evidence_on, same, upstream_name
from keratorch.testing.of_two import summed_to
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject

_ON_SQUARES = ("transposed", "wrong-axis", "swapped-inputs", "wrong-order")


def explained(evidence: Evidence, failure: Failure) -> Finding:
    """Return the finding for gradients that could not be computed."""
    written = _written(evidence) if "read-only" in str(failure.error) else None
    if written is not None:
        return written
    returned = attempt(evidence.use.raw, evidence.upstream)
    if isinstance(returned, Failure):
        return _raised(evidence, failure)
    if returned is None:
        return _nothing_returned(evidence, failure)
    problem, fix = _parts(failure)
    count = len(evidence.use.op._inputs)  # type: ignore[union-attr]
    several = isinstance(returned, (tuple, list))
    if len(returned if several else [returned]) != count:
        if several and len(returned) > count:
            fix += (
                " Only arrays that went to super().__init__ count: what else the "
                "constructor takes gets no gradient, not even None."
            )
        return Finding("wrong-count", problem + evidence.where, fix)
    for i, gradient in enumerate(returned if several else [returned]):
        code = _kind(gradient)
        if code and evidence.use.op.needs(i):  # type: ignore[union-attr]
            return Finding(code, problem + evidence.where, fix)
    return _misshapen(evidence, list(returned if several else [returned]), failure)


def _parts(failure: Failure) -> tuple[str, str]:
    """Return an error of the contract as what was seen and what to do."""
    problem, _, fix = str(failure.error).partition(". ")
    return problem, fix or "Compare it with the contract in the docstring of Grad."


def _kind(gradient: Any) -> str | None:
    """Return the code for a gradient that is no array of floats."""
    if gradient is None:
        return None
    try:
        kind = np.asarray(graph.value(gradient)).dtype.kind
    except ValueError:
        return "wrong-type"
    if kind in "iub":
        return "dtype"
    return None if kind in "fc" else "wrong-type"


def _nothing_returned(evidence: Evidence, failure: Failure) -> Finding:
    problem, fix = _parts(failure)
    if any(x._grad is not None for x in evidence.use.leaves):
        fix = (
            "Return the gradient instead of storing it in the input: the walk adds up "
            "what every operation returns, and stores the sum."
        )
    return Finding("missing-return", problem + evidence.where, fix)


def _written(evidence: Evidence) -> Finding | None:
    """Return what `backward` writes into, found out on copies of all arrays."""
    subject = evidence.subject
    use = subject.use([x.copy() for x in evidence.arrays])
    op: Any = use.op
    op._guarded = False
    upstream = evidence.upstream.astype(use.output.dtype)
    before = [x.numpy().copy() for x in use.leaves], use.output.copy()
    attempt(op.backward, upstream)
    name = upstream_name(subject)
    if not np.array_equal(upstream, evidence.upstream, equal_nan=True):
        return Finding(
            "mutates-gradient",
            f"{subject.place()} writes into `{name}`, the incoming gradient, which "
            "belongs to other operations too",
            f"Make a new array: `{name} = {name} * 2` instead of `{name} *= 2`, or "
            f"np.where(mask, {name}, 0) instead of `{name}[~mask] = 0`.",
        )
    return written_input(evidence, use.leaves, use.output, before)


def written_input(
    evidence: Evidence, leaves: list, output: np.ndarray, before: tuple
) -> Finding | None:
    """Return the finding for an input or output that is no longer what it was."""
    inputs, old = before
    written = [
        evidence.name(i)
        for i, (x, was) in enumerate(zip(leaves, inputs, strict=True))
        if not np.array_equal(x.numpy(), was, equal_nan=True)
    ]
    if not np.array_equal(output, old, equal_nan=True):
        written.append("its output")
    if not written:
        return None
    return Finding(
        "mutates-input",
        f"{evidence.subject.place()} writes into {' and '.join(written)}, which "
        "belongs to other operations too",
        "Make a new array: `x = x * 2` instead of `x *= 2`, np.where(mask, x, 0) "
        "instead of `x[~mask] = 0`.",
    )


def _raised(evidence: Evidence, failure: Failure) -> Finding:
    """Return the finding for an exception inside `backward`."""
    subject = evidence.subject
    if failure.breach:
        problem, fix = _parts(failure)
        return Finding("backward-raises", problem + evidence.where, fix)
    line = failure.line(subject.filename())
    at = f" in {line}" if line else ""
    problem = (
        f"{subject.place()} raised {failure.describe()}{at}, for an incoming gradient "
        f"of shape {evidence.output.shape} and inputs of shapes "
        f"{', '.join(str(x.shape) for x in evidence.arrays)}{evidence.where}"
    )
    squares = _on_squares(evidence)
    if squares is not None:
        return Finding(
            squares.code,
            f"{problem}. On square inputs, where it runs: {squares.problem}",
            squares.fix,
            squares.table,
            squares.input,
            squares.index,
            squares.analytic,
            squares.numeric,
        )
    return Finding("backward-raises", problem + ".", _advice(evidence, failure))


def _advice(evidence: Evidence, failure: Failure) -> str:
    """Return what to do about an exception."""
    error, text = failure.error, str(failure.error)
    name, inputs = upstream_name(evidence.subject), evidence.arrays
    if isinstance(error, NotImplementedError):
        return "Write backward."
    unset = unset_attribute(evidence.subject, failure)
    if unset is not None:
        return unset
    known = advice(evidence.subject, failure, "backward")
    if known is not None:
        return known
    if isinstance(error, AttributeError):
        return "Check the name, and what the value is there."
    if isinstance(error, TypeError) and "positional argument" in text:
        return f"Define it as `def backward(self, {name}):`."
    if isinstance(error, NameError):
        return f"Check the spelling; the inputs are `{unpacked(evidence.subject)}`."
    if evidence.output.ndim == 0 or any(x.ndim == 0 for x in evidence.arrays):
        return (
            "Let backward serve arrays of any shape, also of no axis: use NumPy's "
            "functions on whole arrays, np.where for cases, no loop over elements."
        )
    hint = product_hint(evidence)
    if hint:
        return hint
    if "broadcast" in text and any(x.ndim > evidence.output.ndim for x in inputs):
        return (
            f"The operation removed an axis: put it back before `{name}` meets the "
            f"input, as np.expand_dims({name}, axis) does."
        )
    return (
        f"Look at the shapes: `{name}` has the shape of the output, and each gradient "
        "that of its input."
    )


def unset_attribute(subject: Subject, failure: Failure) -> str | None:
    """Return what to do about an attribute of `self` that nothing set."""
    text = str(failure.error)
    attribute = re.search(r"has no attribute '(\w+)'", text)
    if not isinstance(failure.error, AttributeError) or attribute is None:
        return None
    if subject.name not in text:
        return None
    return (
        f"Nothing set self.{attribute[1]}. Arrays are in self.inputs and self.output; "
        f"other arguments are kept by __init__, as self.{attribute[1]} = ..."
    )


def _on_squares(evidence: Evidence) -> Finding | None:
    """Return a mistake that shows where all axes have the same length."""
    arrays = square(evidence.arrays)
    if arrays is None:
        return None
    squares = evidence_on(evidence.subject, arrays, "")
    if squares is None or isinstance(squares.gradients, Failure):
        return None
    if squares.output.size == 1 < evidence.output.size:
        return None  # one number hides how they are ordered
    if not squares.wrong:
        return None
    found = diagnose(squares)[0]
    return found if found.code in _ON_SQUARES else None


def square(arrays: list[np.ndarray]) -> list[np.ndarray] | None:
    """Return the arrays cut to axes of one length; None if they have one already."""
    lengths = {n for x in arrays for n in x.shape if n > 1}
    if len(lengths) < 2:
        return None
    n = min(lengths)
    return [x[tuple(slice(n) for _ in x.shape)].copy() for x in arrays]


def _misshapen(evidence: Evidence, returned: list, failure: Failure) -> Finding:
    """Return the finding for gradients of which one has a wrong shape."""
    problem, fix = _parts(failure)
    problem += evidence.where
    op: Any = evidence.use.op
    gradients = [None if g is None else np.asarray(graph.value(g)) for g in returned]
    measured = {
        k: evidence.expected[i].value
        for i, leaf in enumerate(evidence.use.leaves)
        for k, x in enumerate(op._inputs)
        if x is leaf
    }
    for k, gradient in enumerate(gradients):
        if k not in measured or gradient is None:
            continue
        expected = measured[k]
        if gradient.shape == expected.shape:
            continue
        broadcast = _is_broadcast(expected.shape, gradient.shape, op._output.shape)
        broadcast = broadcast or _is_not_summed(gradient, expected)
        if not op.unbroadcasts and broadcast:
            return Finding(
                "missing-unbroadcast",
                problem,
                "An input that NumPy stretched was used many times; its gradient is "
                "the sum over all uses. Sum over the stretched axes and reshape to "
                f"{expected.shape}, or leave out `unbroadcasts = False`: then the "
                "walk does it.",
            )
        for j, other in measured.items():
            if j != k and same(gradient, other):
                return Finding(
                    "swapped-inputs",
                    f"{problem}. It is the gradient of the other input",
                    f"Return the gradients in the order of the inputs, "
                    f"{', '.join(evidence.subject.names)}.",
                )
        if gradient.ndim > 1 and same(gradient.T, expected):
            return Finding(
                "transposed",
                f"{problem}. Transposed, it would be right",
                "Return its transpose, `.T`.",
            )
        squares = _on_squares(evidence)
        if squares is not None:
            return Finding(
                squares.code,
                f"{problem}. On square inputs: {squares.problem}",
                squares.fix,
                squares.table,
            )
        break
    if "swapped" in fix and not _are_swapped(gradients, measured):
        fix = (
            "Each gradient has the shape of its input: look at modes, axes and slices."
        )
    return Finding("wrong-shape", problem, product_hint(evidence) or fix)


def _are_swapped(gradients: list, measured: dict[int, np.ndarray]) -> bool:
    """Return whether two gradients have each the shape of the other's input."""
    return any(
        j != k
        and all(gradients[m] is not None for m in (j, k))
        and gradients[j].shape == measured[k].shape != measured[j].shape
        and gradients[k].shape == measured[j].shape
        for j in measured
        for k in measured
    )


def _is_not_summed(gradient: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether sums over stretched axes are all that a gradient lacks."""
    try:
        shape = np.broadcast_shapes(expected.shape, gradient.shape)
    except ValueError:
        return False
    if shape != gradient.shape:
        return False
    return same(summed_to(gradient, expected.shape), expected)


def _is_broadcast(shape: tuple, gradient: tuple, output: tuple) -> bool:
    """Return whether an input of `shape` was stretched to the shape of its gradient."""
    try:
        return gradient == output and np.broadcast_shapes(shape, gradient) == gradient
    except ValueError:
        return False
