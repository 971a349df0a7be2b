"""Statistics: averages, medians, quantiles, ranges."""

from __future__ import annotations
