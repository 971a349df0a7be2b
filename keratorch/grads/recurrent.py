"""Recurrent networks over whole sequences, each in one node of the graph.

A step is a page of mathematics: `simple_rnn_step`, `lstm_step`, `gru_step`.
`unrolled` takes it through time, one recorded operation after the other.  The Grad
classes here compute the same by kernels; their derivatives of higher order are those of
the textbook form.  `keratorch.ops` gives both their names.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial, reduce
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from keratorch import threads
from keratorch.grads.outputs import FusedOutputs
from keratorch.grads.recurrent_steps import (
    ACTIVATIONS,
    gru_step,
    lstm_step,
    simple_rnn_step,
    unrolled,
)
from keratorch.kernels import recurrent
from keratorch.kernels.gru import gru, gru_gradients
from keratorch.kernels.lstm import lstm, lstm_gradients
from keratorch.modes import current_mode


class RecurrenceGrad(FusedOutputs):
    """A recurrence over a whole sequence in one node.

    Its inputs are x : (batch, time, features), the states before, kernel,
    recurrent_kernel and perhaps a bias; its results the outputs, (batch, time, units),
    unless `return_sequences` is False, and the states after.  Parts of the batch go
    through time, and back, on threads of their own.

    Parameters
    ----------
    mask : (batch, time) of booleans, or None. Where it is False, the states stay.
    drops : (gates, batch, units), what the state is multiplied with on its way to each
        gate, or None.
    return_sequences : bool.
    options : what else the kernel and the step know, such as the names of activations.
    """

    state_count: ClassVar[int] = 1
    gates_at_once: ClassVar[int] = 1  # that one call of the kernel projects
    #: What the kernel is told where no derivative will be asked for.
    one_way: ClassVar[Mapping[str, bool]] = MappingProxyType({})

    def __init__(
        self,
        *inputs,
        mask=None,
        drops=None,
        return_sequences=True,
        shapes=None,
        **options,
    ):
        if inputs[-1] is None:  # no bias
            inputs = inputs[:-1]
        super().__init__(*inputs, shapes=shapes)
        self.mask, self.drops, self.options = mask, drops, options
        self.return_sequences = return_sequences

    @property
    def numbers_between(self):
        """How many numbers it makes: at each time two projections, and the states."""
        arguments = self._arguments(self.inputs)
        (batch, time, _), recurrent_kernel = arguments[0].shape, arguments[-2]
        units, projected = recurrent_kernel.shape
        return batch * time * (2 * projected + self.state_count * units)

    @staticmethod
    @abstractmethod
    def step(*arguments, **options):
        """Return the states after a time, computed by recording functions."""

    @staticmethod
    @abstractmethod
    def kernel(*arguments, **options):
        """Return the tape of all times."""

    @staticmethod
    @abstractmethod
    def kernel_gradients(grads, tape, arguments, wanted, *conditions, **options):
        """Return the gradients of all arguments of the kernel."""

    @property
    def params(self):
        named = ("mask", "drops", "return_sequences")
        return {**{name: getattr(self, name) for name in named}, **self.options}

    @classmethod
    def textbook(cls, x, *others, mask=None, return_sequences=True, **options):
        """Return the results of the step, `unrolled`.

        Its activations may be functions, too.
        """
        first, weights = others[: cls.state_count], others[cls.state_count :]
        for name in options.keys() & {"activation", "recurrent_activation"}:
            options[name] = ACTIVATIONS.get(options[name], options[name])

        def step(x, *states):
            return cls.step(x, *states, *weights, **options)

        outputs, *last = unrolled(step, x, first, mask)
        return (outputs, *last) if return_sequences else tuple(last)

    def compute(self, *arrays):
        arguments = self._arguments(arrays)
        x, (kernel, recurrent_kernel, _) = arguments[0], arguments[-3:]
        units = len(recurrent_kernel)
        products = (len(kernel) + units) * units * self.gates_at_once
        gated = self.gates_at_once > 1
        self.parts = recurrent.parts_of(*x.shape[:2], products, gated)
        # kept for the kernel alone: higher derivatives compute all of it again
        records = current_mode.get().records
        keeps = records and any(map(self.needs, range(len(self._inputs))))
        options = self.options if keeps else {**self.options, **self.one_way}
        forth = partial(self._forth, arguments, options)
        with threads.one_blas_thread():
            self.tapes = threads.run(forth, self.parts)
        lasts = [tape.last for tape in self.tapes]
        results = [_side_by_side(last) for last in zip(*lasts, strict=True)]
        if self.return_sequences:
            hidden = [np.swapaxes(tape.hidden[1:], 0, 1) for tape in self.tapes]
            results.insert(0, _side_by_side(hidden))
        return tuple(results)

    def _forth(self, arguments, options, rows):
        """Return the tape of some rows of the batch."""
        of_part, conditions = self._of_part(arguments, rows)
        return self.kernel(*of_part, *conditions, **options)

    def gradients(self, *grads):
        count = len(self._inputs)
        wanted = [i < count and self.needs(i) for i in range(self.state_count + 4)]
        arguments = self._arguments(self.inputs)
        by_x = np.empty_like(arguments[0], order="C") if wanted[0] else None
        back = partial(self._back, arguments, grads, wanted, by_x)
        with threads.one_blas_thread():
            parts = threads.run(back, range(len(self.parts)))
        found = list(zip(*parts, strict=True))
        states, weights = found[: self.state_count], found[self.state_count :]
        by_states = [_side_by_side(parts) for parts in states]
        by_weights = [
            reduce(np.add, parts) if asked else None
            for parts, asked in zip(weights, wanted[-3:], strict=True)
        ]
        return (by_x, *by_states, *by_weights)[:count]

    def _back(self, arguments, grads, wanted, by_x, i):
        """Return the gradients that a part of the batch gives to all but x."""
        rows = self.parts[i]
        of_part, conditions = self._of_part(arguments, rows)
        grads = [grad[rows] for grad in grads]
        outputs = np.swapaxes(grads.pop(0), 0, 1) if self.return_sequences else None
        part_by_x, *others = self.kernel_gradients(
            (outputs, *grads),
            self.tapes[i],
            of_part,
            wanted,
            *conditions,
            **self.options,
        )
        if wanted[0]:
            by_x[rows] = np.swapaxes(part_by_x, 0, 1)
        return others

    def _arguments(self, inputs):
        """Return the arguments of the kernels, None for no bias."""
        return *inputs, *[None] * (self.state_count + 4 - len(inputs))

    def _of_part(self, arguments, rows):
        """Return the arguments for some rows, and skipped rows and drops there."""
        x, *others = arguments
        states, weights = others[: self.state_count], others[self.state_count :]
        mask = None if self.mask is None else self.mask[rows]
        drops = None if self.drops is None else self.drops[:, rows]
        of_part = np.swapaxes(x[rows], 0, 1), *[s[rows] for s in states], *weights
        return of_part, (recurrent.skipped_rows(mask, x.shape[1]), drops)


def _side_by_side(parts):
    """Return parts of a batch as one array."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


