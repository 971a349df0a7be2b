"""`tf.saved_model`: models in folders, in KeraTorch's own format."""

from __future__ import annotations

import os
from typing import Any

from keratorch import models
from keratorch.nested import flatten


def save(
    obj: Any, export_dir: str, signatures: Any = None, options: Any = None
) -> None:
    """Write a model into a folder; `signatures` and `options` were TensorFlow's.

    Raises
    ------
    NotImplementedError : it is no model of Keras.
    """
    if not isinstance(obj, models.Model):
        raise NotImplementedError(
            "tf.saved_model.save writes models of Keras here; received a "
            f"{type(obj).__name__}. Save its variables by tf.train.Checkpoint."
        )
    models.save_model(obj, export_dir, save_format="tf")


def load(export_dir: str, tags: Any = None, options: Any = None) -> Any:
    """Return the model that `save` or ``model.save`` wrote into a folder.

    Its `signatures` hold one function, 'serving_default'.
    """
    model = models.load_model(export_dir, compile=False)
    signatures = {"serving_default": Signature(model)}
    object.__setattr__(model, "signatures", signatures)  # past the tracking of layers
    return model


def contains_saved_model(export_dir: str) -> bool:
    """Return whether a folder holds what `save` writes."""
    return os.path.isfile(os.path.join(export_dir, "saved_model.keras"))


class Signature:
    """A model as a function of named tensors, which returns them by name, too.

    Parameters
    ----------
    model : Model.
    """

    def __init__(self, model: Any):
        self._model = model

    @property
    def structured_outputs(self) -> dict[str, Any]:
        """The symbolic outputs by name."""
        return self._named(self._model.outputs)

    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the outputs by name, for inputs by place or by name."""
        if kwargs:
            names = getattr(self._model, "input_names", kwargs)
            args = (*args, *(kwargs[name] for name in names if name in kwargs))
        return self._named(flatten(self._model(args[0] if len(args) == 1 else args)))

    def _named(self, outputs: list[Any]) -> dict[str, Any]:
        return dict(zip(self._model.output_names, outputs, strict=True))
