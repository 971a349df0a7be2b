"""TimeDistributed: the same layer at each time of a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from keratorch import graph
from keratorch.layers.batch_normalization import BatchNormalization
from keratorch.layers.lambda_layer import Lambda
from keratorch.layers.layer import Layer
from keratorch.layers.recurrent.wrapper import Wrapper
from keratorch.nested import is_nested
from keratorch.symbolic import KerasTensor


class TimeDistributed(Wrapper):
    """Apply a layer, or a whole model, to each step of a sequence.

    outputs[:, t] = layer(inputs[:, t])

    Parameters
    ----------
    layer : Layer for inputs (batch, ...).

    Call arguments
    --------------
    inputs : (batch, time, ...).
    training : bool, passed on to the layer.
    mask : (batch, time, ...), of which the layer gets the part of each step, if its
        ``call`` takes a mask.

    Raises
    ------
    ValueError : `layer` is no layer, or inputs without a time axis.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Conv2D, TimeDistributed
    >>> TimeDistributed(Conv2D(8, 3))(np.ones((2, 5, 28, 28, 1))).shape
    (2, 5, 26, 26, 8)
    """

    couples_samples = False

    def __init__(self, layer: Any, **kwargs: Any):
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any = None) -> None:
        super().build(self._of_a_step(input_shape))

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        self._of_a_step(inputs.shape)
        mask = self._as_mask(mask, inputs.shape)
        if self._mixes_samples() or not inputs.shape[1]:
            outputs = [
                self._step(inputs[:, t], None if mask is None else mask[:, t], training)
                for t in range(inputs.shape[1])
            ]
            return np.stack(outputs, axis=1)
        # steps are samples to a layer that treats each sample alone: one call does
        batch, time = inputs.shape[:2]
        flat = np.reshape(inputs, (batch * time, *inputs.shape[2:]))
        if mask is not None:
            mask = mask.reshape(batch * time, *mask.shape[2:])
        outputs = self._step(flat, mask, training)
        return np.reshape(outputs, (batch, time, *outputs.shape[1:]))

    def _step(self, inputs: Any, mask: Any, training: bool | None) -> Any:
        kwargs = {}
        if mask is not None and "mask" in self.layer._signature.names:
            kwargs["mask"] = mask
        return self.layer(inputs, training=training, **kwargs)

    def _mixes_samples(self) -> bool:
        """Whether a sample's output may depend on the others in its batch."""
        for layer in self.layer._flat_layers():
            own = type(layer).__module__.startswith("keratorch.")
            steps = getattr(layer, "operations", ())
            if (
                not own
                or isinstance(layer, (BatchNormalization, Lambda))
                or getattr(layer, "stateful", False)
                or not all(isinstance(step, Layer) for step in steps)
            ):
                return True
        return False

    def _as_mask(self, mask: Any, shape: tuple) -> Any:
        while is_nested(mask):
            mask = mask[0]
        if mask is None:
            return None
        mask = np.asarray(graph.value(mask))
        if mask.shape[:2] != shape[:2]:
            raise ValueError(
                f"TimeDistributed '{self.name}' expects a mask whose shape begins with "
                f"(batch, time) = {shape[:2]}; received shape {mask.shape}."
            )
        return mask

    def _of_a_step(self, shape: Any) -> tuple:
        """Return the shape of the inputs at one time."""
        if not isinstance(shape, (tuple, list)) or len(shape) < 3:
            raise ValueError(
                f"TimeDistributed '{self.name}' expects inputs of shape (batch, time, "
                f"...), with three axes or more; received shape {shape}. The layer "
                "before it may need return_sequences=True."
            )
        return (shape[0], *shape[2:])

    def compute_output_shape(self, input_shape: Any) -> tuple:
        batch, *rest = self.layer.compute_output_shape(self._of_a_step(input_shape))
        return (batch, input_shape[1], *rest)

    def compute_output_spec(
        self, inputs: Any, training: bool | None = None, mask: Any = None
    ) -> Any:
        step = KerasTensor(self._of_a_step(inputs.shape), inputs.dtype)
        output = self.layer.compute_output_spec(step)
        batch, *rest = output.shape
        return KerasTensor((batch, inputs.shape[1], *rest), output.dtype)
