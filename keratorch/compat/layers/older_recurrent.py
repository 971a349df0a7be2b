"""Recurrent, the base of recurrent layers in Keras 1 and 2.0: it defines `step`.

class Summing(Recurrent):
    units = 3

    def step(self, x, states):
        total = states[0] + x
        return total, [total]
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import backend, graph
from keratorch.layers import Layer
from keratorch.layers.recurrent.sizes import first_size, map_sizes


class Recurrent(Layer):
    """A layer that calls its method `step` for each time of a sequence.

    Parameters
    ----------
    return_sequences : bool, whether the outputs of all times are returned.
    return_state : bool, whether the last states follow.
    go_backwards, stateful, unroll : as of `RNN`.
    implementation, consume_less : change nothing; they chose between programs of one
        result. A layer may ask them.
    input_dim, input_length : int, Keras 1's way to say the shape of a sequence.

    Attributes
    ----------
    units, or in Keras 1 output_dim : int, the width of outputs and states.
    """

    units: int
    output_dim: int

    def __init__(
        self,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        implementation: int = 0,
        consume_less: str = "cpu",
        input_dim: int | None = None,
        input_length: int | None = None,
        **kwargs: Any,
    ):
        if input_dim is not None:
            kwargs.setdefault("input_shape", (input_length, input_dim))
        super().__init__(**kwargs)
        self.return_sequences, self.return_state = return_sequences, return_state
        self.go_backwards, self.stateful = go_backwards, stateful
        self.unroll, self.implementation = unroll, implementation
        self.consume_less = consume_less
        self.input_dim, self.input_length = input_dim, input_length
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
        return [first * backend.ones((1, self._width())) for _ in self.states]

    get_initial_states = get_initial_state

    def _width(self) -> int:
        return getattr(self, "units", None) or self.output_dim

    def get_output_shape_for(self, input_shape: Any) -> Any:
        """Return the shape of the outputs, and those of the states if they follow.

        Keras 1's name: a layer of one's own that takes several arrays calls it with the
        shape of the first.
        """
        one = (input_shape[0], self._width())
        times = (*input_shape[:2], self._width())
        output = times if self.return_sequences else one
        return [output] + [one] * len(self.states) if self.return_state else output

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


class AbstractRNNCell(Layer):
    """The base of cells of one's own in tf.keras 2.

    A subclass defines `call` and the property `state_size`, and may define
    `output_size`.
    """

    @property
    def state_size(self) -> Any:
        """The size of the state, or a list of sizes."""
        raise NotImplementedError(
            f"{type(self).__name__} has no state_size. Define it as a property."
        )

    @property
    def output_size(self) -> Any:
        """The size of the output: by default that of the first state."""
        return first_size(self.state_size)

    def call(self, inputs: Any, states: Any) -> Any:
        """Return the output and the states of one time."""
        raise NotImplementedError(
            f"{type(self).__name__} has no call(self, inputs, states). Define it."
        )

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Return zeros, for the batch of the inputs or of a size."""
        batch_size = batch_size if inputs is None else inputs.shape[0]
        dtype = dtype or self.dtype

        def zeros(shape: tuple) -> Any:
            return np.zeros((batch_size, *shape), dtype)

        return map_sizes(zeros, self.state_size)


class DropoutRNNCellMixin:
    """What cells of one's own took from tf.keras 2: masks of dropout for a sequence.

    A cell has the rates `dropout` and `recurrent_dropout`; `RNN` lets it draw new masks
    for each sequence.
    """

    dropout: float = 0.0
    recurrent_dropout: float = 0.0

    def get_dropout_mask_for_cell(
        self, inputs: Any, training: Any, count: int = 1
    ) -> Any:
        """Return the mask of the inputs, or a list of `count` of them, or None."""
        return self._mask("_masks", inputs, self.dropout, training, count)

    def get_recurrent_dropout_mask_for_cell(
        self, inputs: Any, training: Any, count: int = 1
    ) -> Any:
        """Return the mask of the state, or a list of `count` of them, or None."""
        rate = self.recurrent_dropout
        return self._mask("_recurrent_masks", inputs, rate, training, count)

    def reset_dropout_mask(self) -> None:
        """Let the next step draw a new mask of the inputs."""
        self.__dict__.pop("_masks", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Let the next step draw a new mask of the state."""
        self.__dict__.pop("_recurrent_masks", None)

    def _mask(
        self, name: str, like: Any, rate: float, training: Any, count: int
    ) -> Any:
        if not rate or not training:
            return None
        if name not in self.__dict__:
            ones = np.ones(like.shape, np.float32)
            drawn = _generate_dropout_mask(ones, rate, training, count)
            self.__dict__[name] = graph.plain(drawn)  # past the tracking of layers
        return self.__dict__[name]


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


def _generate_dropout_mask(
    ones: Any, rate: float, training: Any = None, count: int = 1
) -> Any:
    """Return a mask of dropout for arrays of ones, or a list of `count` of them."""
    masks = [
        backend.in_train_phase(backend.dropout(ones, rate), ones, training=training)
        for _ in range(count)
    ]
    return masks if count > 1 else masks[0]


def _standardize_args(
    inputs: Any, initial_state: Any, constants: Any, num_constants: int | None
) -> tuple[Any, Any, Any]:
    """Return inputs, states and constants apart, which may come as one list.

    Examples
    --------
    >>> _standardize_args(["x", "h", "c", "constant"], None, None, 1)
    ('x', ['h', 'c'], ['constant'])
    """
    if isinstance(inputs, list):
        if num_constants:
            inputs, constants = inputs[:-num_constants], inputs[-num_constants:]
        inputs, states = inputs[0], inputs[1:]
        initial_state = states or initial_state

    def listed(x: Any) -> Any:
        if x is None or isinstance(x, list):
            return x
        return list(x) if isinstance(x, tuple) else [x]

    return inputs, listed(initial_state), listed(constants)


__all__ = ["AbstractRNNCell", "DropoutRNNCellMixin", "Recurrent"]
