"""RNN: a cell applied at each time of a sequence."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.calls import map_shapes, shape_of
from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.inner import build_inner, deserialized, serialized
from keratorch.layers.recurrent.loop import over_time
from keratorch.layers.recurrent.sizes import listed, map_sizes
from keratorch.layers.recurrent.stacked_rnn_cells import (
    StackedRNNCells,
    check_cell,
    initial_state_of,
    output_size_of,
    run_cell,
)
from keratorch.layers.trial import state_kept
from keratorch.nested import flatten, is_nested, map_structure, pack_like
from keratorch.symbolic import KerasTensor, infer
from keratorch.variable import Variable


class RNN(Layer):
    """A cell, applied at each time of a sequence to the input there and its own state.

    output[t], state[t + 1] = cell(inputs[:, t], state[t])

    Parameters
    ----------
    cell : the cell, or a list of cells, which are stacked (`StackedRNNCells`). A cell
        has ``call(inputs, states)``, which returns an output and the list of new
        states; ``state_size``, an int or a list of them; perhaps ``output_size``, by
        default the first state's; perhaps ``get_initial_state(batch_size)``, by default
        zeros. Its ``call`` may take ``training``. Instead of an int, a size may be a
        shape such as `tf.TensorShape`, or a structure of sizes.
    return_sequences : bool, whether to return the outputs of all times, (batch, time,
        units), instead of the last one, (batch, units).
    return_state : bool, whether to return the last states too, after the output.
    go_backwards : bool, whether to go from the last time to the first. The outputs come
        in the order of computing: the first belongs to the last time.
    stateful : bool, whether a batch goes on with the last states of the batch before,
        until `reset_state`. The batch size must be known and stay the same.
    unroll : bool; it changes nothing here, where each step is computed as it comes.
    zero_output_for_mask : bool, whether outputs of masked times are 0; otherwise they
        repeat the output before.

    Call arguments
    --------------
    sequences : (batch, time, ...), or nested arrays of such shapes; the cell gets the
        same structure of (batch, ...).
    initial_state : list of the first states, instead of zeros.
    mask : (batch, time), False where the step is to be skipped.
    training : bool, for cells with dropout.

    Raises
    ------
    ValueError : `cell` lacks ``call`` or ``state_size``, or a state has another shape.

    Notes
    -----
    Where a sequence begins with masked times, their outputs are its initial state, as
    in Keras on JAX; in Keras on PyTorch and TensorFlow they are 0.  As in Keras, a mask
    that comes with the inputs is left aside where `initial_state` is given: pass it as
    ``mask=``.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import layers
    >>> class Sum(layers.Layer):
    ...     state_size = output_size = 3
    ...     def call(self, inputs, states):
    ...         total = states[0] + inputs
    ...         return total, [total]
    >>> layers.RNN(Sum())(np.ones((1, 5, 3))).numpy()
    array([[5., 5., 5.]], dtype=float32)
    """

    _takes_lists = True
    _states: Any

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ):
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        check_cell("RNN", cell)
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = bool(return_sequences)
        self.return_state = bool(return_state)
        self.go_backwards = bool(go_backwards)
        self.stateful = bool(stateful)
        self.unroll = bool(unroll)
        self.zero_output_for_mask = bool(zero_output_for_mask)
        self.supports_masking = True
        self._keep_states(None)

    @property
    def couples_samples(self) -> bool:
        """Whether a call keeps the states of its samples, or a cell may mix them."""
        return self.stateful or getattr(self.cell, "couples_samples", True)

    @property
    def state_size(self) -> list[Any]:
        """The sizes of the states."""
        return listed(self.cell.state_size)

    def build(self, sequences_shape: tuple, initial_state_shape: Any = None) -> None:
        build_inner(self.cell, map_shapes(lambda n: (n[0], *n[2:]), sequences_shape))
        if self.stateful and self.states is None:
            self._make_states(sequences_shape)

    def call(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        states = self._first_states(sequences, initial_state)
        mask = _as_mask(self, mask, flatten(sequences)[0].shape)
        last, outputs, states = self._run(sequences, states, mask, training)
        if self.stateful:
            for kept, state in zip(flatten(self.states), flatten(states), strict=True):
                kept.assign(graph.value(state))
        output = outputs if self.return_sequences else last
        return _with_states(output, states) if self.return_state else output

    def _run(
        self, sequences: Any, states: list[Any], mask: Any, training: bool
    ) -> tuple[Any, Any, list[Any]]:
        """Return the last output, all outputs and the last states."""
        cell = self.cell
        _forget_masks(cell)
        try:
            return over_time(
                lambda x, states: run_cell(cell, x, states, training),
                sequences,
                states,
                mask,
                self.go_backwards,
                self.zero_output_for_mask,
                self.return_sequences,
            )
        finally:
            _forget_masks(cell)

    def get_initial_state(self, batch_size: int) -> list[Any]:
        """Return the states before the first step."""
        states = initial_state_of(self.cell, batch_size, self.dtype)
        return list(states) if is_nested(states) else [states]

    def _first_states(self, sequences: Any, initial_state: Any) -> list[Any]:
        """Return the states to begin with, checked."""
        shape = flatten(sequences)[0].shape
        batch = shape[0]
        if shape[1] == 0:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' needs one time step or more; "
                f"received inputs of shape {shape}."
            )
        if any(part.shape[:2] != shape[:2] for part in flatten(sequences)):
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects inputs of one batch size "
                f"and one number of times; received shapes {shape_of(sequences)}."
            )
        if self.stateful and flatten(self.states)[0].shape[0] != batch:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' is stateful, with states for a "
                f"batch of {flatten(self.states)[0].shape[0]}; received inputs of shape"
                f" {shape}. Use batches of one size, or stateful=False."
            )
        if initial_state is not None:
            return self._given_states(initial_state, batch)
        if self.stateful:
            return map_structure(lambda state: state._array.copy(), self.states)
        return self.get_initial_state(batch)

    def _given_states(self, initial_state: Any, batch: int) -> list[Any]:
        own = self.get_initial_state(batch)
        states = flatten(initial_state)
        if [shape_of(one) for one in states] != [shape_of(one) for one in flatten(own)]:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects initial_state of shapes "
                f"{shape_of(own)}, a list of {len(own)}; received "
                f"{shape_of(initial_state)}."
            )
        return pack_like(own, states)

    # Stateful layers

    @property
    def states(self) -> Any:
        """The states that a stateful layer goes on with, None before it is built."""
        return self._states

    def _keep_states(self, states: Any) -> None:
        # past __setattr__: the states are no weights
        object.__setattr__(self, "_states", states)

    def _make_states(self, shape: Any) -> None:
        batch = flatten(shape)[0]
        if batch is None:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' is stateful, so it needs to know "
                f"the batch size; received inputs of shape {shape}. Give it in "
                "Input(shape=..., batch_size=...)."
            )

        def variable(value: Any) -> Variable:
            path = f"{self.name}/rnn_state"
            values = graph.value(value)
            return Variable(
                values, None, self.dtype, False, name="rnn_state", path=path
            )

        self._keep_states(map_structure(variable, self.get_initial_state(batch)))

    def reset_state(self, states: Any = None) -> None:
        """Let a stateful layer begin anew, with zeros or with given states."""
        if self.states is None:
            return
        kept = flatten(self.states)
        values = [0 * state._array for state in kept]
        if states is not None:
            values = flatten(states)
        if len(values) != len(kept):
            raise ValueError(
                f"reset_state: '{self.name}' has {len(kept)} states; received "
                f"{len(values)}."
            )
        for state, value in zip(kept, values, strict=True):
            state.assign(value)

    def reset_states(self, states: Any = None) -> None:
        """The same as `reset_state`."""
        self.reset_state(states)

    # Shapes, masks and configuration

    def compute_output_shape(
        self, sequences_shape: tuple, initial_state_shape: Any = None
    ) -> Any:
        batch, time = flatten(sequences_shape)[:2]
        times = (time,) if self.return_sequences else ()
        size = output_size_of(self.cell)
        output = map_sizes(lambda shape: (batch, *times, *shape), size)
        if not self.return_state:
            return output
        states = map_sizes(lambda shape: (batch, *shape), self.state_size)
        return _with_states(output, states)

    def compute_output_spec(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
        **own: Any,
    ) -> Any:
        inspect.signature(self.call).bind_partial(**own)  # of a subclass
        if len(listed(output_size_of(self.cell))) > 1:  # how it is nested, calls show
            given = {"initial_state": initial_state, "mask": mask, "training": training}
            with state_kept(self):
                return infer(self, (sequences,), {**given, **own})
        shapes = self.compute_output_shape(shape_of(sequences))
        return map_shapes(lambda shape: KerasTensor(shape, self.dtype), shapes)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs: that of the inputs where all are returned."""
        mask = next(iter(flatten(mask)), None) if is_nested(mask) else mask
        mask = mask if self.return_sequences else None
        return [mask, *[None] * len(self.state_size)] if self.return_state else mask

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask,
            **self._cell_config(),
        }

    def _cell_config(self) -> dict[str, Any]:
        return {"cell": serialized(self.cell)}

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> Any:
        if "cell" in config:
            config = {**config, "cell": deserialized(config["cell"], custom_objects)}
        return super().from_config(config)


