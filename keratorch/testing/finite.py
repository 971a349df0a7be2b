"""What could be compared at all: numbers that are finite, and precise enough."""

from __future__ import annotations

import numpy as np

from keratorch.testing.evidence import Evidence, reals
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding

_REDUCED = (np.float16, np.float32)


def nothing_compared(evidence: Evidence) -> Finding | None:
    """No element, or too few digits, to hold the gradient to a measured one."""
    kinks = any(expected.kinks for expected in evidence.expected)
    imprecise = low_precision(evidence) if kinks else None
    if imprecise is not None:
        return imprecise
    if any((~expected.skipped).any() for expected in evidence.expected):
        return None
    if not any(x.size for x in evidence.arrays):
        return _nothing(evidence, "the inputs are empty", "Give arrays with elements.")
    if not all(np.isfinite(x).any() for x in evidence.arrays if x.size):
        why = "the inputs are NaN or infinite"
        return _nothing(evidence, why, "Give finite numbers.")
    if not np.isfinite(evidence.output).all():
        return _overflows(evidence)
    if kinks:
        return _nothing(
            evidence,
            "the function has a kink, or its edge, at every element",
            "Move the numbers a little.",
        )
    return _nothing(
        evidence,
        "the function is not smooth enough to measure a slope, or not defined on both "
        "sides",
        "Give other numbers.",
    )


def _nothing(evidence: Evidence, why: str, fix: str) -> Finding:
    problem = f"No element of {evidence.subject.name}'s gradient was compared: {why}"
    return Finding("nothing-compared", f"{problem}.", fix)


def _overflows(evidence: Evidence) -> Finding:
    output = evidence.output
    bad = output[~np.isfinite(output)].ravel()[0]
    if all(np.isfinite(x).all() for x in evidence.arrays):
        largest = max(np.abs(x).max() for x in evidence.arrays if x.size)
        shown = f"finite inputs (the largest is {largest:.3g})"
    else:
        shown = "inputs of which some are finite"
    return Finding(
        "not-finite",
        f"{evidence.subject.place('forward')} gave {bad} for {shown}: nothing could be "
        "compared there.",
        "Give inputs for which the function is defined; or does forward overflow, as "
        "exp(1000) does? Subtract the maximum first.",
    )


def undefined(evidence: Evidence) -> list[str]:
    """Return notes about elements at which the function itself is not finite."""
    notes = []
    for name, expected in zip(evidence.subject.names, evidence.expected, strict=True):
        if expected.undefined:
            count, index = len(expected.undefined), list(expected.undefined[0])
            notes.append(
                f"The function is NaN or infinite around {name}{index}; {count} such "
                f"element{'s were' if count > 1 else ' was'} not compared."
            )
    return notes


def compared(evidence: Evidence) -> str:
    """Say of how many elements the gradient was compared."""
    whole = sum(expected.skipped.size for expected in evidence.expected)
    kept = sum(int((~expected.skipped).sum()) for expected in evidence.expected)
    if kept == whole:
        return "gradient of every element"
    return f"gradient of {kept} of {whole} elements"


def not_finite(evidence: Evidence, i: int) -> Finding | None:
    """NaN or infinity, where the measured gradient is a number."""
    gradient, expected = reals(evidence.gradient(i)), evidence.expected[i]
    bad = ~np.isfinite(gradient) & (~expected.skipped | expected.bounded)
    if not bad.any():
        return None
    right = "the gradient is a finite number"
    if expected.bounded[bad].all():
        right = "the function has a kink: any slope between its two sides is right"
    return evidence.finding(
        "not-finite",
        i,
        f"{evidence.subject.place()} gave {gradient[bad][0]} for {int(bad.sum())} of "
        f"{bad.size} elements of {evidence.name(i)}, where {right}",
        "Look for a division by zero, a log of it, or an exp that overflows. "
        "np.where computes both of its branches, and 0 * inf is nan: choose a "
        "harmless argument before the division.",
    )


def low_precision(evidence: Evidence) -> Finding | None:
    """A value of double inputs with the digits of a shorter float alone."""
    subject, output = evidence.subject, evidence.output
    if subject.cls.changes_dtype or not evidence.arrays[0].size:
        return None
    if not evidence.is_real:
        return None
    random = np.random.default_rng(0)
    values = [output]
    for _ in range(2):
        moved = [x * (1 + 0.01 * random.uniform(size=x.shape)) for x in evidence.arrays]
        found = attempt(subject.value, *moved)
        if isinstance(found, Failure):
            return None
        values.append(found)
    numbers = np.concatenate([x.ravel() for x in values]).astype(float)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size or np.equal(numbers * 64, np.round(numbers * 64)).all():
        return None  # 0, 1, 0.5: they need few digits
    for kind in _REDUCED:
        if np.equal(numbers, numbers.astype(kind)).all():
            return Finding(
                "low-precision",
                f"{subject.place('forward')} computes in {kind.__name__}, though its "
                "inputs are float64: too few digits to measure a slope.",
                "Keep the dtype of the inputs: no .astype(np.float32) and no arrays "
                "of shorter floats in forward.",
            )
    return None
