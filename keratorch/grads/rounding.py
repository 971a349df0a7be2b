"""Functions that are constant between jumps, and what is left: floor, remainder."""

from __future__ import annotations
