"""The base of layers that are an RNN of a cell of their own."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar

import numpy as np

from keratorch import activations, regularizers
from keratorch.layers.arguments import check_one_array
from keratorch.layers.recurrent.rnn import RNN

# What the fused kernels know by name.
_NAMES = {
    activations.hard_sigmoid: "hard_sigmoid",
    activations.linear: "linear",
    activations.relu: "relu",
    activations.sigmoid: "sigmoid",
    activations.tanh: "tanh",
    np.tanh: "tanh",
}
_OF_EVERY_LAYER = ("name", "trainable", "dtype")


class CellLayer(RNN):
    """An `RNN` that makes its cell itself, and answers for it.

    A subclass names the `forwarded` attributes of its cell, which are its own too, and
    those that its configuration leaves out.
    """

    _takes_lists = True
    forwarded: ClassVar[tuple[str, ...]] = ()
    unsaved: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        weights = [
            f"{role}_{kind}"
            for role in ("kernel", "recurrent", "bias")
            for kind in ("initializer", "regularizer", "constraint")
        ]
        common = ["activation", "use_bias", "dropout", "recurrent_dropout"]
        for name in (*cls.forwarded, *common, *weights):
            setattr(cls, name, property(attrgetter(f"cell.{name}")))

    def _check_axes(self, shape: tuple, ndim: int, axes: str) -> None:
        check_one_array(self, shape)
        if len(shape) != ndim:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects inputs of shape {axes}; "
                f"received shape {shape}. A layer before it that passes on single "
                "vectors needs return_sequences=True; for one feature use "
                "x[..., None], for one sample x[None]."
            )

    def _cell_config(self) -> dict[str, Any]:
        left_out = {*_OF_EVERY_LAYER, *self.unsaved}
        config = self.cell.get_config()
        penalty = regularizers.serialize(self.activity_regularizer)
        own = {key: value for key, value in config.items() if key not in left_out}
        return {**own, "activity_regularizer": penalty}


class SequenceLayer(CellLayer):
    """The base of `SimpleRNN`, `LSTM` and `GRU`: the whole sequence in one operation.

    Its cell holds vectors.
    """

    couples_samples = RNN.couples_samples

    def build(self, sequences_shape: tuple, initial_state_shape: Any = None) -> None:
        self._check_axes(sequences_shape, 3, "(batch, time, features)")
        super().build(sequences_shape, initial_state_shape)

    def call(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        self._check_axes(sequences.shape, 3, "(batch, time, features)")
        features = self.cell.kernel.shape[0]
        if sequences.shape[2] != features:
            raise ValueError(
                f"{type(self).__name__} '{self.name}' expects inputs of shape (batch, "
                f"time, {features}); received shape {sequences.shape}. Give each step "
                f"{features} features."
            )
        return super().call(sequences, initial_state, mask, training)

    def _run(self, sequences: Any, states: list[Any], mask: Any, training: bool) -> Any:
        cell, kernel, drops = self.cell, self.cell.kernel, None
        if training and (cell.dropout or cell.recurrent_dropout):
            cell.reset_dropout_mask()
            cell.reset_recurrent_dropout_mask()
            own = cell.get_dropout_mask(sequences[:, 0])
            if own is not None:
                sequences, kernel = _dropped(sequences, kernel, own)
            drops = cell.get_recurrent_dropout_mask(states[0])
            drops = drops if drops is None else np.stack(_as_list(drops))
            cell.reset_dropout_mask()
            cell.reset_recurrent_dropout_mask()
        return self._fused(
            sequences,
            states,
            kernel,
            mask=mask,
            go_backwards=self.go_backwards,
            zero_output_for_mask=self.zero_output_for_mask,
            drops=drops,
            return_sequences=self.return_sequences,
        )

    def _fused(
        self, sequences: Any, states: list[Any], kernel: Any, **arguments: Any
    ) -> Any:
        """Return the last output, all outputs and the last states."""
        raise NotImplementedError


def _dropped(sequences: Any, kernel: Any, masks: Any) -> tuple[Any, Any]:
    """Return inputs after dropout, and the kernel for them.

    Where each gate has a mask of its own, the inputs of all gates lie side by side, and
    the kernel leads those of a gate to this gate alone.
    """
    masks = _as_list(masks)
    parts = [sequences * mask[:, np.newaxis] for mask in masks]
    if len(masks) == 1:
        return parts[0], kernel
    features, width = kernel.shape
    own = np.kron(np.eye(len(masks)), np.ones((features, width // len(masks))))
    wide = np.concatenate([kernel] * len(masks), axis=0) * own.astype(kernel.dtype)
    return np.concatenate(parts, axis=-1), wide


def _as_list(masks: Any) -> list[Any]:
    return masks if isinstance(masks, list) else [masks]


def activation_name(activation: Any) -> Any:
    """Return the name of an activation that the kernels know, else the function."""
    try:
        return _NAMES.get(activation, activation)
    except TypeError:  # a callable object without a hash
        return activation


def check_use_cudnn(layer: str, use_cudnn: Any) -> Any:
    """Return what Keras takes as ``use_cudnn``, or raise."""
    if use_cudnn not in ("auto", True, False):
        raise ValueError(
            f"{layer}: use_cudnn must be 'auto', True or False; received "
            f"{use_cudnn!r}. It changes nothing here: leave it out."
        )
    return use_cudnn
