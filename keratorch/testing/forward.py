"""What `forward` does: that it runs, repeats itself, and agrees with the reference."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.testing import structure
from keratorch.testing.advice import advice, super_advice
from keratorch.testing.agreement import same_or_nan
from keratorch.testing.evidence import Evidence
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject, Use


def check_forward(subject: Subject) -> Finding | None:
    """Return what is wrong with ``forward``, before its value is looked at."""
    before = [x.copy() for x in subject.arrays]
    use = attempt(subject.use, subject.arrays)
    changed = [
        name
        for name, x, old in zip(subject.names, subject.arrays, before, strict=True)
        if not np.array_equal(x, old, equal_nan=True)
    ]
    written = isinstance(use, Failure) and "read-only" in str(use.error)
    if written or changed:
        return Finding(
            "mutates-input",
            f"{subject.place('forward')} writes into "
            f"{' and '.join(changed) or 'its inputs'}: arrays of the caller.",
            "Make a new array: `x = x * 2` instead of `x *= 2`, np.where(mask, 0, "
            "x) instead of `x[mask] = 0`.",
        )
    if isinstance(use, Failure):
        return _raised(subject, use)
    if use.op is None:
        return Finding(
            "dtype",
            f"{subject.place('forward')} gave {use.output.dtype} for floats: no "
            "gradient flows through that.",
            "Let forward return floats, without int() or .astype(int).",
        )
    several = _tuple_of_results(subject, use)
    if several is not None:
        return several
    again = [attempt(subject.value, *subject.arrays) for _ in range(5)]  # small masks
    if all(isinstance(x, np.ndarray) and same_or_nan(x, use.output) for x in again):
        return None
    subject.reseeds = True
    pair = [attempt(subject.value, *subject.arrays) for _ in range(2)]
    if not any(isinstance(x, Failure) for x in pair) and same_or_nan(*pair):
        return None
    return Finding(
        "not-repeatable",
        f"{subject.place('forward')} gave two different results for the same "
        "inputs, so that no difference can be taken.",
        "Draw random numbers from a generator or a seed that is an argument of "
        "the constructor; keep no state between uses.",
    )


def _tuple_of_results(subject: Subject, use: Use) -> Finding | None:
    """Return the finding for a ``forward`` that returns its result with something."""
    op: Any = use.op
    if not subject.computes or op is None:
        return None
    values = [x.copy() if isinstance(x, np.ndarray) else x for x in op._arrays]
    found = attempt(copy.copy(op).forward, *values)
    return _tuple(subject) if isinstance(found, tuple) else None


def _tuple(subject: Subject) -> Finding:
    return Finding(
        "wrong-type",
        f"{subject.place('forward')} returned a tuple; expected one array.",
        "Return the result alone: backward finds it in self.output and the inputs in "
        "self.inputs, and computes again what else it needs.",
    )


def _raised(subject: Subject, failure: Failure) -> Finding:
    text = str(failure.error)
    if failure.breach:
        problem, fix = structure._parts(failure)
        code = "forward-raises"
        if "returned (" in problem or "returned a tuple" in problem:
            return _tuple(subject)
        if "returned None" in problem:
            code = "missing-return"
        elif "saved" in problem:
            code = "not-saved"
            fix = super_advice(subject, "__init__") or fix
        return Finding(code, problem, fix)
    method = "forward" if subject.computes else "__init__"
    line = failure.line(subject.filename())
    shapes = " and ".join(str(x.shape) for x in subject.arrays)
    fix = (
        structure.unset_attribute(subject, failure)
        or advice(subject, failure, method)
        or ("Check the spelling." if isinstance(failure.error, NameError) else "")
        or "Try forward alone on plain arrays."
    )
    if "positional argument" in text:
        fix = "Does it take `self`, and as many arrays as check_grad was given?"
    return Finding(
        "forward-raises",
        f"{subject.place(method)} raised {failure.describe()}"
        f"{f' in {line}' if line else ''}, for inputs of shape {shapes}.",
        fix,
    )


def replaces_operation(subject: Subject) -> Finding | None:
    """Return the finding for an ``of=`` that names another function than `forward`."""
    of = subject.cls.of
    if "of" not in vars(subject.cls) or of is None:
        return None
    if subject.cls.forward is Grad.forward or _computes(subject, of):
        return None
    name = f"np.{getattr(of, '__name__', '...')}"
    return Finding(
        "replaces-operation",
        f"{subject.name} has of={name}, so that {name} uses it in the whole program; "
        f"but {subject.place('forward')} computes something else.",
        f"Write `class {subject.name}(Grad):`. With of= a class stands for the "
        "derivative of that function of NumPy, and needs no forward.",
    )


def _computes(subject: Subject, of: Callable) -> bool:
    """Return whether `forward` computes a function, or nobody can tell."""
    arrays = [x.copy() for x in subject.arrays]
    inputs, params = subject.arguments.filled(arrays)
    if getattr(of, "nin", len(inputs)) != len(inputs):
        return False
    found = attempt(subject.value, *subject.arrays)
    true = attempt(of, *inputs, **params)
    if isinstance(found, Failure) or isinstance(true, Failure) or true is None:
        return True
    if np.asarray(true).dtype.kind not in "biufc":
        return True
    return same_or_nan(found, np.asarray(true))


def check_reference(evidence: Evidence) -> Finding | None:
    """Return where ``forward`` differs from the reference."""
    subject = evidence.subject
    if subject.reference is None:
        return None
    true = np.asarray(subject.referred(subject.arrays))
    dropped = subject.dropped_by_reference
    where_else = f" It was called without {' and '.join(dropped)}." if dropped else ""
    out = evidence.output
    where = f"{subject.place('forward')} gave"
    if true.shape != out.shape:
        problem = f"{where} shape {out.shape}; the reference gives {true.shape}."
        problem += where_else
        return Finding("forward-mismatch", problem, "Look at axis and keepdims.")
    off = ~np.isclose(out, true, rtol=1e-6, atol=1e-9, equal_nan=True)
    if not off.any():
        return None
    index = tuple(map(int, np.argwhere(off)[0]))
    return Finding(
        "forward-mismatch",
        f"{where} {out[index]:.6g} at index {index} of the output; the reference "
        f"gives {true[index]:.6g}.{where_else}",
        "Correct forward first: backward is its derivative.",
    )