def _with_states(output: Any, states: list[Any]) -> tuple[Any, ...]:
    """Return output and states; the outputs of a cell that lists several come apart."""
    return (*output, *states) if isinstance(output, list) else (output, *states)


def _forget_masks(cell: Any) -> None:
    """Let the cells draw new dropout masks for the next sequence."""
    cells = cell.cells if isinstance(cell, StackedRNNCells) else [cell]
    for one in cells:
        if hasattr(one, "reset_dropout_mask"):
            one.reset_dropout_mask()
            one.reset_recurrent_dropout_mask()


def _as_mask(layer: RNN, mask: Any, shape: tuple) -> np.ndarray | None:
    """Return a mask, of nested arrays the first, as booleans (batch, time), or None."""
    mask = next(iter(flatten(mask)), None)
    if mask is None:
        return None
    mask = np.asarray(graph.value(mask)).astype(bool)
    if mask.ndim > 2:  # of parts of steps: a step with one part is no step to skip
        mask = mask.any(axis=tuple(range(2, mask.ndim)))
    if mask.shape != shape[:2]:
        raise ValueError(
            f"{type(layer).__name__} '{layer.name}' expects a mask of shape (batch, "
            f"time) = {shape[:2]} for inputs of shape {shape}; received shape "
            f"{mask.shape}."
        )
    return mask
