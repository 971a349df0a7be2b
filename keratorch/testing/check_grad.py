"""`check_grad`: all that can be wrong with a Grad of one's own, in one call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.graph import value
from keratorch.testing import second_order, structure, variations
from keratorch.testing.diagnosis import diagnose
from keratorch.testing.elementwise import around, works_on_each_element
from keratorch.testing.evidence import (
    Evidence,
    evidence_on,
    upstream_for,
    upstream_name,
)
from keratorch.testing.quiet import Failure, TooSlow, attempt, quietly
from keratorch.testing.registry import library_derivatives
from keratorch.testing.report import Finding, Report
from keratorch.testing.subject import Subject, Use

_DTYPES = tuple({type(np.dtype(x)) for x in ("f2", "f4", "f8", "c8", "c16")})
_BEFORE_NEP50 = np.lib.NumpyVersion(np.__version__) < "2.0.0"


def check_grad(
    cls: type[Grad],
    *sample_inputs: Any,
    reference: Callable | None = None,
    timeout: float = 30.0,
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
    timeout : seconds after which the check ends with what it has seen.
    **params : the constructor's further arguments.

    Returns
    -------
    report : true where all is well, with ``ok``, ``findings`` and ``raise_if_wrong()``;
        ``print(report)`` explains the mistakes.  The codes are in
        `keratorch.testing.CODES`.

    Raises
    ------
    TypeError : `cls` is no Grad class, or no input can have a gradient.

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
    if not (inspect.isclass(cls) and issubclass(cls, Grad)):
        raise TypeError(
            f"check_grad takes a Grad class; received {cls!r}. Give the class itself, "
            "as in check_grad(SwishGrad, x), not an instance or its apply."
        )
    report = Report(cls.__name__, docstring=_formula(cls))
    drawn = np.random.get_state()  # noqa: NPY002 - the class may draw from it
    try:
        with library_derivatives(cls):
            quietly(
                _check, report, cls, sample_inputs, params, reference, timeout=timeout
            )
    except TooSlow:
        problem = f"{cls.__name__} did not get through the check in {timeout:g} seconds"
        fix = "Is there an endless loop in it? Else give smaller inputs, or a timeout."
        report.findings.append(Finding("too-slow", f"{problem}.", fix))
    finally:
        np.random.set_state(drawn)  # noqa: NPY002
    return report


def _check(
    report: Report,
    cls: type[Grad],
    inputs: tuple,
    params: dict[str, Any],
    reference: Callable | None,
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
        _Check(subject, report).run()
        return
    tried = [
        Subject(cls, arrays, params, reference)
        for arrays in variations.usual_inputs(cls, params)
    ]
    fitting = [subject for subject in tried if _fits(subject)]
    shapes = {str([x.shape for x in s.arrays]): s for s in reversed(fitting)}
    for subject in list(shapes.values())[::-1] or tried[:1]:
        _Check(subject, report).run()
        if report.findings:
            shown = " and ".join(str(x.shape) for x in subject.arrays)
            report.notes.append(f"No inputs were given; tried random ones of {shown}.")
            return


def _fits(subject: Subject) -> bool:
    if not subject.computes and subject.reference is None:
        return False
    found = attempt(subject.value, *subject.arrays)
    return not isinstance(found, Failure) and bool(np.isfinite(found).all())


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

    def __init__(self, subject: Subject, report: Report):
        self.subject, self.report = subject, report

    def run(self) -> None:
        """Add what the steps find to the report."""
        report, subject = self.report, self.subject
        if self._add(self._constructor()) or self._add(self._forward()):
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
        if self._add(self._purity()):
            return
        mismatch = self._reference() if subject.computes else None
        if self._add(mismatch) and not self._gradient_of(subject.referred):
            return  # backward is right, of the function that was meant
        if self._add(*self._gradient_of(None)):
            return
        self._describe_kinks()
        report.checked.append("gradient of every element")
        for step in (self._state, self._layout, self._repeated):
            if self._add(step()):
                return
        report.checked += ["memory layout", "repeated use", "purity"]
        if self._add(*self._shapes()):
            return
        one = self._add(self._float32())
        if self._add(second_order.check_second_order(self.evidence)) or one:
            return
        report.checked += ["float32", "second derivative"]

    def _add(self, *findings: Finding | None) -> bool:
        found = [finding for finding in findings if finding is not None]
        self.report.findings += found
        return bool(found)

    # Before backward

    def _constructor(self) -> Finding | None:
        subject = self.subject
        if not subject.computes and subject.reference is None:
            return Finding(
                "no-forward",
                f"{subject.name} does not say what it computes: it has backward alone.",
                "Define forward(self, *arrays), or give check_grad the function on "
                "plain arrays: reference=np.tanh.",
            )
        made = attempt(subject.constructed, subject.arrays)
        if isinstance(made, Failure):
            if not isinstance(attempt(subject.value, *subject.arrays), Failure):
                return None
            return Finding(
                "init-raises",
                f"{subject.place('__init__')} raised {made.describe()}.",
                "Hand check_grad what the constructor takes: arrays first, and other "
                "arguments by name, as in check_grad(SomeGrad, x, axis=0).",
            )
        leaves, op = made
        saved = op._inputs
        if saved is not None:
            missing = [i for i, x in enumerate(leaves) if not _is_among(x, saved)]
            if len(missing) < len(leaves):
                self._leave_out(missing)
                return None
        count = "nothing" if saved is None else f"{len(saved)} other values"
        return Finding(
            "not-saved",
            f"{subject.place('__init__')} saved {count} as the inputs, so no gradient "
            "can flow.",
            f"Call super().__init__({', '.join(subject.names)}) in it, with the arrays "
            "as they came: not copied, converted or unwrapped.",
        )

    def _leave_out(self, missing: list[int]) -> None:
        """Take arrays that are no inputs of the operation for constants."""
        subject = self.subject
        if not missing or _is_missed(subject):
            return
        names = " and ".join(subject.names[i] for i in missing)
        subject.keep_constant(missing)
        self.report.notes.append(
            f"{names} did not go to super().__init__: no gradient of it was checked."
        )

    def _forward(self) -> Finding | None:
        subject = self.subject
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
            return self._forward_raised(use)
        if use.op is None:
            return Finding(
                "dtype",
                f"{subject.place('forward')} gave {use.output.dtype} for floats: no "
                "gradient flows through that.",
                "Let forward return floats, without int() or .astype(int).",
            )
        again = attempt(subject.value, *subject.arrays)
        if isinstance(again, np.ndarray) and same_or_nan(again, use.output):
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

    def _forward_raised(self, failure: Failure) -> Finding:
        subject, text = self.subject, str(failure.error)
        if failure.breach:
            problem, fix = structure._parts(failure)
            code = "forward-raises"
            if "returned None" in problem:
                code = "missing-return"
            elif "saved" in problem:
                code = "not-saved"
            return Finding(code, problem, fix)
        method = "forward" if subject.computes else "__init__"
        line = failure.line(subject.filename())
        shapes = ", ".join(str(x.shape) for x in subject.arrays)
        fix = "Try forward alone on plain arrays."
        if "positional argument" in text:
            fix = "Does it take `self`, and as many arrays as check_grad was given?"
        return Finding(
            "forward-raises",
            f"{subject.place(method)} raised {failure.describe()}"
            f"{f' in {line}' if line else ''}, for inputs of shapes {shapes}.",
            fix,
        )

    def _reference(self) -> Finding | None:
        subject = self.subject
        if subject.reference is None:
            return None
        true = np.asarray(subject.referred(subject.arrays))
        out = self.evidence.output
        where = f"{subject.place('forward')} gave"
        if true.shape != out.shape:
            problem = f"{where} shape {out.shape}; the reference gives {true.shape}."
            return Finding("forward-mismatch", problem, "Look at axis and keepdims.")
        off = ~np.isclose(out, true, rtol=1e-6, atol=1e-9, equal_nan=True)
        if not off.any():
            return None
        index = tuple(map(int, np.argwhere(off)[0]))
        return Finding(
            "forward-mismatch",
            f"{where} {out[index]:.6g} at index {index} of the output; the reference "
            f"gives {true[index]:.6g}.",
            "Correct forward first: backward is its derivative.",
        )

    # Gradients

    def _gradient_of(self, function: Callable | None) -> list[Finding]:
        """Return what is wrong with the gradient; of the reference, if given."""
        evidence = self.evidence
        if function is not None:
            evidence = Evidence(self.subject, self.subject.arrays)
            evidence.measured_on = lambda *arrays: np.asarray(function(list(arrays)))
            if evidence.output.shape != evidence.measured_on(*evidence.arrays).shape:
                return [Finding("wrong-shape", "", "")]
        return _findings(evidence)

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

    def _purity(self) -> Finding | None:
        """Writing that was no error: through ``._array``, or an attribute."""
        evidence = self.evidence
        use = self.subject.use([x.copy() for x in evidence.arrays])
        before = [x.numpy().copy() for x in use.leaves], use.output.copy()
        upstream = evidence.upstream.astype(use.output.dtype)
        attempt(use.raw, upstream)
        return structure.written_input(evidence, use.leaves, use.output, before)

    def _state(self) -> Finding | None:
        """A second backward, and one with another use of the class in between."""
        evidence, subject = self.evidence, self.subject
        use = subject.use(evidence.arrays)
        for between in (False, True):
            if between:
                others = [np.roll(x, 1) * 0.9 for x in evidence.arrays]
                attempt(subject.use, others)
            again = attempt(use.gradients, evidence.upstream)
            if _agree(again, evidence.gradients):
                continue
            if between:
                how = "another array passed through the class in between"
                fix = "Keep values in self, not in the class or a global name."
                return self._unlike("shared-state", how, fix)
            return None
        twice = attempt(use.gradients, evidence.upstream)
        if _agree(twice, evidence.gradients):
            return None
        how = "it was called again"
        return self._unlike("shared-state", how, "Let backward change nothing in self.")

    def _unlike(self, code: str, how: str, fix: str) -> Finding:
        return Finding(
            code,
            f"{self.subject.place()} gave another gradient for the same values when "
            f"{how}.",
            fix,
        )

    def _layout(self) -> Finding | None:
        evidence = self.evidence
        if self.subject.was_told("A", "K"):  # which ask for the layout
            return None
        arrays = [variations.laid_out(x) for x in evidence.arrays]
        use = attempt(self.subject.use, arrays)
        if isinstance(use, Failure) or not same_or_nan(use.output, evidence.output):
            method, fits = "forward", False
        else:
            # straight to backward: the walk starts with a copy in C order
            found = attempt(_returned, use, variations.laid_out(evidence.upstream))
            again = attempt(_returned, evidence.use, evidence.upstream)
            method, fits = "backward", _agree(found, again)
        if fits:
            return None
        return Finding(
            "memory-layout",
            f"{self.subject.place(method)} gave another result for the same numbers in "
            "another memory layout (every second element, Fortran order).",
            "Use order='C', the default; do not ask for strides, .data, order='A' or "
            "'K'.",
        )

    def _repeated(self) -> Finding | None:
        """One array given for two inputs gets the sum of both gradients."""
        evidence, subject = self.evidence, self.subject
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
                return self._unlike(
                    "shared-state",
                    f"{names} were one and the same array",
                    "Do not compare inputs by identity, nor key values by id().",
                )
        return None

    def _shapes(self) -> list[Finding]:
        """Other shapes and numbers, of a function of each element."""
        evidence, subject = self.evidence, self.subject
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
            self.report.checked.append("0-d")
        for label, arrays in variations.broadcast(evidence):
            tried.append(evidence_on(subject, arrays, label))
            tried[-1] = tried[-1] if _broadcasts(tried[-1]) else None
        if len(evidence.arrays) > 1:
            self.report.checked.append("broadcasting")
        elif evidence.output.ndim:
            tried.append(around(evidence))
        for other in tried:
            if other is not None and np.isfinite(other.output).all():
                found = _findings(other)
                if found:
                    return found[:1]
        return []

    def _float32(self) -> Finding | None:
        subject, evidence = self.subject, self.evidence
        if not evidence.is_real or subject.has_wide_constants:
            return None
        arrays = [x.astype(np.float32) for x in evidence.arrays]
        use = attempt(subject.use, arrays)
        if isinstance(use, Failure) or use.op is None:
            return None
        chosen = "dtype" in subject.arguments.params or subject.cls.changes_dtype
        chosen = chosen or subject.was_told(type, *_DTYPES)
        own = subject.computes and subject.cls.forward is not Grad.forward
        if use.output.dtype != np.float32 and use.output.ndim:
            return self._promoted("forward", use) if own and not chosen else None
        if _BEFORE_NEP50 and not all(x.ndim for x in (use.output, *arrays)):
            return None  # before NumPy 2 its dtype depends on its value, too
        raw = attempt(use.raw, evidence.upstream.astype(np.float32))
        if isinstance(raw, Failure):
            return None
        raw = raw if isinstance(raw, (tuple, list)) else (raw,)
        for x, gradient in zip(use.op._inputs, raw, strict=False):
            gradient = value(gradient)
            wide = isinstance(gradient, np.ndarray) and gradient.dtype == np.float64
            narrow = getattr(value(x), "dtype", None) == np.float32
            if wide and narrow and gradient.ndim and not chosen:
                return self._promoted("backward", use)
        return None

    def _promoted(self, method: str, use: Use) -> Finding:
        name = upstream_name(self.subject)
        return Finding(
            "dtype",
            f"{self.subject.place(method)} turned float32 into float64, which doubles "
            "memory and time.",
            "Use Python's numbers for constants (math.sqrt(2), not np.sqrt(2)), and "
            f"np.zeros_like(x), .astype({name if method == 'backward' else 'x'}.dtype) "
            "for arrays.",
        )


def _findings(evidence: Evidence) -> list[Finding]:
    """Return what is wrong with the gradients on some inputs."""
    if isinstance(evidence.gradients, Failure):
        return [structure.explained(evidence, evidence.gradients)]
    if evidence.wrong and evidence.partial:
        small = variations.corner(evidence.arrays)
        other = evidence_on(evidence.subject, small, "a corner of your inputs")
        if other is not None:
            found = _findings(other)
            if found:
                return found
    return diagnose(evidence) if evidence.wrong else []


def _broadcasts(evidence: Evidence | None) -> bool:
    """Return whether the output has the shape that broadcasting gives."""
    if evidence is None:
        return False
    shapes = [x.shape for x in evidence.arrays]
    return evidence.output.shape == np.broadcast_shapes(*shapes)


def _is_missed(subject: Subject) -> bool:
    """Return whether `forward` complains that the constructor saved too few inputs."""
    found = attempt(subject.value, *subject.arrays)
    return isinstance(found, Failure) and "saved" in str(found.error)


def _returned(use: Use, upstream: np.ndarray) -> list:
    """Return what backward returns as a list of plain arrays."""
    found = use.raw(upstream)
    return [value(x) for x in (found if isinstance(found, (tuple, list)) else [found])]


def _is_among(x: Any, arrays: tuple) -> bool:
    return any(x is y or _comes_from(y, x) for y in arrays)


def _comes_from(y: Any, x: Any) -> bool:
    """Return whether the operation's input is a result of operations on `x`."""
    op = getattr(y, "_grad_op", None)
    return op is not None and any(z is x or _comes_from(z, x) for z in op._inputs)


def same_or_nan(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two arrays are equal but for rounding, NaN being equal to NaN."""
    return a.shape == b.shape and np.allclose(a, b, 1e-9, 1e-11, equal_nan=True)


def _agree(found: Any, others: list) -> bool:
    if isinstance(found, Failure):
        return False
    for one, other in zip(found, others, strict=True):
        if one is None or other is None:
            if one is not other and np.any(one if other is None else other):
                return False
        elif not same_or_nan(np.asarray(one), np.asarray(other)):
            return False
    return True
