"""Memory traded for time: compute again in backward what was not kept."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.core import GradArray, now
from keratorch.errors import GraphError
from keratorch.grads.outputs import SeveralOutputs
from keratorch.modes import current_mode, enter_mode, leave_mode
from keratorch.nested import fill, flatten, map_structure
from keratorch.pullback import pulled_back
from keratorch.transforms.joining import joining


def checkpoint(f: Callable) -> Callable:
    """Return a function whose graph is not kept, but computed again in ``backward``.

    A chain of n layers, checkpointed in pieces of sqrt(n), needs memory for
    2 * sqrt(n) results instead of n, and one more forward pass.

    Parameters
    ----------
    f : function of arrays, which may also use weights from outside. It must compute the
        same when it is called again: draw masks and noise outside, and pass them in.

    Returns
    -------
    function : of the same arguments, with the same values and derivatives.

    Source: Chen et al. (2016), "Training Deep Nets with Sublinear Memory Cost".

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import GradArray, checkpoint
    >>> x = GradArray([1.0, 2.0])
    >>> y = checkpoint(lambda x: np.exp(np.sin(x)))(x)
    >>> y.sum().backward()
    >>> np.allclose(x.grad, np.exp(np.sin(x.numpy())) * np.cos(x.numpy()))
    True
    """

    @functools.wraps(f)
    def checkpointed(*args: Any, **kwargs: Any) -> Any:
        if not current_mode.get().records:
            return f(*args, **kwargs)
        segment = _Segment(f, (args, kwargs))
        run = segment.run([GradArray(x._array) for x in segment.inputs])
        if not run.outputs:
            return run.result
        recorded = RecomputeGrad.apply(
            *segment.inputs,
            *run.outside,
            segment=segment,
            places=run.places,
            values=[x._array for x in run.outputs],
        )
        return run.with_outputs(recorded)

    return checkpointed


class _Segment:
    """A function, and the arguments that it is called with again and again."""

    def __init__(self, f: Callable, arguments: tuple[tuple, dict]):
        self.f, self.arguments = f, arguments
        self.inputs = [x for x in flatten(arguments) if _wants_gradient(x)]

    def run(self, copies: Sequence[Any]) -> _Run:
        """Call the function with copies in place of the inputs."""
        replaced = iter(copies)
        leaves = [
            next(replaced) if _wants_gradient(x) else x for x in flatten(self.arguments)
        ]
        start = now()
        enter_mode(records=True, twice=False, wanted=None)
        try:
            args, kwargs = fill(self.arguments, iter(leaves))
            with joining:
                return _Run(self.f(*args, **kwargs), start, copies)
        finally:
            leave_mode()


class _Run:
    """What one call of the function computed, and what it took from outside."""

    def __init__(self, result: Any, start: int, copies: Sequence[Any]):
        self.result = map_structure(
            lambda x: +x if _wants_gradient(x) and not _made_since(start, x) else x,
            result,
        )
        leaves = flatten(self.result)
        self.places = [i for i, x in enumerate(leaves) if _wants_gradient(x)]
        self.outputs = [leaves[i] for i in self.places]
        self.operations = graph.newest_first(self.outputs, since=start)
        own = {id(x) for x in copies}
        used = {id(x): x for op in self.operations for x in op._inputs}
        self.outside = [
            x
            for x in used.values()
            if _wants_gradient(x) and id(x) not in own and not _made_since(start, x)
        ]

    def with_outputs(self, outputs: Sequence[Any]) -> Any:
        """Return the result with other arrays in place of the outputs."""
        others = iter(outputs)
        return map_structure(
            lambda x: next(others) if _wants_gradient(x) else x, self.result
        )


class RecomputeGrad(SeveralOutputs):
    """out = what a function returned; `backward` calls the function again.

    The inputs are those of the function, then the arrays that it took from outside.
    """

    def __init__(self, *inputs, shapes, segment, places, values):
        super().__init__(*inputs, shapes=shapes)
        self.segment, self.places, self.values = segment, places, values

    def compute(self, *arrays):
        values, self.values = self.values, None
        if len({value.dtype for value in values}) > 1:
            raise TypeError(
                "checkpoint needs a function whose results have one dtype; received "
                f"{', '.join(str(value.dtype) for value in values)}. Cast them."
            )
        return values

    def derivative(self, *grads):
        twice = current_mode.get().twice
        count = len(self.segment.inputs)
        copies = [+x if twice else GradArray(x) for x in self.inputs[:count]]
        run = self.segment.run(copies)
        leaves = dict(enumerate(flatten(run.result)))
        outputs = [leaves.get(i) for i in self.places]
        if [np.shape(graph.value(x)) for x in outputs] != self.shapes:
            raise GraphError(
                "The function of checkpoint returned other shapes when it was called "
                "again. It must compute the same: pass random masks in as arguments."
            )
        targets = [*copies, *self._inputs[count:]]
        live = [i for i, x in enumerate(outputs) if _wants_gradient(x)]
        outputs, grads = [outputs[i] for i in live], [grads[i] for i in live]
        found = pulled_back(
            outputs, grads, run.operations, targets, twice, leaf_hooks=False
        )
        return tuple(found.get(x._node) for x in targets)


def _wants_gradient(x: Any) -> bool:
    return isinstance(x, GradArray) and x._requires_grad


def _made_since(start: int, x: GradArray) -> bool:
    return x._grad_op is not None and x._grad_op._number > start
