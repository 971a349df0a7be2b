"""`check_grad`: all that can be wrong with a Grad of one's own, in one call."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.testing import (
    finite,
    linearity,
    second_order,
    sizes,
    uses,
)
from keratorch.testing.constructor import check_constructor
from keratorch.testing.evidence import Evidence
from keratorch.testing.float32 import check_float32, narrowed
from keratorch.testing.forward import (
    check_forward,
    check_reference,
    replaces_operation,
)
from keratorch.testing.guesses import try_usual_inputs
from keratorch.testing.place import located
from keratorch.testing.quiet import Failure, TooSlow, one_at_a_time, quietly
from keratorch.testing.registry import library_derivatives
from keratorch.testing.report import Finding, Report
from keratorch.testing.shapes import check_shapes, findings_on
from keratorch.testing.signature import check_signature
from keratorch.testing.subject import Subject
from keratorch.testing.variations import usual_inputs


def check_grad(
    cls: type[Grad],
    *sample_inputs: Any,
    reference: Callable | None = None,
    order: int = 2,
    timeout: float | None = 30.0,
    **params: Any,
) -> Report:
    """Check a Grad class against finite differences, and name the mistake.

    The value of `forward`, the gradient of every element under a random incoming
    gradient, other memory layouts, 0-d and broadcast inputs, one array given twice, two
    uses at a time, float32, the second derivative; and that `backward` writes into
    nothing.  What the class prints or warns meanwhile is not shown.

    Parameters
    ----------
    cls : the Grad class.
    *sample_inputs : what its constructor takes.  Floating-point arrays (and lists of
        numbers) get a gradient, also inside lists; integers and other arguments do not.
        Choose numbers of both signs where the function has them; without any inputs,
        several of usual shapes are tried.
    reference : the true function, on ndarrays, with the same arguments: the value of
        `forward` is held to it.  A class of `backward` alone needs it.
    order : 1 or 2; with 1 the second derivative is not looked at: `backward` may loop,
        write into arrays of its own, and use values that `forward` saved.
    timeout : seconds > 0 after which the check ends with what it has seen, or None.  It
        stops loops in Python, not a call of `os._exit` or into C: to grade what others
        wrote, give each file a process of its own (`keratorch.testing` says how).
    **params : the constructor's further arguments.

    Returns
    -------
    report : true where all is well, with ``ok``, ``first_order_ok``, ``findings`` and
        ``raise_if_wrong()``; ``print(report)`` explains the mistakes.  The codes are in
        `keratorch.testing.CODES`.

    Raises
    ------
    TypeError : `cls` is no Grad class, no input can have a gradient, or the reference
        does not serve the inputs.
    ValueError : `order` or `timeout` is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import Grad
    >>> from keratorch.testing import check_grad
    >>> class CubeGrad(Grad):
    ...     def forward(self, x):
    ...         return x**3
    ...
    ...     def backward(self, grad):
    ...         (x,) = self.inputs
    ...         return 3 * x**2
    >>> report = check_grad(CubeGrad, np.array([-1.0, 0.5, 2.0]))
    >>> report.ok, report.codes
    (False, ['missing-upstream'])
    >>> print(report.findings[0].fix)
    Multiply by `grad`: dL/dinput = dL/doutput * doutput/dinput...
    """
    _check_arguments(cls, order, timeout)
    report = Report(cls.__name__, docstring=_formula(cls))
    given = (cls, sample_inputs, params, reference)
    with one_at_a_time:
        drawn = np.random.get_state()  # noqa: NPY002 - the class may draw from it
        try:
            with library_derivatives(cls):
                # a copy, which a thread that could not be stopped may still change
                found = copy.deepcopy(report)
                quietly(_check, found, *given, order, timeout=timeout)
                report = found
        except TooSlow:
            problem = f"{cls.__name__} did not get through the check in {timeout:g} s"
            fix = "Is there an endless loop? Else give smaller inputs, or more time."
            report.findings.append(Finding("too-slow", f"{problem}.", fix))
        finally:
            np.random.set_state(drawn)  # noqa: NPY002
    report.findings = [located(finding, cls) for finding in report.findings]
    return report


def _check_arguments(cls: Any, order: Any, timeout: Any) -> None:
    if not (inspect.isclass(cls) and issubclass(cls, Grad)) or cls is Grad:
        hint = "" if inspect.isclass(cls) else "; for a function there is gradcheck"
        raise TypeError(
            f"check_grad takes a Grad class; received {cls!r}. Give the class of your "
            f"own, as in check_grad(SwishGrad, x), not an instance or its apply{hint}."
        )
    if order not in (1, 2):
        raise ValueError(f"order is 1 or 2; received {order!r}.")
    if timeout is None:
        return
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(
            f"timeout is a number of seconds, or None; received {timeout!r}."
        )
    if not timeout > 0:
        raise ValueError(f"timeout is > 0 seconds, or None; received {timeout!r}.")


def _check(
    report: Report,
    cls: type[Grad],
    inputs: tuple,
    params: dict[str, Any],
    reference: Callable | None,
    order: int,
) -> None:
    """Fill in the report."""
    if inspect.isabstract(cls):
        report.findings.append(_no_backward(cls))
        return
    if inputs:
        subject = Subject(cls, inputs, params, reference)
        if not subject.arrays:
            raise TypeError(
                f"check_grad({cls.__name__}, ...) needs an input that can have a "
                "gradient: an array of floats."
            )
        _Check(subject, report, order).run()
        return
    try_usual_inputs(
        report,
        [Subject(cls, x, params, reference) for x in usual_inputs(cls, params)],
        lambda subject, found: _Check(subject, found, order).run(),
    )


def _formula(cls: type[Grad]) -> str:
    """Return the docstring of a class, or that of one between it and Grad."""
    between = cls.__mro__[: cls.__mro__.index(Grad)]
    return next((kind.__doc__ for kind in between if kind.__doc__), "")


def _no_backward(cls: type) -> Finding:
    near = [name for name in vars(cls) if name.lower().startswith("back")]
    seen = f" (it has {near[0]!r})" if near else ""
    return Finding(
        "no-backward",
        f"{cls.__name__} does not define backward{seen}.",
        "Write `def backward(self, grad):`, which returns the gradient of each input.",
    )


class _Check:
    """The check on one set of inputs: its steps, until one finds a cause."""

    def __init__(self, subject: Subject, report: Report, order: int):
        self.subject, self.report, self.order = subject, report, order

    def run(self) -> None:
        """Add what the steps find to the report."""
        report, subject = self.report, self.subject
        misfit = check_signature(subject)
        if misfit is None:
            subject.check_reference()
        before = (
            misfit
            or check_constructor(subject, report.notes)
            or replaces_operation(subject)
            or check_forward(subject)
        )
        if self._add(before):
            return
        self.evidence = Evidence(subject, subject.arrays)
        shapes = " and ".join(
            f"{name} {x.shape}"
            for name, x in zip(subject.names, subject.arrays, strict=True)
        )
        report.inputs.append(shapes)
        report.checked.clear()
        report.checked.append(
            "value" if not subject.reference else "value against reference"
        )
        if self._add(uses.check_purity(self.evidence)):
            return
        mismatch = check_reference(self.evidence) if subject.computes else None
        if self._add(mismatch) and not self._gradient_of(subject.referred):
            return  # backward is right, of the function that was meant
        if self._add(linearity.random_backward(self.evidence)):
            return
        wrong = self._add(*self._gradient_of(None))
        self._count()
        if wrong:
            return
        self._describe_noise()
        if self._add(finite.nothing_compared(self.evidence)):
            return
        self._describe_kinks()
        report.notes += finite.undefined(self.evidence)
        report.checked.append(finite.compared(self.evidence))
        for step in (uses.check_state, uses.check_layout, uses.check_repeated):
            if self._add(step(self.evidence)):
                return
        report.checked += ["memory layout", "repeated use", "purity"]
        if self._add(*check_shapes(self.evidence, report, self.order == 1)):
            return
        if self._add(sizes.fixed_size(self.evidence, report.notes)):
            return
        short = narrowed(self.evidence)
        one = self._add(short or check_float32(self.evidence, report.notes))
        report.checked.append("float32")
        if self.order == 1 or short:
            return
        if self._add(second_order.check_second_order(self.evidence)) or one:
            return
        report.checked.append("second derivative")

    def _add(self, *findings: Finding | None) -> bool:
        found = [finding for finding in findings if finding is not None]
        self.report.findings += found
        return bool(found)

    def _gradient_of(self, function: Callable | None) -> list[Finding]:
        """Return what is wrong with the gradient; of the reference, if given."""
        evidence = self.evidence
        if function is not None:
            evidence = Evidence(self.subject, self.subject.arrays)
            evidence.measured_on = lambda *arrays: np.asarray(function(list(arrays)))
            if evidence.output.shape != evidence.measured_on(*evidence.arrays).shape:
                return [Finding("wrong-shape", "", "")]
        return findings_on(evidence)

    def _count(self) -> None:
        """Count the elements that were compared."""
        if isinstance(self.evidence.gradients, Failure):
            return
        for expected in self.evidence.expected:
            skipped = int(expected.skipped.sum())
            self.report.skipped += skipped
            self.report.compared += expected.skipped.size - skipped

    def _describe_noise(self) -> None:
        if self.subject.reseeds:
            self.report.notes.append(
                f"{self.subject.place('forward')} draws random numbers: each use began "
                "with the same seed."
            )

    def _describe_kinks(self) -> None:
        evidence = self.evidence
        for i, expected in enumerate(evidence.expected):
            if expected.kinks:
                index = expected.kinks[0]
                self.report.notes.append(
                    f"not-differentiable-here: the function has a kink (or its edge) "
                    f"at {evidence.subject.names[i]}{list(index)}; "
                    f"{len(expected.kinks)} such elements were not compared. Move "
                    "them a little to check beside it."
                )
            elif expected.partial:
                self.report.notes.append(
                    f"{evidence.subject.names[i]} is large: a random choice of its "
                    "elements was checked."
                )
