"""Recurrent networks as textbooks write them: a step, and the loop over time."""

from __future__ import annotations

import numpy as np

from keratorch.grads.neural import ReluGrad, SigmoidGrad

sigmoid = SigmoidGrad.apply

#: The activations that the kernels know, as functions that record themselves.
ACTIVATIONS = {
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "linear": lambda x: x,
    "relu": ReluGrad.apply,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
}


def simple_rnn_step(
    x, h, kernel, recurrent_kernel, bias=None, activation=np.tanh, drops=None
):
    """One step of a simple recurrent network (Elman, 1990).

    h = activation(x @ kernel + h @ recurrent_kernel + bias)

    Parameters
    ----------
    x : (batch, features), the input at this time.
    h : (batch, units), the state before.
    kernel : (features, units).
    recurrent_kernel : (units, units).
    bias : (units,), or None.
    drops : (1, batch, units), what h is multiplied with on its way into the sum, as
        dropout wants it, or None.

    Returns
    -------
    h : (batch, units), the state after, which is the output too.
    """
    return activation(
        _projected(x, kernel, bias) + _reached(h, recurrent_kernel, drops)
    )


def lstm_step(
    x,
    h,
    c,
    kernel,
    recurrent_kernel,
    bias=None,
    activation=np.tanh,
    recurrent_activation=sigmoid,
    drops=None,
):
    """One step of a long short-term memory.

    i, f, candidate, o = x @ kernel + h @ recurrent_kernel + bias, side by side
    c = sigmoid(f) * c + sigmoid(i) * tanh(candidate)
    h = sigmoid(o) * tanh(c)

    The cell c forgets by the gate f and takes in by the gate i; the gate o shows part
    of it.  `activation` stands for tanh, `recurrent_activation` for the sigmoid.

    Parameters
    ----------
    x : (batch, features), the input at this time.
    h, c : (batch, units), the state before: what was shown, and the cell.
    kernel : (features, 4 * units).
    recurrent_kernel : (units, 4 * units).
    bias : (4 * units,), or None.
    drops : (4, batch, units), what h is multiplied with on its way to each gate, as
        dropout wants it, or None.

    Returns
    -------
    h, c : (batch, units), the state after; h is the output too.

    Source: Hochreiter & Schmidhuber (1997); the gate f: Gers et al. (2000).
    """
    z = _projected(x, kernel, bias) + _reached(h, recurrent_kernel, drops)
    i, f, candidate, o = np.split(z, 4, axis=-1)
    c = recurrent_activation(f) * c + recurrent_activation(i) * activation(candidate)
    h = recurrent_activation(o) * activation(c)
    return h, c


def gru_step(
    x,
    h,
    kernel,
    recurrent_kernel,
    bias=None,
    activation=np.tanh,
    recurrent_activation=sigmoid,
    reset_after=True,
    drops=None,
):
    """One step of gated recurrent units.

    z, r, candidate = x @ kernel + bias[0], side by side
    of_z, of_r, inner = h @ recurrent_kernel + bias[1], side by side
    z, r = sigmoid(z + of_z), sigmoid(r + of_r)
    h = z * h + (1 - z) * tanh(candidate + r * inner)

    The gate z keeps part of the state, the gate r lets part of it into the candidate.
    Without `reset_after`, r multiplies h instead of its product ``inner``, and there is
    one bias.  `activation` stands for tanh, `recurrent_activation` for the sigmoid.

    Parameters
    ----------
    x : (batch, features), the input at this time.
    h : (batch, units), the state before.
    kernel : (features, 3 * units).
    recurrent_kernel : (units, 3 * units).
    bias : (2, 3 * units), without `reset_after` (3 * units,), or None.
    drops : (3, batch, units), what h is multiplied with on its way to each gate, as
        dropout wants it, or None.

    Returns
    -------
    h : (batch, units), the state after, which is the output too.

    Source: Cho et al. (2014), the first version of the preprint with `reset_after`, the
    third without.
    """
    of_input, of_state = bias, None
    if reset_after and bias is not None:
        of_input, of_state = bias[0], bias[1]
    z, r, candidate = np.split(_projected(x, kernel, of_input), 3, axis=-1)
    if reset_after:
        projected = _reached(h, recurrent_kernel, drops)
        projected = projected if of_state is None else projected + of_state
        of_z, of_r, inner = np.split(projected, 3, axis=-1)
        z, r = recurrent_activation(z + of_z), recurrent_activation(r + of_r)
        candidate = activation(candidate + r * inner)
    else:
        to_z, to_r, to_candidate = np.split(recurrent_kernel, 3, axis=-1)
        h_z, h_r, h_candidate = [h] * 3 if drops is None else [h * d for d in drops]
        z = recurrent_activation(z + h_z @ to_z)
        r = recurrent_activation(r + h_r @ to_r)
        candidate = activation(candidate + (r * h_candidate) @ to_candidate)
    return z * h + (1 - z) * candidate


def _reached(h, kernel, drops):
    """Return ``h @ kernel``; with drops, for each gate that of its own ``h * drop``."""
    if drops is None:
        return h @ kernel
    kernels = np.split(kernel, len(drops), axis=-1)
    parts = [(h * drop) @ own for drop, own in zip(drops, kernels, strict=True)]
    return np.concatenate(parts, axis=-1)


def _projected(x, kernel, bias):
    return x @ kernel if bias is None else x @ kernel + bias


def unrolled(step, x, states, mask=None):
    """Apply a step at each time, every operation of it recorded.

    Parameters
    ----------
    step : function of the input at a time and the states; returns the new state, or a
        tuple of the new states. The first is the output.
    x : (batch, time, features).
    states : the states before the first step, each (batch, units).
    mask : (batch, time) of booleans, or None. Where it is False, the states stay what
        they were.

    Returns
    -------
    outputs : (batch, time, units).
    *states : after the last step.
    """
    outputs = []
    for t in range(x.shape[1]):
        after = step(x[:, t], *states)
        after = after if isinstance(after, tuple) else (after,)
        if mask is not None:
            keeps = mask[:, t, np.newaxis]
            after = [
                np.where(keeps, new, old)
                for new, old in zip(after, states, strict=True)
            ]
        states = after
        outputs.append(states[0])
    return np.stack(outputs, axis=1), *states
