"""Functions that pick elements: take, choose, select, compress."""

from __future__ import annotations
