"""What the constructor of a Grad class does: the step before all others."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from keratorch.testing.advice import advice, handed_on, super_advice
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject


def check_constructor(subject: Subject, notes: list[str]) -> Finding | None:
    """Return what is wrong with the constructor, or that nothing is computed."""
    if not subject.computes and subject.reference is None:
        return Finding(
            "no-forward",
            f"{subject.name} does not say what it computes: it has backward alone.",
            "Define forward(self, *arrays), or give check_grad the function on "
            "plain arrays: reference=np.tanh.",
        )
    made = attempt(subject.constructed, subject.arrays)
    if isinstance(made, Failure) and "cannot become a plain array" in str(made.error):
        unwrapped = _unwrapped(subject, made, notes)
        if unwrapped is not None:
            return unwrapped
        made = attempt(subject.constructed, subject.arrays)
    if isinstance(made, Failure):
        if not isinstance(attempt(subject.value, *subject.arrays), Failure):
            return None
        fix = super_advice(subject, "__init__")
        return Finding(
            "not-saved" if fix else "init-raises",
            f"{subject.place('__init__')} raised {made.describe()}.",
            fix
            or advice(subject, made, "__init__")
            or "Hand check_grad what the constructor takes: arrays first, and other "
            "arguments by name, as in check_grad(SomeGrad, x, axis=0).",
        )
    leaves, op = made
    saved = op._inputs
    if saved is not None:
        missing = [i for i, x in enumerate(leaves) if not _is_among(x, saved)]
        if len(missing) < len(leaves):
            _leave_out(subject, missing, notes)
            return None
    what = "other values than the arrays" if saved else "nothing"
    return Finding(
        "not-saved",
        f"{subject.place('__init__')} saved {what} as the inputs, so no gradient can "
        "flow.",
        super_advice(subject, "__init__")
        or f"Call super().__init__({handed_on(subject)}) in it, with the arrays as "
        "they came: not copied, converted or unwrapped.",
    )


def _unwrapped(subject: Subject, made: Failure, notes: list[str]) -> Finding | None:
    """Take for constants what the constructor makes plain arrays of, where it may."""
    positions = range(len(subject.names))
    for count in range(1, len(subject.names)):
        for chosen in itertools.combinations(reversed(positions), count):
            other = subject.with_constants(list(chosen))
            found = attempt(other.constructed, other.arrays)
            if isinstance(found, Failure):
                continue
            if _holds(found[1]._inputs, [subject.arrays[i] for i in chosen]):
                return _not_as_it_came(subject, made)
            names = " and ".join(subject.names[i] for i in sorted(chosen))
            subject.keep_constant(list(chosen))
            notes.append(
                f"{subject.place('__init__')} makes a plain array of {names}: no "
                "gradient of it was checked."
            )
            return None
    return _not_as_it_came(subject, made)


def _not_as_it_came(subject: Subject, made: Failure) -> Finding:
    return Finding(
        "not-saved",
        f"{subject.place('__init__')} takes an input out of the graph: it raised "
        f"{made.describe()}.",
        f"Call super().__init__({handed_on(subject)}) with the arrays as they came, "
        "each by itself: no np.asarray, float() or list of them.",
    )


def _holds(inputs: tuple, arrays: list[np.ndarray]) -> bool:
    """Return whether one of the arrays, or a copy of it, is among the inputs."""
    plain = [x for x in inputs or () if isinstance(x, np.ndarray)]
    return any(np.array_equal(x, y) for x in plain for y in arrays)


def _leave_out(subject: Subject, missing: list[int], notes: list[str]) -> None:
    """Take arrays that are no inputs of the operation for constants."""
    if not missing or _is_missed(subject):
        return
    names = " and ".join(subject.names[i] for i in missing)
    subject.keep_constant(missing)
    notes.append(
        f"{names} did not go to super().__init__: no gradient of it was checked."
    )


def _is_missed(subject: Subject) -> bool:
    """Return whether `forward` complains that the constructor saved too few inputs."""
    found = attempt(subject.value, *subject.arrays)
    return isinstance(found, Failure) and "saved" in str(found.error)


def _is_among(x: Any, arrays: tuple) -> bool:
    return any(x is y or _comes_from(y, x) for y in arrays)


def _comes_from(y: Any, x: Any) -> bool:
    """Return whether the operation's input is a result of operations on `x`."""
    op = getattr(y, "_grad_op", None)
    return op is not None and any(z is x or _comes_from(z, x) for z in op._inputs)
