"""Recurrent networks over whole sequences: the textbook form, and the fast one.

A step is a page of mathematics: `simple_rnn_step`, `lstm_step`, `gru_step`.
`unrolled` takes it through time, one recorded operation after the other.  The Grad
classes compute the same in one node; their derivatives of higher order are those of the
textbook form.  `keratorch.ops` gives both their names.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from keratorch.grads.outputs import SeveralOutputs
from keratorch.grads.recompute import recomputed_gradients
from keratorch.grads.recurrent_steps import (
    ACTIVATIONS,
    gru_step,
    lstm_step,
    simple_rnn_step,
    unrolled,
)
from keratorch.kernels import recurrent
from keratorch.modes import current_mode


class RecurrenceGrad(SeveralOutputs):
    """A recurrence over a whole sequence in one node.

    Its inputs are x : (batch, time, features), the states before, kernel,
    recurrent_kernel and perhaps a bias; its results the outputs, (batch, time, units),
    and the states after.  `backward` goes back through time in a kernel of its own;
    under ``create_graph=True`` through the textbook form.
    """

    names: tuple[str, ...]  # of the activations

    def __init__(self, *inputs, mask=None, drops=None, shapes=None):
        self.has_bias = inputs[-1] is not None
        super().__init__(*(inputs if self.has_bias else inputs[:-1]), shapes=shapes)
        self.mask = mask
        self.drops = drops

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

    @property
    def of_each_step(self):
        """The activations and drops, as arguments of a step."""
        keywords = ("activation", "recurrent_activation")
        functions = (ACTIVATIONS[name] for name in self.names)
        found = dict(zip(keywords, functions, strict=False))
        return {**found, "drops": self.drops}

    def _arguments(self, inputs):
        """Return the arguments of the kernels: time first, None for no bias."""
        x, *others = inputs
        return np.swapaxes(x, 0, 1), *others, *[None] * (not self.has_bias)


class SimpleRnnGrad(RecurrenceGrad):
    """h = tanh(x @ kernel + h @ recurrent_kernel + bias) at each time of a sequence.

    Back through time: dL/dz = dL/dh * (1 - h ** 2), and with it dL/dx = dL/dz @
    kernel.T, dL/dh before = dL/dz @ recurrent_kernel.T; x.T @ dL/dz, h.T @ dL/dz and
    dL/dz, added up over time, are the gradients of the kernels and of the bias.  Equals
    `simple_rnn_step`, `unrolled`.  `activation`, a name in `ACTIVATIONS`, stands for
    tanh, its slope for 1 - h ** 2.
    """

    def __init__(
        self,
        x,
        h,
        kernel,
        recurrent_kernel,
        bias=None,
        mask=None,
        activation="tanh",
        drops=None,
        shapes=None,
    ):
        arrays = x, h, kernel, recurrent_kernel, bias
        super().__init__(*arrays, mask=mask, drops=drops, shapes=shapes)
        self.names = (activation,)

    def textbook(self, x, h, *weights):
        def step(x, h):
            return simple_rnn_step(x, h, *weights, **self.of_each_step)

        return unrolled(step, x, [h], self.mask)

    def run(self, *arguments):
        tape = recurrent.simple_rnn(*arguments, self.skipped, *self.names, self.drops)
        return tape, tape.hidden[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.simple_rnn_gradients(
            grads, self.tape, arguments, wanted, self.skipped, *self.names, self.drops
        )


class LstmGrad(RecurrenceGrad):
    """A long short-term memory over a sequence: `lstm_step`, `unrolled`, in one node.

    Back through time, with i, f, g, o for the squashed gates and s for tanh(c):
    dL/dc += dL/dh * o * (1 - s ** 2); dL/do = dL/dh * s, dL/di = dL/dc * g,
    dL/dg = dL/dc * i, dL/df = dL/dc * c before, each times the slope of its sigmoid or
    tanh; dL/dc before = dL/dc * f.  Kernels, bias and dL/dh follow as in
    `SimpleRnnGrad`.  `activation` and `recurrent_activation`, names in `ACTIVATIONS`,
    stand for tanh and for the sigmoid.
    """

    def __init__(
        self,
        x,
        h,
        c,
        kernel,
        recurrent_kernel,
        bias=None,
        mask=None,
        activation="tanh",
        recurrent_activation="sigmoid",
        drops=None,
        shapes=None,
    ):
        arrays = x, h, c, kernel, recurrent_kernel, bias
        super().__init__(*arrays, mask=mask, drops=drops, shapes=shapes)
        self.names = activation, recurrent_activation

    def textbook(self, x, h, c, *weights):
        def step(x, h, c):
            return lstm_step(x, h, c, *weights, **self.of_each_step)

        return unrolled(step, x, [h, c], self.mask)

    def run(self, *arguments):
        tape = recurrent.lstm(*arguments, self.skipped, *self.names, self.drops)
        return tape, tape.hidden[-1], tape.cells[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.lstm_gradients(
            grads, self.tape, arguments, wanted, self.skipped, *self.names, self.drops
        )


class GruGrad(RecurrenceGrad):
    """Gated recurrent units over a sequence: `gru_step`, `unrolled`, in one node.

    Back through time, with z, r, g for the squashed gates: dL/dz = dL/dh * (h before -
    g), dL/dg = dL/dh * (1 - z), dL/dr = dL/dg * inner, each times the slope of its
    sigmoid or tanh; dL/dh before = dL/dh * z and what the kernel hands back.  Kernels
    and biases follow as in `SimpleRnnGrad`.  `activation` and `recurrent_activation`,
    names in `ACTIVATIONS`, stand for tanh and for the sigmoid.
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
        activation="tanh",
        recurrent_activation="sigmoid",
        drops=None,
        shapes=None,
    ):
        arrays = x, h, kernel, recurrent_kernel, bias
        super().__init__(*arrays, mask=mask, drops=drops, shapes=shapes)
        self.reset_after = reset_after
        self.names = activation, recurrent_activation

    def textbook(self, x, h, kernel, recurrent_kernel, bias=None):
        def step(x, h):
            weights = kernel, recurrent_kernel, bias
            reset_after = self.reset_after
            return gru_step(
                x, h, *weights, **self.of_each_step, reset_after=reset_after
            )

        return unrolled(step, x, [h], self.mask)

    def run(self, *arguments):
        tape = recurrent.gru(
            *arguments, self.skipped, self.reset_after, *self.names, self.drops
        )
        return tape, tape.hidden[-1]

    def run_back(self, grads, arguments, wanted):
        return recurrent.gru_gradients(
            grads,
            self.tape,
            arguments,
            wanted,
            self.skipped,
            self.reset_after,
            *self.names,
            self.drops,
        )
