"""`AutoEncoder`, a layer of Keras 0 that is made of two."""

from __future__ import annotations

from typing import Any

from keratorch import layers
from keratorch.saving import deserialize_keras_object, serialize_keras_object


class AutoEncoder(layers.Layer):
    """decoder(encoder(x)), or encoder(x) once `output_reconstruction` is False.

    Parameters
    ----------
    encoder, decoder : layers or models, such as ``containers.Sequential([...])``.
    output_reconstruction : bool, whether outputs outside of training are decoded. It
        may be set later, before the model is compiled again.

    Examples
    --------
    >>> import numpy as np
    >>> from keratorch.layers import Dense
    >>> layer = AutoEncoder(Dense(2), Dense(5))
    >>> layer(np.ones((3, 5))).shape
    (3, 5)
    >>> layer.output_reconstruction = False
    >>> layer(np.ones((3, 5))).shape
    (3, 2)
    """

    def __init__(
        self,
        encoder: Any,
        decoder: Any,
        output_reconstruction: bool = True,
        **kwargs: Any,
    ):
        if "input_shape" not in kwargs:
            known = _batch_shape(encoder)
            kwargs.update({} if known is None else {"input_shape": known[1:]})
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.output_reconstruction = output_reconstruction

    @property
    def trains_other_outputs(self) -> bool:
        """Whether training compares targets with what `predict` does not give."""
        return not self.output_reconstruction

    def build(self, input_shape: Any) -> None:
        """Build both parts, of which one may not be called at first."""
        self.decoder(self.encoder(layers.Input(batch_shape=tuple(input_shape))))

    def call(self, inputs: Any, training: Any = None) -> Any:
        hidden = self.encoder(inputs)
        decodes = training or self.output_reconstruction
        return self.decoder(hidden) if decodes else hidden

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "encoder": serialize_keras_object(self.encoder),
            "decoder": serialize_keras_object(self.decoder),
            "output_reconstruction": self.output_reconstruction,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> AutoEncoder:
        """Make the layer, and its two, that `get_config` described."""
        made = {
            part: deserialize_keras_object(config[part])
            for part in ("encoder", "decoder")
        }
        return cls(**{**config, **made})


def _batch_shape(layer: Any) -> Any:
    """Return the shape that a layer or the first one of a model was given."""
    first = layer
    while getattr(first, "layers", None):
        first = first.layers[0]
    return getattr(layer, "_batch_shape", None) or getattr(first, "_batch_shape", None)
