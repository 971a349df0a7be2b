"""Recurrent, the base of recurrent layers in Keras 1 and 2.0: it defines `step`.

class Summing(Recurrent):
    units = 3

    def step(self, x, states):
        total = states[0] + x
        return total, [total]
"""

from __future__ import annotations

from typing import Any

from keratorch import backend, graph
from keratorch.layers import Layer


class Recurrent(Layer):
    """A layer that calls its method `step` for each time of a sequence.

    Parameters
    ----------
    return_sequences : bool, whether the outputs of all times are returned.
    return_state : bool, whether the last states follow.
    go_backwards, stateful, unroll : as of `RNN`.
    implementation : changes nothing; it chose between programs of one result.
    """

    units: int

    def __init__(
        self,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        implementation: int = 0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.return_sequences, self.return_state = return_sequences, return_state
        self.go_backwards, self.stateful = go_backwards, stateful
        self.unroll, self.implementation = unroll, implementation
        self.supports_masking = True
        self.states: Any = [None]

    def step(self, inputs: Any, states: Any) -> tuple[Any, list[Any]]:
        """Return the output and the states of one time."""
        raise NotImplementedError(
            f"{type(self).__name__} has no step(self, inputs, states). Define it."
        )

    def preprocess_input(self, inputs: Any, training: Any = None) -> Any:
        """Return what the steps get; here the inputs."""
        return inputs

    def get_constants(self, inputs: Any, training: Any = None) -> list[Any]:
        """Return what each step gets behind the states; here nothing."""
        return []

    def get_initial_state(self, inputs: Any) -> list[Any]:
        """Return states of zeros, (batch, units) each."""
        first = backend.zeros_like(inputs)[:, 0, :1]
        return [first * backend.ones((1, self.units)) for _ in self.states]

    get_initial_states = get_initial_state

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: Any = None,
        initial_state: Any = None,
    ) -> Any:
        """Return the last output, or those of all times."""
        states = self._first_states(inputs, initial_state)
        last, outputs, states = backend.rnn(
            self.step,
            self.preprocess_input(inputs),
            states,
            go_backwards=self.go_backwards,
            mask=mask,
            constants=self.get_constants(inputs),
            unroll=self.unroll,
        )
        if self.stateful:
            self.states = [graph.plain(state) for state in states]
        output = outputs if self.return_sequences else last
        return [output, *states] if self.return_state else output

    def _first_states(self, inputs: Any, given: Any) -> list[Any]:
        if given is not None:
            return list(given) if isinstance(given, (list, tuple)) else [given]
        if self.stateful and all(state is not None for state in self.states):
            return list(self.states)
        # Keras 1 called it get_initial_states, and layers define either.
        own = type(self).get_initial_states is not Recurrent.get_initial_states
        return list(
            (self.get_initial_states if own else self.get_initial_state)(inputs)
        )

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of all times, if they are returned."""
        mask = mask if self.return_sequences else None
        return [mask] + [None] * len(self.states) if self.return_state else mask

    def reset_states(self, states: Any = None) -> None:
        """Forget the states, or set them."""
        count = len(self.states)
        self.states = [None] * count if states is None else list(states)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "implementation": self.implementation,
        }


def _time_distributed_dense(
    x: Any,
    w: Any,
    b: Any = None,
    dropout: Any = None,
    input_dim: int | None = None,
    output_dim: int | None = None,
    timesteps: int | None = None,
    training: Any = None,
) -> Any:
    """Return x @ w + b at each time; `dropout` is a rate, the rest follows from w."""
    if dropout is not None and 0 < dropout < 1:
        mask = backend.dropout(backend.ones_like(x[:, :1]), dropout)
        x = backend.in_train_phase(x * mask, x, training=training)
    x = backend.dot(x, w)
    return x if b is None else backend.bias_add(x, b)
