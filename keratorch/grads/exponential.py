"""Exponentials, logarithms and roots of each element."""

from __future__ import annotations
