"""Derivatives of functions: what the walk back gives, as functions of functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keratorch import arguments, graph
from keratorch.core import Grad, GradArray
from keratorch.gradient_values import conjugated, own
from keratorch.pullback import pulled_back


def gradients(
    outputs: Any, inputs: Any, output_gradients: Any = None, create_graph: bool = False
) -> Any:
    """Return the gradients of `outputs` with respect to `inputs`, and write nothing.

    Parameters
    ----------
    outputs : GradArray or sequence of them; the sum of all is differentiated.
    inputs : GradArray or sequence of them.
    output_gradients : for each output the gradient that arrives there; default 1.
    create_graph : bool, whether the gradients can be differentiated again.

    Returns
    -------
    ndarrays (GradArrays under `create_graph`) in the structure of `inputs`: None for
    an input on which no output depends.

    Raises
    ------
    GraphError : an output has no graph, or an input does not require a gradient.

    Examples
    --------
    >>> from keratorch import GradArray, gradients
    >>> x = GradArray([1.0, 2.0])
    >>> gradients((x**3).sum(), x)
    array([ 3., 12.])
    """
    roots = [outputs] if isinstance(outputs, GradArray) else list(outputs)
    targets = [inputs] if isinstance(inputs, GradArray) else list(inputs)
    if isinstance(outputs, GradArray) or output_gradients is None:
        output_gradients = [output_gradients] * len(roots)
    arguments.check_targets(roots, output_gradients, targets, GradArray)
    operations = graph.newest_first(roots)
    found = pulled_through(operations, roots, targets, output_gradients, create_graph)
    return found[0] if isinstance(inputs, GradArray) else found


def pulled_through(
    operations: Sequence[Grad],
    outputs: Sequence[Any],
    inputs: Sequence[GradArray],
    output_gradients: Sequence[Any],
    create_graph: bool,
) -> list[Any]:
    """Return the gradients of the inputs that these operations, newest first, carry."""
    seeds = [
        arguments.seed_gradient(root, gradient, create_graph, leaf=True)
        for root, gradient in zip(outputs, output_gradients, strict=True)
    ]
    found = pulled_back(outputs, seeds, operations, inputs, create_graph)
    nodes = [x._node for x in inputs]
    results = {
        node: conjugated(own(found.pop(node))) for node in nodes if node in found
    }
    return [results.get(node) for node in nodes]
