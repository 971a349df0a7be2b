"""Recurrent networks over sequences, with the weights and numbers of Keras's layers.

Each takes array_like values and returns GradArrays, differentiable to any order by the
inputs, the initial states and all weights.  With Keras's default activations the whole
sequence is one operation; with others it is a loop over `simple_rnn_step`, `lstm_step`
or `gru_step`, which are functions for one step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from keratorch import graph
from keratorch.errors import describe, suggest
from keratorch.grads.recurrent import (
    GruGrad,
    LstmGrad,
    SimpleRnnGrad,
    gru_step,
    lstm_step,
    simple_rnn_step,
    unrolled,
)
from keratorch.ops.activation import hard_sigmoid, relu, sigmoid
from keratorch.ops.arrays import as_floats

Activation = str | Callable[..., Any] | None
_ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "hard_sigmoid": hard_sigmoid,
    "linear": lambda x: x,
    "relu": relu,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
}


def simple_rnn(
    inputs: Any,
    initial_state: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    activation: Activation = "tanh",
    mask: Any = None,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, list[Any]]:
    """Simple recurrent network: at each time a dense layer of input and state.

    h = activation(x @ kernel + h @ recurrent_kernel + bias)

    Parameters
    ----------
    inputs : (batch, time, features).
    initial_state : (batch, units), or None for zeros.
    kernel : (features, units).
    recurrent_kernel : (units, units).
    bias : (units,), or None.
    activation : function, or its name: 'tanh', 'sigmoid', 'hard_sigmoid', 'relu',
        'linear'; None is 'linear'.
    mask : (batch, time), True where there is input. Elsewhere the state stays as it
        was, and the output repeats it.
    go_backwards : bool, whether to go from the last time to the first. The outputs come
        in the order of computing: the first belongs to the last time.
    zero_output_for_mask : bool, whether the output is 0 where the mask is False.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units).
    states : list of the state after the last step, (batch, units).

    Raises
    ------
    ValueError : shapes do not fit, there is no time, or no activation has this name.

    Notes
    -----
    Where a sequence begins with masked steps, their outputs are its initial state, as
    in Keras on JAX; in Keras on PyTorch and TensorFlow they are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.float32([[[1.0], [2.0], [3.0]]])
    >>> one = np.ones((1, 1), "float32")
    >>> last, outputs, states = ops.simple_rnn(x, None, one, one, activation="linear")
    >>> outputs.numpy().ravel()
    array([1., 3., 6.], dtype=float32)
    """
    function = _activation("simple_rnn", activation)
    sequence = _sequence(
        "simple_rnn",
        inputs,
        {"initial_state": initial_state},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
    )
    if function is np.tanh:
        results = SimpleRnnGrad.apply(*sequence.arguments, mask=sequence.mask)
    else:
        results = sequence.unrolled(partial(simple_rnn_step, activation=function))
    return _results(results, sequence.mask, zero_output_for_mask)


def lstm(
    inputs: Any,
    initial_state_h: Any,
    initial_state_c: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    activation: Activation = "tanh",
    recurrent_activation: Activation = "sigmoid",
    mask: Any = None,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, list[Any]]:
    """Long short-term memory: a cell that gates fill, empty and show.

    At each time, with i, f, candidate, o side by side in
    x @ kernel + h @ recurrent_kernel + bias:

    c = sigmoid(f) * c + sigmoid(i) * tanh(candidate)
    h = sigmoid(o) * tanh(c)

    Parameters
    ----------
    inputs : (batch, time, features).
    initial_state_h, initial_state_c : (batch, units), or None for zeros.
    kernel : (features, 4 * units).
    recurrent_kernel : (units, 4 * units).
    bias : (4 * units,), or None.
    activation, recurrent_activation : what stands for tanh and for the sigmoid.
    mask, go_backwards, zero_output_for_mask : those of `simple_rnn`.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units).
    states : list of h and c after the last step, each (batch, units).

    Raises
    ------
    ValueError : as in `simple_rnn`.

    Source: Hochreiter & Schmidhuber (1997); the gate f: Gers et al. (2000).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.ones((2, 5, 3), "float32")
    >>> kernel, recurrent_kernel = np.ones((3, 16)), np.ones((4, 16))
    >>> last, outputs, (h, c) = ops.lstm(x, None, None, kernel, recurrent_kernel)
    >>> last.shape, outputs.shape, c.shape
    ((2, 4), (2, 5, 4), (2, 4))
    """
    function = _activation("lstm", activation)
    of_gates = _activation("lstm", recurrent_activation)
    sequence = _sequence(
        "lstm",
        inputs,
        {"initial_state_h": initial_state_h, "initial_state_c": initial_state_c},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
        gates=4,
    )
    if function is np.tanh and of_gates is sigmoid:
        results = LstmGrad.apply(*sequence.arguments, mask=sequence.mask)
    else:
        results = sequence.unrolled(
            partial(lstm_step, activation=function, recurrent_activation=of_gates)
        )
    return _results(results, sequence.mask, zero_output_for_mask)


def gru(
    inputs: Any,
    initial_state: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    activation: Activation = "tanh",
    recurrent_activation: Activation = "sigmoid",
    reset_after: bool = True,
    mask: Any = None,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, list[Any]]:
    """Gated recurrent units: a state that gates keep or replace.

    At each time, with z, r, candidate side by side in x @ kernel + bias[0], and of_z,
    of_r, inner in h @ recurrent_kernel + bias[1]:

    z, r = sigmoid(z + of_z), sigmoid(r + of_r)
    h = z * h + (1 - z) * tanh(candidate + r * inner)

    Parameters
    ----------
    inputs : (batch, time, features).
    initial_state : (batch, units), or None for zeros.
    kernel : (features, 3 * units).
    recurrent_kernel : (units, 3 * units).
    bias : (2, 3 * units), without `reset_after` (3 * units,), or None.
    activation, recurrent_activation : what stands for tanh and for the sigmoid.
    reset_after : bool, whether r multiplies ``inner``, or (False) h before its product
        with the recurrent kernel.
    mask, go_backwards, zero_output_for_mask : those of `simple_rnn`.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units).
    states : list of the state after the last step, (batch, units).

    Raises
    ------
    ValueError : as in `simple_rnn`.

    Source: Cho et al. (2014), the first version of the preprint with `reset_after`, the
    third without.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch import ops
    >>> x = np.ones((2, 5, 3), "float32")
    >>> kernel, recurrent_kernel = np.ones((3, 12)), np.ones((4, 12))
    >>> last, outputs, states = ops.gru(x, None, kernel, recurrent_kernel)
    >>> last.shape, outputs.shape, len(states)
    ((2, 4), (2, 5, 4), 1)
    """
    function = _activation("gru", activation)
    of_gates = _activation("gru", recurrent_activation)
    sequence = _sequence(
        "gru",
        inputs,
        {"initial_state": initial_state},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
        gates=3,
        biases=(2,) if reset_after else (),
    )
    if function is np.tanh and of_gates is sigmoid:
        results = GruGrad.apply(
            *sequence.arguments, reset_after=reset_after, mask=sequence.mask
        )
    else:
        results = sequence.unrolled(
            partial(
                gru_step,
                activation=function,
                recurrent_activation=of_gates,
                reset_after=reset_after,
            )
        )
    return _results(results, sequence.mask, zero_output_for_mask)


class _Sequence(NamedTuple):
    """What a recurrence gets, checked: floats, in the order of computing."""

    x: Any
    states: list[Any]
    weights: list[Any]  # kernel, recurrent_kernel and bias
    mask: np.ndarray | None

    @property
    def arguments(self) -> tuple:
        """The arguments of the Grad classes."""
        return self.x, *self.states, *self.weights

    def unrolled(self, step: Callable[..., Any]) -> tuple:
        """Apply a step, a function of input, states and weights, at each time."""

        def with_weights(x: Any, *states: Any) -> Any:
            return step(x, *states, *self.weights)

        return unrolled(with_weights, self.x, self.states, self.mask)


def _sequence(
    name: str,
    inputs: Any,
    states: dict[str, Any],
    weights: tuple[Any, Any, Any],
    mask: Any,
    go_backwards: bool,
    gates: int = 1,
    biases: tuple[int, ...] = (),
) -> _Sequence:
    """Return the arguments of a function, once their shapes fit.

    Each kernel holds `gates` of them side by side; `biases` are the leading axes of the
    bias.
    """
    x = as_floats(inputs)
    if x.ndim != 3 or not x.shape[1]:
        raise ValueError(
            f"{name} needs inputs of shape (batch, time, features), with one time or "
            f"more; received shape {x.shape}."
        )
    batch, _, features = x.shape
    kernel, recurrent_kernel, bias = map(_optional_floats, weights)
    units = recurrent_kernel.shape[0] if recurrent_kernel.ndim else 0
    width, units_of_all = gates * units, f"{gates} * units" if gates > 1 else "units"

    def check(argument: str, value: Any, letters: str, shape: tuple[int, ...]) -> None:
        if value is not None and value.shape != shape:
            raise ValueError(
                f"{name} expects {argument} of shape ({letters}) = {shape} for inputs "
                f"of shape {x.shape} and {units} units; received shape {value.shape}."
            )

    check(
        "recurrent_kernel", recurrent_kernel, f"units, {units_of_all}", (units, width)
    )
    check("kernel", kernel, f"features, {units_of_all}", (features, width))
    leading = "".join(f"{count}, " for count in biases)
    check("bias", bias, f"{leading}{units_of_all}", (*biases, width))
    firsts = []
    for argument, value in states.items():
        zeros = np.zeros((batch, units), x.dtype)
        firsts.append(as_floats(zeros if value is None else value))
        check(argument, firsts[-1], "batch, units", (batch, units))
    mask = _as_mask(name, mask, x.shape[:2])
    if go_backwards:
        x = np.flip(x, axis=1)
        mask = None if mask is None else mask[:, ::-1]
    return _Sequence(x, firsts, [kernel, recurrent_kernel, bias], mask)


def _optional_floats(weight: Any) -> Any:
    return None if weight is None else as_floats(weight)


def _activation(name: str, activation: Activation) -> Callable[..., Any]:
    """Return the function that an activation stands for."""
    if activation is None:
        activation = "linear"
    if callable(activation):
        return activation
    if activation not in _ACTIVATIONS:
        known = suggest(activation, _ACTIVATIONS)
        raise ValueError(
            f"{name} knows no activation {activation!r}. {known} Or pass a function."
        )
    return _ACTIVATIONS[activation]


def _as_mask(name: str, mask: Any, shape: tuple[int, int]) -> np.ndarray | None:
    """Return a mask as booleans of a shape, (batch, time)."""
    if mask is None:
        return None
    mask = np.asarray(graph.value(mask))
    if mask.shape != shape or mask.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} expects a mask of booleans of shape (batch, time) = {shape}; "
            f"received {describe(mask)}."
        )
    return mask.astype(bool)


def _results(
    results: tuple, mask: np.ndarray | None, zero_output_for_mask: bool
) -> tuple[Any, Any, list[Any]]:
    """Return the last output, all outputs, and the states."""
    outputs, *states = results
    if mask is None or not zero_output_for_mask:
        return states[0], outputs, states
    return (
        np.where(mask[:, -1:], states[0], 0),
        np.where(mask[..., np.newaxis], outputs, 0),
        states,
    )
