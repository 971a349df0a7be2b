"""Functional: a model given by symbolic inputs and outputs."""

from __future__ import annotations

from typing import Any

from keratorch.models.functional_config import network_config, network_from_config
from keratorch.models.model import Model


class Functional(Model):
    """What ``Model(inputs, outputs)`` returns; its configuration describes the steps.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.Input(shape=(4,))
    >>> keras.Model(x, keras.layers.Dense(3)(x))
    <Functional name=functional..., built=True>
    """

    def get_config(self) -> dict[str, Any]:
        """Return name, layers and the steps between them, as Keras writes them.

        Raises
        ------
        ValueError : a step is a function or has an argument that no configuration can
            hold.
        """
        network = network_config(self._symbols("configuration"))
        return {"name": self.name, "trainable": self.trainable, **network}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> Any:
        """Make the model that `get_config` described, with new weights.

        Parameters
        ----------
        custom_objects : dict from class names to layer classes of your own.
        """
        inputs, outputs = network_from_config(config, custom_objects)
        trainable = config.get("trainable", True)
        return cls(inputs, outputs, name=config["name"], trainable=trainable)


Model._of_symbols = Functional