class SimpleRnnGrad(RecurrenceGrad):
    """h = tanh(x @ kernel + h @ recurrent_kernel + bias) at each time of a sequence.

    Back through time: dL/dz = dL/dh * (1 - h ** 2), and with it dL/dx = dL/dz @
    kernel.T, dL/dh before = dL/dz @ recurrent_kernel.T; x.T @ dL/dz, h.T @ dL/dz and
    dL/dz, added up over time, are the gradients of the kernels and of the bias.  Equals
    `simple_rnn_step`, `unrolled`.  `activation`, a name in `ACTIVATIONS`, stands for
    tanh, its slope for 1 - h ** 2.
    """

    step = staticmethod(simple_rnn_step)
    kernel = staticmethod(recurrent.simple_rnn)
    kernel_gradients = staticmethod(recurrent.simple_rnn_gradients)


class LstmGrad(RecurrenceGrad):
    """A long short-term memory over a sequence in one node.

    Back through time, with i, f, g, o for the squashed gates and s for tanh(c):
    dL/dc += dL/dh * o * (1 - s ** 2); dL/do = dL/dh * s, dL/di = dL/dc * g,
    dL/dg = dL/dc * i, dL/df = dL/dc * c before, each times the slope of its sigmoid or
    tanh; dL/dc before = dL/dc * f.  Kernels, bias and dL/dh follow as in
    `SimpleRnnGrad`.  Equals `lstm_step`, `unrolled`.  `activation` and
    `recurrent_activation`, names in `ACTIVATIONS`, stand for tanh and for the sigmoid.
    """

    state_count, gates_at_once = 2, 4
    one_way = MappingProxyType({"keeps": False})
    step = staticmethod(lstm_step)
    kernel = staticmethod(lstm)
    kernel_gradients = staticmethod(lstm_gradients)


class GruGrad(RecurrenceGrad):
    """Gated recurrent units over a sequence in one node.

    Back through time, with z, r, g for the squashed gates: dL/dz = dL/dh * (h before -
    g), dL/dg = dL/dh * (1 - z), dL/dr = dL/dg * inner, each times the slope of its
    sigmoid or tanh; dL/dh before = dL/dh * z and what the kernel hands back.  Kernels
    and biases follow as in `SimpleRnnGrad`.  Equals `gru_step`, `unrolled`, with or
    without `reset_after`.  `activation` and `recurrent_activation`, names in
    `ACTIVATIONS`, stand for tanh and for the sigmoid.
    """

    gates_at_once = 2
    one_way = MappingProxyType({"keeps": False})
    step = staticmethod(gru_step)
    kernel = staticmethod(gru)
    kernel_gradients = staticmethod(gru_gradients)
