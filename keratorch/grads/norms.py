"""Norms of vectors and matrices."""

from __future__ import annotations
