"""Connectionist temporal classification, for labels without an alignment.

A model gives class scores for each time step; where in time a label stands nobody says.
One class, the mask, stands for no label.

Source: Graves et al. (2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch.errors import suggest
from keratorch.grads.ctc import CtcGrad
from keratorch.grads.neural import LogSoftmaxGrad
from keratorch.ops.arrays import as_floats, as_numbers
from keratorch.trial_runs import trying


def ctc_loss(
    target: Any,
    output: Any,
    target_length: Any,
    output_length: Any,
    mask_index: int = 0,
) -> Any:
    """-log of the probability that the outputs spell the labels, sample by sample.

    Parameters
    ----------
    target : (batch, labels) array_like of integers; what is beyond a sample's
        `target_length` counts for nothing.
    output : (batch, steps, classes), before the softmax; float16 becomes float32.
    target_length, output_length : (batch,) integers, how many labels and steps count.
    mask_index : int, the class that stands for no label.

    Returns
    -------
    loss : (batch,). Infinite, without a gradient, for a sample that has fewer steps
        than its labels need.

    Raises
    ------
    ValueError : shapes that do not fit, lengths out of range, labels that are no class
        or the mask.

    Examples
    --------
    >>> from keratorch import ops
    >>> two_steps = [[[0.0, 0.0], [0.0, 0.0]]]  # both classes alike: -1, 1-, 11 of 4
    >>> ops.ctc_loss([[1]], two_steps, [1], [2]).numpy().round(4)
    array([0.2877], dtype=float32)
    """
    output = _exact(output)
    labels, counts, steps = (
        as_numbers(x).astype(np.intp) for x in (target, target_length, output_length)
    )
    _check_batch(labels, output, counts, steps)
    used = np.arange(labels.shape[1]) < counts[:, None]
    _check_labels(labels[used], output.shape[-1], mask_index)
    labels = np.where(used, labels, mask_index)
    return CtcGrad.apply(output, labels, counts, steps, mask_index)


def ctc_decode(
    inputs: Any,
    sequence_lengths: Any,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """The labels that class scores spell.

    Parameters
    ----------
    inputs : (batch, steps, classes), before the softmax.
    sequence_lengths : (batch,) integers, how many steps count.
    strategy : 'greedy' takes the best class of each step. 'beam_search' sums up the
        probabilities of all alignments of each of the best labellings so far.
    beam_width : int, how many labellings a beam search goes on with.
    top_paths : int, how many labellings it returns.
    merge_repeated : bool, whether a greedy search counts a class that comes several
        times without a mask between once.
    mask_index : int, the class that stands for no label.

    Returns
    -------
    labels : (top_paths, batch, steps) integers, -1 behind the last; greedy (1, ...).
    scores : of a greedy search (batch, 1), minus the sum of the scores chosen; of a
        beam search (batch, top_paths), the log-probabilities, best first.

    Raises
    ------
    ValueError : shapes that do not fit, or an unknown strategy.

    Examples
    --------
    >>> from keratorch import ops
    >>> scores = [[[0, 5, 0], [0, 5, 0], [5, 0, 0], [0, 0, 5.0]]]
    >>> labels, score = ops.ctc_decode(scores, [4])
    >>> labels
    array([[[ 1,  2, -1, -1]]], dtype=int32)
    """
    logits = _exact(inputs).numpy()
    steps = as_numbers(sequence_lengths).astype(np.intp)
    if logits.ndim != 3 or steps.shape != logits.shape[:1]:
        raise ValueError(
            "ctc_decode needs inputs of shape (batch, steps, classes) and one sequence "
            f"length per sample; received shapes {logits.shape} and {steps.shape}."
        )
    if strategy == "greedy":
        return _greedy(logits, steps, merge_repeated, mask_index)
    if strategy == "beam_search":
        return _beam_search(logits, steps, beam_width, top_paths, mask_index)
    raise ValueError(
        f"strategy must be known; received {strategy!r}. "
        f"{suggest(strategy, ('greedy', 'beam_search'))}"
    )


def _exact(scores: Any) -> Any:
    """Return scores in a type that sums of logarithms keep their digits in."""
    scores = as_floats(scores)
    return scores.astype(np.float32) if scores.dtype == np.float16 else scores


def _greedy(
    logits: np.ndarray, steps: np.ndarray, merge_repeated: bool, mask_index: int
) -> tuple[np.ndarray, np.ndarray]:
    counts = np.arange(logits.shape[1]) < steps[:, None]
    best = np.where(counts, logits.argmax(axis=-1), mask_index)
    kept = best != mask_index
    if merge_repeated:
        kept[:, 1:] &= best[:, 1:] != best[:, :-1]
    order = np.argsort(~kept, axis=1, kind="stable")  # what is kept comes first
    labels = np.take_along_axis(np.where(kept, best, -1), order, axis=1)
    scores = -np.where(counts, logits.max(axis=-1), 0).sum(axis=1, keepdims=True)
    return labels[np.newaxis].astype(np.int32), scores


def _beam_search(
    logits: np.ndarray,
    steps: np.ndarray,
    beam_width: int,
    top_paths: int,
    mask_index: int,
) -> tuple[np.ndarray, np.ndarray]:
    log_p = LogSoftmaxGrad.apply(logits).numpy().astype(np.float64)
    batch, length, _ = logits.shape
    labels = np.full((top_paths, batch, length), -1, np.int32)
    scores = np.full((batch, top_paths), -np.inf, logits.dtype)
    for i in range(batch):
        found = _best_labellings(log_p[i, : steps[i]], beam_width, mask_index)
        for rank, (labelling, score) in enumerate(found[:top_paths]):
            labels[rank, i, : len(labelling)] = labelling
            scores[i, rank] = score
    return labels, scores


def _best_labellings(
    log_p: np.ndarray, beam_width: int, mask_index: int
) -> list[tuple[tuple[int, ...], float]]:
    """Return labellings and their log-probabilities, best first.

    A labelling keeps apart the alignments that end in a mask from those that end in
    its last label: only after a mask may that label be added once more.

    Source: Hannun et al. (2014), First-Pass Large Vocabulary Continuous Speech
    Recognition using Bi-Directional Recurrent DNNs, Algorithm 1, without its language
    model.
    """
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -np.inf)}
    for step in log_p:
        after: dict[tuple[int, ...], list[float]] = {}

        def add(
            labelling: tuple[int, ...],
            end: int,
            score: float,
            after: dict[tuple[int, ...], list[float]] = after,
        ) -> None:
            ends = after.setdefault(labelling, [-np.inf, -np.inf])
            ends[end] = float(np.logaddexp(ends[end], score))

        for labelling, (masked, labelled) in beams.items():
            total = np.logaddexp(masked, labelled)
            add(labelling, 0, total + step[mask_index])
            for label, score in enumerate(step.tolist()):
                if label == mask_index:
                    continue
                if labelling and label == labelling[-1]:
                    add(labelling, 1, labelled + score)
                    add((*labelling, label), 1, masked + score)
                else:
                    add((*labelling, label), 1, total + score)
        ranked = sorted(after.items(), key=lambda item: -_total(*item[1]))
        beams = {key: (ends[0], ends[1]) for key, ends in ranked[:beam_width]}
    return [(key, _total(*ends)) for key, ends in beams.items()]


def _total(masked: float, labelled: float) -> float:
    return float(np.logaddexp(masked, labelled))


def _check_batch(
    labels: np.ndarray, output: Any, counts: np.ndarray, steps: np.ndarray
) -> None:
    batch = output.shape[:1]
    fits = output.ndim == 3 and labels.ndim == 2 and labels.shape[:1] == batch
    if not fits or counts.shape != batch or steps.shape != batch:
        raise ValueError(
            "ctc_loss needs target of shape (batch, labels), output of shape (batch, "
            "steps, classes) and two vectors of lengths of shape (batch,); received "
            f"shapes {labels.shape}, {output.shape}, {counts.shape} and {steps.shape}."
        )
    for name, lengths, low, high in (
        ("target_length", counts, 0, labels.shape[1]),
        ("output_length", steps, 1, output.shape[1]),
    ):
        if lengths.size and not low <= lengths.min() <= lengths.max() <= high:
            raise ValueError(
                f"ctc_loss: {name} must be from {low} to {high}; received lengths from "
                f"{lengths.min()} to {lengths.max()}."
            )


def _check_labels(labels: np.ndarray, classes: int, mask_index: int) -> None:
    if not 0 <= mask_index < classes:
        raise ValueError(
            f"ctc_loss: mask_index must be one of the {classes} classes, from 0 on; "
            f"received {mask_index}."
        )
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"ctc_loss: labels must be integers from 0 to {classes - 1}; received "
            f"labels from {labels.min()} to {labels.max()}."
        )
    if (labels == mask_index).any() and not trying.get():
        raise ValueError(
            f"ctc_loss: the class mask_index={mask_index} stands for no label; "
            "received it among the labels. Say in target_length how many labels count."
        )
