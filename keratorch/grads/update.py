"""Functional writing: ``x.at[index].set(value)`` and its kin."""

from __future__ import annotations
