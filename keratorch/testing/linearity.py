"""Whether `backward` is linear in the incoming gradient, as the chain rule is."""

from __future__ import annotations

import numpy as np

from keratorch.testing.evidence import Evidence, same, upstream_for, upstream_name
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding


def random_backward(evidence: Evidence) -> Finding | None:
    """Another gradient each time, from the same values."""
    subject = evidence.subject
    if isinstance(evidence.gradients, Failure):
        return None
    found = [attempt(_fresh, evidence) for _ in range(3)]
    if any(isinstance(gradients, Failure) for gradients in found):
        return None
    if all(_equal(found[0], gradients) for gradients in found[1:]):
        return None
    return Finding(
        "not-repeatable",
        f"{subject.place()} gave two different gradients for the same values.",
        "Draw random numbers once, in __init__ or forward, and keep them in self: "
        "backward uses the same mask.",
    )


def _fresh(evidence: Evidence) -> list:
    """Return the gradients of a new use; what is random in `backward` goes on."""
    state = np.random.get_state()  # noqa: NPY002 - `use` may start it anew
    use = evidence.subject.use(evidence.arrays)
    np.random.set_state(state)  # noqa: NPY002
    np.random.random_sample()  # noqa: NPY002
    return use.gradients(evidence.upstream)


def _equal(found: list, others: list) -> bool:
    return all(
        one is other
        or (
            one is not None
            and other is not None
            and np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True)
        )
        for one, other in zip(found, others, strict=True)
    )


def missing_upstream(evidence: Evidence, i: int) -> Finding | None:
    """The same gradient whatever comes in, or one that is not proportional to it."""
    name, once = upstream_name(evidence.subject), evidence.gradient(i)
    upstream, another = evidence.upstream, upstream_for(evidence.output, seed=5)
    another = np.where(upstream == 0, 0, another)
    ways = (2 * upstream, 0 * upstream, another, upstream + another)
    twice, none, other, both = (_gradient(evidence, i, way) for way in ways)
    if twice is None or none is None or other is None or both is None:
        return None
    where = f"{evidence.subject.place()} gave "
    if same(twice, once) and same(other, once):
        return evidence.finding(
            "missing-upstream",
            i,
            f"{where}the same gradient of {evidence.name(i)} whatever `{name}`, the "
            "gradient that comes in, is",
            f"Multiply by `{name}`: dL/dinput = dL/doutput * doutput/dinput, and "
            f"`{name}` is dL/doutput.",
        )
    if same(twice, 2 * once) and _adds_up(once, other, both):
        return None
    how = f"is not proportional to `{name}`"
    fix = f"Use `{name}` once, as a factor of each term."
    if np.abs(none).max(initial=0) > 1e-9:
        how = f"is not zero where `{name}` is: some term lacks that factor"
        fix = f"Multiply by `{name}` instead of adding it: it is a factor of each term."
    elif same(twice, 4 * once):
        how = f"grows with the square of `{name}`: it is used twice"
    elif same(twice, once):
        how = f"stays as it is when `{name}` is doubled"
        fix = f"Do not normalize by `{name}`: use it once, as a factor."
    elif same(twice, 2 * once):
        how = f"is not linear in `{name}`"
        fix = f"Take conditions and masks from the input, not from `{name}`."
    problem = f"{where}a gradient of {evidence.name(i)} that {how}"
    return evidence.finding("not-linear", i, problem, fix)


def _adds_up(one: np.ndarray, other: np.ndarray, both: np.ndarray) -> bool:
    size = max(np.abs(one).max(initial=0), np.abs(other).max(initial=0), 1e-6)
    return bool(np.abs(one + other - both).max(initial=0) <= 1e-6 * size)


def _gradient(evidence: Evidence, i: int, upstream: np.ndarray) -> np.ndarray | None:
    """Return the gradient for another incoming gradient, None if there is none."""
    response = evidence.response(upstream)
    if isinstance(response, Failure):
        return None
    if response[i] is None:
        return np.zeros(evidence.arrays[i].shape)
    return np.asarray(response[i])
