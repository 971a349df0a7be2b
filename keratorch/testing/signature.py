"""Whether what check_grad was given fits the signatures of the class."""

from __future__ import annotations

import inspect

from keratorch.core import Grad
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject


def check_signature(subject: Subject) -> Finding | None:
    """Return that `forward` takes no array, or that the arguments do not fit."""
    cls, arguments = subject.cls, subject.arguments
    if not isinstance(attempt(subject.value, *subject.arrays), Failure):
        return None  # it may have an `apply` of its own
    if cls.forward is not Grad.forward:
        found = _takes_no_array(subject)
        if found is not None:
            return found
    if cls.__init__ is not Grad.__init__:
        return _misfit(subject, "__init__")
    if arguments.params:
        return _unknown(subject.name, list(arguments.params))
    if cls.forward is not Grad.forward:
        return _misfit(subject, "forward")
    wanted = getattr(cls.of, "nin", None)
    if wanted in (None, len(arguments.inputs)):
        return None
    return _miscounted(subject, "forward", f"{wanted}")


def _misfit(subject: Subject, method: str) -> Finding | None:
    """Return how the arguments do not fit a method, None where they do."""
    inputs, params = subject.arguments.inputs, subject.arguments.params
    signature = inspect.signature(getattr(subject.cls, method))
    static = isinstance(inspect.getattr_static(subject.cls, method), staticmethod)
    try:
        signature.bind(*inputs if static else (None, *inputs), **params)
    except TypeError:
        known = list(signature.parameters.values())[not static :]
    else:
        return None
    unknown = [name for name in params if name not in signature.parameters]
    if unknown and not any(p.kind is p.VAR_KEYWORD for p in known):
        return _unknown(subject.place(method), unknown)
    wanted = [p.name for p in known if p.default is p.empty]
    return _miscounted(subject, method, " and ".join(wanted) or "nothing")


def _takes_no_array(subject: Subject) -> Finding | None:
    """Return the finding for a `forward` without ``self``, or without an array."""
    static = inspect.getattr_static(subject.cls, "forward")
    names = list(inspect.signature(subject.cls.forward).parameters.values())
    if not inspect.isfunction(static) or len(names) > 1:
        return None
    if names and names[0].kind is names[0].VAR_POSITIONAL:
        return None
    written = names[0].name if names else ""
    array = written if written not in ("", "self") else "x"
    return Finding(
        "forward-raises",
        f"{subject.place('forward')} is defined as forward({written}): it takes no "
        "array.",
        f"Write `def forward(self, {array}):`.",
    )


def _unknown(place: str, names: list[str]) -> Finding:
    words = " and ".join(names)
    return Finding(
        "wrong-inputs",
        f"{place} does not take {words}, which check_grad was given.",
        "check_grad itself takes reference=, order= and timeout=; it hands everything "
        "else to the constructor. Its tolerances are fixed.",
    )


def _miscounted(subject: Subject, method: str, wanted: str) -> Finding:
    inputs = subject.arguments.inputs
    fix = "Give as many arguments as the class takes, or change its signature."
    functions = [x.__name__ for x in inputs if callable(x) and hasattr(x, "__name__")]
    if functions:
        fix = f"Give the function by name: reference={functions[0]}."
    count = f"{len(inputs)} input{'s' * (len(inputs) != 1)}"
    return Finding(
        "wrong-inputs",
        f"{subject.place(method)} takes {wanted}; check_grad was given {count}.",
        fix,
    )
