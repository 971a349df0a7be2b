"""Recurrent networks over whole sequences: the textbook form, and the fast one.

A step is a page of mathematics: `simple_rnn_step`, `lstm_step`, `gru_step`.
`unrolled` takes it through time, one recorded operation after the other.  The Grad
classes compute the same in one node; their derivatives of higher order are those of the
textbook form.  `keratorch.ops` gives both their names.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from keratorch.grads.neural import SigmoidGrad
from keratorch.grads.outputs import SeveralOutputs
from keratorch.grads.recompute import recomputed_gradients
from keratorch.kernels import recurrent
from keratorch.modes import current_mode

sigmoid = SigmoidGrad.apply


def simple_rnn_step(x, h, kernel, recurrent_kernel, bias=None, activation=np.tanh):
    """One step of a simple recurrent network (Elman, 1990).

    h = activation(x @ kernel + h @ recurrent_kernel + bias)

    Parameters
    ----------
    x : (batch, features), the input at this time.
    h : (batch, units), the state before.
    kernel : (features, units).
    recurrent_kernel : (units, units).
    bias : (units,), or None.

    Returns
    -------
    h : (batch, units), the state after, which is the output too.
    """
    return activation(_projected(x, kernel, bias) + h @ recurrent_kernel)


def lstm_step(
    x,
    h,
    c,
    kernel,
    recurrent_kernel,
    bias=None,
    activation=np.tanh,
    recurrent_activation=sigmoid,
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

    Returns
    -------
    h, c : (batch, units), the state after; h is the output too.

    Source: Hochreiter & Schmidhuber (1997); the gate f: Gers et al. (2000).
    """
    z = _projected(x, kernel, bias) + h @ recurrent_kernel
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
        projected = _projected(h, recurrent_kernel, of_state)
        of_z, of_r, inner = np.split(projected, 3, axis=-1)
        z, r = recurrent_activation(z + of_z), recurrent_activation(r + of_r)
        candidate = activation(candidate + r * inner)
    else:
        to_z, to_r, to_candidate = np.split(recurrent_kernel, 3, axis=-1)
        z, r = recurrent_activation(z + h @ to_z), recurrent_activation(r + h @ to_r)
        candidate = activation(candidate + (r * h) @ to_candidate)
    return z * h + (1 - z) * candidate


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


class RecurrenceGrad(SeveralOutputs):
    """A recurrence over a whole sequence in one node.

    Its inputs are x : (batch, time, features), the states before, kernel,
    recurrent_kernel and perhaps a bias; its results the outputs, (batch, time, units),
    and the states after.  `backward` goes back through time in a kernel of its own;
    under ``create_graph=True`` through the textbook form.
    """

    def __init__(self, *inputs, mask=None, shapes=None):
        self.has_bias = inputs[-1] is not None
        super().__init__(*(inputs if self.has_bias else inputs[:-1]), shapes=shapes)
        self.mask = mask

    @abstractmethod
    def textbook(self, *inputs):
        """Return the results, computed by recorded functions."""

    @abstractmethod
    def run(self, *arguments):
        """Run the kernel; return its tape and the states after."""

    @abstractmethod
    def run_back(self, grads, arguments, wanted):
        """Return from the kernel the gradients of all arguments."""

    def compute(self, *arrays):
        arguments = self._arguments(arrays)
        self.skipped = recurrent.skipped_rows(self.mask, len(arguments[0]))
        # kept for the kernel alone: higher derivatives compute all of it again
        self.tape, *states = self.run(*arguments)
        return np.swapaxes(self.tape.hidden[1:], 0, 1), *states

    def derivative(self, grad, *grads):
        if current_mode.get().twice:
            return recomputed_gradients(self, self.textbook, (grad, *grads))
        count = len(self._inputs)
        wanted = [self.needs(i) for i in range(count)] + [False] * (not self.has_bias)
        grads = np.swapaxes(grad, 0, 1), *grads
        by_x, *others = self.run_back(grads, self._arguments(self.inputs), wanted)
        if by_x is not None:
            by_x = np.swapaxes(by_x, 0, 1)
        return (by_x, *others)[:count]

    def _arguments(self, inputs):
        """Return the arguments of the kernels: time first, None for no bias."""
        x, *others = inputs
        return np.swapaxes(x, 0, 1), *others, *[None] * (not self.has_bias)


