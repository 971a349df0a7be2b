"""Other uses of the same numbers: twice, strided, one array for two inputs."""

from __future__ import annotations

import numpy as np

from keratorch.core import Grad
from keratorch.graph import value
from keratorch.testing import structure, variations
from keratorch.testing.agreement import agree, same_or_nan
from keratorch.testing.evidence import Evidence, evidence_on, upstream_for
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject, Use


def check_purity(evidence: Evidence) -> Finding | None:
    """Writing that was no error: through ``._array``, or an attribute."""
    use = evidence.subject.use([x.copy() for x in evidence.arrays])
    before = [x.numpy().copy() for x in use.leaves], use.output.copy()
    upstream = evidence.upstream.astype(use.output.dtype)
    attempt(use.raw, upstream)
    return structure.written_input(evidence, use.leaves, use.output, before)


def check_state(evidence: Evidence) -> Finding | None:
    """A second backward, and one with another use of the class in between."""
    subject = evidence.subject
    shared = _shared_container(evidence)
    if shared is not None:
        return shared
    use = subject.use(evidence.arrays)
    for between in (False, True):
        if between:
            others = [np.roll(x, 1) * 0.9 for x in evidence.arrays]
            attempt(subject.use, others)
        again = attempt(use.gradients, evidence.upstream)
        if agree(again, evidence.gradients):
            continue
        if between:
            how = "another array passed through the class in between"
            fix = "Keep values in self, not in the class or a global name."
            return _unlike(subject, "shared-state", how, fix)
        return None
    twice = attempt(use.gradients, evidence.upstream)
    if agree(twice, evidence.gradients):
        return None
    how = "it was called again"
    return _unlike(subject, "shared-state", how, "Let backward change nothing in self.")


def _shared_container(evidence: Evidence) -> Finding | None:
    """A list or dict of the class that each use fills, and backward reads."""
    subject = evidence.subject
    kinds = subject.cls.__mro__[: subject.cls.__mro__.index(Grad)]
    containers = {
        name: x
        for kind in kinds
        for name, x in vars(kind).items()
        if isinstance(x, (list, dict, set))
    }
    before = {name: len(x) for name, x in containers.items()}
    others = [np.roll(x, 1) * 0.9 for x in evidence.arrays]
    other = evidence_on(subject, others, "other numbers")
    filled = [name for name, x in containers.items() if len(x) != before[name]]
    if not filled or other is None or isinstance(other.gradients, Failure):
        return None
    if not other.wrong:
        return None
    return Finding(
        "shared-state",
        f"{subject.name}.{filled[0]} belongs to the class, so that all uses share it; "
        f"{subject.place()} is right for the first use alone.",
        f"Keep values in self: self.{filled[0]} = ... in forward.",
    )


def _unlike(subject: Subject, code: str, how: str, fix: str) -> Finding:
    return Finding(
        code,
        f"{subject.place()} gave another gradient for the same values when {how}.",
        fix,
    )


def check_layout(evidence: Evidence) -> Finding | None:
    """The same numbers, in another place and order in memory."""
    subject = evidence.subject
    if subject.was_told("A", "K"):  # which ask for the layout
        return None
    arrays = [variations.laid_out(x) for x in evidence.arrays]
    use = attempt(subject.use, arrays)
    if isinstance(use, Failure) or not same_or_nan(use.output, evidence.output):
        method, fits = "forward", False
    else:
        # straight to backward: the walk starts with a copy in C order
        found = attempt(_returned, use, variations.laid_out(evidence.upstream))
        again = attempt(_returned, evidence.use, evidence.upstream)
        method, fits = "backward", agree(found, again)
    if fits:
        return None
    return Finding(
        "memory-layout",
        f"{subject.place(method)} gave another result for the same numbers in "
        "another memory layout (every second element, Fortran order).",
        "Use order='C', the default; do not ask for strides, .data, order='A' or 'K'.",
    )


def check_repeated(evidence: Evidence) -> Finding | None:
    """One array given for two inputs gets the sum of both gradients."""
    subject = evidence.subject
    for i, j in variations.alike(evidence.arrays):
        arrays = list(evidence.arrays)
        arrays[j] = arrays[i].copy()
        apart = attempt(subject.use, arrays)
        once = attempt(subject.use, arrays, {j: i})
        if isinstance(apart, Failure) or isinstance(once, Failure):
            continue
        upstream = upstream_for(apart.output)
        each = attempt(apart.gradients, upstream)
        both = attempt(once.gradients, upstream)
        if isinstance(each, Failure):
            continue
        parts = [g for g in (each[i], each[j]) if g is not None]
        if isinstance(both, Failure) or (
            parts and not same_or_nan(np.asarray(both[i]), sum(parts))
        ):
            names = f"{subject.names[i]} and {subject.names[j]}"
            return _unlike(
                subject,
                "shared-state",
                f"{names} were one and the same array",
                "Do not compare inputs by identity, nor key values by id().",
            )
    return None


def _returned(use: Use, upstream: np.ndarray) -> list:
    """Return what backward returns as a list of plain arrays."""
    found = use.raw(upstream)
    return [value(x) for x in (found if isinstance(found, (tuple, list)) else [found])]
