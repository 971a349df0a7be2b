"""What a model knows of files: methods of `keratorch.Model`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from keratorch import lazy

# A model that is only trained needs none of these.
api: Any = lazy.Postponed("keratorch.saving.api")
compiling: Any = lazy.Postponed("keratorch.saving.compiling")
objects: Any = lazy.Postponed("keratorch.saving.objects")


class Saves:
    """`save`, `save_weights`, `load_weights`, `to_json` and `export` of a model."""

    compiled: bool
    _built_shape: Any

    def save(
        self,
        filepath: str | os.PathLike[str],
        overwrite: bool = True,
        zipped: bool | None = None,
        include_optimizer: bool = True,
        save_format: str | None = None,
    ) -> None:
        """Write the model into a file: configuration, weights and optimizer state.

        See `keratorch.saving.save_model`.
        """
        api.save_model(
            self, filepath, overwrite, zipped, include_optimizer, save_format
        )

    def save_weights(
        self,
        filepath: str | os.PathLike[str],
        overwrite: bool = True,
        save_format: str | None = None,
        objects_to_skip: Iterable[Any] | None = None,
        max_shard_size: float | None = None,
    ) -> None:
        """Write the weights into a file. See `keratorch.saving.save_weights`."""
        api.save_weights(
            self, filepath, overwrite, save_format, objects_to_skip, max_shard_size
        )

    def load_weights(
        self,
        filepath: str | os.PathLike[str],
        skip_mismatch: bool = False,
        by_name: bool = False,
        objects_to_skip: Iterable[Any] | None = None,
    ) -> None:
        """Put the weights of a file into the model; see `keratorch.saving`."""
        api.load_weights(self, filepath, skip_mismatch, by_name, objects_to_skip)

    def to_json(self, **kwargs: Any) -> str:
        """Return the configuration as JSON, without weights.

        Parameters
        ----------
        **kwargs : arguments of `json.dumps`, such as ``indent=2``.
        """
        return json.dumps(objects.described_layer(self), **kwargs)

    def export(
        self, filepath: str | os.PathLike[str], format: str = "", **kwargs: Any
    ) -> None:
        """Say that there is no other runtime to export to.

        Raises
        ------
        NotImplementedError : always; the message says what to do.
        """
        raise NotImplementedError(
            "export() writes models for TensorFlow Serving, ONNX and the like, which "
            "KeraTorch has no way to make. Write model.save('model.keras') and, where "
            "Keras 3 is installed, keras.models.load_model('model.keras').export(...)."
        )

    def get_compile_config(self) -> dict[str, Any] | None:
        """Return the arguments of `compile`, ready for JSON; None before it."""
        given = getattr(self, "_compiled", None)
        return None if given is None else compiling.compile_config(given.arguments)

    def compile_from_config(self, config: Mapping[str, Any]) -> None:
        """Compile the model as `get_compile_config` described."""
        compiling.compile_from_config(self, config)
