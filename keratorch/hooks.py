"""Hooks: functions that see, and may replace, a gradient as it arrives at an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keratorch.errors import GraphError, describe, location
from keratorch.gradient_values import conjugated, read_only
from keratorch.graph import now

on_leaves = False  # whether any leaf ever had a hook: until then the walk need not look


class HookHandle:
    """What `GradArray.register_hook` returns: it takes the hook away again.

    As a context manager it does so at the end of the block.
    """

    def __init__(self, hooks: dict[int, Callable], key: int):
        self._hooks, self._key = hooks, key

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> HookHandle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def register(array: Any, hook: Any) -> HookHandle:
    """Let a hook see the gradients of an array from now on: those of its operation."""
    global on_leaves
    _check(array, hook)
    owner = array if array._grad_op is None else array._grad_op
    on_leaves = on_leaves or owner is array
    hooks = getattr(owner, "_hooks", None)
    if hooks is None:
        hooks = owner._hooks = {}
    key = now()
    hooks[key] = hook
    return HookHandle(hooks, key)


def _check(array: Any, hook: Any) -> None:
    """Raise unless a gradient can arrive at the array and the hook can be called."""
    if not callable(hook):
        raise TypeError(
            f"hook must be a function of the gradient; received {describe(hook)}. "
            "Write x.register_hook(lambda grad: grad * 2)."
        )
    if not array._requires_grad:
        raise GraphError(
            f"{array!r} does not require a gradient, so its hook would never run. Set "
            "requires_grad=True, or hook an array that has a graph."
        )


def hooked(gradient: Any, hooks: dict[int, Callable], twice: bool) -> Any:
    """Return the gradient after all hooks of an array, in the order of registration."""
    for hook in list(hooks.values()):  # a hook may remove itself
        seen = conjugated(gradient)
        if not twice:
            seen = read_only(seen)
        returned = hook(seen)
        if returned is not None:
            gradient = conjugated(_checked(hook, returned, gradient, twice))
    return gradient


def run_those_of_leaves(
    found: dict[int, Any], reached: dict[int, Any], twice: bool
) -> None:
    """Let the hooks of leaves see the gradients that were found for them."""
    for x in reached.values():
        if x._grad_op is None and hasattr(x, "_hooks"):
            found[x._node] = hooked(found[x._node], x._hooks, twice)


def _checked(hook: Callable, returned: Any, gradient: Any, twice: bool) -> Any:
    fits = getattr(returned, "shape", None) == gradient.shape
    if not fits or returned.dtype != gradient.dtype:
        raise GraphError(
            f"The hook {getattr(hook, '__name__', hook)} ({location(hook)}) returned "
            f"{describe(returned)} for a gradient of shape {gradient.shape} and dtype "
            f"{gradient.dtype}. Return an array like it, or None to leave it alone."
        )
    if twice or not hasattr(returned, "_grad_op"):
        return returned
    return returned._array
