"""NumPy functions whose result carries no gradient: they return plain arrays."""

from __future__ import annotations

import numpy as np

from keratorch.registry import constant

constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
constant(np.isnan, np.isinf, np.isfinite, np.signbit, np.spacing)
constant(np.isneginf, np.isposinf, np.isreal, np.iscomplex)
constant(np.isclose, np.allclose, np.array_equal, np.array_equiv)
constant(np.all, np.any, np.count_nonzero, np.nonzero, np.flatnonzero, np.argwhere)
constant(np.argmax, np.argmin, np.argsort, np.argpartition, np.searchsorted)
constant(np.digitize)
constant(
    np.shape,
    np.ndim,
    np.size,
    np.result_type,
    np.can_cast,
    np.min_scalar_type,
    np.common_type,
)
constant(np.zeros_like, np.ones_like, np.empty_like)
constant(np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory)
constant(np.array_repr, np.array_str, np.array2string)
