"""Which mistake explains a wrong gradient: hypotheses, the likeliest first.

Each hypothesis is a function of the `Evidence` and the position of an input.  It
returns a `Finding` where the wrong gradient is just what its mistake would give.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from keratorch.testing.derivatives import NUMBERS
from keratorch.testing.elementwise import (
    as_function_of_input,
    as_function_of_two,
    in_a_region,
)
from keratorch.testing.evidence import Evidence, evidence_on, same, upstream_name
from keratorch.testing.products import product_hint, product_of
from keratorch.testing.quiet import Failure
from keratorch.testing.report import Finding

__all__ = ["diagnose", "product_hint"]

Hypothesis = Callable[[Evidence, int], "Finding | None"]


def diagnose(evidence: Evidence) -> list[Finding]:
    """Return what explains the wrong gradients: one finding for each mistake."""
    wrong = evidence.wrong
    if not evidence.is_real:
        return [_unexplained(evidence, wrong[0])]
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


def missing_upstream(evidence: Evidence, i: int) -> Finding | None:
    """The same gradient whatever comes in."""
    name = upstream_name(evidence.subject)
    twice, none = _responses(evidence, i)
    once = evidence.gradient(i)
    if twice is None or none is None or same(twice, 2 * once):
        return None
    where = f"{evidence.subject.place()} "
    if same(twice, once):
        problem = (
            f"gave the same gradient of {evidence.name(i)} whatever `{name}`, the "
            "gradient that comes in, is"
        )
        fix = (
            f"Multiply by `{name}`: dL/dinput = dL/doutput * doutput/dinput, and "
            f"`{name}` is dL/doutput."
        )
        return evidence.finding("missing-upstream", i, where + problem, fix)
    how = "is not proportional to it"
    fix = f"Use `{name}` once, as a factor of each term."
    if np.abs(none).max(initial=0) > 1e-9:
        how = f"is not zero where `{name}` is: some term lacks that factor"
        fix = f"Multiply by `{name}` instead of adding it: it is a factor of each term."
    elif same(twice, 4 * once):
        how = f"grows with the square of `{name}`: it is used twice"
    problem = f"gave a gradient of {evidence.name(i)} that {how}"
    return evidence.finding("not-linear", i, where + problem, fix)


def _responses(evidence: Evidence, i: int) -> tuple:
    """Return the gradients for twice the incoming gradient, and for none."""
    found: list[np.ndarray | None] = []
    for factor in (2.0, 0.0):
        response = evidence.response(factor * evidence.upstream)
        if isinstance(response, Failure):
            found.append(None)
        else:
            gradient = response[i]
            empty = np.zeros(evidence.arrays[i].shape)
            found.append(empty if gradient is None else np.asarray(gradient))
    return tuple(found)


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


def constant_factor(evidence: Evidence, i: int) -> Finding | None:
    """A constant times the right gradient."""
    factor = _factor(evidence, i)
    if factor is None or abs(factor) < 1e-6:
        return None
    where = f"{evidence.subject.place()} gave {{}} times the right gradient of "
    where += evidence.name(i)
    ratio = _change_with_size(evidence, i, factor)
    if ratio is not None and not np.isclose(ratio, (1, 3, 1 / 3), rtol=1e-5).any():
        return None  # it is no constant
    sizes = None if ratio is None else not np.isclose(ratio, 1, rtol=1e-5)
    counts = _counts(evidence, i)
    is_count = any(np.isclose(factor, [n, 1 / n]).any() for n in counts)
    reduces = evidence.output.size < evidence.arrays[i].size
    if sizes or (sizes is None and is_count and reduces):
        few = abs(factor) < 1
        how = "divides by a number of elements" if few else "lacks the division"
        problem = where.format(_number(factor, counts)) + (
            f", and the factor changes with the number of elements: it {how}"
        )
        fix = (
            "The operation does not take a mean there: do not divide by the number "
            "of elements."
            if few
            else "The operation takes a mean: divide by the number of elements that "
            "it averages."
        )
        return evidence.finding("mean-for-sum", i, problem, fix)
    lacks = _number(1 / factor, {})
    return evidence.finding(
        "constant-factor",
        i,
        where.format(_number(factor, {})),
        f"Multiply by {lacks}: derive the formula again, with its constants.",
    )


def _known(evidence: Evidence, i: int) -> np.ndarray:
    """Return the measured gradient, that of `backward` where nothing was measured."""
    expected = evidence.expected[i]
    return np.where(expected.skipped, -evidence.gradient(i), expected.value)


def _factor(evidence: Evidence, i: int) -> float | None:
    """Return the number by which a gradient is off everywhere, if there is one."""
    kept = ~evidence.expected[i].skipped
    gradient, right = evidence.gradient(i)[kept], evidence.expected[i].value[kept]
    if not right.size or not np.abs(right).max() > 1e-9:
        return None
    largest = np.argmax(np.abs(right))
    factor = float(gradient[largest] / right[largest])
    return factor if same(gradient, factor * right) else None


def _counts(evidence: Evidence, i: int) -> dict[float, str]:
    """Return the numbers of elements that a mean may have divided by."""
    shape, output = evidence.arrays[i].shape, evidence.output
    size = evidence.arrays[i].size
    counts = {float(n): f"{n} (the length of axis {k})" for k, n in enumerate(shape)}
    counts[float(output.size)] = f"{output.size} (the elements of the output)"
    counts[float(size)] = f"{size} (the elements of the input)"
    if output.size and size % output.size == 0:
        each = size // output.size
        counts[float(each)] = f"{each} (the elements for each output)"
    return {n: text for n, text in counts.items() if n > 1}


def _number(x: float, counts: dict[float, str]) -> str:
    """Return a number as a reader would write it."""
    for n, text in counts.items():
        if np.isclose(abs(x), n):
            return f"-{text}" if x < 0 else text
        if np.isclose(abs(x), 1 / n):
            return f"-1/{text}" if x < 0 else f"1/{text}"
    for number, text in NUMBERS.items():
        if np.isclose(abs(x), number, rtol=1e-6):
            return f"-{text}" if x < 0 else text
    return f"{x:.6g}"


def _change_with_size(evidence: Evidence, i: int, factor: float) -> float | None:
    """Return how the factor changes for inputs three times as long; None if unknown."""
    known = None
    for axis in (0, -1):
        if any(x.ndim == 0 for x in evidence.arrays):
            continue
        longer = [np.concatenate([x, x, x], axis) for x in evidence.arrays]
        other = evidence_on(evidence.subject, longer, "")
        if other is None or isinstance(other.gradients, Failure):
            continue
        again = _factor(other, i)
        if again is not None and (known is None or np.isclose(known, 1, rtol=1e-5)):
            known = again / factor
    return known


def in_another_order(evidence: Evidence, i: int) -> Finding | None:
    """The right numbers, transposed or in other places."""
    gradient, right = evidence.gradient(i), evidence.expected[i].value
    if evidence.expected[i].skipped.any() or gradient.size < 2:
        return None
    reduces = evidence.output.ndim != gradient.ndim
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
    if matrices is None or right is None or len(evidence.arrays) > 1:
        return None
    if evidence.arrays[i].size != evidence.output.size or right.size < 4:
        return None
    n = evidence.output.size
    if same(matrices[i].reshape(n, n).T, right.reshape(n, n)):
        return evidence.finding(
            "transposed",
            i,
            f"{evidence.subject.place()} sends each number where the operation sent "
            f"it from {evidence.name(i)}, instead of back",
            "Undo the operation: the gradient goes through the transposed Jacobian. "
            "(A shift goes back the other way, a permutation by its inverse, a "
            "running sum from the end.)",
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
        return evidence.finding(
            "wrong-order",
            i,
            f"{evidence.subject.place()} gave the right numbers for "
            f"{evidence.name(i)}, but in the wrong places",
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
    return evidence.finding(
        "wrong-axis",
        i,
        f"{place} joins numbers of {name} along axis {_axes(does)}; the operation "
        f"joins along {along}",
        "Use the axis of the operation in each sum, mean and max of backward.",
    )


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
    forgets_input,
    missing_upstream,
    swapped_inputs,
    sign,
    constant_factor,
    in_another_order,
    product_of,
    jacobian_not_transposed,
    in_wrong_places,
    along_another_axis,
    not_accumulated,
    in_a_region,
    as_function_of_input,
    as_function_of_two,
)
