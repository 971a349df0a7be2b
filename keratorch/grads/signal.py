"""Convolution, correlation and interpolation of sequences."""

from __future__ import annotations
