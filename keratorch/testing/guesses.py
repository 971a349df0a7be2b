"""A check without inputs: on random ones of usual shapes, which may not be meant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding, Report
from keratorch.testing.subject import Subject

# What a shape that was not meant brings about, as well as a mistake.
_OF_SHAPES = {"backward-raises", "wrong-shape", "wrong-count"}
_OF_THE_CLASS = (NameError, AttributeError, NotImplementedError, SyntaxError, EOFError)


def try_usual_inputs(
    report: Report, tried: list[Subject], check: Callable[[Subject, Report], None]
) -> None:
    """Check on those inputs that fit; that one does not is nobody's mistake."""
    fitting = [subject for subject in tried if _fits(subject)]
    shapes = {str([x.shape for x in s.arrays]): s for s in reversed(fitting)}
    subjects = list(shapes.values())[::-1]
    if not subjects:
        _without_any(report, tried[0], check)
        return
    unfit: list[tuple[Subject, Report]] = []
    for subject in subjects:
        found = Report(report.name)
        check(subject, found)
        if found.findings and set(found.codes) <= _OF_SHAPES:
            unfit.append((subject, found))
            continue
        _take_over(report, found)
        if found.findings:
            report.notes.append(f"{_GIVEN} of shape {_shown(subject)}.")
            return
    if unfit and report.inputs:
        shown = "; ".join(_shown(subject) for subject, _ in unfit)
        report.notes.append(
            f"{_GIVEN}. It did not run on {shown}: give inputs if it should."
        )
    elif unfit:
        subject, found = unfit[0]
        _take_over(report, found)
        report.notes.append(f"{_GIVEN} of shape {_shown(subject)}.")


_GIVEN = "No inputs were given; tried random ones"


def _without_any(
    report: Report, subject: Subject, check: Callable[[Subject, Report], None]
) -> None:
    """Say that inputs are needed, unless the class cannot run on any."""
    found = Report(report.name)
    check(subject, found)
    raised = attempt(subject.value, *subject.arrays)
    blamed = isinstance(raised, Failure) and (
        raised.breach
        or isinstance(raised.error, _OF_THE_CLASS)
        or "positional argument" in str(raised.error)
    )
    asked = {"forward-raises", "init-raises"}
    if blamed or not found.findings or not set(found.codes) <= asked:
        _take_over(report, found)
        return
    why = raised.describe() if isinstance(raised, Failure) else "no finite numbers"
    report.findings.append(
        Finding(
            "needs-inputs",
            f"No inputs were given, and {report.name} does not take random ones of "
            f"shape {_shown(subject)}: {why}.",
            f"Give inputs that it is meant for: check_grad({report.name}, x).",
        )
    )


def _take_over(report: Report, found: Report) -> None:
    report.findings += found.findings
    report.notes += [note for note in found.notes if note not in report.notes]
    report.inputs += found.inputs
    report.checked = found.checked
    report.compared += found.compared
    report.skipped += found.skipped


def _shown(subject: Subject) -> str:
    return " and ".join(str(x.shape) for x in subject.arrays)


def _fits(subject: Subject) -> bool:
    if not subject.computes and subject.reference is None:
        return False
    found = attempt(subject.value, *subject.arrays)
    if isinstance(attempt(subject.check_reference), Failure):
        return False
    return not isinstance(found, Failure) and bool(np.isfinite(found).all())
