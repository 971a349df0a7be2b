"""Weights of Keras 0 and 1, and of Theano, put into the form of today.

A kernel was (filters, channels, *sizes) where channels come first, that of `Conv1D`
had an axis more, that of `Conv2DTranspose` its last two axes the other way round.
Recurrent layers kept a kernel, a recurrent kernel and a bias for each gate:

    LSTM    W_i U_i b_i   W_c U_c b_c   W_f U_f b_f   W_o U_o b_o
    GRU     W_z U_z b_z   W_r U_r b_r   W_h U_h b_h

Today one array has the gates side by side; those of `LSTM` as i, f, c, o.

CuDNNLSTM and CuDNNGRU kept the kernels of the gates side by side as well, but each in
the order in which CuDNN reads it, and a bias of the inputs and one of the state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

#: Layer -> where each gate of today stands among those of Keras 1.
_GATES = {"LSTM": (0, 2, 1, 3), "GRU": (0, 1, 2), "ConvLSTM2D": (0, 2, 1, 3)}
_TRANSPOSED = ("Conv2DTranspose", "Conv3DTranspose")
_CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", *_TRANSPOSED)
_OF_THEANO = (*_CONVOLUTIONS, "ConvLSTM2D")


class Origin(NamedTuple):
    """Who wrote weights.

    Parameters
    ----------
    first : bool, Keras 0 or 1, which noted no version beside them.
    theano : bool, Keras on Theano, which turned its kernels around.
    """

    first: bool = False
    theano: bool = False


TODAY = Origin()


def origin(attributes: Mapping[str, Any]) -> Origin:
    """Return who wrote the weights in a group of a file with these attributes."""
    backend = attributes.get("backend", b"")
    named = backend.decode() if isinstance(backend, bytes) else str(backend)
    return Origin("keras_version" not in attributes, named == "theano")


def modern_weights(
    layer: Any, arrays: Sequence[np.ndarray], written: Origin = TODAY
) -> list[np.ndarray]:
    """Return a layer's weights as they are today.

    What fits as it is stays so, unless Keras 1 wrote it; what fits in no way, too.

    Parameters
    ----------
    layer : Layer, built.
    arrays : its weights, trainable ones first.
    written : Origin, who wrote them.
    """
    parts = _inside(layer, arrays)
    if parts:
        return [x for part in parts for x in modern_weights(*part, written)]
    found = list(arrays)
    if written.first or not fits(layer, found):
        modern = _modern(layer, found)
        found = modern if fits(layer, modern) else found
    return _turned(layer, found) if written.theano else found


def fits(layer: Any, arrays: Sequence[np.ndarray]) -> bool:
    """Return whether arrays have the shapes of a layer's weights."""
    variables = [*layer.trainable_weights, *layer.non_trainable_weights]
    return [x.shape for x in arrays] == [v.shape for v in variables]


def _turned(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Return a layer's weights with the kernels turned around."""
    kernels = 0
    if _kind(layer) in _OF_THEANO:
        kernels = 2 if _kind(layer) == "ConvLSTM2D" else 1
    turned = [np.flip(x, tuple(range(x.ndim - 2))) for x in arrays[:kernels]]
    return [*turned, *arrays[kernels:]]


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _inside(layer: Any, arrays: Sequence[np.ndarray]) -> list[tuple[Any, Any]]:
    """Return the layers in a wrapper, each with its weights; none for others."""
    if _kind(layer) == "TimeDistributed":
        return [(layer.layer, arrays)]
    if _kind(layer) == "Bidirectional":
        half = len(arrays) // 2
        forward = (layer.forward_layer, arrays[:half])
        return [forward, (layer.backward_layer, arrays[half:])]
    return []


def _modern(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    kind = _kind(layer)
    if kind in _GATES:
        return _side_by_side(layer, arrays)
    if kind in _CONVOLUTIONS and arrays and arrays[0].ndim > 2:
        return [_kernel(layer, arrays[0]), *arrays[1:]]
    return arrays


def _side_by_side(layer: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Return kernel, recurrent kernel and bias of all gates."""
    gates = _GATES[_kind(layer)]
    if _are_of_cudnn(arrays, len(gates)):
        return _of_cudnn(arrays, len(gates))
    if len(arrays) != 3 * len(gates):
        return arrays
    if getattr(layer, "data_format", "") == "channels_first":
        arrays = [_filters_last(x) if x.ndim > 2 else x for x in arrays]
    return [
        np.concatenate([arrays[3 * gate + part] for gate in gates], axis=-1)
        for part in range(3)
    ]


def _are_of_cudnn(arrays: list[np.ndarray], gates: int) -> bool:
    if len(arrays) != 3 or not arrays[0].ndim == arrays[1].ndim == 2:
        return False
    width = arrays[0].shape[1]
    fit = width % gates == 0 and arrays[1].shape == (width // gates, width)
    return fit and arrays[2].shape == (2 * width,)


def _of_cudnn(arrays: list[np.ndarray], gates: int) -> list[np.ndarray]:
    """Return the weights of CuDNNLSTM as those of `LSTM`, and so for GRU."""
    kernel, recurrent, biases = arrays
    kernels = [k.reshape(k.shape[::-1]).T for k in np.split(kernel, gates, axis=1)]
    recurrents = [k.T for k in np.split(recurrent, gates, axis=1)]
    of_input, of_state = np.split(biases, 2)
    bias = of_input + of_state if gates == 4 else np.stack([of_input, of_state])
    return [np.concatenate(kernels, axis=1), np.concatenate(recurrents, axis=1), bias]


def _kernel(layer: Any, kernel: np.ndarray) -> np.ndarray:
    first = layer.data_format == "channels_first"
    if _kind(layer) == "Conv1D":
        if kernel.ndim != 4:
            return kernel
        if kernel.shape != (*layer.kernel_size, 1, kernel.shape[2], layer.filters):
            kernel = _filters_last(kernel)  # of (filters, channels, steps, 1)
        return kernel[:, 0]
    if _kind(layer) in _TRANSPOSED:
        kernel = _filters_last(kernel) if first else kernel
        return kernel.swapaxes(-1, -2)
    return _filters_last(kernel) if first else kernel


def _filters_last(kernel: np.ndarray) -> np.ndarray:
    return kernel.transpose(*range(2, kernel.ndim), 1, 0)
