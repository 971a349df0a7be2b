"""Linear algebra: inverses, determinants and decompositions."""

from __future__ import annotations
