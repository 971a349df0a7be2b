"""The walk back: the chain rule, operation by operation, from the newest to the oldest.

It knows a GradArray by its ``_requires_grad`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from numpy import ndarray

from keratorch import anomaly, contract, graph, hooks
from keratorch.gradient_values import added, own, read_only
from keratorch.modes import PLAIN_BACKWARD, Mode, backward_mode, current_mode
from keratorch.partial import is_partial, is_taken, whole

if TYPE_CHECKING:
    from keratorch.core import Grad, GradArray


def walk(
    found: dict[int, Any],
    reached: dict[int, GradArray],
    operations: Sequence[Grad],
    targets: Sequence[GradArray] | None = None,
    create_graph: bool = False,
    leaf_hooks: bool = True,
) -> None:
    """Apply the chain rule to each operation, newest first.

    An operation is younger than its inputs, so when its turn comes every consumer of
    its output has reported.  To begin with, `found` and `reached` are the gradients
    that arrive at the outputs, ``{node: gradient}``, and the outputs; in the end, the
    gradients of `targets`, or of every array behind, and the arrays that they reached.
    """
    kept, wanted = None, None
    if targets is not None:
        kept = {x._node for x in targets}
        wanted = graph.leading_to(kept, operations)
    previous = current_mode.get()
    mode = backward_mode(previous, create_graph, wanted)
    # The library's own operations make nothing that could be recorded.  Without others
    # the mode stays: to set a context variable takes as long as a small operation.
    stays = mode is PLAIN_BACKWARD and not hooks.on_leaves
    if not stays:
        current_mode.set(mode)
    try:
        for op in operations:
            node = op._number
            if node not in found or (wanted is not None and node not in wanted):
                continue
            if stays and (op._guarded or op._hooks):
                current_mode.set(mode)
                stays = False
            if op._hooks:
                found[node] = hooks.hooked(found[node], op._hooks, create_graph)
            _chain_rule(op, found, reached, mode, kept)
            if kept is not None and node not in kept:
                del found[node]
        if leaf_hooks and hooks.on_leaves:
            hooks.run_those_of_leaves(found, reached, create_graph)
    finally:
        if not stays:
            current_mode.set(previous)


def _chain_rule(
    op: Grad,
    found: dict[int, Any],
    reached: dict[int, GradArray],
    mode: Mode,
    kept: set[int] | None,
) -> None:
    """Add dL/dinput to what was found for each input, given dL/doutput there.

    The first gradient is kept by reference, later ones are added out of place; partial
    ones in place, if nobody else holds what was found.  A partial one that comes first
    stays as it is where its operation takes it, unless it is to be kept.
    """
    grad = found[op._number]
    if op._guarded and not mode.twice:
        grad = read_only(grad)
    try:
        returned = anomaly.backward(op, grad) if mode.watches else op.backward(grad)
    except (TypeError, ValueError) as error:
        contract.explain_backward(op, grad, error)
        raise
    inputs, wanted = op._inputs, mode.wanted
    if type(returned) is ndarray and len(inputs) == 1:
        returned = (returned,)
    elif type(returned) is not tuple or len(returned) != len(inputs):
        returned = contract.as_tuple(op, returned)
    for i, x in enumerate(inputs):
        gradient = returned[i]
        if gradient is None or not getattr(x, "_requires_grad", False):
            continue
        array, node, partial = x._array, x._node, False
        if (
            type(gradient) is not ndarray
            or gradient.shape != array.shape
            or gradient.dtype is not array.dtype
            or x._written > op._number
        ):
            partial = x._written <= op._number and is_partial(gradient, array)
            if not partial:
                gradient = contract.checked_gradient(op, i, gradient, mode.twice)
        if wanted is not None and node not in wanted:
            continue
        if reached.setdefault(node, x) is not x:
            reached[-id(x)] = x  # it shares the operation with another array
        if partial and node in found:
            found[node] = gradient.added(own(whole(found.pop(node))))
        elif partial:
            stays = is_taken(x) and (kept is None or node not in kept)
            found[node] = gradient if stays else gradient.added(None)
        elif node in found:
            found[node] = added(found[node], gradient)
        else:
            found[node] = gradient
