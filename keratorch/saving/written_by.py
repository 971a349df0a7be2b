"""What files and configurations say, by the version of Keras that wrote them.

Keras 2.12 to 2.15, and `tf_keras`, wrote files in the form of Keras 3's around the
configurations of Keras 2: functional models list their calls in other words, and
`compile` has other names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keratorch.saving.arrays import Arrays
from keratorch.saving.legacy_config import modern_model, modern_training
from keratorch.saving.older_functions import as_then

_ROOMS = ("keras", "tf_keras")
# What Keras 3 says of objects, and Keras 2.12 as well.
_MARKS = ("module", "registered_name", "build_config")


def is_keras_2(version: str | bytes) -> bool:
    """Return whether a version is one of Keras 2.

    Examples
    --------
    >>> is_keras_2("2.15.0"), is_keras_2("3.15.0")
    (True, False)
    """
    text = version.decode() if isinstance(version, bytes) else str(version)
    return text.startswith("2.")


def version_of(config: Mapping[str, Any]) -> str:
    """Return the version of Keras that wrote the JSON of a model.

    Keras 3, which notes none, notes modules.
    """
    return str(config.get("keras_version", "3" if "module" in config else ""))


def modern(config: Mapping[str, Any], version: str | bytes) -> dict[str, Any]:
    """Return the configuration of a model in the form of Keras 3.

    Raises
    ------
    ValueError : a layer that only TensorFlow has.
    """
    compiled = config.get("compile_config")
    if is_keras_2(version):
        config = _unmarked(config)
        compiled = _compiled(compiled) if compiled else None
    model = modern_model(config)
    if compiled:
        model["compile_config"] = compiled
    return as_then(model, version)


def modern_paths(arrays: Arrays) -> Arrays:
    """Return arrays by the paths of today, where an older Keras had others."""
    old = "_layer_checkpoint_dependencies/"
    if not any(name.startswith(old) for name in arrays):
        return arrays
    return arrays.renamed(lambda name: name.replace(old, "layers/", 1))


def _compiled(config: Mapping[str, Any]) -> dict[str, Any]:
    if not config.get("optimizer"):
        return dict(config)
    given = {**config, "optimizer_config": config["optimizer"]}
    others = {key: config.get(key) for key in ("run_eagerly", "steps_per_execution")}
    known = {key: value for key, value in others.items() if value is not None}
    return {**modern_training(given), **known}


def _unmarked(part: Any) -> Any:
    """Return a configuration whose objects of Keras have their class alone."""
    if isinstance(part, list):
        return [_unmarked(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    inner = {key: _unmarked(value) for key, value in part.items()}
    of_keras = str(part.get("module")).partition(".")[0] in _ROOMS
    if of_keras and "class_name" in part:
        return {key: value for key, value in inner.items() if key not in _MARKS}
    return inner
