"""Recurrent networks over sequences, with the weights and numbers of Keras's layers.

Each takes array_like values and returns GradArrays, differentiable to any order by the
inputs, the initial states and all weights.  With activations that have a name here the
whole sequence is one operation; with other functions it is a loop over
`simple_rnn_step`, `lstm_step` or `gru_step`, which are functions for one step.
"""

from __future__ import annotations

from typing import Any

from keratorch.grads.recurrent import GruGrad, LstmGrad, SimpleRnnGrad
from keratorch.grads.recurrent_steps import (  # noqa: F401 - of `keratorch.ops` too
    gru_step,
    lstm_step,
    simple_rnn_step,
)
from keratorch.ops.recurrent_arguments import (
    Activation,
    as_drops,
    checked_sequence,
    named_activation,
)


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
    drops: Any = None,
    return_sequences: bool = True,
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
    drops : (gates, batch, units), what the state is multiplied with on its way to each
        gate at each time, as dropout wants it; here there is one. None for nothing.
    return_sequences : bool; False leaves out `outputs`, which saves time and memory.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units), or None.
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
    function = named_activation("simple_rnn", activation)
    drops = as_drops("simple_rnn", drops, inputs, recurrent_kernel, 1)
    sequence = checked_sequence(
        "simple_rnn",
        inputs,
        {"initial_state": initial_state},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
    )
    return sequence.results(
        SimpleRnnGrad,
        return_sequences,
        zero_output_for_mask,
        drops=drops,
        activation=function,
    )


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
    drops: Any = None,
    return_sequences: bool = True,
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
    mask, go_backwards, zero_output_for_mask, drops, return_sequences : those of
        `simple_rnn`, with 4 gates.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units), or None.
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
    function = named_activation("lstm", activation)
    of_gates = named_activation("lstm", recurrent_activation)
    drops = as_drops("lstm", drops, inputs, recurrent_kernel, 4)
    sequence = checked_sequence(
        "lstm",
        inputs,
        {"initial_state_h": initial_state_h, "initial_state_c": initial_state_c},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
        gates=4,
    )
    return sequence.results(
        LstmGrad,
        return_sequences,
        zero_output_for_mask,
        drops=drops,
        activation=function,
        recurrent_activation=of_gates,
    )


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
    drops: Any = None,
    return_sequences: bool = True,
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
    mask, go_backwards, zero_output_for_mask, drops, return_sequences : those of
        `simple_rnn`, with 3 gates.

    Returns
    -------
    last_output : (batch, units).
    outputs : (batch, time, units), or None.
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
    function = named_activation("gru", activation)
    of_gates = named_activation("gru", recurrent_activation)
    drops = as_drops("gru", drops, inputs, recurrent_kernel, 3)
    sequence = checked_sequence(
        "gru",
        inputs,
        {"initial_state": initial_state},
        (kernel, recurrent_kernel, bias),
        mask,
        go_backwards,
        gates=3,
        biases=(2,) if reset_after else (),
    )
    return sequence.results(
        GruGrad,
        return_sequences,
        zero_output_for_mask,
        drops=drops,
        activation=function,
        recurrent_activation=of_gates,
        reset_after=reset_after,
    )
