"""What becomes of float32: it stays float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.core import Grad
from keratorch.dtypes import BEFORE_NEP50
from keratorch.graph import value
from keratorch.testing.evidence import Evidence
from keratorch.testing.quiet import Failure, attempt
from keratorch.testing.report import Finding
from keratorch.testing.subject import Subject

_DTYPES = tuple({type(np.dtype(x)) for x in ("f2", "f4", "f8", "c8", "c16")})


def check_float32(evidence: Evidence, notes: list[str]) -> Finding | None:
    """Return whether float32 becomes float64; of ``backward`` as a note alone."""
    subject = evidence.subject
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
        return _promoted(subject) if own and not chosen else None
    if BEFORE_NEP50 and not all(x.ndim for x in (use.output, *arrays)):
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
            notes.append(
                f"{subject.place()} computes in float64 where its input is "
                "float32; the walk converts the gradient back."
            )
            return None
    return None


def narrowed(evidence: Evidence) -> Finding | None:
    """Return that ``backward`` answers float64 in a shorter float."""
    subject = evidence.subject
    if not evidence.is_real or subject.cls.changes_dtype:
        return None
    if BEFORE_NEP50 and not all(x.ndim for x in (evidence.output, *evidence.arrays)):
        return None
    raw = attempt(evidence.use.raw, evidence.upstream)
    if isinstance(raw, Failure) or evidence.output.dtype != np.float64:
        return None
    raw = raw if isinstance(raw, (tuple, list)) else (raw,)
    op: Any = evidence.use.op
    for i, (x, gradient) in enumerate(zip(op._inputs, raw, strict=False)):
        dtype = getattr(value(gradient), "dtype", None)
        if op.needs(i) and dtype in _SHORT and value(x).dtype == np.float64:
            return Finding(
                "dtype",
                f"{subject.place()} gave {dtype} as the gradient of input {i}, which "
                "is float64: its last digits are lost.",
                "Let the gradient have the dtype of its input: no .astype(np.float32), "
                "no arrays of shorter floats.",
            )
    return None


_SHORT = (np.float16, np.float32)


def _promoted(subject: Subject) -> Finding:
    return Finding(
        "dtype",
        f"{subject.place('forward')} turned float32 into float64, which doubles "
        "memory and time.",
        "Use Python's numbers for constants (math.sqrt(2), not np.sqrt(2)), and "
        "np.zeros_like(x), .astype(x.dtype) for arrays.",
    )
