"""Arrays with a border, in each mode of ``np.pad``."""

from __future__ import annotations
