"""Diagonals and triangles of matrices."""

from __future__ import annotations
