"""The mask of the first of several arrays, for layers that fail without.

Keras 2 handed it to ``call(self, inputs, context, mask=None)``. Keras 3 hands a layer
of several arrays no `mask`; then one fails that makes what it needs of it alone::

    if mask is not None:
        padding = tf.cast(mask[:, None], "int32")
    return self.attention(inputs, context, attention_mask=padding)
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from keratorch.compat import dialect
from keratorch.masks import get_mask
from keratorch.nested import flatten, map_structure


def remembering(begin: Callable[..., None]) -> Callable[..., None]:
    """Return the ``__init__`` of a signature that knows its `call`."""

    @functools.wraps(begin)
    def begun(signature: Any, call: Callable, build: Callable) -> None:
        begin(signature, call, build)
        signature.call = call

    return begun


def of_the_first(fill: Callable[..., None]) -> Callable[..., None]:
    """Return the `fill_masks` that fills a needed `mask` as Keras 2 did."""

    @functools.wraps(fill)
    def filled(signature: Any, args: tuple, kwargs: dict[str, Any]) -> None:
        fill(signature, args, kwargs)
        call = getattr(signature, "call", None)
        if call is None or "mask" not in signature.masks or not args:
            return
        if signature.named(args, kwargs).get("mask") is not None:
            return
        if dialect.is_older() and _needs_mask(call):
            found = map_structure(get_mask, args[0])
            if any(mask is not None for mask in flatten(found)):
                kwargs["mask"] = found

    return filled


@functools.cache
def _needs_mask(call: Callable) -> bool:
    """Return whether a function reads a name that it has only if there is a mask."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(call)))
    except (OSError, SyntaxError):
        return False
    branches = [node for node in ast.walk(tree) if _is_if_masked(node)]
    inside = {id(node) for branch in branches for node in ast.walk(branch)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {n.id for n in names if id(n) in inside and isinstance(n.ctx, ast.Store)}
    others = [node for node in names if id(node) not in inside]
    made -= {node.id for node in others if isinstance(node.ctx, ast.Store)}
    return any(node.id in made for node in others)


def _is_if_masked(node: ast.AST) -> bool:
    """Return whether a node is ``if mask is not None:`` without an ``else``."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and ast.unparse(node.test) in ("mask is not None", "mask != None", "mask")
    )
