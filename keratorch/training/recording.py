"""A step of training written down: its operations, to be computed for other batches.

Between two batches of one shape nothing changes but the numbers.  The graph that the
first of them left says which operations to compute, in which order and on what, so that
the layers and losses need not be asked again.  With small arrays that asking takes
longer than NumPy's computing.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, NamedTuple

import numpy as np

from keratorch.broadcasting import unbroadcast
from keratorch.core import Grad, GradArray
from keratorch.gradient_values import added
from keratorch.grads import (
    activation,
    arithmetic,
    elementwise,
    exponential,
    loss,
    neural,
    normalization,
    reduction,
    shape,
)
from keratorch.grads.dropout import DropoutGrad
from keratorch.grads.trigonometric import TanhGrad
from keratorch.graph import leading_to, newest_first, value
from keratorch.logits import carrying_logits

#: The operations that may be repeated: what they keep besides depends on shapes alone.
_REPEATABLE = frozenset(
    [
        *(neural.DenseGrad, neural.ReluGrad, neural.SigmoidGrad, TanhGrad),
        *(neural.SoftmaxGrad, neural.LogSoftmaxGrad, activation.RampGrad),
        *(activation.EluGrad, activation.LeakyReluGrad, activation.SoftplusGrad),
        *(activation.GeluGrad, activation.SiluGrad),
        *(arithmetic.AddGrad, arithmetic.SubtractGrad, arithmetic.NegativeGrad),
        *(arithmetic.MulGrad, arithmetic.DivideGrad),
        *(exponential.ExpGrad, exponential.LogGrad, exponential.Log1pGrad),
        *(exponential.SquareGrad, exponential.SqrtGrad),
        *(elementwise.AbsGrad, elementwise.ClipGrad),
        *(shape.ReshapeGrad, shape.ExpandDimsGrad, shape.SqueezeGrad),
        *(reduction.MeanGrad, reduction.SumGrad, loss.WeightedMeanGrad),
        *(loss.MeanSquaredErrorGrad, loss.BinaryCrossEntropyGrad),
        *(loss.CategoricalCrossEntropyGrad, neural.SoftmaxCrossEntropyGrad),
        *(neural.SigmoidCrossEntropyGrad, DropoutGrad, normalization.NormalizeRowsGrad),
    ]
)
#: The same, with the attributes that hold arrays of the batch.
_HOLDING: dict[type[Grad], tuple[str, ...]] = {
    neural.SparseSoftmaxCrossEntropyGrad: ("labels",),
    loss.SparseCategoricalCrossEntropyGrad: ("labels",),
}


class NotRepeatableError(Exception):
    """A step holds something that may be another in the next one."""


class _Forward(NamedTuple):
    """An operation, the places of its inputs, and that of its output."""

    op: Grad
    compute: Any
    sources: list[int]
    place: int


class _Backward(NamedTuple):
    """An operation, the place of its output, and which inputs want a gradient."""

    op: Grad
    place: int
    targets: list[tuple[int, int]]  # the number of an input, and its place


class Recording:
    """The operations of one step, to be computed for other batches of its shape.

    The results are the same bits as those of the step that asks layers and losses, and
    then walks back.

    Parameters
    ----------
    loss : GradArray, the loss of the step.
    outputs : GradArray, the predictions.
    batch : ndarrays, of which the step was computed.
    variables : the weights whose gradients are wanted.

    Raises
    ------
    NotRepeatableError : an operation, or an array, of which it is not known that
        nothing but the batch and the weights changes it.
    """

    def __init__(
        self,
        loss: GradArray,
        outputs: GradArray,
        batch: Sequence[np.ndarray],
        variables: Sequence[GradArray],
    ):
        places = _Places(batch, variables)
        operations = newest_first([loss, outputs])[::-1]
        back = newest_first([loss])
        leading = leading_to([x._node for x in variables], back)
        _forget_others(back, leading)
        self._forward = [places.written_down(op) for op in operations]
        self._attributes = [
            (op, name, places.of(getattr(op, name)))
            for op in operations
            for name in _HOLDING.get(type(op), ())
        ]
        self._backward = [places.reversed(op) for op in back if op._number in leading]
        self._loss, self._outputs = places.of(loss), places.of(outputs)
        self._logits = self._axis = None
        if (origin := getattr(outputs, "_logits", None)) is not None:
            self._logits, self._axis = places.of(origin.logits), origin.axis
        self._dtypes = [array.dtype for array in batch]
        self._seed = np.ones((), loss._array.dtype)
        self._variables = list(zip(places.of_variables, variables, strict=True))
        self._values, self._views = places.values, places.views

    def run(self, batch: Sequence[np.ndarray]) -> tuple[float, list[Any], GradArray]:
        """Return the loss of a batch, the gradients of the weights, the predictions.

        The batch is converted to the dtypes of the first one.
        """
        values = self._values.copy()
        for place, (array, dtype) in enumerate(zip(batch, self._dtypes, strict=True)):
            values[place] = array.astype(dtype, copy=False)
        for place, source, form in self._views:
            values[place] = values[source].reshape(form)
        for place, variable in self._variables:
            values[place] = variable._array
        for op, name, place in self._attributes:
            setattr(op, name, values[place])
        self._compute(values)
        gradients = self._gradients(values)
        outputs = GradArray(values[self._outputs], requires_grad=False)
        if self._logits is not None:
            logits = GradArray(values[self._logits], requires_grad=False)
            carrying_logits(outputs, logits, self._axis)
        wanted = [gradients[place] for place, _ in self._variables]
        return values[self._loss].item(), wanted, outputs

    def _compute(self, values: list[Any]) -> None:
        """Compute each operation, as `Grad.apply` does, from the oldest on."""
        for op, compute, sources, place in self._forward:
            op._arrays = arrays = tuple([values[source] for source in sources])
            output = compute(*arrays)
            if type(output) is not np.ndarray:
                output = np.asarray(output)
            op._output = values[place] = output

    def _gradients(self, values: list[Any]) -> list[Any]:
        """Return the gradient of the loss at each place, as `walk` finds them."""
        gradients: list[Any] = [None] * len(values)
        gradients[self._loss] = self._seed
        for op, place, targets in self._backward:
            returned = op.backward(gradients[place])
            if type(returned) is not tuple:
                returned = (returned,)
            for i, target in targets:
                gradient, like, before = returned[i], values[target], gradients[target]
                if (
                    type(gradient) is not np.ndarray
                    or gradient.shape != like.shape
                    or gradient.dtype is not like.dtype
                ):
                    gradient = _like(like, gradient)
                gradients[target] = (
                    gradient if before is None else added(before, gradient)
                )
        return gradients


class _Places:
    """Each array of a step has a place in one list.

    The arrays of the batch come first, then weights, then constants and results.
    `views` says which arrays have the memory of another one in a shape of their own.
    """

    def __init__(self, batch: Sequence[np.ndarray], variables: Sequence[GradArray]):
        self.values: list[Any] = [None] * len(batch)
        self.views: list[tuple[int, int, tuple[int, ...]]] = []
        self.of_variables = [self._new() for _ in variables]
        self._batch = batch
        self._leaves = dict(zip(map(id, variables), self.of_variables, strict=True))
        self._results: dict[int, int] = {}  # by the number of the operation

    def written_down(self, op: Grad) -> _Forward:
        """Return an operation with the places of its inputs, and one for its output."""
        known = type(op) in _REPEATABLE or type(op) in _HOLDING
        if not known or op._hooks:
            raise NotRepeatableError
        sources = [self.of(x) for x in op._inputs]
        place = self._results[op._number] = self._new()
        return _Forward(op, op._calls or op.forward, sources, place)

    def reversed(self, op: Grad) -> _Backward:
        """Return an operation with the places of the inputs that want a gradient."""
        wanted = [i for i in range(len(op._inputs)) if op.needs(i)]
        targets = [(i, self.of(op._inputs[i])) for i in wanted]
        return _Backward(op, self._results[op._number], targets)

    def of(self, x: Any) -> int:
        """Return the place of an array, a new one for a number."""
        if isinstance(x, GradArray):
            if x._grad_op is not None:
                return self._results[x._grad_op._number]
            if id(x) in self._leaves:
                return self._leaves[id(x)]
            if x._requires_grad:
                raise NotRepeatableError
            x = x._array
        return self._of_array(x) if np.ndim(x) else self._new(x)

    def _of_array(self, array: np.ndarray) -> int:
        """Return the place of an array of the batch, or of a view of all of one."""
        for source, given in enumerate(self._batch):
            if _is_view_of(array, given):
                if array.shape == given.shape:
                    return source
                self.views.append((self._new(), source, array.shape))
                return self.views[-1][0]
        raise NotRepeatableError

    def _new(self, value: Any = None) -> int:
        self.values.append(value)
        return len(self.values) - 1


def _forget_others(operations: Sequence[Grad], leading: Container[int]) -> None:
    """Let results want no gradient from which no variable is reached."""
    for op in operations:
        for x in op._inputs:
            if isinstance(x, GradArray) and x._grad_op and x._node not in leading:
                x._requires_grad = False


def _like(input_: np.ndarray, gradient: Any) -> np.ndarray:
    """Return a gradient with shape and dtype of its input, as the first step's was."""
    array = np.asarray(value(gradient))
    if array.shape != input_.shape:
        array = np.asarray(unbroadcast(array, input_.shape))
    return array.astype(input_.dtype, copy=False)


def _is_view_of(array: np.ndarray, given: np.ndarray) -> bool:
    """Return whether an array holds all elements of another one, in its memory."""
    return (
        array.dtype == given.dtype
        and array.size == given.size
        and array.flags.c_contiguous
        and given.flags.c_contiguous
        and array.ctypes.data == given.ctypes.data
    )
