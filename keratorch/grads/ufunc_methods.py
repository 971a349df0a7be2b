"""Methods of ufuncs: ``np.add.reduce``, ``np.multiply.outer``."""

from __future__ import annotations
