"""The gradients on the given inputs, and on inputs of other shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.testing import structure, variations
from keratorch.testing.diagnosis import diagnose
from keratorch.testing.elementwise import around, works_on_each_element
from keratorch.testing.evidence import Evidence, evidence_on
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding, Report


def findings_on(evidence: Evidence) -> list[Finding]:
    """Return what is wrong with the gradients on some inputs."""
    if isinstance(evidence.gradients, Failure):
        return [structure.explained(evidence, evidence.gradients)]
    if evidence.wrong and evidence.partial:
        small = variations.corner(evidence.arrays)
        other = evidence_on(evidence.subject, small, "a corner of your inputs")
        if other is not None:
            found = findings_on(other)
            if found:
                return found
    return diagnose(evidence) if evidence.wrong else []


def check_shapes(
    evidence: Evidence, report: Report, may_loop: bool = False
) -> list[Finding]:
    """Other shapes and numbers, of a function of each element."""
    subject = evidence.subject
    if evidence.partial:
        small = variations.corner(evidence.arrays)
        evidence = evidence_on(subject, small, "a corner of your inputs")
        if evidence is None or isinstance(evidence.gradients, Failure):
            return []
    if not evidence.is_real or not works_on_each_element(evidence):
        return []
    tried: list[Any] = []
    scalar = variations.zero_d(evidence)
    if scalar is not None:
        tried.append(evidence_on(subject, scalar, "inputs without an axis"))
        report.checked.append("0-d")
    for label, arrays in variations.broadcast(evidence):
        tried.append(evidence_on(subject, arrays, label))
        tried[-1] = tried[-1] if _broadcasts(tried[-1]) else None
    if len(evidence.arrays) > 1:
        report.checked.append("broadcasting")
    elif evidence.output.ndim:
        tried.append(around(evidence))
    looped = False
    for other in tried:
        if other is not None and np.isfinite(other.output).all():
            found = findings_on(other)
            if found and may_loop and _raises(other):
                note = variations.loops(other)
                report.notes += [] if looped else [note]
                looped = True
                if not other.output.ndim:
                    report.checked.remove("0-d")
                continue
            if found and len({x.shape for x in subject.arrays}) > 1:
                report.notes.append(variations.fits_alone(other))
                return []
            if found:
                return found[:1]
    return []


def _raises(evidence: Evidence) -> bool:
    """Return whether `backward` itself raises an error, as a loop over axes may."""
    found = evidence.gradients
    return isinstance(found, Failure) and not found.breach


def _broadcasts(evidence: Evidence | None) -> bool:
    """Return whether the output has the shape that broadcasting gives."""
    if evidence is None:
        return False
    shapes = [x.shape for x in evidence.arrays]
    return evidence.output.shape == np.broadcast_shapes(*shapes)
