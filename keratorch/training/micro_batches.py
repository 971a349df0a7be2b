"""Training and prediction in micro-batches, side by side on the threads.

NumPy computes most operations on one core, one after the other.  The halves of a batch,
or smaller parts of a large one, keep several cores busy with all that a model does,
each in less memory.  Equal to the step on the whole batch, but for rounding: the parts,
and the order in which their gradients are added, depend on shapes alone, and those of
recurrences on whether other processes may help (`data_parallel`), not on how many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from keratorch import logits, threads
from keratorch.micro_batch import MicroBatch, current
from keratorch.nested import flatten, map_structure, pack_like
from keratorch.training.conversion import sliced
from keratorch.training.cutter import Parts

_SUMS = ("sum_over_batch_size", "mean", "sum")


def compute(
    parts: Sequence[MicroBatch], function: Callable[[MicroBatch], Any]
) -> list[Any]:
    """Return the results of a function for each part, computed on the threads."""
    results = _results(parts, function, on_threads=True)
    parts[0].advance()
    return results


def _results(
    parts: Sequence[MicroBatch],
    function: Callable[[MicroBatch], Any],
    on_threads: bool,
) -> list[Any]:
    def computed(part: MicroBatch) -> Any:
        token = current.set(part)
        try:
            return function(part)
        finally:
            current.reset(token)

    if on_threads:
        return threads.run_products(computed, parts)
    return list(map(computed, parts))


def joined(outputs: Sequence[Any]) -> Any:
    """Return the outputs of the parts as those of the batch, without a graph."""
    parts = zip(*map(flatten, outputs), strict=True)
    return pack_like(outputs[0], [logits.joined(each) for each in parts])


class Found(NamedTuple):
    """What a training step finds: for the whole batch, or for consecutive samples."""

    loss: float
    gradients: Sequence[Any]
    outputs: Any  # without a graph


def train(
    model: Any,
    parts: Parts,
    variables: Sequence[Any],
    batch: tuple,
    parallel: Any = None,
) -> Found:
    """Return the loss of a batch, its gradients and the predictions.

    The loss of the batch is the sum of those of its parts, each times its share.

    Parameters
    ----------
    batch : inputs, targets and sample weights.
    parallel : `DataParallel`, which lets other processes compute some of the parts.
    """
    on_threads = parts.on_threads and not (parallel and parallel.begins_soon)
    loss_of = model._compiled.loss
    is_sum = loss_of.single.reduction == "sum"

    def train_part(part: MicroBatch) -> Found:
        inputs, targets, weights = [sliced(a, part.samples) for a in batch]
        outputs = model._called(inputs, True)
        loss = loss_of(targets, outputs, weights)
        if not is_sum:
            loss = loss * part.share
        found = model._gradients(loss, variables)
        return Found(loss.item(), found, map_structure(logits.without_graph, outputs))

    def train_parts(some: Sequence[MicroBatch]) -> Found:
        return together(_results(some, train_part, on_threads))

    own: Sequence[MicroBatch] = parts if parallel is None else parallel.own(parts)
    found = train_parts(own)
    if parallel is not None:
        found = parallel.exchanged(found, parts, train_parts)
    own[0].advance()
    loss, totals, outputs = found
    penalty, of_penalty = _penalties(model, variables)
    if of_penalty is not None:
        totals = [_sum(pair) for pair in zip(totals, of_penalty, strict=True)]
    return Found(loss + penalty, totals, outputs)


def halves(parts: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the first and the second half of some parts, as they are added up."""
    middle = (len(parts) + 1) // 2
    return parts[:middle], parts[middle:]


def together(found: Sequence[Found]) -> Found:
    """Return what was found for consecutive samples as one.

    Halves are added up first, and each likewise: in the same order wherever they were
    computed.
    """
    losses, gradients, outputs = zip(*found, strict=True)
    totals = [_sum(each) for each in zip(*gradients, strict=True)]
    return Found(_sum(losses), totals, joined(outputs))


def can_train(model: Any) -> bool:
    """Return whether the loss of a batch is a sum over its samples."""
    found = model._compiled.loss if model._compiled is not None else None
    return (
        found is not None
        and found.is_alone
        and not found.single.couples_samples
        and found.single.reduction in _SUMS
    )


def _penalties(model: Any, variables: Sequence[Any]) -> tuple[float, Any]:
    """Return what the regularizers add to the loss, and its gradients."""
    terms = list(model.losses) if model._may_have_losses() else []
    if not terms:
        return 0.0, None
    total = sum(terms[1:], terms[0])
    return total.item(), model._gradients(total, variables)


def _sum(each: Sequence[Any]) -> Any:
    """Return the sum of the halves' sums; None counts as nothing."""
    if len(each) == 1:
        return each[0]
    first, second = map(_sum, halves(each))
    if first is None or second is None:
        return second if first is None else first
    return first + second
