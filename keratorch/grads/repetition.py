"""Elements repeated, rolled and turned around."""

from __future__ import annotations
