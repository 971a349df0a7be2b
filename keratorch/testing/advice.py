"""What to do about an exception, whichever method raised it."""

from __future__ import annotations

import inspect
import re

from keratorch.testing.quiet import Failure
from keratorch.testing.subject import Subject


def advice(subject: Subject, failure: Failure, method: str) -> str | None:
    """Return what to do about an exception; None where its text does not tell."""
    error, text = failure.error, str(failure.error)
    source = _source(subject, method)
    for kind, pattern, fix in _KNOWN:
        if isinstance(error, kind) and re.search(pattern, text):
            return fix
    if isinstance(error, ValueError) and "values to unpack" in text:
        return f"Unpack as many as there are: `{unpacked(subject)}`."
    if "matmul" in text and ".T" in source and any(x.ndim > 2 for x in subject.arrays):
        return "`.T` reverses all axes: of a stack use np.swapaxes(a, -1, -2)."
    return None


def unpacked(subject: Subject) -> str:
    """Return how `backward` gets at its inputs: ``(x,) = self.inputs``."""
    names = [name.replace(" ", "_") for name in subject.names]
    left = f"({names[0]},)" if len(names) == 1 else ", ".join(names)
    return f"{left} = self.inputs"


def super_advice(subject: Subject, method: str) -> str | None:
    """Return how to hand over the inputs, where the class tries it in another way."""
    source = _source(subject, method)
    if re.search(
        r"\bsuper\.__init__|super\(\)\.__init__\(\s*self\b|\bself\.(inputs|_inputs)\s*=[^=]",
        source,
    ):
        return f"Write `super().__init__({handed_on(subject)})` instead."
    return None


def handed_on(subject: Subject) -> str:
    """Return how the constructor calls its arrays: ``x, kernel``, or ``*arrays``."""
    try:
        known = list(inspect.signature(subject.cls.__init__).parameters.values())
    except (TypeError, ValueError):
        known = []
    names = [x for x in subject.names if x.isidentifier()]
    rest = [f"*{p.name}" for p in known if p.kind is p.VAR_POSITIONAL]
    return ", ".join(names + (rest if len(names) < len(subject.names) else []))


_KNOWN: list[tuple[type[BaseException] | tuple, str, str]] = [
    (ZeroDivisionError, "", "Do not divide by a Python number that may be 0."),
    (
        TypeError,
        "only (length-1|0-dimensional|size-1|integer scalar)|must be real number",
        "float() and the math module take a single number: use NumPy's functions "
        "(np.cos, not math.cos) on the whole array.",
    ),
    (
        ValueError,
        "truth value of an array",
        "`if` takes a single truth value: choose for each element with "
        "np.where(x > 0, a, b).",
    ),
    (
        (EOFError, OSError),
        "EOF|reading|stdin",
        "Do not ask for input(): compute from the arrays alone.",
    ),
    (SystemExit, "", "Do not call sys.exit()."),
    (RecursionError, "", "The method calls itself without end."),
    (IndexError, "too many indices|axis", "Use axes from the end: x[..., 0], axis=-1."),
]


def _source(subject: Subject, method: str) -> str:
    try:
        return inspect.getsource(getattr(subject.cls, method))
    except (OSError, TypeError):
        return ""
