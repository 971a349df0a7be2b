"""Einstein's summation."""

from __future__ import annotations
