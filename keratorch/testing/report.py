"""What a check found, as a value to ask and as a text to read."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

_WIDTH = 88

CODES = {
    "no-backward": "the class has no backward",
    "no-forward": "nothing says what the operation computes",
    "wrong-inputs": "the class takes another number of inputs, or other arguments",
    "needs-inputs": "no inputs were given, and random ones do not fit",
    "replaces-operation": "of= names a NumPy function that forward does not compute",
    "init-raises": "the constructor raised an error",
    "not-saved": "__init__ does not call super().__init__ with the inputs",
    "forward-raises": "forward raised an error",
    "forward-mismatch": "forward differs from the reference",
    "not-repeatable": "the same inputs give different results",
    "backward-raises": "backward raised an error",
    "missing-return": "forward or backward returns None",
    "wrong-count": "not one gradient per input",
    "wrong-type": "a gradient, or what forward returns, is no array of numbers",
    "wrong-shape": "a gradient has not the shape of its input",
    "dtype": "integers for floats, or a forward that turns float32 into float64",
    "mutates-gradient": "backward writes into the incoming gradient",
    "mutates-input": "forward or backward writes into an input or the output",
    "missing-upstream": "the incoming gradient is not used",
    "not-linear": "the incoming gradient is not a factor: added, or used twice",
    "forgets-input": "no gradient for an input that matters",
    "sign": "the gradient points the other way",
    "constant-factor": "the gradient is a constant times the right one",
    "mean-for-sum": "the gradient of a mean for a sum, or of a sum for a mean",
    "swapped-inputs": "the gradients of two inputs are swapped",
    "transposed": "a transpose is missing, or there is one too many",
    "wrong-axis": "the gradient goes along another axis than the operation",
    "wrong-order": "the right numbers in the wrong places",
    "known-derivative": "the derivative of another function",
    "not-derived": "the function itself stands where its derivative belongs",
    "input-for-output": "the formula holds for the output, not for the input",
    "output-for-input": "the formula holds for the input, not for the output",
    "forgot-inner-derivative": "a factor of the chain rule is missing",
    "missing-term": "a term of the product rule, or of a sum, is missing",
    "only-diagonal": "outputs depend on several inputs, backward takes one each",
    "not-accumulated": "an element used several times gets one gradient only",
    "missing-unbroadcast": "the gradient is not summed over broadcast axes",
    "wrong-region": "right on one side of a boundary, wrong on the other",
    "forgot-mask": "elements that the output does not depend on get a gradient",
    "memory-layout": "the result depends on how the array lies in memory",
    "shared-state": "two uses of the class overwrite each other's values",
    "bypasses-graph": "the second derivative is lost or wrong",
    "too-slow": "the check did not end in time",
    "not-finite": "NaN or infinity, from forward or from backward",
    "nothing-compared": "no element allowed a comparison",
    "low-precision": "forward computes in float32 or float16",
    "fixed-size": "the gradient is right for inputs of the given sizes alone",
    "wrong-factor": "the gradient is off by a factor that depends on the values",
    "power-rule": "the power rule is misapplied",
    "wrong-value": "the gradient is wrong in a way that no other code names",
}


@dataclass(frozen=True)
class Finding:
    """One mistake.

    Attributes
    ----------
    code : str, one of `CODES`.
    problem : str, what was seen, with the class, the method and its ``file:line``.
    fix : str, what to do.
    table : tuple of str, lines with the inputs, the values of `backward` and the
        measured ones; empty where no value was compared.
    input : int or None, the position of the input with the wrong gradient.
    index : tuple or None, the element of it that is furthest off.
    analytic, numeric : float or None, the gradient there: of `backward`, and measured.
    method : str or None, ``"forward"``, ``"backward"`` or ``"__init__"``.
    file, line : str and int, or None: where it raised, else where the method starts.
    """

    code: str
    problem: str
    fix: str
    table: tuple[str, ...] = ()
    input: int | None = None
    index: tuple | None = None
    analytic: float | None = None
    numeric: float | None = None
    method: str | None = None
    file: str | None = None
    line: int | None = None

    @property
    def message(self) -> str:
        """The whole paragraph."""
        return self._paragraph(self.problem)

    def __str__(self) -> str:
        return self._paragraph(f"[{self.code}] {self.problem}")

    def _paragraph(self, start: str) -> str:
        start = start if start.endswith((".", "...")) else f"{start}."
        lines = [*_wrapped(start), *[f"    {line}" for line in self.table]]
        return "\n".join([*lines, *_wrapped(f"Fix: {self.fix}")])


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, break_long_words=False, break_on_hyphens=False
    ) or [""]


@dataclass
class Report:
    """What `check_grad` found.  It is true where nothing is wrong.

    Attributes
    ----------
    name : str, the class.
    findings : list of `Finding`, the cause before its consequences.
    notes : list of str: what is no mistake, but good to know.
    inputs : list of str, the inputs that were tried.
    checked : list of str, what was held to them.
    compared, skipped : int, elements of the gradients of the given inputs that were
        compared with measured ones, and that were not: kinks, and elements beyond a
        random choice of a large input.
    docstring : str, how the class states its formula.
    """

    name: str
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    docstring: str = ""
    compared: int = 0
    skipped: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_order_ok(self) -> bool:
        """Whether nothing is wrong but, at most, the second derivative."""
        return all(code == "bypasses-graph" for code in self.codes)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def codes(self) -> list[str]:
        """The code of each finding."""
        return [finding.code for finding in self.findings]

    def raise_if_wrong(self) -> None:
        """Raise an AssertionError with the report unless all is well."""
        if not self.ok:
            raise AssertionError(f"\n{self}")

    def __str__(self) -> str:
        if self.ok:
            lines = _wrapped(
                f"{self.name}: ok ({', '.join(self.checked)}; "
                f"checked on {', '.join(self.inputs)})"
            )
        else:
            count = len(self.findings)
            title = f"{self.name}: {count} mistake{'s' * (count > 1)}"
            formula = self.docstring.strip().partition("\n\n")[0]
            quoted = f', "{" ".join(formula.split())}"' if formula else ""
            lines = _wrapped(f"{title}{quoted}")
            for finding in self.findings:
                lines += ["", str(finding)]
        for note in self.notes:
            lines += ["", *_wrapped(f"Note: {note}")]
        return "\n".join(lines)

    __repr__ = __str__
