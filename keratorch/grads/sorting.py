"""Sorted arrays: the gradient goes back to where each element came from."""

from __future__ import annotations
