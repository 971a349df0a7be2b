"""The derivative of a derivative, by way of a form that records every step.

An operation that runs a fast kernel has a `backward` that nothing can differentiate.
Under ``create_graph=True`` it computes its results again, in functions that record
themselves, and walks back through these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keratorch import graph
from keratorch.core import Grad, GradArray
from keratorch.graph import now
from keratorch.modes import enter_mode, leave_mode
from keratorch.pullback import pulled_back


def recomputed_gradients(
    op: Grad, function: Callable[..., Sequence[GradArray]], grads: Sequence[GradArray]
) -> tuple:
    """Return dL/dinput of each input of an operation, recorded: None if not needed.

    Parameters
    ----------
    op : the operation, inside `backward` under ``create_graph=True``.
    function : of its inputs; returns its results, computed by recording functions.
    grads : for each of the results the gradient that arrives there.
    """
    # +x: gradients end at the copy, while the copy leads on to x for the next order
    copies = [+x if op.needs(i) else x for i, x in enumerate(op.inputs)]
    start = now()
    enter_mode(records=True, twice=False, wanted=None)
    try:
        results = function(*copies)
    finally:
        leave_mode()
    targets = [x for i, x in enumerate(copies) if op.needs(i)]
    operations = graph.newest_first(results, since=start)
    found = pulled_back(
        results, grads, operations, targets, create_graph=True, leaf_hooks=False
    )
    return tuple(
        found.get(x._node) if op.needs(i) else None for i, x in enumerate(copies)
    )
