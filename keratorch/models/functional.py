"""Functional: a model given by symbolic inputs and outputs."""

from __future__ import annotations

from typing import Any

from keratorch.models.functional_config import network_config, network_from_config
from keratorch.models.model import Model

# What describes each model of symbols.
_OWN = ("name", "trainable", "layers", "input_layers", "output_layers")


class Functional(Model):
    """What ``Model(inputs, outputs)`` returns; its configuration describes the steps.

    Examples
    --------
    >>> import keratorch as keras
    >>> x = keras.Input(shape=(4,))
    >>> keras.Model(x, keras.layers.Dense(3)(x))
    <Functional name=functional..., built=True>
    """

    @property
    def operations(self) -> list[Any]:
        """The layers and functions between inputs and outputs, in Keras's order.

        Examples
        --------
        >>> import keratorch as keras
        >>> x = keras.Input((4,), name="x")
        >>> [step.name for step in keras.Model(x, x[:, :1] * 2).operations][0]
        'x'
        """
        return list(self._symbols("operations").operations)

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
        return cls.revived(cls, config, custom_objects)

    @staticmethod
    def revived(
        kind: Any, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> Any:
        """Make a model of any class that takes inputs and outputs.

        A subclass gets what its `get_config` added as further arguments.
        """
        inputs, outputs = network_from_config(config, custom_objects)
        further = {} if config.get("trainable", True) else {"trainable": False}
        if kind is not Functional:
            further.update((k, x) for k, x in config.items() if k not in _OWN)
        return kind(inputs, outputs, name=config.get("name"), **further)


Model._of_symbols = Functional
