"""Bidirectional: a recurrent layer forth and one back, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keratorch.layers.calls import map_shapes
from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.inner import (
    build_inner,
    copied,
    deserialized,
    serialized,
)
from keratorch.masks import get_mask, set_mask
from keratorch.nested import is_nested
from keratorch.symbolic import KerasTensor

_MERGE_MODES = ("concat", "sum", "ave", "mul", None)


class Bidirectional(Layer):
    """A recurrent layer that reads forth, and one that reads back.

    Parameters
    ----------
    layer : recurrent layer; `forward_layer` is a new one with its configuration.
    merge_mode : how the two outputs become one: 'concat' (side by side), 'sum', 'ave',
        'mul', or None for both, one after the other.
    weights : arrays to begin with: the forward layer's, then the backward layer's.
    backward_layer : recurrent layer that reads back, with ``go_backwards=True``; by
        default one with the configuration of `layer`.

    Call arguments
    --------------
    sequences : (batch, time, features).
    initial_state : list of the first states: the forward layer's, then the backward
        layer's.
    mask, training : those of `RNN`.

    Notes
    -----
    With ``return_sequences`` the outputs of the backward layer are in the order of the
    inputs, and both layers' outputs are 0 where the mask is False.  With
    ``return_state`` the states follow: the forward layer's, then the backward layer's.

    Raises
    ------
    ValueError : no layer, another merge_mode, or layers that do not go together.

    Source: Schuster & Paliwal (1997).

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import LSTM, Bidirectional
    >>> Bidirectional(LSTM(4, return_sequences=True))(np.ones((2, 5, 3))).shape
    (2, 5, 8)
    """

    _takes_lists = True
    couples_samples = False

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ):
        _check_layer("layer", layer)
        if merge_mode not in _MERGE_MODES:
            raise ValueError(
                "Bidirectional: merge_mode must be 'concat', 'sum', 'ave', 'mul' or "
                f"None; received {merge_mode!r}."
            )
        super().__init__(**kwargs)
        forth, back = layer.name, layer.name
        self.forward_layer = copied(
            layer, name=f"forward_{forth.removeprefix('forward_')}"
        )
        if backward_layer is None:
            backward_layer = copied(
                layer,
                name=f"backward_{back.removeprefix('backward_')}",
                go_backwards=True,
            )
        _check_layer("backward_layer", backward_layer)
        self.backward_layer = backward_layer
        self._check_pair()
        for one in self._pair if hasattr(layer, "use_cudnn") else ():
            one.use_cudnn = layer.use_cudnn  # which no configuration tells
        for one in self._pair:
            if hasattr(one, "zero_output_for_mask"):
                one.zero_output_for_mask = one.return_sequences
        self.merge_mode = merge_mode
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self._first_values = None if weights is None else _Values(weights)

    @property
    def _pair(self) -> tuple[Any, Any]:
        return self.forward_layer, self.backward_layer

    def _check_pair(self) -> None:
        """Raise unless one layer reads forth and one back, alike in all else."""
        forth, back = self._pair
        if forth.go_backwards == back.go_backwards:
            raise ValueError(
                "Bidirectional: one layer must read back and one not; received "
                f"go_backwards={forth.go_backwards} of layer and of backward_layer. "
                "Give backward_layer go_backwards=True."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            one, other = getattr(forth, name), getattr(back, name)
            if one != other:
                raise ValueError(
                    f"Bidirectional: layer and backward_layer must have the same "
                    f"{name}; received {one} and {other}."
                )

    def build(self, sequences_shape: tuple, initial_state_shape: Any = None) -> None:
        for layer in self._pair:
            build_inner(layer, sequences_shape)
        if self._first_values is not None:
            self.built = True
            self.set_weights(self._first_values.arrays)
            self._first_values = None

    def call(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool | None = None,
    ) -> Any:
        outputs, states = [], []
        for layer, own in zip(self._pair, self._halves(initial_state), strict=True):
            results = layer(sequences, initial_state=own, mask=mask, training=training)
            if self.return_state:
                results, *last = results
                states += last
            outputs.append(results)
        if self.return_sequences:
            outputs[1] = np.flip(outputs[1], axis=1)
            set_mask(outputs[1], get_mask(outputs[0]))
        merged = self._merged(*outputs)
        if not self.return_state:
            return merged
        return (*(merged if self.merge_mode is None else (merged,)), *states)

    def _merged(self, forth: Any, back: Any) -> Any:
        if self.merge_mode == "concat":
            return np.concatenate([forth, back], axis=-1)
        if self.merge_mode == "sum":
            return forth + back
        if self.merge_mode == "ave":
            return (forth + back) / 2
        if self.merge_mode == "mul":
            return forth * back
        return forth, back

    def _halves(self, initial_state: Any) -> tuple[Any, Any]:
        """Return the first states of each layer."""
        if initial_state is None:
            return None, None
        if not is_nested(initial_state) or len(initial_state) % 2:
            count = len(initial_state) if is_nested(initial_state) else 1
            raise ValueError(
                f"Bidirectional '{self.name}' expects initial_state to be a list: the "
                "states of its forward layer, then as many of its backward layer; "
                f"received {count}."
            )
        half = len(initial_state) // 2
        return list(initial_state[:half]), list(initial_state[half:])

    @property
    def states(self) -> Any:
        """The states of both layers where they are stateful, else None."""
        forth, back = self.forward_layer.states, self.backward_layer.states
        return None if forth is None or back is None else (*forth, *back)

    def reset_state(self) -> None:
        """Let both layers begin anew.

        Raises
        ------
        AttributeError : they are not stateful.
        """
        if not self.stateful:
            raise AttributeError(
                f"Bidirectional '{self.name}' keeps no state to reset: make its layer "
                "with stateful=True."
            )
        for layer in self._pair:
            layer.reset_state()

    def reset_states(self) -> None:
        """The same as `reset_state`."""
        self.reset_state()

    def compute_output_shape(
        self, sequences_shape: tuple, initial_state_shape: Any = None
    ) -> Any:
        output = self.forward_layer.compute_output_shape(sequences_shape)
        states: tuple = ()
        if self.return_state:
            output, *own = output
            states = (*own, *own)
        if self.merge_mode == "concat":
            output = (*output[:-1], 2 * output[-1])
        if self.merge_mode is None:
            return (output, output, *states)
        return (output, *states) if self.return_state else output

    def compute_output_spec(
        self,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: bool | None = None,
    ) -> Any:
        shapes = self.compute_output_shape(tuple(sequences.shape))
        return map_shapes(lambda shape: KerasTensor(shape, self.dtype), shapes)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of each output: that of the inputs where all are returned."""
        mask = mask[0] if isinstance(mask, list) else mask
        mask = mask if self.return_sequences else None
        count = 2 if self.merge_mode is None else 1
        states = 2 * len(self.forward_layer.state_size) if self.return_state else 0
        masks = [mask] * count + [None] * states
        return masks if len(masks) > 1 else mask

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "merge_mode": self.merge_mode,
            "layer": serialized(self.forward_layer),
            "backward_layer": serialized(self.backward_layer),
        }

    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, Any] | None = None,
    ) -> Any:
        config = dict(config)
        for key in ("layer", "backward_layer"):
            if config.get(key) is not None:
                config[key] = deserialized(config[key], custom_objects)
        return super().from_config(config)


class _Values:
    """Arrays that wait for the weights which they are for."""

    def __init__(self, arrays: Any):
        self.arrays = list(arrays)


def _check_layer(argument: str, layer: Any) -> None:
    recurrent = isinstance(layer, Layer) and all(
        hasattr(layer, name)
        for name in ("go_backwards", "return_sequences", "return_state", "stateful")
    )
    if not recurrent:
        kind = f"the class {layer.__name__}" if isinstance(layer, type) else repr(layer)
        raise ValueError(
            f"Bidirectional: {argument} must be a recurrent layer such as LSTM(32); "
            f"received {kind}."
        )
