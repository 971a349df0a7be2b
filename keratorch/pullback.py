"""The walk back from several outputs to chosen inputs, which writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keratorch.core import Grad, GradArray
from keratorch.gradient_values import added
from keratorch.walk import walk


def pulled_back(
    outputs: Sequence[GradArray],
    gradients: Sequence[Any],
    operations: Sequence[Grad],
    targets: Sequence[GradArray],
    create_graph: bool,
    leaf_hooks: bool = True,
) -> dict[int, Any]:
    """Return the gradients of targets, ``{node: gradient}``, given those of outputs.

    Parameters
    ----------
    outputs : of which one may stand there twice: its gradients add up.
    gradients : of the outputs, as the walk carries them.
    operations : behind the outputs, newest first; what is behind others stays unseen.
    targets : GradArrays whose gradients are wanted.
    create_graph : bool, whether gradients can be differentiated again.
    leaf_hooks : bool, whether hooks of leaves see the gradients found for them.
    """
    found: dict[int, Any] = {}
    for x, gradient in zip(outputs, gradients, strict=True):
        node = x._node
        found[node] = added(found[node], gradient) if node in found else gradient
    reached = {x._node: x for x in outputs}
    walk(found, reached, operations, targets, create_graph, leaf_hooks)
    return found
