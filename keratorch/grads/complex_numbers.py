"""Complex numbers: their parts, their conjugate, and back."""

from __future__ import annotations
