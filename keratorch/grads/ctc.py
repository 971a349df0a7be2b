"""Connectionist temporal classification: the loss of labels without an alignment."""

from __future__ import annotations

import numpy as np

from keratorch import graph
from keratorch.core import Grad

_NEVER = -1e30  # the logarithm of 0, where -inf - -inf would be NaN


class CtcGrad(Grad):
    """out = -log of the probability of all alignments that spell a sample's labels.

    An alignment says for each time step a label or the blank; it spells the labels that
    are left once repetitions, and then blanks, are dropped.  Around the labels go
    blanks: of these 2 n + 1 symbols alignments may at each step stay at one, go on to
    the next, or skip a blank between different labels.  With alpha[t, s] the
    probability of all beginnings that are at symbol s at time t, and beta[t, s] that of
    all ends from there on,

        dL/dlogits[t, k] = dL/dout * (softmax(logits)[t, k]
                                      - sum of alpha[t, s] * beta[t, s] / exp(-out))

    with the sum over the symbols s that are the label k.  All is computed in
    logarithms.  Steps beyond a sample's length have the gradient 0, and so has all of a
    sample too short for its labels, where out is infinite.

    Source: Graves et al. (2006), Connectionist Temporal Classification.

    Parameters
    ----------
    logits : (batch, steps, classes), before the softmax
    labels : (batch, n) integers, of each row the first `label_lengths` count
    label_lengths, logit_lengths : (batch,) integers
    blank : int, the class that is no label
    """

    def __init__(self, logits, labels, label_lengths, logit_lengths, blank=0):
        super().__init__(logits)
        self.label_lengths = np.asarray(label_lengths)
        self.logit_lengths = np.asarray(logit_lengths)
        labels = np.asarray(labels)
        batch, n = labels.shape
        symbols = np.full((batch, 2 * n + 1), blank)
        symbols[:, 1::2] = labels
        self.symbols = symbols
        skips = np.zeros(symbols.shape, bool)
        skips[:, 3::2] = labels[:, 1:] != labels[:, :-1]
        self.skips = skips

    def forward(self, logits):
        log_p, _ = self.log_probabilities(logits)
        total = self.total(self.forwards(log_p)[-1])
        return np.where(total > _NEVER / 2, -total, np.inf).astype(logits.dtype)

    def backward(self, grad):
        (logits,) = self.inputs
        log_p, alive = self.log_probabilities(logits)
        alphas = self.forwards(log_p)
        total = self.total(alphas[-1])[:, None]
        never = graph.value(total) < _NEVER / 2
        occupied = [
            np.exp(np.where(never, _NEVER, alpha + beta - np.where(never, 0, total)))
            for alpha, beta in zip(alphas, self.backwards(log_p), strict=True)
        ]
        occupied = np.stack(occupied, axis=1)
        hit = self.symbols[:, :, None] == np.arange(logits.shape[-1])
        posterior = occupied @ hit.astype(logits.dtype)
        counted = (alive.T[:, :, None] & ~never[:, :, None]).astype(logits.dtype)
        p = np.exp(_log_softmax(logits))
        return grad[:, None, None] * (counted * (p - posterior))

    def log_probabilities(self, logits):
        """Return log(p) of each symbol at each step, and which steps there are.

        Both have the steps on their first axis.
        """
        log_p = _log_softmax(logits)
        rows = np.arange(len(self.symbols))[:, None, None]
        steps = np.arange(logits.shape[1])[None, :, None]
        log_p = np.swapaxes(log_p[rows, steps, self.symbols[:, None, :]], 0, 1)
        return log_p, np.arange(logits.shape[1])[:, None] < self.logit_lengths

    def forwards(self, log_p):
        """Return log(alpha) of each step; beyond a sample's length its last one."""
        places = np.arange(self.symbols.shape[1])
        start = np.where(places < 2, log_p[0], _NEVER)
        alphas = [start]
        for step in range(1, len(log_p)):
            before = alphas[-1]
            reached = np.logaddexp(before, _shifted(before, 1))
            skipped = np.where(self.skips, _shifted(before, 2), _NEVER)
            after = np.logaddexp(reached, skipped) + log_p[step]
            alive = (step < self.logit_lengths)[:, None]
            alphas.append(np.where(alive, after, before))
        return alphas

    def backwards(self, log_p):
        """Return log(beta) of each step: of what follows it, without itself."""
        places = np.arange(self.symbols.shape[1])
        ends = 2 * self.label_lengths[:, None]
        beta = np.where((places == ends) | (places == ends - 1), 0.0, _NEVER)
        beta = beta.astype(log_p.dtype)
        betas = [beta]
        ahead = np.zeros_like(self.skips)
        ahead[:, :-2] = self.skips[:, 2:]
        for step in range(len(log_p) - 1, 0, -1):
            after = beta + log_p[step]
            reached = np.logaddexp(after, _shifted(after, -1))
            skipped = np.where(ahead, _shifted(after, -2), _NEVER)
            alive = (step < self.logit_lengths)[:, None]
            beta = np.where(alive, np.logaddexp(reached, skipped), beta)
            betas.append(beta)
        return betas[::-1]

    def total(self, alpha):
        """Return log(p) of all alignments: those that end at the last two symbols."""
        rows = np.arange(len(self.symbols))
        last = alpha[rows, 2 * self.label_lengths]
        label = alpha[rows, np.maximum(2 * self.label_lengths - 1, 0)]
        return np.logaddexp(last, np.where(self.label_lengths > 0, label, _NEVER))


def _log_softmax(x):
    # the max is a constant: it changes nothing, and so has no derivative
    shifted = x - graph.value(x).max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _shifted(x, by):
    """Return each row moved to the right (or left), with _NEVER in the free places."""
    rest = x[:, :-by] if by > 0 else x[:, -by:]
    free = np.full((x.shape[0], x.shape[1] - rest.shape[1]), _NEVER, x.dtype)
    return np.concatenate([free, rest] if by > 0 else [rest, free], axis=1)