class SimpleRnnGrad(RecurrenceGrad):
    """h = tanh(x @ kernel + h @ recurrent_kernel + bias) at each time of a sequence.

    Back through time: dL/dz = dL/dh * (1 - h ** 2), and with it dL/dx = dL/dz @
    kernel.T, dL/dh before = dL/dz @ recurrent_kernel.T; x.T @ dL/dz, h.T @ dL/dz and
    dL/dz, added up over time, are the gradients of the kernels and of the bias.  Equals
    `simple_rnn_step`, `unrolled`.
    """

    def __init__(
        self, x, h, kernel, recurrent_kernel, bias=None, mask=None, shapes=None
    ):
        super().__init__(x, h, kernel, recurrent_kernel, bias, mask=mask, shapes=shapes)

    def textbook(self, x, h, *weights):
        return unrolled(lambda x, h: simple_rnn_step(x, h, *weights), x, [h], self.mask)

    def run(self, *arguments):
        tape = recurrent.simple_rnn(*arguments, self.skipped)
        return tape, tape.hidden[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.simple_rnn_gradients(
            grads, self.tape, arguments, wanted, self.skipped
        )


class LstmGrad(RecurrenceGrad):
    """A long short-term memory over a sequence: `lstm_step`, `unrolled`, in one node.

    Back through time, with i, f, g, o for the squashed gates and s for tanh(c):
    dL/dc += dL/dh * o * (1 - s ** 2); dL/do = dL/dh * s, dL/di = dL/dc * g,
    dL/dg = dL/dc * i, dL/df = dL/dc * c before, each times the slope of its sigmoid or
    tanh; dL/dc before = dL/dc * f.  Kernels, bias and dL/dh follow as in
    `SimpleRnnGrad`.
    """

    def __init__(
        self, x, h, c, kernel, recurrent_kernel, bias=None, mask=None, shapes=None
    ):
        super().__init__(
            x, h, c, kernel, recurrent_kernel, bias, mask=mask, shapes=shapes
        )

    def textbook(self, x, h, c, *weights):
        return unrolled(
            lambda x, h, c: lstm_step(x, h, c, *weights), x, [h, c], self.mask
        )

    def run(self, *arguments):
        tape = recurrent.lstm(*arguments, self.skipped)
        return tape, tape.hidden[-1], tape.cells[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.lstm_gradients(
            grads, self.tape, arguments, wanted, self.skipped
        )


class GruGrad(RecurrenceGrad):
    """Gated recurrent units over a sequence: `gru_step`, `unrolled`, in one node.

    Back through time, with z, r, g for the squashed gates: dL/dz = dL/dh * (h before -
    g), dL/dg = dL/dh * (1 - z), dL/dr = dL/dg * inner, each times the slope of its
    sigmoid or tanh; dL/dh before = dL/dh * z and what the kernel hands back.  Kernels
    and biases follow as in `SimpleRnnGrad`.
    """

    def __init__(
        self,
        x,
        h,
        kernel,
        recurrent_kernel,
        bias=None,
        reset_after=True,
        mask=None,
        shapes=None,
    ):
        super().__init__(x, h, kernel, recurrent_kernel, bias, mask=mask, shapes=shapes)
        self.reset_after = reset_after

    def textbook(self, x, h, kernel, recurrent_kernel, bias=None):
        def step(x, h):
            weights = kernel, recurrent_kernel, bias
            return gru_step(x, h, *weights, reset_after=self.reset_after)

        return unrolled(step, x, [h], self.mask)

    def run(self, *arguments):
        tape = recurrent.gru(*arguments, self.skipped, self.reset_after)
        return tape, tape.hidden[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.gru_gradients(
            grads, self.tape, arguments, wanted, self.skipped, self.reset_after
        )
