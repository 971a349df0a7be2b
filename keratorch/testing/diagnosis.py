"""Which mistake explains a wrong gradient: hypotheses, the likeliest first.

Each hypothesis is a function of the `Evidence` and the position of an input.  It
returns a `Finding` where the wrong gradient is just what its mistake would give.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from keratorch.testing.elementwise import (
    as_function_of_input,
    in_other_variable,
)
from keratorch.testing.evidence import Evidence, backward_source, same
from keratorch.testing.factors import constant_factor, nearly_right, scaled_by_output
from keratorch.testing.finite import low_precision, not_finite
from keratorch.testing.float32 import narrowed
from keratorch.testing.linearity import missing_upstream
from keratorch.testing.of_two import as_function_of_two
from keratorch.testing.pieces import exchanged_cases, in_a_region
from keratorch.testing.products import flipped, product_hint, product_of
from keratorch.testing.report import Finding
from keratorch.testing.routes import of_another_input, route, taken_from_elsewhere
from keratorch.testing.terms import off_by_a_term

__all__ = ["diagnose", "product_hint"]

Hypothesis = Callable[[Evidence, int], "Finding | None"]


def diagnose(evidence: Evidence) -> list[Finding]:
    """Return what explains the wrong gradients: one finding for each mistake."""
    wrong = evidence.wrong
    if not evidence.is_real:
        return [_unexplained(evidence, wrong[0])]
    imprecise = low_precision(evidence)
    if imprecise is not None:
        return [imprecise]
    short = narrowed(evidence)
    if short is not None and all(nearly_right(evidence, i) for i in wrong):
        return [short]
    findings: list[Finding] = []
    for i in wrong:
        found = next(filter(None, (test(evidence, i) for test in HYPOTHESES)), None)
        found = found or _unexplained(evidence, i)
        if found.code not in [other.code for other in findings]:
            findings.append(found)
    named = [finding for finding in findings if finding.code != "wrong-value"]
    if any(finding.code in _ALONE for finding in named):
        return [finding for finding in named if finding.code in _ALONE][:1]
    return named or findings


_ALONE = ("swapped-inputs",)  # it explains the gradients of all inputs


def forgets_input(evidence: Evidence, i: int) -> Finding | None:
    """No gradient, or zeros, where the output depends on the input."""
    if np.any(evidence.gradient(i)):
        return None
    what = "None" if evidence.gradients[i] is None else "zeros"
    return evidence.finding(
        "forgets-input",
        i,
        f"{evidence.subject.place()} gave {what} for {evidence.name(i)}, but the "
        "output depends on it",
        "Derive the formula by this input too. None means that there is no gradient, "
        "as for integer indices.",
    )


def swapped_inputs(evidence: Evidence, i: int) -> Finding | None:
    """The gradients of two inputs, each in the place of the other."""
    for j in evidence.wrong:
        if (
            j != i
            and same(evidence.gradient(i), evidence.expected[j].value)
            and same(evidence.gradient(j), evidence.expected[i].value)
        ):
            one, other = (evidence.subject.names[k] for k in sorted((i, j)))
            return evidence.finding(
                "swapped-inputs",
                min(i, j),
                f"{evidence.subject.place()} gave the gradient of {other} for {one}, "
                f"and that of {one} for {other}",
                "Return the gradients in the order of the inputs.",
            )
    return None


def sign(evidence: Evidence, i: int) -> Finding | None:
    """The gradient points the other way."""
    if not same(evidence.gradient(i), -_known(evidence, i)):
        return None
    return evidence.finding(
        "sign",
        i,
        f"{evidence.subject.place()} gave the gradient of {evidence.name(i)} with the "
        "wrong sign everywhere",
        "Look for a minus that is missing, or one too many.",
    )


def _known(evidence: Evidence, i: int) -> np.ndarray:
    """Return the measured gradient, that of `backward` where nothing was measured."""
    expected = evidence.expected[i]
    return np.where(expected.skipped, -evidence.gradient(i), expected.value)


def in_another_order(evidence: Evidence, i: int) -> Finding | None:
    """The right numbers, transposed or in other places."""
    gradient, right = evidence.gradient(i), evidence.expected[i].value
    if evidence.expected[i].skipped.any() or gradient.size < 2:
        return None
    reduces = 0 < evidence.output.ndim != gradient.ndim and len(evidence.arrays) < 2
    place, name = evidence.subject.place(), evidence.name(i)
    for axes in itertools.permutations(range(min(gradient.ndim, 5))):
        turned = gradient.transpose(axes) if gradient.ndim < 6 else gradient
        if turned.shape == right.shape and same(turned, right):
            if reduces:
                return evidence.finding(
                    "wrong-axis",
                    i,
                    f"{place} gave the gradient of {name} spread along another axis "
                    "than the operation's",
                    "Put the axis that the operation removed back where it was, as "
                    "np.expand_dims(grad, axis) does.",
                )
            return evidence.finding(
                "transposed",
                i,
                f"{place} gave the gradient of {name} transposed",
                "Transpose it once more, `.T`, or leave out the transpose."
                if gradient.ndim < 3
                else "Undo the permutation: np.transpose(grad, np.argsort(axes)).",
            )
    return None


def jacobian_not_transposed(evidence: Evidence, i: int) -> Finding | None:
    """The operation applied to the incoming gradient again, instead of undone."""
    matrices, right = evidence.matrices, evidence.expected[i].jacobian
    if matrices is None or right is None:
        return None
    if evidence.arrays[i].size != evidence.output.size or right.size < 4:
        return None
    n = evidence.output.size
    if same(matrices[i].reshape(n, n).T, right.reshape(n, n)):
        example = "(A shift goes back the other way, a permutation by its inverse, a "
        example += "running sum from the end.)"
        if len(evidence.arrays) > 1:
            example = "(y = A @ x goes back as A.T @ grad.)"
        return evidence.finding(
            "transposed",
            i,
            f"{evidence.subject.place()} sends each number where the operation sent "
            f"it from {evidence.name(i)}, instead of back",
            "Undo the operation: the gradient goes through the transposed Jacobian. "
            + example,
        )
    return None


def in_wrong_places(evidence: Evidence, i: int) -> Finding | None:
    """The right numbers in other places."""
    gradient, right = evidence.gradient(i), evidence.expected[i].value
    if evidence.expected[i].skipped.any() or gradient.size < 3:
        return None
    if len(np.unique(np.round(right, 9))) < 3:
        return None
    if same(np.sort(gradient, axis=None), np.sort(right, axis=None)):
        places = f": {route(evidence, i)}".removesuffix(": ")
        return evidence.finding(
            "wrong-order",
            i,
            f"{evidence.subject.place()} gave the right numbers for "
            f"{evidence.name(i)}, but in the wrong places{places}",
            "Send each number back to where it came from: the same order='C', the "
            "inverse permutation, the axis flipped again.",
        )
    return None


def not_accumulated(evidence: Evidence, i: int) -> Finding | None:
    """One of several gradients, where an element was used several times."""
    right = evidence.expected[i].jacobian
    wrong = evidence.expected[i].differs(evidence.gradients[i])
    if right is None:
        return None
    gradient = evidence.gradient(i)
    for index in map(tuple, np.argwhere(wrong)):
        parts = (right[index] * evidence.upstream)[np.abs(right[index]) > 1e-9]
        near = np.isclose(parts, gradient[index], rtol=1e-6, atol=1e-9)
        if parts.size < 2 or not near.any():
            return None
    return evidence.finding(
        "not-accumulated",
        i,
        f"{evidence.subject.place()} gave one of several gradients, where an element "
        f"of {evidence.name(i)} is used more than once",
        "Add up the gradients of all uses: a sum over the axes along which it was "
        "repeated; for indices, np.bincount or a one-hot matrix instead of "
        "`dx[index] = grad`.",
    )


def along_another_axis(evidence: Evidence, i: int) -> Finding | None:
    """Numbers joined along other axes than the operation joins them along."""
    matrices, right = evidence.matrices, evidence.expected[i].jacobian
    if matrices is None or right is None:
        return None
    if evidence.arrays[i].shape != evidence.output.shape or right.size < 4:
        return None
    does, should = _joined_axes(matrices[i]), _joined_axes(right)
    if does == should:
        return None
    place, name = evidence.subject.place(), evidence.name(i)
    if not does:
        return evidence.finding(
            "only-diagonal",
            i,
            f"{place} takes one output for each element of {name}, but each output "
            f"depends on several, along axis {_axes(should)}",
            "The gradient is a sum over all outputs that an element changes: "
            "sum(dL/dout * dout/dx), with the terms off the diagonal.",
        )
    along = f"axis {_axes(should)}" if should else "no axis, each element alone"
    fix = "Use the axis of the operation in each sum, mean and max of backward."
    if should < does and "keepdims=True" not in backward_source(evidence.subject):
        fix += " Write keepdims=True in each that is combined with an array again."
    return evidence.finding(
        "wrong-axis",
        i,
        f"{place} joins numbers of {name} along axis {_axes(does)}; the operation "
        f"joins along {along}",
        fix,
    )


def off_diagonal(evidence: Evidence, i: int) -> Finding | None:
    """A wrong sign or factor at a sum over other elements, as in that of softmax."""
    matrices, right = evidence.matrices, evidence.expected[i].jacobian
    if matrices is None or right is None or right.size < 4:
        return None
    if evidence.arrays[i].shape != evidence.output.shape:
        return None
    n = evidence.output.size
    others = ~np.eye(n, dtype=bool)
    does, should = (x.reshape(n, n)[others] for x in (matrices[i], right))
    if not should.any():
        return None
    largest = np.argmax(np.abs(should))
    factor = float(does[largest] / should[largest])
    if not same(does, factor * should):
        return None
    where = (
        f"{evidence.subject.place()} gave a gradient of {evidence.name(i)} in which "
    )
    where += "the terms off the diagonal of the Jacobian"
    if np.isclose(factor, -1):
        return evidence.finding(
            "sign",
            i,
            f"{where} have the wrong sign",
            "Look at the sign of the sum over all elements.",
        )
    for k, length in enumerate(evidence.output.shape):
        if length > 1 and np.isclose(factor, (length, 1 / length)).any():
            one, other = ("sum", "mean") if factor > 1 else ("mean", "sum")
            return evidence.finding(
                "mean-for-sum",
                i,
                f"{where} are {factor:.6g} times the right ones; axis {k} has "
                f"{length} elements",
                f"Take a {other} over the axis where there is a {one}.",
            )
    return None


def _joined_axes(matrix: np.ndarray) -> set[int]:
    """Return the axes along which an input reaches outputs at other places."""
    ndim = matrix.ndim // 2
    where = np.argwhere(np.abs(matrix) > 1e-7 * max(np.abs(matrix).max(), 1e-12))
    inside, outside = where[:, :ndim], where[:, ndim:]
    return {k for k in range(ndim) if (inside[:, k] != outside[:, k]).any()}


def _axes(axes: set[int]) -> str:
    return " and ".join(map(str, sorted(axes)))


def _unexplained(evidence: Evidence, i: int) -> Finding:
    wrong = evidence.expected[i].differs(evidence.gradients[i])
    count = f"{int(wrong.sum())} of {wrong.size} elements"
    gradient = evidence.gradient(i)
    if not np.isfinite(gradient).all():
        count += ", with NaN or infinity among them"
    return evidence.finding(
        "wrong-value",
        i,
        f"{evidence.subject.place()} gave a wrong gradient of {evidence.name(i)}, in "
        f"{count}",
        "Derive the formula again; test it term by term, on one element.",
    )


HYPOTHESES: tuple[Hypothesis, ...] = (
    not_finite,
    forgets_input,
    missing_upstream,
    swapped_inputs,
    sign,
    constant_factor,
    scaled_by_output,
    in_another_order,
    product_of,
    jacobian_not_transposed,
    in_wrong_places,
    along_another_axis,
    not_accumulated,
    off_diagonal,
    flipped,
    in_other_variable,
    exchanged_cases,
    in_a_region,
    as_function_of_input,
    as_function_of_two,
    nearly_right,
    of_another_input,
    taken_from_elsewhere,
    off_by_a_term,
)
